"""Entries that could not be taken in, or that the centre would not take."""

from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from sqlite3 import Connection


def park(connection: "Connection", entry_id: str, way: Literal["in", "out"], reason: str, at: int) -> None:
    """Set an entry aside with its reason; `at` in seconds."""
    connection.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?)", (entry_id, way, reason, at))


def count(connection: "Connection") -> int:
    """How many are set aside."""
    number: int = connection.execute("SELECT count(*) FROM parked").fetchone()[0]
    return number
