"""What the work of several desks on one request asks of its rows, and what of it crossed."""

from collections.abc import Collection
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class CrossedRow(NamedTuple):
    """Something done with an offer that another desk had ended, or could not know of (see `tables.Crossed`)."""

    entry_id: str
    offer_id: str
    request_id: str
    what: str
    at: int
    operator: str
    desk: str


class OfferStage(NamedTuple):
    """How far an offer is."""

    id: str
    state: str
    confirmed_at: int | None
    operator: str
    desk: str
    made_at: int
    first_slot: int
    last_slot: int


class RequestStage(NamedTuple):
    """How far a request is; `end` is how it ended without care: unplaced or cancelled."""

    state: str
    held_until: int | None
    end: str | None
    start_at: int
    end_at: int


class ChildStage(NamedTuple):
    """How far care of a child of a request is: the offer of its place, and which of these happened."""

    child_id: str
    offer_id: str | None
    confirmed: bool
    begun: bool
    over: bool


def crossed(connection: "Connection", request_id: str | None = None) -> list[CrossedRow]:
    """What crossed and nobody decided yet, of one request or of all, the oldest first."""
    sql = "SELECT * FROM crossed WHERE :request IS NULL OR request_id = :request ORDER BY at, entry_id, offer_id"
    return [CrossedRow._make(row) for row in connection.execute(sql, {"request": request_id})]


def request_stage(connection: "Connection", request_id: str) -> RequestStage | None:
    """How far the request is, or None."""
    sql = """SELECT r.state, r.held_until, e.event, r.start_at, r.end_at
             FROM request r LEFT JOIN request_end e ON e.request_id = r.id WHERE r.id = ?"""
    row = connection.execute(sql, (request_id,)).fetchone()
    return RequestStage._make(row) if row else None


def offer_stages(connection: "Connection", request_id: str) -> dict[str, OfferStage]:
    """Every offer of a request by its identifier, in the order they were made."""
    sql = """SELECT id, state, confirmed_at, operator, desk, made_at, first_slot, last_slot
             FROM offer WHERE request_id = ? ORDER BY made_at, id"""
    return {row[0]: OfferStage._make(row) for row in connection.execute(sql, (request_id,))}


def child_stages(connection: "Connection", request_id: str) -> dict[str, ChildStage]:
    """Every child of a request, in the order they were named."""
    sql = """SELECT c.child_id, p.offer_id, p.confirmed_at IS NOT NULL, p.admitted_at IS NOT NULL,
                    p.ended_at IS NOT NULL
             FROM request_child c LEFT JOIN placement p ON p.request_id = c.request_id AND p.child_id = c.child_id
             WHERE c.request_id = ? ORDER BY c.position"""
    rows = connection.execute(sql, (request_id,)).fetchall()
    return {row[0]: ChildStage(row[0], row[1], *map(bool, row[2:])) for row in rows}


def last_offer_for(connection: "Connection", request_id: str, child_ids: Collection[str]) -> str | None:
    """The offer for one of these children that came furthest before it ended, the last of several."""
    sql = """SELECT o.id, s.child_id FROM offer o JOIN offer_seat s ON s.offer_id = o.id
             WHERE o.request_id = ? ORDER BY o.confirmed_at IS NULL, o.answered_at IS NULL, o.id DESC"""
    rows = connection.execute(sql, (request_id,)).fetchall()
    return next((offer for offer, child in rows if child in child_ids), None)


def place_accepted(connection: "Connection", request_id: str) -> None:
    """Place the children of every accepted offer who have no place (any more), the first acceptance first."""
    sql = """INSERT OR IGNORE INTO placement (request_id, child_id, offer_id, provider_id, accepted_at, confirmed_at)
             SELECT s.request_id, s.child_id, o.id, o.provider_id, o.answered_at, o.confirmed_at
             FROM offer o JOIN offer_seat s ON s.offer_id = o.id
             WHERE o.request_id = ? AND o.state = 'accepted' ORDER BY o.answered_at, o.id"""
    connection.execute(sql, (request_id,))


def owe_notice_of(connection: "Connection", offer_id: str, at: int) -> None:
    """The provider of an offer that is over must be told so, whatever it had answered."""
    sql = """INSERT OR IGNORE INTO release_notice (offer_id, request_id, provider_id, since)
             SELECT id, request_id, provider_id, ? FROM offer WHERE id = ?"""
    connection.execute(sql, (at, offer_id))
