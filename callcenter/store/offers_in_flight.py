"""Whom the desk is trying just now: every offer that has no last word yet, and every place that is kept."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class InFlightRow(NamedTuple):
    """An offer under way: to whom, by whom, since when and until when (seconds UTC)."""

    offer_id: str
    request_id: str
    number: str
    provider: str | None
    operator: str
    state: str
    made_at: int
    expires_at: int
    ring_again: bool
    desk: str
    """The desk that made it."""
    claim: str
    """How far its places are its own: alone, asked, provisional, granted or refused."""


def in_flight(connection: "Connection") -> list[InFlightRow]:
    """The offers under way, the first to expire first."""
    sql = """SELECT o.id, o.request_id, r.number, (SELECT name FROM provider WHERE id = o.provider_id), o.operator,
                    o.state, o.made_at, o.expires_at, o.ring_again, o.desk,
                    o.claim
             FROM offer o JOIN request r ON r.id = o.request_id
             WHERE o.state IN ('reserved', 'pending', 'conditional') ORDER BY o.expires_at, o.id"""
    return [InFlightRow._make(row) for row in connection.execute(sql)]
