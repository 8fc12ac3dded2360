"""Other places of the same provider for an offer whose own ones the centre refused. 자리 옮기기: reseat."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER
from callcenter.care.places import Seat, choose_places
from callcenter.desk.needs import children_months
from callcenter.desk.offered import entry_seats
from callcenter.desk.presence import presences
from callcenter.store import reads
from callcenter.store.conflicts import places_of_offer, seatings_of, taken_beside
from callcenter.store.placements import children_of_offers, placements

if TYPE_CHECKING:
    from callcenter.desk.session import Claim, Desk
    from callcenter.journal.bodies import OfferReseated

Seating = frozenset[tuple[str, str, int]]
"""Which child sits on which place of which group."""


def reseated(
    desk: "Desk", offer: reads.OfferRow, request: reads.RequestRow, claim: "Claim", *, again: bool = False
) -> "OfferReseated | None":
    """The entry that gives the children of an offer other free places in the same groups; None where there are none.

    While the offer that stands in the way is not known here, all places that the centre refused so far count as taken.
    A seating that the offer had before is taken `again` only where what stood in its way is over. A child whose care
    has begun stays where it is.
    """
    from callcenter.journal import bodies

    provider = reads.provider(desk.connection, offer.provider_id)
    children = children_of_offers(desk.connection, [offer.id])[offer.id]
    begun = {row.child_id for row in placements(desk.connection, request.id) if row.admitted_at is not None}
    wanted = [child for child in reads.children_of_request(desk.connection, request.id) if child.id in children]
    own = places_of_offer(desk.connection, offer.id)
    if provider is None or not own or begun & children or len(wanted) < len(children):
        return None
    window = range(min(slot for _group, slot, _number in own), max(slot for _group, slot, _number in own) + 1)
    rows = reads.groups_of(desk.connection, [provider.id])
    mine = {group for group, _slot, _number in own}
    present = presences(desk.connection, desk.reference, [provider], window)[provider.id]
    groups = [present.group(row) for row in rows if row.id in mine]
    had = had_before(desk, offer)
    other = reads.offer(desk.connection, offer.claim_other) if offer.claim_other else None
    taken = _taken(desk, offer.id, [group.id for group in groups], window, had if other is None else ())
    seats = choose_places(groups, children_months(request, wanted), window, taken)
    if seats is None:
        return None
    over = other is not None and other.state not in OFFER.open
    if seating_of(seats) in had and not (again and over):
        return None
    return bodies.OfferReseated(
        offer=offer.id,
        seats=entry_seats(seats),
        first_slot=window[0],
        last_slot=window[-1],
        claim=claim,
    )


def seating_of(seats: Iterable[Seat]) -> Seating:
    """The seats without the order they were chosen in."""
    return frozenset((seat.child_id, seat.group_id, seat.place_no) for seat in seats)


def had_before(desk: "Desk", offer: reads.OfferRow) -> set[Seating]:
    """Every seating that the offer had so far, the present one too."""
    bodies = map(json.loads, seatings_of(desk.connection, offer.request_id))
    return {
        frozenset((seat["child"], seat["group"], seat["place"]) for seat in body["seats"])
        for body in bodies
        if body["offer"] == offer.id
    }


def _taken(
    desk: "Desk", offer_id: str, groups: list[str], window: range, refused: Iterable[Seating]
) -> dict[str, set[tuple[int, int]]]:
    """The (slot, number) pairs of each group that others have, and those that were `refused`."""
    taken: dict[str, set[tuple[int, int]]] = {group: set() for group in groups}
    for group, slot, number in taken_beside(desk.connection, groups, window[0], window[-1], offer_id):
        taken[group].add((slot, number))
    for seating in refused:
        for _child, group, number in seating:
            if group in taken:
                taken[group].update((slot, number) for slot in window)
    return taken
