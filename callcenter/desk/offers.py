"""Offers: one takes the places and starts its clock; it is undone, answered, and confirmed with the guardian."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from callcenter.care.lifecycle import OFFER, REQUEST, OfferEvent, OfferState, RequestEvent, RequestState, next_state
from callcenter.care.places import choose_places, slots
from callcenter.care.priority import UNDO_WINDOW, offer_due
from callcenter.desk.matches import children_months, group_of, provider_blocks, taken_by_group, takes_part
from callcenter.desk.permission import Actor, requires
from callcenter.desk.providers import MOST_PLACES, ImpossiblePlaces
from callcenter.desk.requests import NothingToCareFor, UnknownReason, load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.desk.wording import block_sentence
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
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
    """The offer is not the request's live one any more."""

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
    desk: Desk, actor: Actor, now: datetime, request_id: str, provider_id: str, *, rank: int = 1
) -> OfferTaken:
    """Offer the request to a provider and take its places, or change nothing.

    `rank` is where the match stood in the list that the operator saw. Raises `RulesForbid`, `NoPlaceLeft`,
    `TransitionRefusedError` when an offer is out already, `NothingToCareFor` once the people were erased, `NotFound`,
    `Restricted`.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        provider = reads.provider(desk.connection, provider_id)
        if provider is None or not takes_part(provider, moment(request.start_at).date()):
            raise NotFound(what=_("The provider"))
        state = next_state(REQUEST, cast(RequestState, request.state), "offer_made")
        children = reads.children_of_request(desk.connection, request_id)
        if not children:
            raise NothingToCareFor
        if blocks := provider_blocks(desk.reference, request, children, provider, now):
            reasons = " · ".join(block_sentence(desk.reference, block, now) for block in blocks)
            raise RulesForbid(provider=provider.name, reasons=reasons)
        window = slots(moment(request.start_at), moment(request.end_at))
        groups = reads.groups_of(desk.connection, [provider_id])
        taken = taken_by_group(reads.taken(desk.connection, [group.id for group in groups], window[0], window[-1]))
        seats = choose_places(map(group_of, groups), children_months(request, children), window, taken)
        if seats is None:
            raise NoPlaceLeft(provider=provider.name)
        unknown = {group.id for group in groups if group.places is None}
        offer_id = chain.new_id()
        expires = seconds(offer_due(now))
        known = not any(seat.group_id in unknown for seat in seats)
        chain.append(
            request_id,
            bodies.OfferMade(
                offer=offer_id,
                state=state,
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
        if seconds(now) - offer.made_at > UNDO_WINDOW.total_seconds():
            raise UndoTooLate(seconds=int(UNDO_WINDOW.total_seconds()))
        next_state(OFFER, cast(OfferState, offer.state), "undone")
        state = next_state(REQUEST, cast(RequestState, request.state), "offer_undone")
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
    it has left; it is asked for when they were unknown.
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
        state = next_state(REQUEST, cast(RequestState, request.state), request_event)
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
def confirm_offer(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """The guardian was told and agreed: the placement stands; returns the request's id. 보호자확정: confirmed."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        _offer, request = _live(desk, actor, offer_id)
        state = next_state(REQUEST, cast(RequestState, request.state), "confirmed")
        chain.append(request.id, bodies.OfferConfirmed(offer=offer_id, state=state))
    return request.id


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
    if request.offer_id != offer_id:
        raise OfferOver
    return offer, request
