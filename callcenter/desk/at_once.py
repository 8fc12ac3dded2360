"""A place that nobody has to be asked for: taken, accepted, and there. 즉시 이용: at once."""

from datetime import datetime
from typing import TYPE_CHECKING, cast

from callcenter.care.lifecycle import REQUEST, WAITING, RequestState, next_state, settled
from callcenter.care.priority import UNDO_WINDOW
from callcenter.desk.offers import OfferOver, OfferTaken, UndoTooLate, offer_places
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for, load_to_work
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.language import _
from callcenter.store import reads
from callcenter.store.messages import has_left
from callcenter.store.placements import child_ids, children_of_offers, placements
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.reference import Reference


def places_at_once(reference: "Reference", provider: reads.ProviderRow, start_at: int) -> bool:
    """Whether the provider's service gives its places without being asked, for care that starts at a moment."""
    service = reference.services.get(provider.service)
    if service is None:
        return False
    rule = service.rules_on(moment(start_at).date(), provider.region, provider.id).placing
    return rule is not None and rule.at_once


@requires("offer.make")
def place_at_once(
    desk: Desk, actor: Actor, now: datetime, request_id: str, provider_id: str, *, rank: int = 1
) -> OfferTaken:
    """Offer the request to a provider that need not be asked, and accept it: in one step, or change nothing.

    A provider that must be asked is asked: the offer waits for its answer. Raises as `make_offer` does.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        made = offer_places(desk, chain, now, request, provider_id, rank=rank)
        provider = reads.provider(desk.connection, provider_id)
        if provider is None or not places_at_once(desk.reference, provider, request.start_at):
            return made
        seated = children_of_offers(desk.connection, [made.offer_id])[made.offer_id]
        placed = {row.child_id for row in placements(desk.connection, request_id)} | seated
        waiting = [
            child
            for offer in reads.live_offers(desk.connection, request_id)
            if offer.state in WAITING and offer.id != made.offer_id
            for child in children_of_offers(desk.connection, [offer.id])[offer.id]
        ]
        state = settled(child_ids(desk.connection, request_id), waiting, placed)
        answered = bodies.OfferAnswered(
            offer=made.offer_id, state=state, offer_state="accepted", answer="accepted", free=None
        )
        chain.append(request_id, answered)
        return made


@requires("offer.undo")
def take_back(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """Take back within the undo window a place that nobody was asked for; returns the request's id.

    Raises `UndoTooLate`, and `OfferOver` where a provider was asked, or the guardian told, meanwhile.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        offer = reads.offer(desk.connection, offer_id)
        provider = reads.provider(desk.connection, offer.provider_id) if offer is not None else None
        if offer is None or provider is None:
            raise NotFound(what=_("The offer"))
        request = load_for(desk, actor, offer.request_id)
        given = places_at_once(desk.reference, provider, request.start_at)
        if offer.state != "accepted" or offer.confirmed_at is not None or not given:
            raise OfferOver
        if seconds(now) - offer.made_at > UNDO_WINDOW.total_seconds() or has_left(desk.connection, offer_id):
            raise UndoTooLate(seconds=int(UNDO_WINDOW.total_seconds()))
        next_state(REQUEST, cast(RequestState, request.state), "offer_withdrawn")
        left = [row.child_id for row in placements(desk.connection, request.id) if row.offer_id != offer_id]
        state = settled(child_ids(desk.connection, request.id), (), left)
        chain.append(request.id, bodies.OfferReleased(offer=offer_id, state=state, why="taken_back", was=offer.stage))
    return request.id
