"""Who last took a request over from somebody who worked on it."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class TakenOverRow(NamedTuple):
    """Which operator of which desk took the request over, and when (seconds)."""

    desk: str
    operator: str
    at: int


def last_taken_over(connection: "Connection", request_id: str) -> TakenOverRow | None:
    """The last time that the request was taken over, or None."""
    sql = """SELECT substr(desk, 1, instr(desk || '~', '~') - 1), actor, at / 1000 FROM entry
             WHERE subject = ? AND kind = 'request.taken_over' ORDER BY hlc DESC, id DESC LIMIT 1"""
    row = connection.execute(sql, (request_id,)).fetchone()
    return TakenOverRow._make(row) if row else None
