"""Applications from the online platform: taken once each, with whatever is wrong in them marked for the operator."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from callcenter.care.geography import city_of
from callcenter.care.need import Channel
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import NewChild, NewGuardian, NewRequest, append_request
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.text.moments import SEOUL
from callcenter.text.phone import PhoneError, read_phone

_CHANNEL: Channel = "platform"
_OTHER_REASON = "other"
# What stands in the request until the operator has asked for an end that follows the start.
_STAND_IN = timedelta(minutes=30)


class ApplicationChanged(CallcenterError):
    """An application with this identifier was taken before and said something else. Values: external_id."""

    code = "application_changed"
    sentence = mark(
        "The application {external_id} was taken before with other contents. Send changes with a new identifier, "
        "or tell the desk by telephone."
    )


@dataclass(frozen=True, slots=True)
class Application:
    """An application whose form is right; its facts may not be.

    `external_id` is the platform's own identifier, `digest` the SHA-256 in hex of what was said under it.
    """

    external_id: str
    digest: str
    wish: NewRequest


class Accepted(NamedTuple):
    """The request an application became, and whether this was the first time it came."""

    request_id: str
    number: str
    state: Literal["new", "same"]


@requires("application.accept")
def accept(desk: Desk, actor: Actor, now: datetime, application: Application) -> Accepted:
    """Put an application into the queue, or find the request that it became before.

    A fact that cannot be right does not keep a family out of the queue: the request says it in a note. Raises
    `ApplicationChanged`.
    """
    from callcenter.journal import bodies

    wish, doubts = _with_doubts(desk, application.wish, now)
    with desk.writing(actor.name, now) as chain:
        known = reads.application(desk.connection, application.external_id)
        if known is not None:
            if known.digest != application.digest:
                raise ApplicationChanged(external_id=application.external_id)
            return Accepted(known.request_id, known.number, "same")
        taken = append_request(desk, chain, now, wish)
        chain.append(
            taken.request_id,
            bodies.ApplicationReceived(external_id=application.external_id, digest=application.digest),
        )
        if doubts:
            told = [_("Please ask the guardian, the application cannot be right here:"), *doubts]
            chain.append(taken.request_id, bodies.NoteAdded(text="\n- ".join(told)))
    return Accepted(taken.request_id, taken.number, "new")


def _with_doubts(desk: Desk, wish: NewRequest, now: datetime) -> tuple[NewRequest, list[str]]:
    """The wish as it can be kept, and a sentence for every fact that is wrong."""
    doubts: list[str] = []
    guardian = _guardian(wish.guardian, doubts)
    children = tuple(_child(desk, child, now, doubts) for child in wish.children)
    kept = replace(wish, channel=_CHANNEL, guardian=guardian, children=children)
    regions, reference = desk.reference.regions, desk.reference
    if city_of(wish.region, regions) is None:
        # Nothing can stand in for where the family is, so the code stays and no provider is near.
        doubts.append(_("region: there is no si or gun {found}.").format(found=wish.region))
    if wish.residence and city_of(wish.residence, regions) is None:
        doubts.append(_("residence: there is no si or gun {found}; left blank.").format(found=wish.residence))
        kept = replace(kept, residence=None)
    if wish.reason not in reference.reasons:
        doubts.append(_("reason: {found} is not on the list; kept as «other».").format(found=wish.reason))
        kept = replace(kept, reason=_OTHER_REASON)
    if wish.service is not None and wish.service not in reference.services:
        doubts.append(_("service: {found} is not known; left blank.").format(found=wish.service))
        kept = replace(kept, service=None)
    if wish.end <= wish.start:
        told = _("end: {end} is not after the start {start}; half an hour stands there until you know.")
        doubts.append(told.format(end=_stamp(wish.end), start=_stamp(wish.start)))
        kept = replace(kept, end=wish.start + _STAND_IN)
    elif wish.end <= now:
        doubts.append(_("end: {end} was over when the application came.").format(end=_stamp(wish.end)))
    return kept, doubts


def _guardian(guardian: NewGuardian, doubts: list[str]) -> NewGuardian:
    try:
        read_phone(guardian.phone)
    except PhoneError as wrong:
        doubts.append(_("phone: {found}. {why}").format(found=guardian.phone, why=wrong))
        return replace(guardian, phone="withheld")
    return guardian


def _child(desk: Desk, child: NewChild, now: datetime, doubts: list[str]) -> NewChild:
    if child.birth > now.astimezone(SEOUL).date():
        doubts.append(_("birth: {found} is still to come.").format(found=child.birth))
    unknown = [*_unknown(child.needs, desk.reference.abilities), *_unknown(child.symptoms, desk.reference.symptoms)]
    if unknown:
        told = _("needs and symptoms of a child: not known and left out: {found}.")
        doubts.append(told.format(found=", ".join(unknown)))
    return replace(
        child,
        needs=tuple(code for code in child.needs if code not in unknown),
        symptoms=tuple(code for code in child.symptoms if code not in unknown),
    )


def _unknown(codes: Collection[str], known: Collection[str]) -> Iterator[str]:
    return (code for code in codes if code not in known)


def _stamp(at: datetime) -> str:
    return f"{at.astimezone(SEOUL):%Y-%m-%d %H:%M}"
