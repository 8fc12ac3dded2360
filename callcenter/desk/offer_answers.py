"""What a provider answers to an offer, and the guardian's yes to what was accepted."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from callcenter.care.lifecycle import (
    OFFER,
    REQUEST,
    OfferEvent,
    OfferState,
    RequestEvent,
    RequestState,
    next_state,
    settled,
)
from callcenter.care.places import slots
from callcenter.desk.acknowledgements import refuse_unread
from callcenter.desk.free_text import kept_text
from callcenter.desk.offered import (
    live_offer,
    seated,
    state_without,
)
from callcenter.desk.permission import Actor, requires
from callcenter.desk.providers import MOST_PLACES, ImpossiblePlaces
from callcenter.desk.requests import UnknownReason, load_for
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import reads
from callcenter.store.placements import child_ids
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain


Answer = Literal[
    "accepted",
    "declined",
    "no_answer",
    "busy",
    "wrong_number",
    "conditional",
    "condition_refused",
    "withdrawn",
]


# What the provider's answer is to its offer, and to the request; a condition leaves the request waiting.
_EVENTS: dict[Answer, tuple[OfferEvent, RequestEvent | None]] = {
    "accepted": ("accepted", "offer_accepted"),
    "declined": ("declined", "offer_declined"),
    "no_answer": ("no_answer", "offer_no_answer"),
    "busy": ("busy", "offer_busy"),
    "wrong_number": ("wrong_number", "offer_wrong_number"),
    "conditional": ("conditional", None),
    "condition_refused": ("withdrawn", "offer_withdrawn"),
    "withdrawn": ("withdrawn", "offer_withdrawn"),
}


class ConditionMissing(CallcenterError):
    """A yes on a condition, and nobody said which."""

    code = "condition_missing"
    sentence = mark("Please write down what the provider asks for.")


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
    condition: str = "",
    rung: str = "",
) -> str:
    """Note the provider's answer, or that it took its yes back; returns the request's id.

    `reason` is a refusal code of the list for a provider that declined. `free` is how many places the provider says
    it has left; it is asked for when they were unknown. A yes gives back what others were asked for the same children.
    `condition` is what the provider asks for in return for its yes: it waits for «accepted» or «condition_refused».
    `rung` is the number that was dialled; where it is wrong, the provider's telephone is in doubt from now on.
    """
    from callcenter.journal import bodies

    condition = kept_text(condition)
    _refuse_impossible(desk, answer, reason, free, condition)
    with desk.writing(actor.name, now) as chain:
        offer, request = live_offer(desk, actor, offer_id)
        offer_event, request_event = _EVENTS[answer]
        offer_state = next_state(OFFER, cast(OfferState, offer.state), offer_event)
        if request_event is None:
            state = request.state
            chain.append(request.id, bodies.ConditionNamed(offer=offer_id, text=condition))
        elif answer == "accepted":
            state = _accept(desk, chain, request, offer_id)
        else:
            state = state_without(desk, request, request_event, offer_id)
        chain.append(
            request.id,
            bodies.OfferAnswered(
                offer=offer_id,
                state=state,
                offer_state=offer_state,
                answer=reason or answer,
                free=free,
                was=offer.stage,
            ),
        )
        if answer == "wrong_number" and rung:
            chain.append(offer.provider_id, bodies.TelephoneDoubted(number=rung))
        if free is not None and answer == "accepted":
            _note_places(desk, chain, offer_id, request, free)
    return request.id


def _refuse_impossible(desk: Desk, answer: Answer, reason: str | None, free: int | None, condition: str) -> None:
    if reason is not None and reason not in desk.reference.refusals:
        raise UnknownReason(reason=reason)
    if free is not None and not 0 <= free <= MOST_PLACES:
        raise ImpossiblePlaces(places=free)
    if answer == "conditional" and not condition:
        raise ConditionMissing


@requires("offer.confirm")
def confirm_request(desk: Desk, actor: Actor, now: datetime, request_id: str) -> str:
    """The guardian was told and agreed: the request's placements stand; returns its id. 보호자확정: confirmed.

    Raises `NotAcknowledged` while a provider has not said that it knows of a need that is dangerous to overlook.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        state = next_state(REQUEST, cast(RequestState, request.state), "confirmed")
        refuse_unread(desk, request_id)
        for offer in reads.live_offers(desk.connection, request_id):
            if offer.state == "accepted" and offer.confirmed_at is None:
                chain.append(request_id, bodies.OfferConfirmed(offer=offer.id, state=state))
    return request_id


def _accept(desk: Desk, chain: "Chain", request: reads.RequestRow, offer_id: str) -> str:
    """Release the other offers for these children; the state the request comes to once this one is accepted."""
    from callcenter.journal import bodies

    next_state(REQUEST, cast(RequestState, request.state), "offer_accepted")
    stands = seated(desk, request.id)
    mine = stands.children[offer_id]
    losers = [one for one in stands.about(mine, ("pending", "conditional")) if one.id != offer_id]
    left = seated(desk, request.id, (offer_id, *(loser.id for loser in losers)))
    state = settled(child_ids(desk.connection, request.id), left.offered, left.placed | mine)
    for loser in losers:
        lost = bodies.OfferReleased(offer=loser.id, state=state, why="accepted_elsewhere", was=loser.stage)
        chain.append(request.id, lost)
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
