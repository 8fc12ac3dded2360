"""Folding the whole journal again, against inserting the rows it makes."""

from time import perf_counter
from typing import TYPE_CHECKING, Any

from callcenter.journal.history import rebuild
from callcenter.store import tables
from callcenter.store.engine import open_writer
from callcenter.store.transactions import writing
from tests.bench.figures import Figure, median
from tests.bench.filled import FilledDesks

if TYPE_CHECKING:
    from sqlite3 import Connection

ENTRIES_A_SECOND = 20_000


def run(desks: FilledDesks) -> list[Figure]:
    """Entries folded a second; raises when the tables are not the same afterwards."""
    connection = open_writer(desks.copy())
    before = _folded(connection)
    rounds = 1 if desks.quick else 5
    folded: list[float] = []
    inserted: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        with writing(connection):
            entries = rebuild(connection)
        folded.append(entries / (perf_counter() - began))
        if _folded(connection) != before:
            raise AssertionError("folding again gave other tables")
        began = perf_counter()
        with writing(connection):
            _insert(connection, before)
        inserted.append(entries / (perf_counter() - began))
    connection.close()
    return [
        Figure(
            "fold",
            f"rebuild of {entries:,} entries",
            median(folded),
            "entries/s",
            median(inserted),
            "the same rows by executemany",
            ENTRIES_A_SECOND,
            promise="at_least",
        )
    ]


def _folded(connection: "Connection") -> dict[str, list[tuple[Any, ...]]]:
    """Every folded table's rows, sorted by the driver's own order of the primary key."""
    names = [str(model.__tablename__) for model in tables.FOLDED]
    return {name: sorted(connection.execute(f"SELECT * FROM {name}"), key=repr) for name in names}


def _insert(connection: "Connection", found: dict[str, list[tuple[Any, ...]]]) -> None:
    for name, rows in found.items():
        connection.execute(f"DELETE FROM {name}")
        if rows:
            marks = ", ".join("?" * len(rows[0]))
            connection.executemany(f"INSERT INTO {name} VALUES ({marks})", rows)
