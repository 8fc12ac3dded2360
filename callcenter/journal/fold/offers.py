"""How entries about offers change the tables, and which places they take and release."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.moving import move
from callcenter.store import tables
from callcenter.store.placements import owe_notice, place
from callcenter.store.writes import delete_rows, insert_row, insert_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _offer_made(connection: "Connection", entry: Entry, body: bodies.OfferMade) -> None:
    at = entry.at // 1000
    offer = {
        "id": body.offer,
        "request_id": entry.subject,
        "provider_id": body.provider,
        "state": "pending",
        "places_known": body.places_known,
        "operator": entry.actor,
        "made_at": at,
        "expires_at": body.expires,
    }
    insert_row(connection, tables.Offer, offer)
    owner = {"offer_id": body.offer, "request_id": entry.subject}
    insert_rows(
        connection,
        tables.OfferSeat,
        [{**owner, "child_id": seat.child, "group_id": seat.group, "place_no": seat.place} for seat in body.seats],
    )
    places = dict.fromkeys((seat.group, seat.place) for seat in body.seats)
    insert_rows(
        connection,
        tables.PlaceTaken,
        [
            {"group_id": group, "slot": slot, "place_no": place, **owner}
            for group, place in places
            for slot in range(body.first_slot, body.last_slot + 1)
        ],
    )
    move(connection, entry, body.state, held_until=None)


def _release_offer(connection: "Connection", entry: Entry, offer: str, offer_state: str, state: str) -> None:
    delete_rows(connection, tables.PlaceTaken, {"offer_id": offer})
    delete_rows(connection, tables.Placement, {"offer_id": offer})
    update_rows(connection, tables.Offer, {"id": offer}, {"state": offer_state})
    move(connection, entry, state)


def _offer_undone(connection: "Connection", entry: Entry, body: bodies.OfferUndone) -> None:
    _release_offer(connection, entry, body.offer, "undone", body.state)


def _offer_released(connection: "Connection", entry: Entry, body: bodies.OfferReleased) -> None:
    if body.why != "taken_back":
        owe_notice(connection, entry.subject, body.offer, entry.at // 1000)
    _release_offer(connection, entry, body.offer, "withdrawn", body.state)


def _offer_answered(connection: "Connection", entry: Entry, body: bodies.OfferAnswered) -> None:
    values = {"answered_at": entry.at // 1000, "answer": body.answer, "free_said": body.free}
    update_rows(connection, tables.Offer, {"id": body.offer}, {"state": body.offer_state, **values})
    if body.offer_state == "accepted":
        place(connection, body.offer, entry.at // 1000)
        move(connection, entry, body.state)
    else:
        _release_offer(connection, entry, body.offer, body.offer_state, body.state)


def _offer_confirmed(connection: "Connection", entry: Entry, body: bodies.OfferConfirmed) -> None:
    confirmed = {"confirmed_at": entry.at // 1000}
    update_rows(connection, tables.Offer, {"id": body.offer}, confirmed)
    update_rows(connection, tables.Placement, {"offer_id": body.offer}, confirmed)
    move(connection, entry, body.state)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.OfferMade: _offer_made,
    bodies.OfferUndone: _offer_undone,
    bodies.OfferReleased: _offer_released,
    bodies.OfferAnswered: _offer_answered,
    bodies.OfferConfirmed: _offer_confirmed,
}
