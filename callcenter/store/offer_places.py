"""The places that one offer holds, and which child sits on which."""

from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER

if TYPE_CHECKING:
    from sqlite3 import Connection


def offer_places(connection: "Connection", offer_id: str) -> list[tuple[str, int, int]]:
    """What the offer took: group, slot, number; places that an older offer of another desk has are among them."""
    sql = """SELECT group_id, slot, place_no FROM place_taken WHERE offer_id = :offer
             UNION SELECT group_id, slot, place_no FROM place_contested WHERE offer_id = :offer
             ORDER BY group_id, place_no, slot"""
    return connection.execute(sql, {"offer": offer_id}).fetchall()


def holds_places(connection: "Connection", offer_id: str) -> bool:
    """Whether the offer is there and not over."""
    row = connection.execute("SELECT state FROM offer WHERE id = ?", (offer_id,)).fetchone()
    return row is not None and row[0] in OFFER.open


def offer_seats(connection: "Connection", offer_id: str) -> dict[str, tuple[str, int]]:
    """The group and number of each child of the offer, as they were taken at first."""
    rows = connection.execute("SELECT child_id, group_id, place_no FROM offer_seat WHERE offer_id = ?", (offer_id,))
    return {child: (group, number) for child, group, number in rows}
