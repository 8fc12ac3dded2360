"""Entries that could not be taken in here, or that the centre would not take, with the reason of each."""

from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ParkedRow(NamedTuple):
    """An entry that is kept aside: which way it was going («in» or «out»), why, and since when (seconds UTC)."""

    entry_id: str
    way: str
    reason: str
    at: int


def park(connection: "Connection", entry_id: str, way: Literal["in", "out"], reason: str, at: int) -> None:
    """Set an entry aside with its reason; `at` in seconds."""
    connection.execute("INSERT OR REPLACE INTO parked VALUES (?, ?, ?, ?)", (entry_id, way, reason, at))


def parked_rows(connection: "Connection") -> list[ParkedRow]:
    """Everything that is kept aside, the newest first."""
    sql = "SELECT entry_id, way, reason, at FROM parked ORDER BY at DESC, entry_id"
    return [ParkedRow._make(row) for row in connection.execute(sql)]


def count(connection: "Connection") -> int:
    """How many are set aside."""
    number: int = connection.execute("SELECT count(*) FROM parked").fetchone()[0]
    return number
