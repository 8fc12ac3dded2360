"""How the centre's answers about places, and what people decided of them, change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.offers import sit
from callcenter.store import tables
from callcenter.store.offer_places import holds_places
from callcenter.store.placements import give_back, is_offer_of
from callcenter.store.writes import delete_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _offer_claimed(connection: "Connection", entry: Entry, body: bodies.OfferClaimed) -> None:
    answered = {"claim": body.claim, "claim_why": body.why, "claim_other": body.other, "claim_desk": body.other_desk}
    update_rows(connection, tables.Offer, {"id": body.offer}, {**answered, "claimed_at": entry.at // 1000})


def _offer_reseated(connection: "Connection", entry: Entry, body: bodies.OfferReseated) -> None:
    if not (is_offer_of(connection, body.offer, entry.subject) and holds_places(connection, body.offer)):
        # What made the offer was corrected, or another desk ended it first.
        return
    give_back(connection, body.offer)
    delete_rows(connection, tables.OfferSeat, {"offer_id": body.offer})
    sit(connection, entry.subject, body)
    moved: dict[str, object] = {"first_slot": body.first_slot, "last_slot": body.last_slot, "claim": body.claim}
    forgotten = {"claim_why": "", "claim_other": "", "claim_desk": "", "decided": "", "claimed_at": None}
    update_rows(connection, tables.Offer, {"id": body.offer}, moved | forgotten)


def _conflict_decided(connection: "Connection", entry: Entry, body: bodies.ConflictDecided) -> None:
    update_rows(connection, tables.Offer, {"id": body.offer}, {"decided": body.how})
    delete_rows(connection, tables.Crossed, {"offer_id": body.offer, "request_id": entry.subject})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.OfferClaimed: _offer_claimed,
    bodies.OfferReseated: _offer_reseated,
    bodies.ConflictDecided: _conflict_decided,
}
