"""Offers: one takes the places and starts its clock; it can be undone."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.care.lifecycle import (
    OFFER,
    REQUEST,
    OfferState,
    RequestState,
    TransitionRefusedError,
    next_state,
)
from callcenter.care.places import slots
from callcenter.care.priority import UNDO_WINDOW, offer_due
from callcenter.desk.facilities import takes_part
from callcenter.desk.offered import (
    NoPlaceLeft,
    OfferOver,
    Seated,
    Seats,
    entry_seats,
    give_back,
    live_offer,
    seated,
    state_without,
    take_seats,
)
from callcenter.desk.permission import Actor, requires
from callcenter.desk.presence import presences
from callcenter.desk.provider_rules import NO_CONTACT, provider_blocks
from callcenter.desk.requests import NothingToCareFor, load_for, load_to_work
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.wording import block_sentence
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.messages import has_left
from callcenter.store.no_contact import kept_apart
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

__all__ = [
    "AskedAlready",
    "NoPlaceLeft",
    "OfferOver",
    "OfferTaken",
    "RulesForbid",
    "UndoTooLate",
    "make_offer",
    "make_offers",
    "note_offer",
    "offer_places",
    "refuse_by_rules",
    "renewed_until",
    "taking_part",
    "undo_offer",
    "undo_offers",
    "wanted_children",
]


class RulesForbid(CallcenterError):
    """A rule does not allow this provider for this request. Values: provider, reasons."""

    code = "rules_forbid"
    sentence = mark("{provider} is not possible: {reasons}. Choose another match.")


class AskedAlready(CallcenterError):
    """The provider is being asked for one of these children already. Values: provider."""

    code = "asked_already"
    sentence = mark("{provider} is being asked already. Choose another match.")


class UndoTooLate(CallcenterError):
    """The undo window is over; what left the desk cannot be unsaid. Values: seconds."""

    code = "undo_too_late"
    sentence = mark("Undo works for {seconds} seconds only. Record the provider's answer or cancel instead.")


class OfferTaken(NamedTuple):
    """The offer that was made: whom to ring by when, and whether the number of places is known."""

    offer_id: str
    number: str
    provider_id: str
    provider: str
    expires_at: int
    places_known: bool


@requires("offer.make")
def make_offer(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    provider_id: str,
    *,
    rank: int = 1,
    children: Collection[str] | None = None,
    beside: bool = False,
) -> OfferTaken:
    """Offer the request to a provider and take its places, or change nothing.

    `rank` is where the match stood in the list that the operator saw; `children` whom the offer is for, all who have
    no place yet unless told. `beside` says that others are being asked for the same children. Raises `RulesForbid`,
    `NoPlaceLeft`, `TransitionRefusedError` when an offer for one of the children is out already, `NothingToCareFor`
    once the people were erased, `NotFound`, `Restricted`, `WorkedOn` when somebody else is on it.
    """
    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        return offer_places(desk, chain, now, request, provider_id, rank=rank, children=children, beside=beside)


def offer_places(
    desk: Desk,
    chain: "Chain",
    now: datetime,
    request: reads.RequestRow,
    provider_id: str,
    *,
    rank: int = 1,
    children: Collection[str] | None = None,
    beside: bool = False,
) -> OfferTaken:
    """What `make_offer` does, in a transaction that offers more than this one."""
    from callcenter.journal.bodies import OfferProposed

    provider = taking_part(desk, request, provider_id)
    stands = seated(desk, request.id)
    next_state(REQUEST, cast(RequestState, request.state), "offer_made")
    wanted = wanted_children(desk, request, stands, children)
    ids = frozenset(child.id for child in wanted)
    if not wanted or (not beside and ids & stands.offered):
        raise TransitionRefusedError(REQUEST, cast(RequestState, request.state), "offer_made")
    refuse_by_rules(desk, request, provider, wanted, now)
    if any(one.provider_id == provider_id for one in stands.about(ids, ("pending", "conditional"))):
        raise AskedAlready(provider=provider.name)
    expires = seconds(renewed_until(desk, request, provider, now))
    for kept in stands.about(ids, ("reserved",)):
        if kept.provider_id == provider_id and stands.children[kept.id] == ids and kept.claim != "refused":
            chain.append(request.id, OfferProposed(offer=kept.id, state="offered", expires=expires, rank=rank))
            return OfferTaken(kept.id, request.number, provider_id, provider.name, expires, kept.places_known)
        give_back(desk, chain, kept.id, request.id, "offered_elsewhere")
    taken = take_seats(desk, chain, now, request, provider, wanted)
    return note_offer(desk, chain, now, request, provider, taken, state="offered", expires=expires, rank=rank)


def note_offer(
    desk: Desk,
    chain: "Chain",
    now: datetime,
    request: reads.RequestRow,
    provider: reads.ProviderRow,
    taken: Seats,
    *,
    state: str,
    expires: int,
    rank: int,
    reserved: bool = False,
    call_id: str | None = None,
) -> OfferTaken:
    """Write down an offer with its places; of places that are only kept, `reserved` and for the guardian on a call."""
    from callcenter.journal.bodies import OfferMade

    offer_id = chain.new_id()
    made = OfferMade(
        offer=offer_id,
        state=state,
        provider=provider.id,
        seats=entry_seats(taken.seats),
        first_slot=taken.window[0],
        last_slot=taken.window[-1],
        expires=expires,
        places_known=taken.known,
        rank=rank,
        reserved=reserved,
        call=call_id,
        claim=desk.claim_at(now),
    )
    chain.append(request.id, made)
    return OfferTaken(offer_id, request.number, provider.id, provider.name, expires, taken.known)


@requires("offer.make")
def make_offers(
    desk: Desk, actor: Actor, now: datetime, request_id: str, ranked: Sequence[tuple[str, int]]
) -> list[OfferTaken]:
    """Ask several providers at once, besides those that are asked already: the first yes wins. 동시 제안: parallel.

    `ranked` are the providers and where each stood in the list that the operator saw. All of them are asked, or none.
    """
    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        made = []
        for provider_id, rank in ranked:
            made.append(offer_places(desk, chain, now, request, provider_id, rank=rank, beside=True))
            request = load_for(desk, actor, request_id)
        return made


def wanted_children(
    desk: Desk, request: reads.RequestRow, stands: Seated, children: Collection[str] | None
) -> list[reads.ChildRow]:
    """The children of the request that have no place yet, or those of them that are named."""
    everybody = reads.children_of_request(desk.connection, request.id)
    if not everybody:
        raise NothingToCareFor
    unplaced = [child for child in everybody if child.id not in stands.placed]
    return [child for child in unplaced if children is None or child.id in children]


def taking_part(desk: Desk, request: reads.RequestRow, provider_id: str) -> reads.ProviderRow:
    """The provider, if it takes part on the day of the request; raises `NotFound`."""
    provider = reads.provider(desk.connection, provider_id)
    if provider is None or not takes_part(provider, moment(request.start_at).date()):
        raise NotFound(what=_("The provider"))
    return provider


def refuse_by_rules(
    desk: Desk, request: reads.RequestRow, provider: reads.ProviderRow, wanted: Sequence[reads.ChildRow], now: datetime
) -> None:
    """Raise `RulesForbid` when a rule keeps the provider from taking these children, or it is not there."""
    start, end = moment(request.start_at), moment(request.end_at)
    present = presences(desk.connection, desk.reference, [provider], slots(start, end))[provider.id]
    if blocks := (
        provider_blocks(desk.reference, request, wanted, provider, now)
        + present.absences(start, end)
        + ((NO_CONTACT,) if provider.id in kept_apart(desk.connection, request.guardian_id) else ())
    ):
        reasons = " · ".join(block_sentence(desk.reference, block, now) for block in blocks)
        raise RulesForbid(provider=provider.name, reasons=reasons)


def renewed_until(desk: Desk, request: reads.RequestRow, provider: reads.ProviderRow, now: datetime) -> datetime:
    """When an offer to the provider expires that is made, or rung again, now: its service says how long it may take."""
    service = desk.reference.services[provider.service]
    rule = service.rules_on(moment(request.start_at).date(), provider.region, provider.id).offer
    return offer_due(now, None if rule is None else timedelta(minutes=rule.minutes))


@requires("offer.undo")
def undo_offer(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """Take an offer back within the undo window, as if it had not been made; returns the request's id."""
    with desk.writing(actor.name, now) as chain:
        return undo_places(desk, actor, chain, now, offer_id)


@requires("offer.undo")
def undo_offers(desk: Desk, actor: Actor, now: datetime, offers: Sequence[str]) -> None:
    """Take back all that one key offered within the undo window, or none of it."""
    with desk.writing(actor.name, now) as chain:
        for offer_id in offers:
            undo_places(desk, actor, chain, now, offer_id)


def undo_places(desk: Desk, actor: Actor, chain: "Chain", now: datetime, offer_id: str) -> str:
    """What `undo_offer` does, in a transaction that takes back more than this one."""
    from callcenter.journal import bodies

    offer, request = live_offer(desk, actor, offer_id)
    if seconds(now) - offer.made_at > UNDO_WINDOW.total_seconds() or has_left(desk.connection, offer_id):
        raise UndoTooLate(seconds=int(UNDO_WINDOW.total_seconds()))
    next_state(OFFER, cast(OfferState, offer.state), "undone")
    state = state_without(desk, request, "offer_undone", offer_id)
    chain.append(request.id, bodies.OfferUndone(offer=offer_id, state=state))
    return request.id
