"""Writing rows: SQLAlchemy statements over the tables, compiled once, run on the driver's own connection."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import chain
from operator import itemgetter
from typing import TYPE_CHECKING

from sqlalchemy import bindparam, delete, insert, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql import ClauseElement
from sqlmodel import SQLModel

from callcenter.store.tables import table

if TYPE_CHECKING:
    from sqlite3 import Connection, Cursor

Values = Mapping[str, object]
_FULL = 2000
"""Rows that are held back of one insertion at most."""
# Rows that one statement writes: few enough lengths that the driver keeps each of them prepared.
_ROWS_AT_ONCE = (64, 32, 16, 8, 4, 2, 1)
_DIALECT = sqlite.dialect(paramstyle="qmark")


def _compiled(statement: ClauseElement) -> tuple[str, Callable[[Values], Sequence[object]]]:
    compiled = statement.compile(dialect=_DIALECT)
    names: list[str] = list(getattr(compiled, "positiontup", None) or [])
    if len(names) == 1:
        only = names[0]
        return str(compiled), lambda values: (values[only],)
    return str(compiled), itemgetter(*names) if names else lambda values: ()


@cache
def _insert(model: type[SQLModel], columns: tuple[str, ...]) -> tuple[str, Callable[[Values], Sequence[object]]]:
    return _compiled(insert(table(model)).values({column: bindparam(column) for column in columns}))


@cache
def _put(model: type[SQLModel], columns: tuple[str, ...]) -> tuple[str, Callable[[Values], Sequence[object]]]:
    replacing = insert(table(model)).prefix_with("OR REPLACE")
    return _compiled(replacing.values({column: bindparam(column) for column in columns}))


@cache
def _update(
    model: type[SQLModel], keys: tuple[str, ...], columns: tuple[str, ...]
) -> tuple[str, Callable[[Values], Sequence[object]]]:
    target = table(model)
    statement = update(target).values({column: bindparam(f"to_{column}") for column in columns})
    for key in keys:
        statement = statement.where(target.c[key] == bindparam(f"by_{key}"))
    return _compiled(statement)


@cache
def _delete(model: type[SQLModel], keys: tuple[str, ...]) -> tuple[str, Callable[[Values], Sequence[object]]]:
    target = table(model)
    statement = delete(target)
    for key in keys:
        statement = statement.where(target.c[key] == bindparam(key))
    return _compiled(statement)


@cache
def _of_so_many(insertion: str, rows: int) -> str:
    """The insertion of one row as one of several."""
    return insertion + f", {insertion[insertion.rindex('(') :]}" * (rows - 1)


def _fills(name: str, sql: str) -> bool:
    """Whether rows of the table become rows of another one that the statement is about."""
    # What is taken twice is moved by a trigger, see `store.tables.contested`.
    return name == "place_taken" and "place_contested" in sql


class Gathering:
    """A connection that holds insertions back and writes many at once; any other statement finds its rows written.

    For a transaction of many entries, where a statement for each row costs twice what the row does, and where
    another thread may take the interpreter at every statement's end.
    """

    def __init__(self, connection: "Connection") -> None:
        self._connection = connection
        self.beginning = ""
        """The subject of which nothing was folded before the entry that is being folded; no rows to be looked for."""
        self._held: dict[str, tuple[str, list[Sequence[object]]]] = {}

    def executemany(self, sql: str, rows: Sequence[Sequence[object]]) -> None:
        """Hold these rows back."""
        held = self._held.get(sql)
        if held is None:
            # «INSERT INTO table (…», «INSERT OR REPLACE INTO table (…».
            held = self._held[sql] = sql.partition(" INTO ")[2].partition(" ")[0], []
        held[1].extend(rows)
        if len(held[1]) >= _FULL:
            self._write(sql)

    def execute(self, sql: str, parameters: Sequence[object] = ()) -> "Cursor":
        """Run a statement that is no insertion."""
        # A name that is found by chance only writes its rows earlier.
        for insertion in [insertion for insertion, (name, _) in self._held.items() if name in sql or _fills(name, sql)]:
            self._write(insertion)
        return self._connection.execute(sql, parameters)

    def written(self) -> "Connection":
        """The connection itself, on which all that was held back is written."""
        self.write()
        return self._connection

    def write(self) -> None:
        """Write all that is held back."""
        for insertion in tuple(self._held):
            self._write(insertion)

    def _write(self, insertion: str) -> None:
        rows = self._held.pop(insertion)[1]
        written = 0
        for length in _ROWS_AT_ONCE:
            while len(rows) - written >= length:
                together = rows[written : written + length]
                self._connection.execute(_of_so_many(insertion, length), [*chain.from_iterable(together)])
                written += length


def is_beginning(connection: "Connection", subject: str) -> bool:
    """Whether there surely are no rows of the subject yet; asking the tables would write all that is held back."""
    return isinstance(connection, Gathering) and connection.beginning == subject


def insert_row(connection: "Connection", model: type[SQLModel], values: Values) -> None:
    """Insert one row; a key that is there already is the driver's IntegrityError."""
    sql, ordered = _insert(model, tuple(values))
    connection.executemany(sql, (ordered(values),))


def insert_rows(connection: "Connection", model: type[SQLModel], rows: Iterable[Values]) -> None:
    """Insert rows that all have the same columns."""
    rows = list(rows)
    if rows:
        sql, ordered = _insert(model, tuple(rows[0]))
        connection.executemany(sql, [ordered(row) for row in rows])


def put_rows(connection: "Connection", model: type[SQLModel], rows: Iterable[Values]) -> None:
    """Insert rows that all have the same columns, in the place of those with their keys."""
    rows = list(rows)
    if rows:
        sql, ordered = _put(model, tuple(rows[0]))
        connection.executemany(sql, [ordered(row) for row in rows])


def update_rows(connection: "Connection", model: type[SQLModel], where: Values, values: Values) -> int:
    """Set these columns on the rows with these values; returns how many there were."""
    sql, ordered = _update(model, tuple(where), tuple(values))
    parameters = {f"by_{key}": value for key, value in where.items()}
    parameters |= {f"to_{column}": value for column, value in values.items()}
    return connection.execute(sql, ordered(parameters)).rowcount


def delete_rows(connection: "Connection", model: type[SQLModel], where: Values) -> None:
    """Delete the rows with these values; with none, every row."""
    sql, ordered = _delete(model, tuple(where))
    connection.execute(sql, ordered(where))
