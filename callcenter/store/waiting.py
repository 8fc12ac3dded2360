"""How many requests wait for a place."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

# 매칭 대기: waiting for a place, with no offer out and nobody having put it aside.
WAITING_STATES = ("open", "matching")


def waiting_count(connection: "Connection") -> int:
    """The requests that wait for a place."""
    sql = "SELECT count(*) FROM request WHERE state IN (?, ?)"
    count: int = connection.execute(sql, WAITING_STATES).fetchone()[0]
    return count
