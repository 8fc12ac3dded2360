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
    """Place the children of an accepted offer; a child that has a place already keeps that one."""
    sql = """INSERT OR IGNORE INTO placement (request_id, child_id, offer_id, provider_id, accepted_at, confirmed_at)
             SELECT s.request_id, s.child_id, o.id, o.provider_id, :at, o.confirmed_at
             FROM offer o JOIN offer_seat s ON s.offer_id = o.id WHERE o.id = :offer"""
    connection.execute(sql, {"offer": offer_id, "at": at})


# What waits for a place goes first: it would take over what is given back.
_GIVE_BACK = (
    "DELETE FROM place_contested WHERE offer_id = ?",
    "DELETE FROM place_taken WHERE offer_id = ?",
)
_OF_SPAN = "group_id = ? AND slot >= ? AND slot < ? AND place_no = ? AND offer_id = ?"
_GIVE_BACK_SPAN = (
    f"DELETE FROM place_contested WHERE {_OF_SPAN}",  # noqa: S608 - ours, no value
    f"DELETE FROM place_taken WHERE {_OF_SPAN}",  # noqa: S608 - ours, no value
)
_GIVE_BACK_ALL = (
    "DELETE FROM place_contested WHERE offer_id IN (SELECT id FROM offer WHERE request_id = ?)",
    "DELETE FROM place_taken WHERE offer_id IN (SELECT id FROM offer WHERE request_id = ?)",
)
_KEPT = "SELECT id FROM offer WHERE request_id = ? AND state = 'reserved'"
_LET_GO = (
    f"DELETE FROM place_contested WHERE offer_id IN ({_KEPT})",  # noqa: S608 - ours, no value
    f"DELETE FROM place_taken WHERE offer_id IN ({_KEPT})",  # noqa: S608 - ours, no value
    "UPDATE offer SET state = 'released' WHERE request_id = ? AND state = 'reserved'",
)


def give_back(connection: "Connection", offer_id: str) -> None:
    """Give back every place that an offer holds or waits for."""
    for sql in _GIVE_BACK:
        connection.execute(sql, (offer_id,))


def give_back_span(connection: "Connection", offer_id: str, group_id: str, place_no: int, slots: range) -> None:
    """Give back one place of an offer in these slots."""
    for sql in _GIVE_BACK_SPAN:
        connection.execute(sql, (group_id, slots.start, slots.stop, place_no, offer_id))


def give_back_all(connection: "Connection", request_id: str) -> None:
    """Give back every place that a request holds or waits for; only an offer that is there holds any."""
    for sql in _GIVE_BACK_ALL:
        connection.execute(sql, (request_id,))


def unseat_all(connection: "Connection", request_id: str) -> None:
    """Forget which child goes where, of every offer of a request."""
    sql = "DELETE FROM offer_seat WHERE offer_id IN (SELECT id FROM offer WHERE request_id = ?)"
    connection.execute(sql, (request_id,))


def is_offer_of(connection: "Connection", offer_id: str, request_id: str) -> bool:
    """Whether the offer is one of the request's that is known here."""
    sql = "SELECT 1 FROM offer WHERE id = ? AND request_id = ?"
    return connection.execute(sql, (offer_id, request_id)).fetchone() is not None


def let_go(connection: "Connection", request_id: str) -> None:
    """Give back the places that were only kept for a request."""
    for sql in _LET_GO:
        connection.execute(sql, (request_id,))


def is_contested(connection: "Connection", group_id: str, place_no: int, slots: range) -> bool:
    """Whether two offers want the place in one of these slots."""
    sql = """SELECT 1 FROM place_taken t JOIN place_contested c USING (group_id, slot, place_no)
             WHERE t.group_id = ? AND t.slot >= ? AND t.slot < ? AND t.place_no = ? LIMIT 1"""
    return connection.execute(sql, (group_id, slots.start, slots.stop, place_no)).fetchone() is not None


def contested_with(connection: "Connection", request_id: str) -> frozenset[tuple[str, int, int, str]]:
    """Every place that a request has or wants and that another offer wants or has: group, slot, number, who waits."""
    sql = """SELECT c.group_id, c.slot, c.place_no, c.offer_id
             FROM offer o JOIN place_taken t ON t.offer_id = o.id
             JOIN place_contested c USING (group_id, slot, place_no) WHERE o.request_id = :request
             UNION SELECT c.group_id, c.slot, c.place_no, c.offer_id
             FROM offer o JOIN place_contested c ON c.offer_id = o.id WHERE o.request_id = :request"""
    return frozenset(connection.execute(sql, {"request": request_id}).fetchall())


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


def seats_of_request(connection: "Connection", request_id: str) -> frozenset[tuple[str, str]]:
    """Which child belongs to which of a request's offers: (offer, child)."""
    sql = """SELECT s.offer_id, s.child_id FROM offer o JOIN offer_seat s ON s.offer_id = o.id
             WHERE o.request_id = ?"""
    return frozenset(connection.execute(sql, (request_id,)).fetchall())
