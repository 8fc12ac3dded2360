"""Placing children while a large catch-up runs in the thread beside, as in a console that was away for long."""

import sys
import time
from collections.abc import Iterator
from contextlib import closing, suppress
from datetime import timedelta
from itertools import islice, takewhile
from pathlib import Path
from random import Random
from time import perf_counter

from callcenter.desk.offered import NoPlaceLeft
from callcenter.desk.offers import make_offer
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.simulator.fill import fill
from callcenter.store.engine import open_reader
from callcenter.sync.thread import LinkThread
from tests.bench.centre import join, linked, now, retime, standing, until
from tests.bench.dispatch import Wish, placeable
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, PROGRAMS, SUPERVISOR, FilledDesks, data

MOST_MS = 10.0
ENTRIES = 200_000
_SEED = 6
_PAUSE = 0.03


def run(desks: FilledDesks) -> list[Figure]:
    """The 99th percentile of `make_offer`, committed and synced, from the first page to the last."""
    # As the console does: the thread beside gives the interpreter up that soon.
    sys.setswitchinterval(0.0005)
    source = _source(desks)
    join(source)
    path = desks.copy()
    count = 40 if desks.quick else 1200
    with standing("A", "S") as centre, closing(open_desk(path, data())) as desk:
        with linked(source, centre, "S") as (_desk, _link, exchange):
            while exchange.pushing.send():
                pass
        wishes = iter(list(placeable(desk, count)))
        alone = list(_placed(desk, islice(wishes, count // 4)))
        join(path)
        before = _entries(path)
        thread = LinkThread(lambda: open_desk(path, data()), centre.desks["A"], now, Random(_SEED))
        thread.start()
        try:
            until(lambda: thread.state.state == "pull" or _entries(path) > before + 2000, "nothing comes in", 120)
            began, first = perf_counter(), _entries(path)
            ours = list(_placed(desk, takewhile(lambda _wish: thread.state.state != "live", wishes)))
            took, came = perf_counter() - began, _entries(path) - first - len(ours)
        finally:
            thread.stop()
    return [
        Figure(
            "during",
            f"make_offer, committed and synced, while {came:,} entries come in, p99",
            percentile(ours, 0.99),
            "ms",
            percentile(alone, 0.99),
            "the same while nothing comes in, p99",
            MOST_MS,
            note=f"p50 {median(ours):.1f} ms, {median(alone):.1f} alone; {len(ours)} offers in {took:.0f} s",
        )
    ]


def _source(desks: FilledDesks) -> Path:
    """A file of another desk, with so many entries of such as operators make."""
    path = desks.folder / "source.db"
    desk = init_desk(path, data(), EVENING, name="S", programs=PROGRAMS, supervisor=SUPERVISOR.name)
    requests = (5000 if desks.quick else ENTRIES) * 10 // 35
    fill(desk, Random(_SEED), EVENING, requests=requests, providers=1000)
    desk.close()
    retime(path)
    return path


def _placed(desk: Desk, wishes: Iterator[Wish]) -> Iterator[float]:
    """How long each took, in ms; where somebody was faster it is refused, which is no placing."""
    for number, wish in enumerate(wishes):
        time.sleep(_PAUSE)
        began = perf_counter()
        with suppress(NoPlaceLeft):
            make_offer(desk, SUPERVISOR, EVENING + timedelta(milliseconds=number), wish.request_id, wish.provider_id)
            yield (perf_counter() - began) * 1000


def _entries(path: Path) -> int:
    with closing(open_reader(path)) as connection:
        found: int = connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return found
