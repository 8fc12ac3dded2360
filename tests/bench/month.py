"""A month of the hotline's calls through the use cases on a real file, against its commits alone."""

from contextlib import closing
from datetime import timedelta
from random import Random
from time import perf_counter, process_time
from typing import TYPE_CHECKING

from callcenter.desk.providers import record_providers
from callcenter.desk.session import Desk, open_desk
from callcenter.simulator.demo_data import load_demo
from callcenter.simulator.month import CALLS_A_DAY, Month, month_of
from callcenter.store.engine import open_writer
from callcenter.store.transactions import writing
from tests.bench.figures import Figure
from tests.bench.filled import EVENING, SUPERVISOR, FilledDesks, data
from tests.simulator.invariants import broken

if TYPE_CHECKING:
    from sqlite3 import Connection

SECONDS = 60
_SEED = 331
# Everything a step keeps: what it did once is never done again, so that entries are counted once each.
_STEPS = "SELECT count(*) FROM (SELECT DISTINCT at, actor FROM entry)"


def run(desks: FilledDesks) -> list[Figure]:
    """Seconds for a month at `synchronous=FULL`; raises where an invariant of the desk does not hold afterwards."""
    first = month_of(EVENING)
    path = desks.empty(first - timedelta(days=1))
    days = 2 if desks.quick else 30
    with closing(open_desk(path, data(), Random(_SEED).randbytes)) as desk:
        record_providers(desk, SUPERVISOR, first, load_demo(data()).providers)
        month = Month(desk, _SEED, first, days)
        before = _steps(desk)
        began, worked = perf_counter(), process_time()
        month.play()
        took, own = perf_counter() - began, process_time() - worked
        steps = _steps(desk) - before
        if wrong := broken(desk.connection):
            raise AssertionError(f"after the month this does not hold: {wrong}")
        with closing(open_writer(desks.empty(first))) as raw:
            commits = _commits(raw, steps)
    happened = ", ".join(f"{count:,} {what}" for what, count in sorted(month.happened.items()))
    return [
        Figure(
            "month",
            f"{days} days of {CALLS_A_DAY} calls, {steps:,} steps",
            took,
            "s",
            commits,
            "as many commits of one row each in the driver alone",
            None if desks.quick else SECONDS,
            note=f"own time {own:.0f} s; {happened}",
        )
    ]


def _steps(desk: Desk) -> int:
    found: int = desk.connection.execute(_STEPS).fetchone()[0]
    return found


def _commits(connection: "Connection", count: int) -> float:
    """Seconds for so many transactions that write next to nothing: what the disk alone asks for."""
    connection.execute("CREATE TABLE raw (number INTEGER PRIMARY KEY)")
    began = perf_counter()
    for _number in range(count):
        with writing(connection):
            connection.execute("INSERT INTO raw DEFAULT VALUES")
    return perf_counter() - began
