"""From a ring at the HTTP door of the telephone gateway until its line is painted in a console, another process."""

import http.client
import json
import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter
from typing import NamedTuple

from callcenter.console.live import POLL_SECONDS
from callcenter.store.engine import open_writer
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, FilledDesks
from tests.bench.start import first_row
from tests.bench.terminal import Terminal, terminal

PROMISE_MS = 300.0
_TOKEN = "bench"
_HEADERS = {"Authorization": f"Bearer {_TOKEN}", "Content-Type": "application/json"}


class Ring(NamedTuple):
    """Milliseconds from a ring until it was acknowledged, and until it was painted."""

    answered: float
    painted: float


def run(desks: FilledDesks) -> list[Figure]:
    """Rings one after the other, each ended before the next, on a full desk with a console open on it."""
    path = desks.copy()
    count = 10 if desks.quick else 60
    with _gateway(path) as gateway, closing(http.client.HTTPConnection("127.0.0.1", _port(gateway))) as door:
        try:
            with terminal(["-m", "tests.bench.open_evening", str(path)], path.parent) as opened:
                opened.read_until(first_row(path, EVENING))
                opened.read_for(3.0)
                _ring(door, opened, 0)
                rings = [_ring(door, opened, number) for number in range(1, count + 1)]
            echoes = [_timed(lambda: _ask(door, "GET", "/healthz", "")) for _ in range(count)]
        finally:
            gateway.terminate()
            gateway.wait()
    answered = [ring.answered for ring in rings]
    painted = [ring.painted for ring in rings]
    commits = _commits(path, count)
    raw = [echo + commit for echo, commit in zip(sorted(echoes), sorted(commits), strict=True)]
    return [
        Figure(
            "ring",
            "HTTP ring painted in a console, p99",
            percentile(painted, 0.99),
            "ms",
            percentile(raw, 0.99),
            "an empty HTTP answer and one row committed in the driver",
            PROMISE_MS,
            note=f"p50 {median(painted):.1f} ms (raw {median(raw):.1f}), a look every {POLL_SECONDS * 1000:.0f} ms",
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


def _ring(door: http.client.HTTPConnection, opened: Terminal, number: int) -> Ring:
    """Ring from a number of its own until it stands on the screen, then hang up."""
    last_four = f"{number:04}"
    began = perf_counter()
    _tell(door, last_four, "ringing")
    answered = perf_counter()
    painted = opened.read_until(f"****-{last_four}".encode(), seconds=10)
    _tell(door, last_four, "ended")
    # Not in step with the console's looks.
    opened.read_for(0.4 + number % 7 * 0.007)
    return Ring((answered - began) * 1000, (painted - began) * 1000)


def _tell(door: http.client.HTTPConnection, last_four: str, state: str) -> None:
    at = datetime.now(UTC).isoformat()
    body = {"id": f"c{last_four}", "state": state, "caller": f"010-0000-{last_four}", "at": at}
    status = _ask(door, "POST", "/v1/calls", json.dumps(body))
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
