"""Duplicates: is what a caller asks for here already, and joining a call to the request that is. 중복: duplicate."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, cast

from callcenter.care.lifecycle import REQUEST
from callcenter.care.priority import Urgency, asked_again
from callcenter.desk.calls import touch
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import amendment_of, load
from callcenter.desk.restricted import hidden
from callcenter.desk.session import Desk, seconds
from callcenter.store import drafts
from callcenter.store.duplicates import DuplicateRow, alike

if TYPE_CHECKING:
    from sqlite3 import Connection

RECENT = timedelta(hours=24)
"""A request that ended is still told of for this long: whoever asks again may not know how it ended."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What tells one request from another while it is taken: the number as it is stored, the children as named."""

    phone: str = ""
    children: tuple[tuple[date, str], ...] = ()


def duplicates(
    connection: "Connection",
    asked: Asked,
    now: datetime,
    actor: Actor | None = None,
    *,
    without: Iterable[str] = (),
) -> list[DuplicateRow]:
    """The requests that may be this one already, apart from those named `without`, as the actor may see them."""
    children = [(birth.isoformat(), kept_text(name)) for birth, name in asked.children]
    left_out = set(without)
    found = alike(connection, asked.phone, children, seconds(now - RECENT))
    rows = [row for row in found if row.id not in left_out]
    unseen = hidden(connection, [row.id for row in rows], actor)
    return [row._replace(guardian="", urgency="normal") if row.id in unseen else row for row in rows]


@requires("request.amend")
def join_call(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    said: str,
    *,
    call_id: str | None = None,
    draft: str | None = None,
) -> str:
    """Write what was said to a request that is here already, instead of taking a second one.

    An open request becomes as urgent as `care.priority.asked_again` says. `call_id` is the call it was said in, and
    `draft` the one it was typed into, which ends. Returns the request's number.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load(desk, request_id)
        if call_id is not None:
            touch(desk, chain, call_id, request_id)
        if text := kept_text(said, lines=True):
            chain.append(request_id, bodies.NoteAdded(text=text))
        urgency = asked_again(cast(Urgency, request.urgency))
        if request.state in REQUEST.open and (changes := amendment_of(desk, request, {"urgency": urgency})):
            chain.append(request_id, bodies.RequestAmended(changes=changes))
        if draft is not None:
            drafts.drop(desk.connection, draft)
    return request.number
