"""What the centre answered about places: granted; refused, and what the desk does about that by itself.

An offer that was refused goes to another free place of the same provider. Where there is none, an offer that nobody was
told of is taken back; any other stays, and is a conflict until a person decides. A machine ends nothing that somebody
was told of.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.care.lifecycle import OFFER, settled
from callcenter.care.places import slot_of
from callcenter.care.priority import UNDO_WINDOW
from callcenter.desk.at_once import places_at_once
from callcenter.desk.offered import seated
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load
from callcenter.desk.reseating import reseated
from callcenter.desk.session import Desk, seconds
from callcenter.store import reads
from callcenter.store.conflicts import places_of_offer, refused_offers
from callcenter.store.messages import has_left
from callcenter.store.placements import child_ids, placements

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

Outcome = Literal["granted", "refused"]
Refusal = Literal["", "place", "child"]
# States of a request that follow from its offers.
_FROM_OFFERS = frozenset({"offered", "matching", "accepted", "confirmed"})


class Answered(NamedTuple):
    """The centre's answer about an offer.

    Refused for a `place` that another offer has, or for a `child` that has been placed by another one: `other`, made at
    `other_desk` for the request of the receipt number `other_number`. `places` (group, slot, number) are those that
    were asked for, None where nobody knows.
    """

    offer: str
    outcome: Outcome
    why: Refusal = ""
    other: str = ""
    other_desk: str = ""
    other_number: str = ""
    places: frozenset[tuple[str, int, int]] | None = None


class Settled(NamedTuple):
    """What became of an offer: granted, reseated (other places are asked for), released, or a conflict."""

    offer_id: str
    request_id: str
    number: str
    provider: str
    became: Literal["granted", "reseated", "released", "conflict"]
    other_desk: str
    other_number: str


@requires("claim.settle")
def settle_claims(desk: Desk, actor: Actor, now: datetime, answers: Sequence[Answered]) -> list[Settled]:
    """Note the centre's answers and do what follows from them, in one transaction; returns what changed.

    An answer that is known, or about an offer that is over or has gone to other places meanwhile, changes nothing: for
    those it is asked with the entry that says so.
    """
    if not answers:
        return []
    with desk.writing(actor.name, now) as chain:
        found = [_settle(desk, chain, now, answer) for answer in answers]
    return [one for one in found if one is not None]


@requires("claim.settle")
def seat_refused(desk: Desk, actor: Actor, now: datetime) -> list[Settled]:
    """Try other places for this desk's refused offers, once more is known of what others took or gave back.

    To be called after others' entries have come in; with nothing refused it writes nothing. Whoever comes all the same,
    as was agreed, is to have a place as soon as there is one, before anybody else is offered it.
    """
    slot = slot_of(now)
    if not any(offer.desk == desk.name for offer in refused_offers(desk.connection, slot)):
        return []
    found = []
    with desk.writing(actor.name, now) as chain:
        for offer in refused_offers(desk.connection, slot):
            if offer.desk != desk.name or offer.claim_why != "place":
                continue
            body = reseated(desk, offer, load(desk, offer.request_id), "asked", again=True)
            if body is not None:
                chain.append(offer.request_id, body)
                found.append(_became(offer, "reseated", offer.claim_desk, ""))
    return found


def state_after(desk: Desk, request: reads.RequestRow, offer_id: str) -> str:
    """The state of a request once this offer is over; one that its other offers have settled stays what it is."""
    if request.state not in _FROM_OFFERS:
        return request.state
    children = child_ids(desk.connection, request.id)
    elsewhere = {row.child_id for row in placements(desk.connection, request.id) if row.offer_id != offer_id}
    if set(children) <= elsewhere:
        return request.state
    left = seated(desk, request.id, (offer_id,))
    return settled(children, left.offered, left.placed)


def _settle(desk: Desk, chain: "Chain", now: datetime, answer: Answered) -> Settled | None:
    from callcenter.journal import bodies

    offer = reads.offer(desk.connection, answer.offer)
    if offer is None or offer.state not in OFFER.open:
        return None
    if answer.places is not None and answer.places != frozenset(places_of_offer(desk.connection, offer.id)):
        return None
    if answer.outcome == "granted":
        if offer.claim == "granted":
            return None
        chain.append(offer.request_id, bodies.OfferClaimed(offer=offer.id, claim="granted"))
        return _became(offer, "granted", "", "")
    said = ("refused", answer.why, answer.other)
    if offer.decided or (offer.claim, offer.claim_why, offer.claim_other) == said:
        return None
    refused = bodies.OfferClaimed(
        offer=offer.id, claim="refused", why=answer.why, other=answer.other, other_desk=answer.other_desk
    )
    chain.append(offer.request_id, refused)
    return _refused(desk, chain, now, offer, answer)


def _refused(desk: Desk, chain: "Chain", now: datetime, offer: reads.OfferRow, answer: Answered) -> Settled:
    """`offer` is as it was before the answer."""
    from callcenter.journal import bodies

    request = load(desk, offer.request_id)
    if answer.why == "place":
        body = reseated(desk, offer._replace(claim_other=answer.other), request, "asked")
        if body is not None:
            chain.append(request.id, body)
            return _became(offer, "reseated", answer.other_desk, answer.other_number)
    if not _untold(desk, offer, request, now):
        return _became(offer, "conflict", answer.other_desk, answer.other_number)
    kept = offer.state == "reserved"
    released = bodies.OfferReleased(
        offer=offer.id,
        state=request.state if kept else state_after(desk, request, offer.id),
        why="taken_elsewhere",
        offer_state="released" if kept else "withdrawn",
        was=offer.stage,
    )
    chain.append(request.id, released)
    return _became(offer, "released", answer.other_desk, answer.other_number)


def _untold(desk: Desk, offer: reads.OfferRow, request: reads.RequestRow, now: datetime) -> bool:
    """Whether the offer was made just now, in sight of the centre, so that nobody was told of it yet."""
    # What another desk told of its offer, this one may not know yet.
    if offer.desk != desk.name:
        return False
    if offer.claim != "asked" or seconds(now) - offer.made_at > UNDO_WINDOW.total_seconds():
        return False
    if has_left(desk.connection, offer.id):
        return False
    if offer.state in ("reserved", "pending"):
        return True
    provider = reads.provider(desk.connection, offer.provider_id)
    given = provider is not None and places_at_once(desk.reference, provider, request.start_at)
    return offer.state == "accepted" and offer.confirmed_at is None and given


def _became(
    offer: reads.OfferRow,
    became: Literal["granted", "reseated", "released", "conflict"],
    other_desk: str,
    other_number: str,
) -> Settled:
    return Settled(offer.id, offer.request_id, offer.number, offer.provider or "", became, other_desk, other_number)
