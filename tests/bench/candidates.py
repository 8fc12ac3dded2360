"""All that is worked out of one request: candidates with points and blocks, and the near misses where nobody can."""

import gc
from contextlib import closing
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

from callcenter.care.places import slots
from callcenter.desk.choosing import choices
from callcenter.desk.to_confirm import wanted_tonight, with_old_word
from callcenter.store import reads
from callcenter.store.engine import open_reader, open_writer
from callcenter.store.transactions import writing
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, PROGRAMS, FilledDesks, data
from tests.bench.rank import FRAME_MS
from tests.bench.recording import recording, replay

if TYPE_CHECKING:
    from pathlib import Path
    from sqlite3 import Connection

_SEED = 12
_TAKEN = 80_000
_FULL_REGIONS = 12
_RING_FOR = 20
_RING_MS = 100.0


def run(desks: FilledDesks) -> list[Figure]:
    """The 99th percentile over requests that find somebody and requests that find nobody, half of each."""
    path = desks.copy()
    _take_places(path, _TAKEN // 10 if desks.quick else _TAKEN)
    rounds = 20 if desks.quick else 300
    with closing(open_reader(path)) as connection:
        found, nobody = _by_outcome(connection, rounds // 2)
        # As the console does once it has painted: the reference data is not gone through again and again.
        gc.collect()
        gc.freeze()
        return [
            _figure(connection, found, "somebody can take the children"),
            _figure(connection, nobody, "nobody can, with the near misses"),
            _figure(connection, found + nobody, "half of each"),
            _ring_next(connection, rounds // 15),
        ]


def _ring_next(connection: "Connection", rounds: int) -> Figure:
    """What the reading thread does at `^` on the screen of who is free, while the keys are answered by another."""

    def ring_next(reading: "Connection") -> None:
        with_old_word(reading, data(), wanted_tonight(reading, data(), PROGRAMS, EVENING, _RING_FOR), EVENING)

    taken: list[float] = []
    theirs: list[float] = []
    for _ in range(rounds):
        began = perf_counter()
        ring_next(connection)
        taken.append((perf_counter() - began) * 1000)
        noted, statements = recording(connection)
        ring_next(noted)
        began = perf_counter()
        replay(connection, statements)
        theirs.append((perf_counter() - began) * 1000)
    return Figure(
        "candidates",
        f"desk.to_confirm, whom to ring next for the first {_RING_FOR} of the queue, p99",
        percentile(taken, 0.99),
        "ms",
        percentile(theirs, 0.99),
        "its reads in the driver alone",
        _RING_MS,
        note=f"p50 {median(taken):.0f} ms",
    )


def _take_places(path: "Path", wanted: int) -> None:
    """Take so many places in the evening of the requests, whole centres at a time, those of a few regions first."""
    with closing(open_writer(path)) as connection:
        regions = [row[0] for row in connection.execute("SELECT DISTINCT region FROM provider ORDER BY region")]
        Random(_SEED).shuffle(regions)
        evening = slots(EVENING, EVENING + timedelta(hours=7))
        have = connection.execute("SELECT count(*) FROM place_taken").fetchone()[0]
        sql = """SELECT g.id, coalesce(g.places, 0) FROM provider p JOIN provider_group g ON g.provider_id = p.id
                 WHERE p.region = ? ORDER BY g.id"""
        with writing(connection):
            for region in regions[:_FULL_REGIONS]:
                for group, places in connection.execute(sql, (region,)).fetchall():
                    for number in range(1, places + 1):
                        rows = [(group, slot, number, "bench", "bench") for slot in evening]
                        before = connection.total_changes
                        connection.executemany("INSERT OR IGNORE INTO place_taken VALUES (?, ?, ?, ?, ?)", rows)
                        have += connection.total_changes - before
                    if have >= wanted:
                        return


def _by_outcome(connection: "Connection", each: int) -> tuple[list[str], list[str]]:
    """Requests that find somebody, and such that find nobody."""
    opened = [row[0] for row in connection.execute("SELECT id FROM request WHERE state = 'open' ORDER BY id")]
    Random(_SEED).shuffle(opened)
    found: list[str] = []
    nobody: list[str] = []
    for request_id in opened:
        request = reads.request(connection, request_id)
        if request is None:
            raise AssertionError(request_id)
        children = reads.children_of_request(connection, request_id)
        known = choices(connection, data(), PROGRAMS, request, children, EVENING)
        side = found if known.ranking.matches else nobody
        if len(side) < each:
            side.append(request_id)
        if len(found) == len(nobody) == each:
            break
    return found, nobody


def _figure(connection: "Connection", requests: list[str], what: str) -> Figure:
    ours: list[float] = []
    theirs: list[float] = []
    proposed = 0
    apart = 0
    for request_id in requests:
        request = reads.request(connection, request_id)
        if request is None:
            raise AssertionError(request_id)
        children = reads.children_of_request(connection, request_id)
        began = perf_counter()
        known = choices(connection, data(), PROGRAMS, request, children, EVENING)
        ours.append((perf_counter() - began) * 1000)
        proposed += bool(known.misses)
        apart += known.split is not None
        noted, statements = recording(connection)
        choices(noted, data(), PROGRAMS, request, children, EVENING)
        began = perf_counter()
        replay(connection, statements)
        theirs.append((perf_counter() - began) * 1000)
    providers = connection.execute("SELECT count(*) FROM provider").fetchone()[0]
    taken = connection.execute("SELECT count(*) FROM place_taken").fetchone()[0]
    return Figure(
        "candidates",
        f"desk.choosing.choices, {what}, {providers:,} providers, {taken:,} places taken, p99",
        percentile(ours, 0.99),
        "ms",
        percentile(theirs, 0.99),
        "its reads in the driver alone",
        FRAME_MS,
        note=f"p50 {median(ours):.1f} ms, {len(requests)} requests, {proposed} with near misses, {apart} split",
    )
