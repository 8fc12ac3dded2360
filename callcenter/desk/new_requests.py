"""A request is taken: guardian, children, time and place, with its receipt number."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple, get_args

from callcenter.care.child import SCHOOLS, School
from callcenter.care.geography import city_of
from callcenter.care.need import Channel
from callcenter.care.priority import Urgency
from callcenter.desk.checks import known_region
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import (
    ConsentKind,
    NothingToCareFor,
    UnknownReason,
    changes_of,
    one_of,
    refuse_unknown,
)
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.language import _
from callcenter.store import drafts, reads
from callcenter.text.moments import SEOUL
from callcenter.text.phone import read_phone
from callcenter.text.receipt_numbers import receipt_number
from callcenter.text.spoken_times import EndBeforeStart

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

SEXES = ("girl", "boy")
_NUMBERS_OF_A_CHAIN = 1000


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
    known_region(desk.reference.regions, wish.region)
    if wish.residence:
        known_region(desk.reference.regions, wish.residence)
    if not wish.children:
        raise NothingToCareFor
    if seconds(wish.end) <= seconds(wish.start):
        raise EndBeforeStart
    if wish.reason not in desk.reference.reasons:
        raise UnknownReason(reason=wish.reason)
    refuse_unknown(desk, wish.service, wish.urgency, wish.care_place)
    one_of(wish.channel, get_args(Channel))
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
        # The relation alone: it stays as proof where the person was erased.
        agreed = bodies.ConsentGiven(kinds=list(wish.consents), who=wish.guardian.relation, how="telephone")
        chain.append(guardian, agreed)
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
    if changes := changes_of(desk, known.id, known._asdict(), facts):
        chain.append(known.id, bodies.PersonAmended(child=None, changes=changes))
    return known.id


def _child(desk: Desk, chain: "Chain", guardian_id: str, wish: NewChild) -> str:
    from callcenter.journal import bodies

    if wish.school is not None:
        one_of(wish.school, SCHOOLS)
    for codes, known_codes in ((wish.needs, desk.reference.abilities), (wish.symptoms, desk.reference.symptoms)):
        for code in codes:
            one_of(code, known_codes)
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
            one_of(wish.sex, SEXES)
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
    if changes := changes_of(desk, guardian_id, before, facts, prefix=f"{known.id}."):
        chain.append(guardian_id, bodies.PersonAmended(child=known.id, changes=changes))
    return known.id
