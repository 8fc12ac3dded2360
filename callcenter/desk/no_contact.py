"""Families and providers that are kept apart: a supervisor says so and takes it back, each with a reason."""

from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.no_contact import kept_apart

if TYPE_CHECKING:
    from sqlite3 import Connection


class ReasonMissing(CallcenterError):
    """Keeping a family and a provider apart, or no longer, needs a reason."""

    code = "reason_missing"
    sentence = mark("Please say why: the reason is kept for supervisors.")


@requires("nocontact.write")
def set_no_contact(desk: Desk, actor: Actor, now: datetime, guardian_id: str, provider_id: str, reason: str) -> None:
    """The guardian's children are not placed with the provider from now on; offers that stand are not touched."""
    from callcenter.journal import bodies

    said = _reason(reason)
    with desk.writing(actor.name, now) as chain:
        if reads.guardian(desk.connection, guardian_id) is None:
            raise NotFound(what=_("The guardian"))
        if reads.provider(desk.connection, provider_id) is None:
            raise NotFound(what=_("The provider"))
        chain.append(guardian_id, bodies.NoContactSet(provider=provider_id, reason=said))


@requires("nocontact.write")
def lift_no_contact(desk: Desk, actor: Actor, now: datetime, guardian_id: str, provider_id: str, reason: str) -> None:
    """The guardian's children may be placed with the provider again."""
    from callcenter.journal import bodies

    said = _reason(reason)
    with desk.writing(actor.name, now) as chain:
        if provider_id not in kept_apart(desk.connection, guardian_id):
            raise NotFound(what=_("What keeps them apart"))
        chain.append(guardian_id, bodies.NoContactLifted(provider=provider_id, reason=said))


def guardian_of(connection: "Connection", number: str) -> str:
    """The guardian of the request with this receipt number; raises `NotFound`."""
    request = reads.request_by_number(connection, number)
    if request is None:
        raise NotFound(what=_("The request"))
    return request.guardian_id


def _reason(text: str) -> str:
    said = kept_text(text)
    if not said:
        raise ReasonMissing
    return said
