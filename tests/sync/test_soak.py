"""Twenty desks in processes of their own work for minutes while their lines are cut at random; then all know the same.

CALLCENTER_SOAK_SECONDS and CALLCENTER_SOAK_DESKS make it shorter: `pytest -m slow tests/sync/test_soak.py`.
"""

import os
import time
from contextlib import ExitStack, closing
from dataclasses import replace
from multiprocessing.connection import Connection
from pathlib import Path
from random import Random

import pytest

from callcenter.desk.session import open_desk
from callcenter.desk.setup import init_desk
from callcenter.store.joined import joined
from callcenter.store.transactions import writing
from callcenter.sync.joining import begin
from tests.conftest import NOW, SUPERVISOR
from tests.desk import wishes
from tests.journal.evenings import folded
from tests.published import REFERENCE
from tests.sync.conftest import Centre
from tests.sync.desk_process import Orders, context, run
from tests.sync.operators import PROVIDERS
from tests.sync.oracle import broken
from tests.sync.proxy import Mode, Proxy

SECONDS = float(os.environ.get("CALLCENTER_SOAK_SECONDS", "300"))
DESKS = int(os.environ.get("CALLCENTER_SOAK_DESKS", "20"))
QUIET = 120.0
_FAILS: tuple[Mode, ...] = ("refuse", "reset", "stall", "stall_up", "stall_down", "slow")
_ALL = "SELECT id, desk, seq, digest, body IS NULL FROM entry ORDER BY id"
_ALL_OF_CENTRE = "SELECT id, chain, seq, digest, body IS NULL FROM callcenter.entry ORDER BY id"


def made(folder: Path, name: str) -> Path:
    """A desk that has joined, with the providers that all know."""
    path = folder / f"{name}.db"
    entropy = Random(name).randbytes
    desk = init_desk(path, REFERENCE, NOW, name=name, programs=[], supervisor=SUPERVISOR.name, entropy=entropy)
    wishes.have(desk, *PROVIDERS)
    with writing(desk.connection):
        begin(desk.connection, 0)
    desk.close()
    return path


def entries_of(path: Path) -> list[tuple[object, ...]]:
    with closing(open_desk(path, REFERENCE)) as desk:
        return desk.connection.execute(_ALL).fetchall()


def behind(paths: list[Path], centre: Centre) -> list[str]:
    """The desks that have not told or heard everything yet."""
    with centre.admin() as connection:
        (at_centre,) = connection.execute("SELECT count(*) FROM callcenter.entry").fetchone() or (0,)
    found = []
    for path in paths:
        with closing(open_desk(path, REFERENCE)) as desk:
            (here,) = desk.connection.execute("SELECT count(*) FROM entry").fetchone()
            row = joined(desk.connection)
            assert row is not None
            (last,) = desk.connection.execute("SELECT max(seq) FROM entry WHERE desk = ?", (row.chain,)).fetchone()
            if here != at_centre or row.acked != last:
                found.append(path.stem)
    return found


@pytest.mark.slow
@pytest.mark.timeout(SECONDS + 2 * QUIET + 120)
def test_twenty_desks_and_lines_that_are_cut_at_random(tmp_path: Path, centre: Centre) -> None:
    rng = Random(2026)
    with ExitStack() as stack:
        paths, proxies, lines, processes = [], [], [], []
        for number in range(DESKS):
            name = f"D{number:02d}"
            path = made(tmp_path, name)
            proxy = stack.enter_context(Proxy(centre.server.port))
            file = replace(centre.add(name), port=proxy.port)
            ours, theirs = context().Pipe()
            process = context().Process(target=run, args=(Orders(path, file, number, pace=0.3), theirs))
            process.start()
            paths.append(path)
            proxies.append(proxy)
            lines.append(ours)
            processes.append(process)
        for line in lines:
            assert line.recv() == "ready"
        until = time.monotonic() + SECONDS
        while time.monotonic() < until:
            proxy = rng.choice(proxies)
            if rng.random() < 0.4:
                proxy.set(rng.choice(_FAILS))
            elif rng.random() < 0.5:
                proxy.cut(rng.choice(("up", "down")), rng.choice((0, 10, 1000)))
            else:
                proxy.set("pass")
            time.sleep(rng.uniform(0.05, 0.5))
        for proxy in proxies:
            proxy.cut_nothing()
            proxy.set("pass")
        told(lines, "rest")
        began = time.monotonic()
        while left := behind(paths, centre):
            assert time.monotonic() - began < QUIET, f"not quiet: {left}"
            time.sleep(0.5)
        print(f"quiet after {time.monotonic() - began:.1f} s")
        told(lines, "end")
        for line, process in zip(lines, processes, strict=True):
            assert line.recv() == "ended"
            process.join(30)
            assert process.exitcode == 0
    all_agree(paths, centre)


def told(lines: "list[Connection[str, str]]", what: str) -> None:
    for line in lines:
        line.send(what)


def all_agree(paths: list[Path], centre: Centre) -> None:
    with centre.admin() as connection:
        rows = connection.execute(_ALL_OF_CENTRE.encode()).fetchall()
    at_centre = [(*row[:3], bytes(row[3]), int(row[4])) for row in rows]
    print(f"{len(at_centre)} entries of {len(paths)} desks")
    first = None
    for path in paths:
        assert entries_of(path) == at_centre, path.stem
        with closing(open_desk(path, REFERENCE)) as desk:
            assert broken(desk.connection) == {}, path.stem
            tables = folded(desk.connection)
        first = first or tables
        assert tables == first, path.stem
