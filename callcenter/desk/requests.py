"""A request that was taken: amending, holding, resuming and cancelling it, and notes on it."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from callcenter.care.cancellation import Lateness
from callcenter.care.lifecycle import REQUEST, CancelledBy, RequestState, next_state
from callcenter.care.priority import Urgency
from callcenter.desk.cancellations import lateness_of
from callcenter.desk.checks import UnknownCode, known_region
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, hidden
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.working import refuse_worked_on
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.text.spoken_times import EndBeforeStart

if TYPE_CHECKING:
    from callcenter.journal.bodies import Change

ConsentKind = Literal["collect", "sensitive", "third_party"]
CONSENTS: tuple[ConsentKind, ...] = get_args(ConsentKind)
"""To collect what is told, what is told of health, and to tell a provider (Personal Information Protection Act,
articles 15, 23 and 17); for a child under fourteen the guardian agrees (article 22-2)."""

RequestField = Literal[
    "region", "residence", "service", "start_at", "end_at", "reason", "urgency", "promised_at", "care_place", "handover"
]
CARE_PLACES = ("home", "facility")
"""돌봄장소: where the family wants the child to be cared for."""
# What an offer's places were taken for.
_HELD_FOR = ("start_at", "end_at")


class NothingToCareFor(CallcenterError):
    """A request without a child."""

    code = "no_children"
    sentence = mark("A request needs at least one child with its birth date.")


class UnknownReason(CallcenterError):
    """The reason is none of the list. Values: reason."""

    code = "unknown_reason"
    sentence = mark("There is no reason «{reason}». Choose one of the list.")


class OfferStands(CallcenterError):
    """The time asked for cannot move while an offer holds places for the old one."""

    code = "offer_stands"
    sentence = mark("A provider holds places for the old time. Note its answer or cancel first, then change the time.")


@requires("request.amend")
def amend_request(
    desk: Desk, actor: Actor, now: datetime, request_id: str, changes: Mapping[RequestField, str | int | None]
) -> None:
    """Change fields of a request; times are seconds since 1970. Fields that have the value already are left alone.

    Raises `OfferStands` when the time would move under a live offer.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        wanted: dict[str, Any] = {str(field): value for field, value in changes.items()}
        if "region" in wanted:
            wanted["region"] = known_region(desk.reference.regions, wanted["region"] or "")
        if "residence" in wanted:
            wanted["residence"] = (
                known_region(desk.reference.regions, wanted["residence"]) if wanted["residence"] else None
            )
        after = request._replace(**wanted)
        if after.end_at <= after.start_at:
            raise EndBeforeStart
        if after.reason not in desk.reference.reasons:
            raise UnknownReason(reason=after.reason)
        refuse_unknown(desk, after.service, after.urgency, after.care_place)
        if reads.live_offers(desk.connection, request_id) and any(
            getattr(after, one) != getattr(request, one) for one in _HELD_FOR
        ):
            raise OfferStands
        handover = kept_text(wanted.pop("handover", request.handover) or "")
        if handover != (request.handover or ""):
            chain.append(request_id, bodies.HandoverTold(text=handover))
        changed = changes_of(desk, request_id, request._asdict(), wanted)
        if changed:
            chain.append(request_id, bodies.RequestAmended(changes=changed))


@requires("request.move")
def hold_request(desk: Desk, actor: Actor, now: datetime, request_id: str, until: datetime) -> None:
    """Put a request aside until a time at which it rings again. 보류: hold."""
    _move(desk, actor, now, request_id, "held", until=seconds(until))


@requires("request.move")
def resume_request(desk: Desk, actor: Actor, now: datetime, request_id: str) -> None:
    """Take a held request up again."""
    _move(desk, actor, now, request_id, "resumed")


@requires("request.move")
def cancel_request(
    desk: Desk, actor: Actor, now: datetime, request_id: str, reason: str, by: CancelledBy = "guardian"
) -> None:
    """Cancel a request for a reason of the list; what it held is released. Whether it is late the service's rule says.

    `by` is who wants it: a duplicate is cancelled by nobody, it was never wanted.
    """
    one_of(by, get_args(CancelledBy))
    _move(desk, actor, now, request_id, "cancelled", reason=reason, by=by)


@requires("request.move")
def leave_unplaced(desk: Desk, actor: Actor, now: datetime, request_id: str, reason: str) -> None:
    """End a request without a placement, for a reason of the list. 미연계: unplaced."""
    _move(desk, actor, now, request_id, "unplaced", reason=reason)


@requires("request.move")
def reopen_request(desk: Desk, actor: Actor, now: datetime, request_id: str) -> None:
    """Take an unplaced or cancelled request up again."""
    _move(desk, actor, now, request_id, "reopened")


@requires("note.write")
def add_note(desk: Desk, actor: Actor, now: datetime, subject: str, text: str) -> None:
    """Write a note to a call or a request; an empty one is nothing."""
    from callcenter.journal import bodies

    if cleaned := kept_text(text, lines=True):
        with desk.writing(actor.name, now) as chain:
            if reads.call(desk.connection, subject) is None:
                load(desk, subject)
            chain.append(subject, bodies.NoteAdded(text=cleaned))


def load(desk: Desk, request_id: str) -> reads.RequestRow:
    """The request as it is now; raises `NotFound`."""
    request = reads.request(desk.connection, request_id)
    if request is None:
        raise NotFound(what=_("The request"))
    return request


def load_for(desk: Desk, actor: Actor, request_id: str) -> reads.RequestRow:
    """The request for somebody who works on it; raises `NotFound`, and `Restricted` where its content is hidden."""
    request = load(desk, request_id)
    if hidden(desk.connection, [request_id], actor):
        raise Restricted
    return request


def load_to_work(desk: Desk, actor: Actor, request_id: str, now: datetime) -> reads.RequestRow:
    """The request for somebody who offers or moves it; raises `WorkedOn` too, where somebody else is doing that."""
    request = load_for(desk, actor, request_id)
    refuse_worked_on(desk, actor, request_id, now)
    return request


def _move(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    event: Literal["held", "resumed", "cancelled", "unplaced", "reopened"],
    reason: str | None = None,
    until: int | None = None,
    by: CancelledBy | None = None,
) -> None:
    from callcenter.journal import bodies

    if reason is not None and reason not in desk.reference.refusals:
        raise UnknownReason(reason=reason)
    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        state = next_state(REQUEST, cast(RequestState, request.state), event)
        lateness = lateness_of(desk, request, now) if by == "guardian" else Lateness(None, None)
        knew = None
        if event == "cancelled":
            knew = {offer.id: offer.stage for offer in reads.live_offers(desk.connection, request_id)}
        moved = bodies.RequestMoved(
            event=event, state=state, reason=reason, until=until, by=by, knew=knew, **lateness._asdict()
        )
        chain.append(request_id, moved)


def one_of(found: str, allowed: Iterable[str]) -> None:
    """Raises `UnknownCode` when the code is none of those."""
    codes = tuple(allowed)
    if found not in codes:
        raise UnknownCode(found=found, allowed=", ".join(codes))


def refuse_unknown(desk: Desk, service: str | None, urgency: str, care_place: str | None) -> None:
    """Raises `UnknownCode` for what no list has."""
    if service is not None:
        one_of(service, desk.reference.services)
    one_of(urgency, get_args(Urgency))
    if care_place is not None:
        one_of(care_place, CARE_PLACES)


def amendment_of(
    desk: Desk, request: reads.RequestRow, wanted: Mapping[RequestField, str | int | None]
) -> dict[str, "Change"]:
    """What an amendment of the request says of the fields that differ, each with the amendments it replaces."""
    return changes_of(desk, request.id, request._asdict(), {str(field): value for field, value in wanted.items()})


def changes_of(
    desk: Desk, subject: str, before: Mapping[str, object], after: Mapping[str, object], prefix: str = ""
) -> dict[str, "Change"]:
    """The fields that differ, each with the amendments it replaces."""
    from callcenter.journal.bodies import Change

    heads: dict[str, list[str]] = {}
    for field, entry_id, _value in reads.heads(desk.connection, subject):
        heads.setdefault(field, []).append(entry_id)
    return {
        field: Change(value=json.loads(json.dumps(value)), base=heads.get(prefix + field, []))
        for field, value in after.items()
        if value != before[field]
    }
