"""Which entries were corrected, by whom and why."""

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class CorrectionRow(NamedTuple):
    """An entry that was taken out."""

    entry_id: str
    correction_id: str
    subject: str
    at: int
    operator: str
    reason: str


def entries_of(connection: "Connection", subject: str) -> list[tuple[Any, ...]]:
    """The entries of a subject in the order of their clocks, columns as in the table; without the table definitions."""
    return connection.execute("SELECT * FROM entry WHERE subject = ? ORDER BY hlc, id", (subject,)).fetchall()


def corrections(connection: "Connection", subject: str) -> list[CorrectionRow]:
    """The corrected entries of a subject, the first correction first."""
    rows = connection.execute("SELECT * FROM correction WHERE subject = ? ORDER BY correction_id, entry_id", (subject,))
    return [CorrectionRow._make(row) for row in rows]
