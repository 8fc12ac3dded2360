"""Which desk this file belongs to, and its people."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

HERE = "(SELECT substr(chain, 1, instr(chain || '~', '~') - 1) FROM here)"
"""SQL: the desk whose chain this file writes. What rings or talks at another is not this desk's to answer."""


class DeskRow(NamedTuple):
    """A desk: its name and the programs it serves."""

    id: str
    name: str
    programs: tuple[str, ...]


class PersonRow(NamedTuple):
    """One of the desk's people."""

    id: str
    name: str
    role: str
    desk: str


def desk(connection: "Connection") -> DeskRow | None:
    """The desk this file belongs to, whose chain it goes on writing."""
    sql = f"SELECT id, name, programs FROM desk WHERE name = {HERE} ORDER BY id LIMIT 1"  # noqa: S608 - ours
    row = connection.execute(sql).fetchone()
    return DeskRow(row[0], row[1], tuple(row[2].split())) if row else None


def people(connection: "Connection") -> list[PersonRow]:
    """The desk's people, supervisors after operators."""
    sql = f"SELECT * FROM operator WHERE desk = {HERE} ORDER BY role, name, id"  # noqa: S608 - ours, no value
    return [PersonRow._make(row) for row in connection.execute(sql)]
