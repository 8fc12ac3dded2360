"""What is restricted (제한): a call in which danger was raised, and every request that it made or touched.

The call's operator, who raised the danger, and supervisors see all of it. Everybody else sees that it is there, whose
call it was, and of a request its number, city, times and state, so that care goes on and nobody takes it twice; never
who, why, or where a child went. Who reported stays secret (아동학대처벌법 §10③).
"""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING

from callcenter.desk.permission import Actor
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store.reads import CallRow, desk
from callcenter.store.restricted import restricted_calls

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.store.reads import RequestRow


class Restricted(CallcenterError):
    """Only the operator of the call, who raised the danger in it, and supervisors see what it is about."""

    code = "restricted"
    sentence = mark("This record is restricted. Please ask your supervisor.")


def may_see(connection: "Connection", call: CallRow, actor: Actor | None) -> bool:
    """Whether the actor may see what a call is about; None is somebody unknown, as at a command line.

    A name is one person's at one desk: who has the same at another one is somebody else.
    """
    if call.safety is None:
        return True
    if actor is None:
        return False
    if actor.role == "supervisor":
        return True
    here = desk(connection)
    mine = here is not None and here.name == call.desk
    return mine and actor.name != "" and actor.name in (call.operator, call.raised_by)


def shown(connection: "Connection", call: CallRow, actor: Actor | None) -> CallRow:
    """The call as the actor may see it: of a restricted one only that it is there, whose it is, and when."""
    if may_see(connection, call, actor):
        return call
    return call._replace(
        phone=None, guardian_id=None, topic=None, agency=None, called=None, external_id=None, raised_by=""
    )


def hidden(connection: "Connection", requests: Collection[str], actor: Actor | None) -> frozenset[str]:
    """Those of the requests whose content the actor may not see: a call of theirs is restricted, and another's."""
    if not requests or (actor is not None and actor.role == "supervisor"):
        return frozenset()
    found = restricted_calls(connection, requests)
    return frozenset(request for request, call in found if not may_see(connection, call, actor))


def shown_requests(connection: "Connection", rows: Iterable["RequestRow"], actor: Actor | None) -> list["RequestRow"]:
    """The requests as the actor may see them."""
    rows = list(rows)
    unseen = hidden(connection, [row.id for row in rows], actor)
    return [without_content(row) if row.id in unseen else row for row in rows]


def without_content(request: "RequestRow") -> "RequestRow":
    """That a request is there, and where, when and how far."""
    return request._replace(
        urgency="normal",
        residence=None,
        service=None,
        guardian_id="",
        call_id=None,
        reason="",
        ended_reason=None,
        handover=None,
    )
