"""The guardian is told of the place, or rung for the child; a place nobody wants goes back, and its provider is told.

연결, 부재, 거부: reached, no answer, refused.
"""

from datetime import datetime
from typing import TYPE_CHECKING, Literal, cast

from callcenter.care.callbacks import Result, Whom
from callcenter.care.lifecycle import REQUEST, RequestState, next_state, settled
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import reads, stays
from callcenter.store.messages import MessageRow
from callcenter.store.placements import child_ids

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

Released = Literal["guardian_refused", "guardian_unreached"]
_RUNG_FOR = frozenset({"accepted", "confirmed", "in_care"})


class NobodyToRing(CallcenterError):
    """The guardian of this request has nothing to be told of now."""

    code = "nobody_to_ring"
    sentence = mark("There is nothing to tell this guardian now. Look at the request again.")


class ToldAlready(CallcenterError):
    """The provider was told, or never had to be."""

    code = "told_already"
    sentence = mark("This provider was told already. Look at the list again.")


@requires("callback.try")
def note_care_try(desk: Desk, actor: Actor, now: datetime, request_id: str, whom: Whom, result: Result) -> None:
    """Note that somebody rang about a place or a child in care, whom, and what came of it."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        if load_for(desk, actor, request_id).state not in _RUNG_FOR:
            raise NobodyToRing
        chain.append(request_id, bodies.CallbackTried(whom=whom, result=result))


@requires("offer.answer")
def release_places(desk: Desk, actor: Actor, now: datetime, request_id: str, why: Released) -> str:
    """Give back the accepted places of a request, whose providers must then be told; returns the state it comes to.

    The request is to be matched again; whoever needs no other place cancels it.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        next_state(REQUEST, cast(RequestState, request.state), "offer_withdrawn")
        state = settled(child_ids(desk.connection, request_id), (), ())
        for offer in reads.live_offers(desk.connection, request_id):
            chain.append(request_id, bodies.OfferReleased(offer=offer.id, state=state, why=why, was=offer.stage))
    return state


@requires("offer.answer")
def note_provider_told(desk: Desk, actor: Actor, now: datetime, offer_id: str) -> str:
    """Note that the provider was told that its place is not needed; returns the request's id."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request_id = stays.owes_notice(desk.connection, offer_id)
        if request_id is None:
            raise ToldAlready
        load_for(desk, actor, request_id)
        chain.append(request_id, bodies.ProviderTold(offer=offer_id))
    return request_id


def told_of_release(desk: Desk, chain: "Chain", row: MessageRow) -> None:
    """Nobody has to ring a provider any more that learned by this message, or instead of it, that its place is free."""
    from callcenter.journal import bodies

    if row.receiver == "provider" and row.occasion == "released" and row.offer_id is not None:
        request_id = stays.owes_notice(desk.connection, row.offer_id)
        if request_id is not None:
            chain.append(request_id, bodies.ProviderTold(offer=row.offer_id))
