"""Fields that several amendments changed without knowing of each other: each value, with who wrote it."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class DisputedRow(NamedTuple):
    """One of the values (JSON) of a field; `entry_id` is the amendment, `at` in seconds."""

    field: str
    entry_id: str
    value: str
    operator: str
    desk: str
    at: int


def disputed(connection: "Connection", subject: str) -> list[DisputedRow]:
    """The newest amendments of the subject's fields that have more than one, by field, the first amendment first."""
    sql = """SELECT h.field, h.entry_id, h.value, e.actor, substr(e.desk, 1, instr(e.desk || '~', '~') - 1), e.at / 1000
             FROM field_head h JOIN entry e ON e.id = h.entry_id
             WHERE h.subject = :subject AND h.field IN
                   (SELECT field FROM field_head WHERE subject = :subject GROUP BY field HAVING count(*) > 1)
             ORDER BY h.field, e.hlc, e.id"""
    return [DisputedRow._make(row) for row in connection.execute(sql, {"subject": subject})]
