"""Offers that were not simply the first of the list, and why."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ChoiceRow(NamedTuple):
    """Where an offer stood in the list, why it was taken, and what was changed for it; both can be empty."""

    offer_id: str
    request_id: str
    rank: int
    why_not_first: str
    change: str


def choices_of(connection: "Connection", request_id: str) -> dict[str, ChoiceRow]:
    """The choices of a request's offers that were not simply the first, by offer."""
    sql = """SELECT c.* FROM offer o JOIN choice c ON c.offer_id = o.id WHERE o.request_id = ?"""
    return {row[0]: ChoiceRow._make(row) for row in connection.execute(sql, (request_id,))}
