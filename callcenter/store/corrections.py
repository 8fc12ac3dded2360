"""Which entries were corrected, by whom and why, and which may have to be."""

import json
from collections.abc import Iterable, Iterator
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


def entries_of(connection: "Connection", subject: str) -> Iterator[tuple[Any, ...]]:
    """The entries of a subject, the newest clock first, columns as in the table; read one by one as they are asked for.

    It does without the table definitions.
    """
    return connection.execute("SELECT * FROM entry WHERE subject = ? ORDER BY hlc DESC, id DESC", (subject,))


def subjects_of(connection: "Connection", actor: str, desk: str, since: int, kinds: Iterable[str]) -> list[str]:
    """About what an operator of a desk wrote entries of such kinds `since` (milliseconds), the newest first."""
    sql = """SELECT subject, max(hlc) FROM entry
             WHERE hlc >= :since AND actor = :actor AND substr(desk, 1, instr(desk || '~', '~') - 1) = :desk
                   AND EXISTS (SELECT 1 FROM json_each(:kinds) WHERE substr(kind, 1, length(value)) = value)
             GROUP BY subject ORDER BY 2 DESC"""
    # A clock begins with the milliseconds, and has an index.
    values = {"since": since << 16, "actor": actor, "desk": desk, "kinds": json.dumps(list(kinds))}
    return [row[0] for row in connection.execute(sql, values)]


def corrections(connection: "Connection", subject: str) -> list[CorrectionRow]:
    """The corrected entries of a subject, the first correction first."""
    rows = connection.execute("SELECT * FROM correction WHERE subject = ? ORDER BY correction_id, entry_id", (subject,))
    return [CorrectionRow._make(row) for row in rows]
