"""Places kept for some minutes while the guardian thinks it over (자리 맡기: reserve), and clocks that run anew."""

from collections.abc import Collection
from datetime import datetime
from typing import TYPE_CHECKING, cast

from callcenter.care.lifecycle import OFFER, REQUEST, OfferState, RequestState, TransitionRefusedError, next_state
from callcenter.care.priority import RESERVED_FOR
from callcenter.desk.offered import give_back, live_offer, seated, take_seats
from callcenter.desk.offers import OfferTaken, note_offer, refuse_by_rules, renewed_until, taking_part, wanted_children
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_to_work
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.store.reservations import kept_for_call

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain


class ClockInThePast(CallcenterError):
    """The time to ring again is over already."""

    code = "clock_past"
    sentence = mark("The time to ring again must be still to come.")


@requires("offer.make")
def reserve_places(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    provider_id: str,
    *,
    rank: int = 1,
    children: Collection[str] | None = None,
    call_id: str | None = None,
) -> OfferTaken:
    """Keep a provider's places for a request without asking it, for as long as `RESERVED_FOR`.

    What was kept for the same children elsewhere is given back. `call_id` is the call on which the guardian thinks;
    its end gives the places back. Raises what `make_offer` raises.
    """
    with desk.writing(actor.name, now) as chain:
        request = load_to_work(desk, actor, request_id, now)
        provider = taking_part(desk, request, provider_id)
        state = next_state(REQUEST, cast(RequestState, request.state), "reserved")
        stands = seated(desk, request_id)
        wanted = wanted_children(desk, request, stands, children)
        ids = frozenset(child.id for child in wanted)
        if not wanted or ids & stands.offered:
            raise TransitionRefusedError(REQUEST, cast(RequestState, request.state), "reserved")
        refuse_by_rules(desk, request, provider, wanted, now)
        for kept in stands.about(ids, ("reserved",)):
            give_back(desk, chain, kept.id, request_id, "offered_elsewhere")
        taken = take_seats(desk, chain, now, request, provider, wanted)
        expires = seconds(now + RESERVED_FOR)
        return note_offer(
            desk,
            chain,
            now,
            request,
            provider,
            taken,
            state=state,
            expires=expires,
            rank=rank,
            reserved=True,
            call_id=call_id,
        )


@requires("offer.make")
def give_back_places(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """Give back places that were only kept; returns the request's id."""
    with desk.writing(actor.name, now) as chain:
        offer, request = live_offer(desk, actor, offer_id)
        next_state(OFFER, cast(OfferState, offer.state), "released")
        give_back(desk, chain, offer_id, request.id, "given_up")
    return request.id


@requires("offer.answer")
def renew_offer(desk: Desk, actor: Actor, now: datetime, offer_id: str, until: datetime | None = None) -> int:
    """Run the clock anew: the provider was rung again, wants to be rung `until` then, or the guardian still thinks.

    Returns when it ends, in seconds. Raises `ClockInThePast` when that is no time to come.
    """
    from callcenter.journal import bodies

    if until is not None and until <= now:
        raise ClockInThePast
    with desk.writing(actor.name, now) as chain:
        offer, request = live_offer(desk, actor, offer_id)
        state = next_state(OFFER, cast(OfferState, offer.state), "renewed")
        if until is not None:
            expires = seconds(until)
        elif state == "reserved":
            expires = seconds(now + RESERVED_FOR)
        else:
            provider = reads.provider(desk.connection, offer.provider_id)
            if provider is None:
                raise NotFound(what=_("The provider"))
            expires = seconds(renewed_until(desk, request, provider, now))
        chain.append(request.id, bodies.OfferRenewed(offer=offer_id, expires=expires, ring_again=until is not None))
    return expires


def let_go_of_call(desk: Desk, chain: "Chain", call_id: str) -> None:
    """The call ends: what was kept while its caller thought is free again."""
    for offer_id, request_id in kept_for_call(desk.connection, call_id).items():
        give_back(desk, chain, offer_id, request_id, "call_ended")
