"""The entries that tell what became of a request between desks."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ClaimEntry(NamedTuple):
    """An entry: when (seconds), by whom at which desk, its kind and body (JSON; None once erased)."""

    at: int
    operator: str
    desk: str
    kind: str
    body: str | None


def claim_entries(connection: "Connection", request_id: str) -> list[ClaimEntry]:
    """What was made, answered, moved, released, decided and taken over of a request, the first first."""
    sql = """SELECT at / 1000, actor, substr(desk, 1, instr(desk || '~', '~') - 1), kind, body FROM entry
             WHERE subject = ? AND kind IN ('offer.made', 'offer.claimed', 'offer.reseated', 'offer.released',
                                            'conflict.decided', 'request.taken_over')
             ORDER BY hlc, id"""
    return [ClaimEntry._make(row) for row in connection.execute(sql, (request_id,))]
