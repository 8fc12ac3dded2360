"""From a commit at one desk to the same entries committed at another, against NOTIFY alone on the same server.

Beside it stands the least that any desk has to do for it, in bare calls of the drivers: a thread woken, a row pushed
with its ring, asked for by who hears it, and committed to SQLite.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import asdict
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter
from typing import TYPE_CHECKING, Any

from callcenter.desk.requests import add_note
from callcenter.desk.session import open_desk
from callcenter.sync.bell import Bell
from callcenter.sync.thread import LinkThread
from tests.bench.centre import join, now, standing, until, written_desk
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import SUPERVISOR, FilledDesks, data
from tests.bench.terminal import ROOT
from tests.sync.conftest import Centre

if TYPE_CHECKING:
    from psycopg import Connection

RATIO = 3.0
MOST_MS = 15.0
_SEED = 9
_PAUSE = (0.02, 0.06)
_SETTLED = 1.0
_LAST_NOTES = "SELECT id FROM entry WHERE kind = 'note.added' ORDER BY rowid DESC LIMIT ?"
_BARE = "bare: thread woken, row pushed, ring, row fetched, SQLite commit"


def run(desks: FilledDesks) -> list[Figure]:
    """Both desks are idle otherwise; each note is one commit, and the next one comes some 40 ms later."""
    count = 40 if desks.quick else 500
    path, other = written_desk(desks), desks.empty(name="B")
    with standing("A", "B") as centre:
        raw = _notified(centre, count)
        least = _bare(centre, desks.empty(name="C"), count)
        for one in (path, other):
            join(one)
        ours = _told(centre, path, other, count)
    return [
        Figure(
            "desk-to-desk",
            "a note's commit at one desk to its commit at the other, p50",
            median(ours),
            "ms",
            median(raw),
            "insert and NOTIFY to the listener's hand",
            RATIO,
            judged="ratio",
        ),
        Figure(
            "desk-to-desk",
            "the same, p99",
            percentile(ours, 0.99),
            "ms",
            percentile(raw, 0.99),
            "as above, p99",
            MOST_MS,
        ),
        Figure("desk-to-desk", "the same, p50", median(ours), "ms", median(least), _BARE),
        Figure("desk-to-desk", f"{_BARE}, p50", median(least), "ms", median(raw), "as above, p50"),
    ]


def _told(centre: Centre, path: Path, other: Path, count: int) -> list[float]:
    rng = Random(_SEED)
    # As the console does: a thread that is woken gets the interpreter that soon.
    sys.setswitchinterval(0.0005)
    thread = LinkThread(lambda: open_desk(path, data()), centre.desks["A"], now, rng)
    thread.start()
    sent: list[float] = []
    try:
        until(lambda: thread.state.state == "live", "the link is not live", 120)
        file = json.dumps(asdict(centre.desks["B"]))
        with closing(open_desk(path, data())) as desk, _far("tests.bench.far_desk", str(other), first=file) as far:
            opened = desk.connection.execute("SELECT id FROM request WHERE state = 'open' ORDER BY id").fetchall()
            for (request,) in rng.choices(opened, k=count):
                time.sleep(rng.uniform(*_PAUSE))
                add_note(desk, SUPERVISOR, now(), request, "보호자가 다시 전화함")
                sent.append(perf_counter())
                thread.ring()
            time.sleep(_SETTLED)
            heard = far()
            notes = desk.connection.execute(_LAST_NOTES, (count,)).fetchall()
    finally:
        thread.stop()
    return [(heard[entry] - at) * 1000 for (entry,), at in zip(notes, reversed(sent), strict=True)]


def _notified(centre: Centre, count: int) -> list[float]:
    """The raw limit: one row and its ring in a transaction, heard by another process."""
    rng = Random(_SEED)
    sent: dict[str, float] = {}
    with _raw_table(centre) as connection, _far("tests.bench.far_ear", centre.dsn, "bench") as far:
        for number in range(count):
            time.sleep(rng.uniform(*_PAUSE))
            sent[str(number)] = perf_counter()
            _insert(connection, number)
        time.sleep(_SETTLED)
        heard = far()
    return [(heard[number] - at) * 1000 for number, at in sent.items()]


def _bare(centre: Centre, other: Path, count: int) -> list[float]:
    """The least there is to do: the row goes out in a thread that waits for it, and comes in at a desk's file."""
    rng = Random(_SEED)
    bell, over = Bell(), Event()
    waiting: list[int] = []
    sent: dict[str, float] = {}

    with _raw_table(centre) as connection, _far("tests.bench.bare_desk", centre.dsn, "bench", str(other)) as far:

        def push() -> None:
            while not over.is_set():
                bell.wait(1.0)
                while waiting:
                    _insert(connection, waiting.pop(0))

        thread = Thread(target=push)
        thread.start()
        try:
            for number in range(count):
                time.sleep(rng.uniform(*_PAUSE))
                waiting.append(number)
                sent[str(number)] = perf_counter()
                bell.ring()
            time.sleep(_SETTLED)
        finally:
            over.set()
            bell.ring()
            thread.join()
        heard = far()
    bell.close()
    return [(heard[number] - at) * 1000 for number, at in sent.items()]


@contextmanager
def _raw_table(centre: Centre) -> "Iterator[Connection[Any]]":
    with centre.admin() as connection:
        connection.execute("CREATE TABLE raw_note (id int PRIMARY KEY, text text)")
        yield connection
        connection.execute("DROP TABLE raw_note")


def _insert(connection: "Connection[Any]", number: int) -> None:
    connection.execute(f"INSERT INTO raw_note VALUES ({number}, 'note'); NOTIFY bench, '{number}'".encode())


class _Far:
    """Another process; called, it ends and says when it had what."""

    def __init__(self, process: "subprocess.Popen[str]") -> None:
        self._process = process

    def __call__(self) -> dict[str, float]:
        written, _ = self._process.communicate()
        found: dict[str, float] = json.loads(written)
        return found


@contextmanager
def _far(module: str, *arguments: str, first: str = "") -> Iterator[_Far]:
    process = _started([module, *arguments])
    try:
        assert process.stdin is not None
        assert process.stdout is not None
        if first:
            print(first, file=process.stdin, flush=True)
        if process.stdout.readline() != "ready\n":
            raise AssertionError(f"{module} did not come up")
        yield _Far(process)
    finally:
        process.kill()
        process.communicate()


def _started(command: Sequence[str]) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", *command],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        encoding="utf-8",
        cwd=ROOT,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
    )
