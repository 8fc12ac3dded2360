"""Ranking ten thousand providers for one request, in memory and from the file."""

from contextlib import closing
from random import Random
from time import perf_counter

from callcenter.desk.matches import matches
from callcenter.store import reads
from callcenter.store.engine import open_reader
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, PROGRAMS, FilledDesks, data
from tests.bench.recording import recording, replay
from tests.care.crowd import crowd, rank_milliseconds

FRAME_MS = 16.7
_SEED = 11


def run(desks: FilledDesks) -> list[Figure]:
    """The 99th percentile of both."""
    return [_in_memory(desks), _from_file(desks)]


def _in_memory(desks: FilledDesks) -> Figure:
    rows = crowd(desks.providers, Random(_SEED), EVENING, blocked=0.2)
    rounds = 20 if desks.quick else 200
    taken = rank_milliseconds(rows, data().weights, EVENING, rounds)
    sorted_only = []
    for _ in range(rounds):
        began = perf_counter()
        sorted(rows, key=lambda one: one.km or 0.0)
        sorted_only.append((perf_counter() - began) * 1000)
    return Figure(
        "rank",
        f"care.matching.rank of {len(rows):,} candidates, p99",
        percentile(taken, 0.99),
        "ms",
        percentile(sorted_only, 0.99),
        "one sort of them by distance",
        FRAME_MS,
        note=f"p50 {median(taken):.1f} ms",
    )


def _from_file(desks: FilledDesks) -> Figure:
    """Every request is another one, as under the operator's cursor; reads alone are the raw limit."""
    rounds = 20 if desks.quick else 400
    ours: list[float] = []
    theirs: list[float] = []
    considered: list[int] = []
    with closing(open_reader(desks.copy())) as connection:
        opened = connection.execute("SELECT id FROM request WHERE state = 'open' ORDER BY id").fetchall()
        providers = connection.execute("SELECT count(*) FROM provider").fetchone()[0]
        for (request_id,) in Random(_SEED).sample(opened, rounds):
            request = reads.request(connection, request_id)
            if request is None:
                raise AssertionError(request_id)
            children = reads.children_of_request(connection, request_id)
            began = perf_counter()
            found = matches(connection, data(), PROGRAMS, request, children, EVENING)
            ours.append((perf_counter() - began) * 1000)
            considered.append(len(found.services))
            noted, statements = recording(connection)
            matches(noted, data(), PROGRAMS, request, children, EVENING)
            began = perf_counter()
            replay(connection, statements)
            theirs.append((perf_counter() - began) * 1000)
    return Figure(
        "rank",
        f"desk.matches.matches over {providers:,} providers in the file, p99",
        percentile(ours, 0.99),
        "ms",
        percentile(theirs, 0.99),
        "its reads in the driver alone",
        FRAME_MS,
        note=f"p50 {median(ours):.1f} ms, {round(median(considered))} providers weighed of each request",
    )
