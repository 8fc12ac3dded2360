"""Offers: one takes the places and starts its clock; it is undone, answered, and confirmed with the guardian."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from callcenter.care.lifecycle import (
    OFFER,
    REQUEST,
    OfferEvent,
    OfferState,
    RequestEvent,
    RequestState,
    TransitionRefusedError,
    next_state,
    settled,
)
from callcenter.care.places import choose_places, least, slots
from callcenter.care.priority import UNDO_WINDOW, offer_due
from callcenter.desk.facilities import takes_part
from callcenter.desk.matches import children_months, provider_blocks, taken_by_group
from callcenter.desk.permission import Actor, requires
from callcenter.desk.presence import presences
from callcenter.desk.providers import MOST_PLACES, ImpossiblePlaces
from callcenter.desk.requests import NothingToCareFor, UnknownReason, load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.wording import block_sentence
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.messages import has_left
from callcenter.store.placements import child_ids, children_of_offers
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

Answer = Literal["accepted", "declined", "no_answer", "withdrawn"]
_EVENTS: dict[Answer, tuple[OfferEvent, RequestEvent]] = {
    "accepted": ("accepted", "offer_accepted"),
    "declined": ("declined", "offer_declined"),
    "no_answer": ("no_answer", "offer_no_answer"),
    "withdrawn": ("withdrawn", "offer_withdrawn"),
}


class RulesForbid(CallcenterError):
    """A rule does not allow this provider for this request. Values: provider, reasons."""

    code = "rules_forbid"
    sentence = mark("{provider} is not possible: {reasons}. Choose another match.")


class NoPlaceLeft(CallcenterError):
    """The places were taken since the match was shown, or there never were enough. Values: provider."""

    code = "no_place_left"
    sentence = mark("{provider} has no place left for that time. Choose the next match.")


class UndoTooLate(CallcenterError):
    """The undo window is over; what left the desk cannot be unsaid. Values: seconds."""

    code = "undo_too_late"
    sentence = mark("Undo works for {seconds} seconds only. Record the provider's answer or cancel instead.")


class OfferOver(CallcenterError):
    """The offer holds no places any more."""

    code = "offer_over"
    sentence = mark("That offer is over already. Look at the request again.")


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
    once the people were erased, `NotFound`, `Restricted`.
    """
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
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
    from callcenter.journal import bodies

    provider = reads.provider(desk.connection, provider_id)
    if provider is None or not takes_part(provider, moment(request.start_at).date()):
        raise NotFound(what=_("The provider"))
    seated = _seated(desk, request.id)
    next_state(REQUEST, cast(RequestState, request.state), "offer_made")
    everybody = reads.children_of_request(desk.connection, request.id)
    if not everybody:
        raise NothingToCareFor
    unplaced = [child for child in everybody if child.id not in seated.placed]
    wanted = [child for child in unplaced if children is None or child.id in children]
    if not wanted or (not beside and any(child.id in seated.offered for child in wanted)):
        raise TransitionRefusedError(REQUEST, cast(RequestState, request.state), "offer_made")
    start, end = moment(request.start_at), moment(request.end_at)
    window = slots(start, end)
    present = presences(desk.connection, desk.reference, [provider], window)[provider_id]
    if blocks := provider_blocks(desk.reference, request, wanted, provider, now) + present.absences(start, end):
        reasons = " · ".join(block_sentence(desk.reference, block, now) for block in blocks)
        raise RulesForbid(provider=provider.name, reasons=reasons)
    rows = reads.groups_of(desk.connection, [provider_id])
    groups = [present.group(row) for row in rows]
    taken = taken_by_group(reads.taken(desk.connection, [group.id for group in groups], window[0], window[-1]))
    seats = choose_places(groups, children_months(request, wanted), window, taken)
    if seats is None:
        raise NoPlaceLeft(provider=provider.name)
    unknown = {group.id for group in groups if least(group.places) is None}
    offer_id = chain.new_id()
    expires = seconds(offer_due(now))
    known = not any(seat.group_id in unknown for seat in seats)
    chain.append(
        request.id,
        bodies.OfferMade(
            offer=offer_id,
            state="offered",
            provider=provider_id,
            seats=[bodies.Seat(child=seat.child_id, group=seat.group_id, place=seat.place_no) for seat in seats],
            first_slot=window[0],
            last_slot=window[-1],
            expires=expires,
            places_known=known,
            rank=rank,
        ),
    )
    return OfferTaken(offer_id, request.number, provider_id, provider.name, expires, known)


@requires("offer.undo")
def undo_offer(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """Take an offer back within the undo window, as if it had not been made; returns the request's id."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        offer, request = _live(desk, actor, offer_id)
        if seconds(now) - offer.made_at > UNDO_WINDOW.total_seconds() or has_left(desk.connection, offer_id):
            raise UndoTooLate(seconds=int(UNDO_WINDOW.total_seconds()))
        next_state(OFFER, cast(OfferState, offer.state), "undone")
        state = _state_without(desk, request, "offer_undone", offer_id)
        chain.append(request.id, bodies.OfferUndone(offer=offer_id, state=state))
    return request.id


@requires("offer.answer")
def answer_offer(
    desk: Desk,
    actor: Actor,
    now: datetime,
    offer_id: str,
    answer: Answer,
    *,
    reason: str | None = None,
    free: int | None = None,
) -> str:
    """Note the provider's answer, or that it took its yes back; returns the request's id.

    `reason` is a refusal code of the list for a provider that declined. `free` is how many places the provider says
    it has left; it is asked for when they were unknown. A yes gives back what others were asked for the same children.
    """
    from callcenter.journal import bodies

    if reason is not None and reason not in desk.reference.refusals:
        raise UnknownReason(reason=reason)
    if free is not None and not 0 <= free <= MOST_PLACES:
        raise ImpossiblePlaces(places=free)
    with desk.writing(actor.name, now) as chain:
        offer, request = _live(desk, actor, offer_id)
        offer_event, request_event = _EVENTS[answer]
        offer_state = next_state(OFFER, cast(OfferState, offer.state), offer_event)
        if answer == "accepted":
            state = _accept(desk, chain, request, offer_id)
        else:
            state = _state_without(desk, request, request_event, offer_id)
        chain.append(
            request.id,
            bodies.OfferAnswered(
                offer=offer_id, state=state, offer_state=offer_state, answer=reason or answer, free=free
            ),
        )
        if free is not None and answer == "accepted":
            _note_places(desk, chain, offer_id, request, free)
    return request.id


@requires("offer.confirm")
def confirm_request(desk: Desk, actor: Actor, now: datetime, request_id: str) -> str:
    """The guardian was told and agreed: the request's placements stand; returns its id. 보호자확정: confirmed."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        state = next_state(REQUEST, cast(RequestState, request.state), "confirmed")
        for offer in reads.live_offers(desk.connection, request_id):
            if offer.confirmed_at is None:
                chain.append(request_id, bodies.OfferConfirmed(offer=offer.id, state=state))
    return request_id


class _Seated(NamedTuple):
    """The children of a request who wait for an answer, and those who have a place, by the offer that is about them."""

    offers: dict[str, frozenset[str]]
    offered: frozenset[str]
    placed: frozenset[str]


def _seated(desk: Desk, request_id: str, without: Collection[str] = ()) -> _Seated:
    """Where the children are, as if the offers in `without` were over."""
    live = [offer for offer in reads.live_offers(desk.connection, request_id) if offer.id not in without]
    children = children_of_offers(desk.connection, [offer.id for offer in live])

    def those(state: OfferState) -> frozenset[str]:
        return frozenset().union(*(children[offer.id] for offer in live if offer.state == state))

    return _Seated(children, those("pending"), those("accepted"))


def _state_without(desk: Desk, request: reads.RequestRow, event: RequestEvent, *over: str) -> str:
    """The state the request comes to once these offers are over."""
    next_state(REQUEST, cast(RequestState, request.state), event)
    left = _seated(desk, request.id, over)
    return settled(child_ids(desk.connection, request.id), left.offered, left.placed)


def _accept(desk: Desk, chain: "Chain", request: reads.RequestRow, offer_id: str) -> str:
    """Release the other offers for these children; the state the request comes to once this one is accepted."""
    from callcenter.journal import bodies

    next_state(REQUEST, cast(RequestState, request.state), "offer_accepted")
    offers = _seated(desk, request.id).offers
    mine = offers[offer_id]
    losers = [one for one, children in offers.items() if one != offer_id and children & mine]
    left = _seated(desk, request.id, (offer_id, *losers))
    state = settled(child_ids(desk.connection, request.id), left.offered, left.placed | mine)
    for loser in losers:
        chain.append(request.id, bodies.OfferReleased(offer=loser, state=state, why="accepted_elsewhere"))
    return state


def _note_places(desk: Desk, chain: "Chain", offer_id: str, request: reads.RequestRow, free: int) -> None:
    """What the provider says is free now, on top of what is taken for the time, is what its group has.

    Of an offer in several groups one number does not say which of them it is about; it stays in the offer.
    """
    from callcenter.journal import bodies

    groups = reads.groups_of_offer(desk.connection, offer_id)
    group = reads.group(desk.connection, groups[0]) if len(groups) == 1 else None
    if group is None:
        return
    window = slots(moment(request.start_at), moment(request.end_at))
    busy = {row.place_no for row in reads.taken(desk.connection, groups, window[0], window[-1])}
    chain.append(group.provider_id, bodies.PlacesConfirmed(group=group.id, places=len(busy) + free, how="telephone"))


def _live(desk: Desk, actor: Actor, offer_id: str) -> tuple[reads.OfferRow, reads.RequestRow]:
    offer = reads.offer(desk.connection, offer_id)
    if offer is None:
        raise NotFound(what=_("The offer"))
    request = load_for(desk, actor, offer.request_id)
    if offer.state not in OFFER.open:
        raise OfferOver
    return offer, request
