"""A line that swallows everything: how soon a desk notices, and how soon what waited is at the centre once it heals."""

from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from random import Random
from time import perf_counter, sleep

from callcenter.desk.link_state import LinkState
from callcenter.desk.session import Desk, open_desk
from callcenter.journal import bodies
from callcenter.sync.thread import LinkThread
from tests.bench.centre import join, now, standing, until
from tests.bench.figures import Figure, percentile
from tests.bench.filled import SUPERVISOR, FilledDesks, data
from tests.sync.conftest import Centre
from tests.sync.proxy import Proxy

NOTICED, DRAINED = 5.0, 2.0
ENTRIES = 10_000
_OF_ONE_USE_CASE = 4
_SEED = 8


def run(desks: FilledDesks) -> list[Figure]:
    """The worst of some rounds: noticed with nothing to send, as an idle evening has it."""
    entries = ENTRIES // 10 if desks.quick else ENTRIES
    noticed: list[float] = []
    drained: list[float] = []
    path = desks.empty(name="H")
    join(path)
    with standing("H") as centre, Proxy(centre.server.port) as proxy, closing(open_desk(path, data())) as desk:
        for seed in range(1 if desks.quick else 5):
            _round(centre, proxy, desk, path, entries, seed, noticed, drained)
    return [
        Figure("black-hole", "a silent line noticed, worst", max(noticed), "s", target=NOTICED, note=_all(noticed)),
        Figure(
            "black-hole",
            f"{entries:,} waiting entries at the centre after healing, worst",
            max(drained),
            "s",
            target=DRAINED,
            note=f"{_all(drained)}; median {percentile(drained, 0.5):.1f}",
        ),
    ]


def _round(
    centre: Centre,
    proxy: Proxy,
    desk: Desk,
    path: Path,
    entries: int,
    seed: int,
    noticed: list[float],
    drained: list[float],
) -> None:
    fell: list[float] = []

    def heard(state: LinkState) -> None:
        if state.state == "offline":
            fell.append(perf_counter())

    file = replace(centre.desks["H"], port=proxy.port)
    thread = LinkThread(lambda: open_desk(path, data()), file, now, Random(seed), told=heard)
    thread.start()
    try:
        until(lambda: thread.state.state == "live" and not thread.state.waiting, "the link is not live", 30)
        fell.clear()
        sleep(Random(seed).random())
        proxy.set("stall")
        began = perf_counter()
        until(lambda: bool(fell), "nobody noticed", 60)
        noticed.append(fell[0] - began)
        _write(desk, entries)
        proxy.set("pass")
        began = perf_counter()
        until(lambda: _at_centre(centre) == _here(desk), "what waited does not come", 60)
        drained.append(perf_counter() - began)
    finally:
        thread.stop()


def _write(desk: Desk, entries: int) -> None:
    """So many entries, as use cases of a few each write them."""
    at = now()
    for number in range(entries // _OF_ONE_USE_CASE):
        with desk.writing_much(SUPERVISOR.name, at + timedelta(milliseconds=number)) as (_held, chain):
            for _ in range(_OF_ONE_USE_CASE):
                guardian = chain.new_id()
                chain.append(
                    guardian, bodies.GuardianAdded(name="홍길동", phone="01000001234", relation="", language="")
                )


def _at_centre(centre: Centre) -> int:
    with centre.admin() as connection:
        row = connection.execute("SELECT count(*) FROM callcenter.entry").fetchone()
    assert row is not None
    found: int = row[0]
    return found


def _here(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM entry").fetchone()[0]
    return found


def _all(values: list[float]) -> str:
    return ", ".join(f"{value:.1f}" for value in values)
