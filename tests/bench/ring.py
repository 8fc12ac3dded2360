"""From a ring at the HTTP door of the telephone gateway until another process can read it, as a console does."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from threading import Event, Thread
from time import perf_counter, sleep
from typing import TYPE_CHECKING

from callcenter.console.live import POLL_SECONDS
from callcenter.store.engine import data_version, open_reader, open_writer
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import FilledDesks

if TYPE_CHECKING:
    from sqlite3 import Connection

PROMISE_MS = 300.0
_TOKEN = "bench"
_HEADERS = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}


def run(desks: FilledDesks) -> list[Figure]:
    """Rings one after the other, a fifth of a second apart, on a file with so many requests.

    The reader is this process: a thread looks at the file's version as often as the console's does, and then reads.
    """
    path = desks.copy()
    count = 10 if desks.quick else 60
    with _gateway(path) as gateway, closing(http.client.HTTPConnection("127.0.0.1", _port(gateway))) as door:
        try:
            _ring(door, "warm")
            answered, readable = _measure(path, door, count)
            echoes = [_timed(lambda: _ask(door, "GET", "/healthz", "")) for _ in range(count)]
        finally:
            gateway.terminate()
            gateway.wait()
    commits = _commits(path, count)
    raw = [echo + commit for echo, commit in zip(sorted(echoes), sorted(commits), strict=True)]
    return [
        Figure(
            "ring",
            "HTTP ring readable by another process, p99",
            percentile(readable, 0.99),
            "ms",
            percentile(raw, 0.99),
            "an empty HTTP answer and one row committed in the driver",
            PROMISE_MS,
            note=f"p50 {median(readable):.1f} ms (raw {median(raw):.1f}), a look every {POLL_SECONDS * 1000:.0f} ms",
        ),
        Figure(
            "ring",
            "HTTP ring acknowledged, on the disk, p50",
            median(answered),
            "ms",
            median(raw),
            "an empty HTTP answer and one row committed in the driver",
            note=f"p99 {percentile(answered, 0.99):.1f} ms, {count} rings",
        ),
    ]


def _gateway(path: Path) -> "subprocess.Popen[str]":
    return subprocess.Popen(
        [sys.executable, "-m", "callcenter", "--db", str(path), "phone", "listen", "--port", "0"],
        stdout=subprocess.PIPE,
        encoding="utf-8",
        env=os.environ | {"CALLCENTER_PHONE_TOKEN": _TOKEN},
    )


def _port(gateway: "subprocess.Popen[str]") -> int:
    if gateway.stdout is None:
        raise AssertionError("the gateway says nothing")
    return int(gateway.stdout.readline().strip().removesuffix("/v1/calls").rpartition(":")[2])


def _measure(path: Path, door: http.client.HTTPConnection, count: int) -> tuple[list[float], list[float]]:
    with closing(open_reader(path)) as connection:
        before = _ringing(connection)
    seen: dict[int, float] = {}
    came, ended = Event(), Event()
    reader = Thread(target=_look, args=(path, seen, came, ended))
    reader.start()
    answered, readable = [], []
    try:
        for number in range(1, count + 1):
            # Not in step with the reader's looks.
            sleep(0.2 + number % 7 * 0.003)
            came.clear()
            began = perf_counter()
            _ring(door, f"c{number}")
            answered.append((perf_counter() - began) * 1000)
            while before + number not in seen:
                if not came.wait(10):
                    raise AssertionError("the ring never came")
                came.clear()
            readable.append((seen[before + number] - began) * 1000)
    finally:
        ended.set()
        reader.join()
    return answered, readable


def _look(path: Path, seen: dict[int, float], came: Event, ended: Event) -> None:
    """Note when so many calls could be read for the first time."""
    with closing(open_reader(path)) as connection:
        before = -1
        while not ended.wait(POLL_SECONDS):
            version = data_version(connection)
            if version != before:
                before = version
                seen.setdefault(_ringing(connection), perf_counter())
                came.set()


def _ringing(connection: "Connection") -> int:
    found: int = connection.execute("SELECT count(*) FROM call WHERE state = 'ringing'").fetchone()[0]
    return found


def _ring(door: http.client.HTTPConnection, name: str) -> None:
    at = datetime.now(UTC).isoformat()
    status = _ask(
        door, "POST", "/v1/calls", json.dumps({"id": name, "state": "ringing", "caller": "010-0000-1234", "at": at})
    )
    if status != 202:
        raise AssertionError(f"refused with {status}")


def _ask(door: http.client.HTTPConnection, method: str, path: str, body: str) -> int:
    door.request(method, path, body.encode() or None, _HEADERS)
    response = door.getresponse()
    response.read()
    return response.status


def _timed(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000


def _commits(path: Path, count: int) -> list[float]:
    """Milliseconds of a transaction of one small row, in the same file by the driver alone."""
    with closing(open_writer(path)) as connection:
        connection.execute("CREATE TABLE bench_ring (id INTEGER PRIMARY KEY, told TEXT NOT NULL)")

        def commit() -> None:
            connection.execute("BEGIN IMMEDIATE")
            connection.execute("INSERT INTO bench_ring (told) VALUES (?)", ("ringing",))
            connection.execute("COMMIT")

        return [_timed(commit) for _ in range(count)]
