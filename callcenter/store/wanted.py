"""Reading which places offers hold here, for asking a centre for them."""

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_PLACES = """
    SELECT group_id, slot, place_no FROM place_taken WHERE offer_id = :offer
    UNION SELECT group_id, slot, place_no FROM place_contested WHERE offer_id = :offer
    ORDER BY group_id, slot, place_no
"""
_TOLD = """
    SELECT o.request_id, coalesce(r.number, ''), o.state, o.claim, o.decided
    FROM offer o LEFT JOIN request r ON r.id = o.request_id WHERE o.id = ?
"""
_OPEN = "state IN ('reserved', 'pending', 'conditional', 'accepted')"
_UNANSWERED = f"(claim IN ('asked', 'provisional') AND {_OPEN})"


class OfferTold(NamedTuple):
    """What the centre is told of an offer beside its places."""

    request_id: str
    number: str
    state: str
    claim: str
    decided: str


def offer_told(connection: "Connection", offer: str) -> OfferTold | None:
    """The offer, or None where it is unknown."""
    row = connection.execute(_TOLD, (offer,)).fetchone()
    return None if row is None else OfferTold._make(row)


def places_of_offer(connection: "Connection", offer: str) -> list[tuple[str, int, int]]:
    """Group, slot and number of every place that the offer took, also of those that another has."""
    return connection.execute(_PLACES, {"offer": offer}).fetchall()


def children_of_offer(connection: "Connection", offer: str) -> list[str]:
    """Whom the offer is for."""
    rows = connection.execute("SELECT child_id FROM offer_seat WHERE offer_id = ? ORDER BY child_id", (offer,))
    return [row[0] for row in rows]


def offers_of_request(connection: "Connection", request: str) -> list[str]:
    """Every offer that was made of the request."""
    return [row[0] for row in connection.execute("SELECT id FROM offer WHERE request_id = ? ORDER BY id", (request,))]


def offers_from(connection: "Connection", desk: str, slot: int) -> list[str]:
    """The desk's offers that last until the slot or longer, whatever became of them, and those not answered yet."""
    sql = f"SELECT id FROM offer WHERE desk = ? AND (last_slot >= ? OR {_UNANSWERED}) ORDER BY id"  # noqa: S608 - ours, no value
    return [row[0] for row in connection.execute(sql, (desk, slot))]


def of_desk(connection: "Connection", offers: Iterable[str], desk: str) -> list[str]:
    """Those of the offers that the desk made."""
    sql = "SELECT 1 FROM offer WHERE id = ? AND desk = ?"
    return [offer for offer in offers if connection.execute(sql, (offer, desk)).fetchone() is not None]
