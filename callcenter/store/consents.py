"""What guardians agreed to, read from the tables. Times are seconds since 1970 in UTC."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ConsentRow(NamedTuple):
    """A consent: its kind (`collect`, `sensitive`, `third_party`), when and how it was given, and who gave it."""

    guardian_id: str
    kind: str
    at: int
    how: str
    who: str


def consents_of(connection: "Connection", guardian_id: str) -> list[ConsentRow]:
    """The guardian's consents, by kind."""
    rows = connection.execute("SELECT * FROM consent WHERE guardian_id = ? ORDER BY kind", (guardian_id,))
    return [ConsentRow._make(row) for row in rows]
