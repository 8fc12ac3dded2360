"""A connection that writes down every statement, so that the very same ones can be run by the driver alone."""

from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, cast

if TYPE_CHECKING:
    from sqlite3 import Connection, Cursor


Bound = Sequence[Any] | Mapping[str, Any]


class Statement(NamedTuple):
    """A statement with what was bound to it: once for `execute`, a row each for `executemany`."""

    sql: str
    bound: Sequence[Bound]
    many: bool


class Recording:
    """Stands where the driver's connection stands; the caller reads `statements`."""

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.statements: list[Statement] = []

    @property
    def in_transaction(self) -> bool:
        """As the driver's own."""
        return self._connection.in_transaction

    def execute(self, sql: str, bound: Bound = ()) -> "Cursor":
        """Run and note one statement."""
        self.statements.append(Statement(sql, [bound], many=False))
        return self._connection.execute(sql, bound)

    def executemany(self, sql: str, bound: Iterable[Sequence[Any]]) -> "Cursor":
        """Run and note one statement with many rows."""
        rows = list(bound)
        self.statements.append(Statement(sql, rows, many=True))
        return self._connection.executemany(sql, rows)

    def close(self) -> None:
        """As the driver's own."""
        self._connection.close()


def recording(connection: "Connection") -> tuple["Connection", list[Statement]]:
    """The connection to hand out, and the list that fills as it is used."""
    made = Recording(connection)
    return cast("Connection", made), made.statements


def replay(connection: "Connection", statements: Iterable[Statement]) -> None:
    """Run the statements as they were, fetching every row, with nothing of ours between."""
    for sql, bound, many in statements:
        if many:
            connection.executemany(sql, bound)
        else:
            connection.execute(sql, bound[0]).fetchall()
