"""Requests: taking one with its guardian and children, amending, holding, resuming, cancelling it."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, cast, get_args

from callcenter.care.cancellation import Lateness
from callcenter.care.child import SCHOOLS, School
from callcenter.care.geography import city_of
from callcenter.care.lifecycle import REQUEST, CancelledBy, RequestState, next_state
from callcenter.care.need import Channel
from callcenter.care.priority import Urgency
from callcenter.desk.cancellations import lateness_of
from callcenter.desk.checks import UnknownCode, UnknownRegion
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, hidden
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.working import refuse_worked_on
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import drafts, reads
from callcenter.text.moments import SEOUL
from callcenter.text.phone import read_phone
from callcenter.text.receipt_numbers import receipt_number
from callcenter.text.spoken_times import EndBeforeStart

if TYPE_CHECKING:
    from callcenter.journal.bodies import Change
    from callcenter.journal.chain import Chain

ConsentKind = Literal["collect", "sensitive", "third_party"]
CONSENTS: tuple[ConsentKind, ...] = get_args(ConsentKind)
"""To collect what is told, what is told of health, and to tell a provider (Personal Information Protection Act,
articles 15, 23 and 17); for a child under fourteen the guardian agrees (article 22-2)."""

RequestField = Literal[
    "region", "residence", "service", "start_at", "end_at", "reason", "urgency", "promised_at", "care_place", "handover"
]
CARE_PLACES = ("home", "facility")
"""돌봄장소: where the family wants the child to be cared for."""
SEXES = ("girl", "boy")
_NUMBERS_OF_A_CHAIN = 1000
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


@dataclass(frozen=True, slots=True)
class NewGuardian:
    """Who asks: `id` names a guardian we know already, whose facts are amended where they differ.

    The second contact is rung when the guardian cannot be reached; None leaves it as it is. 비상연락처: second contact.
    """

    name: str
    phone: str
    relation: str = "mother"
    language: str = "ko"
    id: str | None = None
    second_name: str | None = None
    second_phone: str | None = None
    """Whom else to ring; None says nothing of it, and "" that there is nobody."""
    address: str | None = None
    reachable: str | None = None
    """When to ring, as it was said; None says nothing of it, as with the address."""


@dataclass(frozen=True, slots=True)
class NewChild:
    """A child of a request: `id` names a child we know already, whose facts are amended where they differ."""

    name: str
    birth: date
    school: School | None = None
    registered: bool | None = None
    needs: tuple[str, ...] = ()
    symptoms: tuple[str, ...] = ()
    care_note: str = ""
    id: str | None = None
    sex: str | None = None
    registration: str | None = None
    """The number of the advance registration; None says nothing of it, as with the sex."""


@dataclass(frozen=True, slots=True)
class NewRequest:
    """What is asked for: where, when (aware times), for whom and why."""

    guardian: NewGuardian
    children: tuple[NewChild, ...]
    region: str
    start: datetime
    end: datetime
    reason: str
    residence: str | None = None
    service: str | None = None
    channel: str = "hotline"
    urgency: Urgency = "normal"
    call_id: str | None = None
    promised: datetime | None = None
    note: str = ""
    care_place: str | None = None
    handover: str = ""
    """Who brings and who fetches the children, and how they travel."""
    consents: tuple[ConsentKind, ...] = ()
    """What the guardian agreed to on the telephone, as it was read out."""
    draft: str | None = None
    """The draft it was typed into, which ends with it."""


class RequestTaken(NamedTuple):
    """The request that was taken, with the number to read to the caller."""

    request_id: str
    number: str


@requires("request.open")
def open_request(desk: Desk, actor: Actor, now: datetime, wish: NewRequest) -> RequestTaken:
    """Take a request; the guardian and the children are added, or amended where they are known."""
    _region(desk, wish.region)
    if wish.residence:
        _region(desk, wish.residence)
    if not wish.children:
        raise NothingToCareFor
    if seconds(wish.end) <= seconds(wish.start):
        raise EndBeforeStart
    if wish.reason not in desk.reference.reasons:
        raise UnknownReason(reason=wish.reason)
    _refuse_unknown(desk, wish.service, wish.urgency, wish.care_place)
    _one_of(wish.channel, get_args(Channel))
    with desk.writing(actor.name, now) as chain:
        if wish.call_id is not None and reads.call(desk.connection, wish.call_id) is None:
            raise NotFound(what=_("The call"))
        taken = append_request(desk, chain, now, wish)[0]
        if wish.draft is not None:
            drafts.drop(desk.connection, wish.draft)
        return taken


def append_request(desk: Desk, chain: "Chain", now: datetime, wish: NewRequest) -> tuple[RequestTaken, str]:
    """Write a wish that was looked through to the chain of the caller's transaction; a gu is kept as its si.

    Returns the request and the guardian's identifier.
    """
    from callcenter.journal import bodies

    regions = desk.reference.regions
    guardian = _guardian(desk, chain, wish.guardian)
    if wish.consents:
        who = kept_text(wish.guardian.name)
        chain.append(guardian, bodies.ConsentGiven(kinds=list(wish.consents), who=who, how="telephone"))
    children = list(dict.fromkeys(_child(desk, chain, guardian, child) for child in wish.children))
    request_id = chain.new_id()
    number = _next_number(desk, chain, now)
    chain.append(
        request_id,
        bodies.RequestOpened(
            state="open",
            number=number,
            urgency=wish.urgency,
            region=city_of(wish.region, regions) or wish.region,
            residence=(city_of(wish.residence, regions) or wish.residence) if wish.residence else None,
            service=wish.service,
            channel=wish.channel,
            guardian=guardian,
            children=children,
            call=wish.call_id,
            start=seconds(wish.start),
            end=seconds(wish.end),
            reason=wish.reason,
            promised=seconds(wish.promised) if wish.promised else None,
            care_place=wish.care_place,
        ),
    )
    if told := kept_text(wish.handover):
        chain.append(request_id, bodies.HandoverTold(text=told))
    if text := kept_text(wish.note, lines=True):
        chain.append(request_id, bodies.NoteAdded(text=text))
    return RequestTaken(request_id, number), guardian


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
            wanted["region"] = _region(desk, wanted["region"] or "")
        if "residence" in wanted:
            wanted["residence"] = _region(desk, wanted["residence"]) if wanted["residence"] else None
        after = request._replace(**wanted)
        if after.end_at <= after.start_at:
            raise EndBeforeStart
        if after.reason not in desk.reference.reasons:
            raise UnknownReason(reason=after.reason)
        _refuse_unknown(desk, after.service, after.urgency, after.care_place)
        if reads.live_offers(desk.connection, request_id) and any(
            getattr(after, one) != getattr(request, one) for one in _HELD_FOR
        ):
            raise OfferStands
        handover = kept_text(wanted.pop("handover", request.handover) or "")
        if handover != (request.handover or ""):
            chain.append(request_id, bodies.HandoverTold(text=handover))
        changed = _changes(desk, request_id, request._asdict(), wanted)
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
    _one_of(by, get_args(CancelledBy))
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


def _region(desk: Desk, code: str) -> str:
    region = city_of(code, desk.reference.regions)
    if region is None:
        raise UnknownRegion(region=code, allowed=", ".join(desk.reference.regions))
    return region


def _one_of(found: str, allowed: Iterable[str]) -> None:
    codes = tuple(allowed)
    if found not in codes:
        raise UnknownCode(found=found, allowed=", ".join(codes))


def _refuse_unknown(desk: Desk, service: str | None, urgency: str, care_place: str | None) -> None:
    if service is not None:
        _one_of(service, desk.reference.services)
    _one_of(urgency, get_args(Urgency))
    if care_place is not None:
        _one_of(care_place, CARE_PLACES)


def first_number(chain: str) -> int:
    """After which counter a chain's numbers of a day begin: each time a file was restored or copied, in a new thousand.

    What the file had before may have given the numbers that follow to others, who read them to callers.
    """
    from callcenter.journal.entry import incarnation

    return (incarnation(chain) - 1) * _NUMBERS_OF_A_CHAIN


def _next_number(desk: Desk, chain: "Chain", now: datetime) -> str:
    """The day's next receipt number, `A-1121-007`: the desk's name keeps it unique without a network."""
    from callcenter.store.entries import chain_here

    day = f"{now.astimezone(SEOUL):%m%d}"
    prefix = f"{desk.name}-{day}-"
    given = chain.counters.get(prefix)
    if given is None:
        given = reads.last_number(desk.connection, prefix, first_number(chain_here(desk.connection)))
    chain.counters[prefix] = given + 1
    return receipt_number(desk.name, day, given + 1)


def amendment_of(
    desk: Desk, request: reads.RequestRow, wanted: Mapping[RequestField, str | int | None]
) -> dict[str, "Change"]:
    """What an amendment of the request says of the fields that differ, each with the amendments it replaces."""
    return _changes(desk, request.id, request._asdict(), {str(field): value for field, value in wanted.items()})


def _changes(
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


def _guardian(desk: Desk, chain: "Chain", wish: NewGuardian) -> str:
    from callcenter.journal import bodies

    facts = {
        "name": kept_text(wish.name),
        "phone": read_phone(wish.phone).stored,
        "relation": wish.relation,
        "language": wish.language,
    }
    if wish.second_name is not None:
        facts["second_name"] = kept_text(wish.second_name)
    if wish.second_phone is not None:
        facts["second_phone"] = read_phone(wish.second_phone).stored if wish.second_phone.strip() else ""
    if wish.address is not None:
        facts["address"] = kept_text(wish.address)
    if wish.reachable is not None:
        facts["reachable"] = kept_text(wish.reachable)
    known = reads.guardian(desk.connection, wish.id) if wish.id else None
    if known is None:
        # Not under the identifier of somebody who was erased: whatever is about that one stays empty.
        guardian_id = chain.new_id()
        chain.append(guardian_id, bodies.GuardianAdded.model_validate(facts))
        return guardian_id
    if changes := _changes(desk, known.id, known._asdict(), facts):
        chain.append(known.id, bodies.PersonAmended(child=None, changes=changes))
    return known.id


def _child(desk: Desk, chain: "Chain", guardian_id: str, wish: NewChild) -> str:
    from callcenter.journal import bodies

    if wish.school is not None:
        _one_of(wish.school, SCHOOLS)
    for codes, known_codes in ((wish.needs, desk.reference.abilities), (wish.symptoms, desk.reference.symptoms)):
        for code in codes:
            _one_of(code, known_codes)
    facts: dict[str, str | bool | Sequence[str] | None] = {
        "name": kept_text(wish.name),
        "birth": wish.birth.isoformat(),
        "school": wish.school,
        "registered": wish.registered,
        "needs": sorted(wish.needs),
        "symptoms": sorted(wish.symptoms),
        "care_note": kept_text(wish.care_note, lines=True),
    }
    if wish.sex is not None:
        if wish.sex:
            _one_of(wish.sex, SEXES)
        facts["sex"] = wish.sex
    if wish.registration is not None:
        facts["registration"] = kept_text(wish.registration)
    ours = reads.children_of_guardian(desk.connection, guardian_id) if wish.id else []
    known = next((child for child in ours if child.id == wish.id), None)
    if known is None:
        child_id = chain.new_id()
        chain.append(guardian_id, bodies.ChildAdded.model_validate({"child": child_id, **facts}))
        return child_id
    before = known._asdict() | {"needs": known.needs.split(), "symptoms": known.symptoms.split()}
    # SQLite keeps a truth value as a number.
    before["registered"] = None if known.registered is None else bool(known.registered)
    if changes := _changes(desk, guardian_id, before, facts, prefix=f"{known.id}."):
        chain.append(guardian_id, bodies.PersonAmended(child=known.id, changes=changes))
    return known.id
