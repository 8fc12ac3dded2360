"""Several desks' files: what one has given to another, and where two files' tables differ."""

from collections.abc import Iterable, Sequence
from random import Random
from typing import TYPE_CHECKING

from callcenter.journal import history
from callcenter.journal.entry import Entry
from callcenter.store.transactions import writing
from tests.journal.evenings import folded

if TYPE_CHECKING:
    from sqlite3 import Connection


def differing(here: "Connection", there: "Connection") -> list[str]:
    """The rows of folded tables that only one of two files has, in words for a failed test; none when they agree."""
    ours, theirs = folded(here), folded(there)
    found = []
    for name, rows in ours.items():
        left = [row for row in rows if row not in theirs[name]]
        right = [row for row in theirs[name] if row not in rows]
        found += [f"{name} only here: {row}" for row in left] + [f"{name} only there: {row}" for row in right]
    return found


def deliver(connection: "Connection", arriving: Iterable[Entry], rng: Random) -> None:
    """Take in entries in any order and in parts of any size, some of them twice, each part in its transaction."""
    waiting = list(arriving)
    rng.shuffle(waiting)
    while waiting:
        size = rng.choice((1, 2, 7, 50))
        part, waiting = waiting[:size], waiting[size:]
        with writing(connection):
            history.receive(connection, [*part, *rng.sample(part, len(part) // 3)])


def exchange(connections: Sequence["Connection"], rng: Random) -> None:
    """Give every file all that any of the others has."""
    written = [list(history.entries(connection)) for connection in connections]
    for at, connection in enumerate(connections):
        deliver(connection, (entry for other, found in enumerate(written) if other != at for entry in found), rng)


def agree(connections: Sequence["Connection"]) -> None:
    """Fail unless the files' tables are equal, equal to their journals folded again, and the journals prove."""
    first, *others = connections
    for other in others:
        assert not (found := differing(first, other)), "\n".join(found)
    count = sum(1 for _ in history.entries(first))
    for connection in connections:
        assert history.verify(connection) == (count, [])
        before = folded(connection)
        with writing(connection):
            assert history.rebuild(connection) == count
        assert folded(connection) == before
        assert connection.execute("SELECT * FROM parked").fetchall() == []
