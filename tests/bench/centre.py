"""The centre that benches run against: a throw-away PostgreSQL at fsync=on, and desks that have joined it."""

import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.desk.session import Desk, open_desk
from callcenter.journal.entry import GENESIS, Entry, digest_of_entry, header
from callcenter.journal.history import rebuild
from callcenter.store import joined as kept
from callcenter.store.engine import open_writer
from callcenter.store.entries import in_chain_order
from callcenter.store.transactions import writing
from callcenter.sync import centre as administration
from callcenter.sync.exchange import Exchange
from callcenter.sync.link import Link, open_link
from callcenter.sync.memory import Memory
from tests.bench.filled import EVENING, FilledDesks, data
from tests.sync.conftest import Centre
from tests.sync.postgres import running

if TYPE_CHECKING:
    from sqlite3 import Connection

# What begins a use case in a filled journal; what is not named here belongs to the entry before it.
_BEGINS = frozenset({"guardian.added", "provider.recorded"})


@contextmanager
def standing(*names: str) -> Iterator[Centre]:
    """A new centre with these desks, each with everything in its scope; gone afterwards."""
    with running() as server:
        made = Centre(server, server.create_database())
        with administration.administering(made.dsn) as connection:
            administration.install(connection)
        for name in names:
            made.add(name)
        yield made


def written_desk(desks: FilledDesks) -> Path:
    """A file of desk A whose journal was written as an evening writes it, not in a few large transactions."""
    path = desks.copy()
    retime(path)
    return path


def retime(path: Path) -> None:
    """Give each use case of a filled file a millisecond of its own, and fold the file again."""
    with closing(open_writer(path)) as connection, writing(connection):
        connection.executemany("UPDATE entry SET at = ?, prev = ?, digest = ? WHERE id = ?", _retimed(connection))
        rebuild(connection)


def _retimed(connection: "Connection") -> list[tuple[int, bytes, bytes, str]]:
    found = []
    prev, subject = GENESIS, ""
    at = int((EVENING - timedelta(hours=10)).timestamp() * 1000)
    for row in in_chain_order(connection):
        entry = Entry._make(row)
        moves = entry.kind.startswith("offer.") or entry.kind == "request.moved"
        at += entry.kind in _BEGINS or (moves and entry.subject != subject)
        again = entry._replace(at=at, prev=prev)
        prev, subject = digest_of_entry(prev, header(again), entry.body_digest), entry.subject
        found.append((at, again.prev, prev, entry.id))
    return found


def join(path: Path) -> None:
    """Make the file one of a desk that has joined a centre and knows nothing of it yet."""
    with closing(open_writer(path)) as connection, writing(connection):
        kept.join(connection, kept.JoinedRow("", "0", 0, 0, "", 0, 0, 0))


@contextmanager
def linked(path: Path, centre: Centre, name: str) -> Iterator[tuple[Desk, Link, Exchange]]:
    """The desk of a joined file with a link that stands and has greeted; the clock is the real one."""
    with closing(open_desk(path, data())) as desk, closing(open_link(centre.desks[name])) as link:
        exchange = Exchange(desk, link, now, Memory())
        exchange.greet()
        yield desk, link, exchange


def until(happened: Callable[[], bool], otherwise: str, seconds: float) -> None:
    """Wait until it has happened; raises when it does not in time."""
    patience = time.perf_counter() + seconds
    while not happened():
        if time.perf_counter() > patience:
            raise AssertionError(otherwise)
        time.sleep(0.005)


def now() -> datetime:
    """The real time."""
    return datetime.now(UTC)
