"""A new desk takes in all that another one wrote, against upserting the same rows into SQLite."""

from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import TYPE_CHECKING, Any

from callcenter.store import joined as kept
from callcenter.store import tables
from callcenter.store.engine import open_reader, open_writer
from callcenter.store.transactions import writing, writing_unsynced
from callcenter.sync import incoming
from tests.bench.centre import join, linked, standing, written_desk
from tests.bench.figures import Figure, median
from tests.bench.filled import FilledDesks
from tests.sync.conftest import Centre

if TYPE_CHECKING:
    from sqlite3 import Connection

ENTRIES_A_SECOND = 20_000
RATIO = 0.25
_AT_ONCE = 500


def run(desks: FilledDesks) -> list[Figure]:
    """Entries a second from the centre into the desk's file, folded and synced; raises when tables differ."""
    path = written_desk(desks)
    join(path)
    ours: list[float] = []
    theirs: list[float] = []
    offline: list[float] = []
    count = 0
    with standing("A", "B") as centre:
        with linked(path, centre, "A") as (_desk, _link, exchange):
            while exchange.pushing.send():
                pass
        for _ in range(1 if desks.quick else 3):
            other = desks.empty(name="B")
            join(other)
            count = _taken(centre, other, ours)
            _same(path, other)
            _upserted(other, count, theirs)
            other.unlink()
            other = desks.empty(name="B")
            join(other)
            _taken_from_memory(centre, other, offline)
            other.unlink()
    return [
        Figure(
            "catch-up",
            f"{count:,} entries pulled, folded and synced",
            median(ours),
            "entries/s",
            median(theirs),
            f"the same rows by upsert, {_AT_ONCE} a transaction",
            RATIO,
            judged="ratio",
            promise="at_least",
        ),
        Figure(
            "catch-up",
            "the same",
            median(ours),
            "entries/s",
            median(offline),
            "pages that lie decoded in memory: proved, written and folded only",
            ENTRIES_A_SECOND,
            promise="at_least",
        ),
    ]


def _taken(centre: Centre, other: Path, rates: list[float]) -> int:
    with linked(other, centre, "B") as (_desk, _link, exchange):
        count = 0
        began = perf_counter()
        while (page := exchange.pulling.take(lambda: None)).more or page.arrived:
            count += len(page.arrived)
        rates.append(count / (perf_counter() - began))
    return count


def _taken_from_memory(centre: Centre, other: Path, rates: list[float]) -> None:
    """What is left of it without the line: no asking, no waiting, no decoding, no cursor."""
    with linked(other, centre, "B") as (desk, link, _exchange):
        row = kept.joined(desk.connection)
        assert row is not None
        pages: list[incoming.Page] = []
        while not pages or pages[-1].more:
            pages.append(incoming.pull(link, row, "B"))
            row = row._replace(sx=pages[-1].sx, n=pages[-1].n)
        began = perf_counter()
        for page in pages:
            with writing_unsynced(desk.connection):
                incoming.take_in(desk, page.arrived, 0)
        rates.append(sum(len(page.arrived) for page in pages) / (perf_counter() - began))


def _same(path: Path, other: Path) -> None:
    """Both files fold to the same requests, offers and places."""
    for name in ("request", "offer", "place_taken", "provider_group", "child"):
        rows = []
        for one in (path, other):
            with closing(open_reader(one)) as connection:
                rows.append(sorted(connection.execute(f"SELECT * FROM {name}").fetchall(), key=repr))
        if rows[0] != rows[1]:
            raise AssertionError(f"the tables «{name}» differ")


def _upserted(other: Path, count: int, rates: list[float]) -> None:
    """The raw limit: entries and what they fold to, row by row as they stand, into tables that are empty."""
    names = ["entry", *(str(model.__tablename__) for model in tables.FOLDED)]
    with closing(open_writer(other)) as connection:
        found = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        with writing(connection):
            for name in names:
                connection.execute(f"DELETE FROM {name}")
        began = perf_counter()
        for name, rows in found.items():
            _upsert(connection, name, rows)
        rates.append(count / (perf_counter() - began))


def _upsert(connection: "Connection", name: str, rows: list[tuple[Any, ...]]) -> None:
    for first in range(0, len(rows), _AT_ONCE):
        some = rows[first : first + _AT_ONCE]
        with writing(connection):
            marks = ", ".join("?" * len(some[0]))
            connection.executemany(f"INSERT OR REPLACE INTO {name} VALUES ({marks})", some)
