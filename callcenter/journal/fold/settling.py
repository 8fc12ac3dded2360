"""In which one state a request of several desks is: that of its offers and of care, not what a desk thought last."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER, WAITING, cared, settled
from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.crossing import keep_made, off_time
from callcenter.store import crossed, tables
from callcenter.store.crossed import ChildStage, OfferStage, RequestStage
from callcenter.store.placements import children_of_offers, give_back
from callcenter.store.writes import delete_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection

_NOT_NEEDED = frozenset({"reserved", *WAITING})


def settle(connection: "Connection", entry: Entry, body: bodies.Body) -> None:
    """Bring the request of the entry, which several desks wrote to, to the state that agrees with its offers."""
    request = crossed.request_stage(connection, entry.subject)
    if request is None:
        return
    off_time(connection, entry, body)
    crossed.place_accepted(connection, entry.subject)
    children = crossed.child_stages(connection, entry.subject)
    state = _of_care(children) or ("cancelled" if request.end == "cancelled" else None)
    offers = crossed.offer_stages(connection, entry.subject)
    live = {one.id: one for one in offers.values() if one.state in OFFER.open}
    for offer in tuple(live.values()):
        if state in ("cancelled", "finished") and offer.state in _NOT_NEEDED:
            _end(connection, entry, live.pop(offer.id))
    seats = children_of_offers(connection, live)
    _forget_beside(connection, entry.subject, live, children)
    state = state or _of_offers(request, children, live, seats, bool(offers))
    if request.end == "unplaced" and state != "unplaced":
        delete_rows(connection, tables.RequestEnd, {"request_id": entry.subject})
        update_rows(connection, tables.Request, {"id": entry.subject}, {"ended_reason": None})
    if state != request.state:
        update_rows(connection, tables.Request, {"id": entry.subject}, {"state": state})


def _forget_beside(
    connection: "Connection", request: str, live: Mapping[str, OfferStage], children: Mapping[str, ChildStage]
) -> None:
    """Of two offers for one child that guardians agreed to nobody decides any more once only one is left."""
    placed = {one.offer_id for one in children.values()}
    for row in crossed.crossed(connection, request):
        if row.what == "beside" and (row.offer_id not in live or row.offer_id in placed):
            delete_rows(connection, tables.Crossed, {"entry_id": row.entry_id, "offer_id": row.offer_id})


def _of_care(children: Mapping[str, ChildStage]) -> str | None:
    begun = {one.child_id for one in children.values() if one.begun}
    over = {one.child_id for one in children.values() if one.over}
    return cared(children, begun, over) if begun or over else None


def _of_offers(
    request: RequestStage,
    children: Mapping[str, ChildStage],
    live: Mapping[str, OfferStage],
    seats: Mapping[str, frozenset[str]],
    was_offered: bool,
) -> str:
    # Another offer for a child whose guardian was told of its place may still be the one that the centre grants.
    told = {one.child_id for one in children.values() if one.confirmed}
    offered = {child for one in live.values() if one.state in WAITING for child in seats[one.id]} - told
    placed = {one.child_id for one in children.values() if one.offer_id is not None}
    state = settled(children, offered, placed) if children else "matching"
    if state == "accepted" and all(one.confirmed for one in children.values()):
        return "confirmed"
    if state != "matching":
        return state
    if request.end == "unplaced" and not live and not placed:
        return "unplaced"
    if request.held_until is not None:
        return "held"
    return "open" if request.state == "open" and not was_offered else "matching"


def _end(connection: "Connection", entry: Entry, offer: OfferStage) -> None:
    """End an offer that nobody needs any more; the provider that was asked must be told, and whoever asked it too."""
    give_back(connection, offer.id)
    ended = "released" if offer.state == "reserved" else "withdrawn"
    update_rows(connection, tables.Offer, {"id": offer.id}, {"state": ended})
    if offer.state != "reserved":
        keep_made(connection, entry, offer, "made")
        crossed.owe_notice_of(connection, offer.id, entry.at // 1000)
