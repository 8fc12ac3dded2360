"""Which child has which accepted place: the key that exists once for each child of a request."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class PlacementRow(NamedTuple):
    """The accepted place of one child, and what became of it; `fee` is in won."""

    request_id: str
    child_id: str
    offer_id: str
    provider_id: str
    accepted_at: int
    confirmed_at: int | None
    under_way_at: int | None = None
    arrived_at: int | None = None
    held_at: int | None = None
    held_why: str | None = None
    admitted_at: int | None = None
    ended_at: int | None = None
    ending: str | None = None
    fee: int | None = None


def place(connection: "Connection", offer_id: str, at: int) -> None:
    """Place the children of an accepted offer; a child that has a place already is the driver's IntegrityError."""
    sql = """INSERT INTO placement (request_id, child_id, offer_id, provider_id, accepted_at)
             SELECT s.request_id, s.child_id, o.id, o.provider_id, :at
             FROM offer o JOIN offer_seat s ON s.offer_id = o.id WHERE o.id = :offer"""
    connection.execute(sql, {"offer": offer_id, "at": at})


def owe_notice(connection: "Connection", request_id: str, offer_id: str | None, at: int) -> None:
    """The providers whose accepted offers are being given back, or that of one offer, must be told so."""
    sql = """INSERT OR REPLACE INTO release_notice (offer_id, request_id, provider_id, since)
             SELECT id, request_id, provider_id, :at FROM offer
             WHERE request_id = :request AND state = 'accepted' AND (:offer IS NULL OR id = :offer)"""
    connection.execute(sql, {"request": request_id, "offer": offer_id, "at": at})


def placements(connection: "Connection", request_id: str) -> list[PlacementRow]:
    """The placements of a request, by child."""
    rows = connection.execute("SELECT * FROM placement WHERE request_id = ? ORDER BY child_id", (request_id,))
    return [PlacementRow._make(row) for row in rows]


def child_ids(connection: "Connection", request_id: str) -> list[str]:
    """Whom the request is for, erased ones too."""
    sql = "SELECT child_id FROM request_child WHERE request_id = ? ORDER BY position"
    return [row[0] for row in connection.execute(sql, (request_id,))]


def children_of_offers(connection: "Connection", offer_ids: Iterable[str]) -> dict[str, frozenset[str]]:
    """The children whom each of these offers is for."""
    found: dict[str, frozenset[str]] = {}
    for offer_id in offer_ids:
        rows = connection.execute("SELECT child_id FROM offer_seat WHERE offer_id = ?", (offer_id,))
        found[offer_id] = frozenset(row[0] for row in rows)
    return found
