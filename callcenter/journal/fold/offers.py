"""How entries about offers change the tables, and which places they take and release."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.journal.fold.moving import move
from callcenter.store import tables
from callcenter.store.placements import give_back, owe_notice, place
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def sit(connection: "Connection", request: str, body: bodies.OfferMade | bodies.OfferReseated) -> None:
    """Give the children of the offer their seats, and take the places in every slot."""
    owner = {"offer_id": body.offer, "request_id": request}
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


def _offer_made(connection: "Connection", entry: Entry, body: bodies.OfferMade) -> None:
    at = entry.at // 1000
    offer = {
        "id": body.offer,
        "request_id": entry.subject,
        "provider_id": body.provider,
        "state": "reserved" if body.reserved else "pending",
        "places_known": body.places_known,
        "operator": entry.actor,
        "made_at": at,
        "expires_at": body.expires,
        "call_id": body.call,
        "ring_again": False,
        "desk": desk_name(entry.desk),
        "first_slot": body.first_slot,
        "last_slot": body.last_slot,
        "claim": body.claim,
        "claim_why": "",
        "claim_other": "",
        "claim_desk": "",
        "decided": "",
        "claimed_at": None,
    }
    insert_row(connection, tables.Offer, offer)
    sit(connection, entry.subject, body)
    move(connection, entry, body.state, held_until=None)


def _offer_proposed(connection: "Connection", entry: Entry, body: bodies.OfferProposed) -> None:
    proposed = {"state": "pending", "operator": entry.actor, "made_at": entry.at // 1000, "expires_at": body.expires}
    update_rows(connection, tables.Offer, {"id": body.offer}, {**proposed, "call_id": None})
    move(connection, entry, body.state, held_until=None)


def _offer_renewed(connection: "Connection", _entry: Entry, body: bodies.OfferRenewed) -> None:
    clock = {"expires_at": body.expires, "ring_again": body.ring_again}
    update_rows(connection, tables.Offer, {"id": body.offer}, clock)


def _release_offer(connection: "Connection", entry: Entry, offer: str, offer_state: str, state: str) -> None:
    give_back(connection, offer)
    delete_rows(connection, tables.Placement, {"offer_id": offer})
    update_rows(connection, tables.Offer, {"id": offer}, {"state": offer_state})
    move(connection, entry, state)


def _offer_undone(connection: "Connection", entry: Entry, body: bodies.OfferUndone) -> None:
    _release_offer(connection, entry, body.offer, "undone", body.state)


def _offer_released(connection: "Connection", entry: Entry, body: bodies.OfferReleased) -> None:
    if body.why not in ("taken_back", "taken_elsewhere"):
        owe_notice(connection, entry.subject, body.offer, entry.at // 1000)
    _release_offer(connection, entry, body.offer, body.offer_state, body.state)


def _offer_answered(connection: "Connection", entry: Entry, body: bodies.OfferAnswered) -> None:
    values = {"answered_at": entry.at // 1000, "answer": body.answer, "free_said": body.free}
    update_rows(connection, tables.Offer, {"id": body.offer}, {"state": body.offer_state, **values})
    if body.offer_state == "accepted":
        place(connection, body.offer, entry.at // 1000)
        move(connection, entry, body.state)
    elif body.offer_state == "conditional":
        move(connection, entry, body.state)
    else:
        _release_offer(connection, entry, body.offer, body.offer_state, body.state)


def _condition_named(connection: "Connection", _entry: Entry, body: bodies.ConditionNamed) -> None:
    update_rows(connection, tables.Offer, {"id": body.offer}, {"condition": body.text})


def _need_acknowledged(connection: "Connection", entry: Entry, body: bodies.NeedAcknowledged) -> None:
    row = {"offer_id": body.offer, "child_id": body.child, "need": body.need, "request_id": entry.subject}
    # Two operators may have read it out, each at a desk of their own.
    put_rows(connection, tables.Acknowledgement, [{**row, "at": entry.at // 1000, "operator": entry.actor}])


def _offer_confirmed(connection: "Connection", entry: Entry, body: bodies.OfferConfirmed) -> None:
    confirmed = {"confirmed_at": entry.at // 1000}
    update_rows(connection, tables.Offer, {"id": body.offer}, confirmed)
    update_rows(connection, tables.Placement, {"offer_id": body.offer}, confirmed)
    move(connection, entry, body.state)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.OfferMade: _offer_made,
    bodies.OfferProposed: _offer_proposed,
    bodies.OfferRenewed: _offer_renewed,
    bodies.OfferUndone: _offer_undone,
    bodies.OfferReleased: _offer_released,
    bodies.ConditionNamed: _condition_named,
    bodies.OfferAnswered: _offer_answered,
    bodies.NeedAcknowledged: _need_acknowledged,
    bodies.OfferConfirmed: _offer_confirmed,
}
