"""The plan of the whole queue: how long it takes, and how many more it serves on tight evenings than one by one."""

from collections.abc import Callable
from contextlib import closing
from functools import partial
from random import Random
from time import perf_counter
from typing import NamedTuple

from callcenter.care.queue_plan import first_come, queue_plan
from callcenter.desk.queue_plan import proposal
from callcenter.desk.setup import init_desk
from callcenter.simulator.fill import fill
from callcenter.store.engine import open_reader
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, PROGRAMS, SUPERVISOR, FilledDesks, data
from tests.care.plan_oracle import optimum
from tests.care.tight_evenings import tight_evening

_TARGET_MS = 100.0
_REQUESTS, _PLACES = 50, 1000
_PROVIDERS_IN_FILE = 250


class _Size(NamedTuple):
    """How tight an evening is, and how many are made of it."""

    requests: int
    places: int
    evenings: int


_TIGHT = (_Size(12, 8, 50), _Size(20, 15, 40), _Size(50, 40, 5))


def run(desks: FilledDesks) -> list[Figure]:
    """The time of a plan in memory, from the file, and the plan beside one by one and the optimum."""
    found = [_in_memory(desks), _from_file(desks)]
    for size in _TIGHT:
        found += _compared(size._replace(evenings=3) if desks.quick else size)
    return found


def _in_memory(desks: FilledDesks) -> Figure:
    ours: list[float] = []
    theirs: list[float] = []
    for seed in range(5 if desks.quick else 50):
        evening = tight_evening(Random(seed), _REQUESTS, _PLACES)
        ours.append(_milliseconds(partial(queue_plan, *evening)))
        theirs.append(_milliseconds(partial(first_come, *evening)))
    return Figure(
        "plan",
        f"care.queue_plan of {_REQUESTS} requests, {_PLACES:,} places, p99",
        percentile(ours, 0.99),
        "ms",
        percentile(theirs, 0.99),
        "one by one in the same way",
        _TARGET_MS,
        note=f"p50 {median(ours):.1f} ms",
    )


def _from_file(desks: FilledDesks) -> Figure:
    """With ranking every provider for each request: in a thread of its own, which the keys do not wait for."""
    path = desks.folder / "plan.db"
    desk = init_desk(path, data(), EVENING, name="A", programs=PROGRAMS, supervisor=SUPERVISOR.name)
    fill(desk, Random(1), EVENING, requests=_REQUESTS + 20, providers=_PROVIDERS_IN_FILE)
    desk.close()
    with closing(open_reader(path)) as connection:
        plan = proposal(connection, data(), PROGRAMS, EVENING, SUPERVISOR)
        taken = [
            _milliseconds(lambda: proposal(connection, data(), PROGRAMS, EVENING, SUPERVISOR))
            for _ in range(3 if desks.quick else 20)
        ]
    return Figure(
        "plan",
        f"desk.queue_plan.proposal of {len(plan.rows)} requests, {_PROVIDERS_IN_FILE} providers in the file, p50",
        median(taken),
        "ms",
        note=f"p99 {percentile(taken, 0.99):.0f} ms; beside the keys, in a thread of its own",
    )


def _compared(size: _Size) -> list[Figure]:
    first = planned = best = better = at_best = fewer = 0
    taken: list[float] = []
    for seed in range(size.evenings):
        evening = tight_evening(Random(seed), size.requests, size.places)
        one_by_one, most = len(first_come(*evening)), optimum(*evening, bands=False).served
        began = perf_counter()
        served = len(queue_plan(*evening))
        taken.append((perf_counter() - began) * 1000)
        first, planned, best = first + one_by_one, planned + served, best + most
        better += served > one_by_one
        fewer += served < one_by_one
        at_best += served == most
    what = f"{size.evenings} evenings of {size.requests} requests for {size.places} places"
    return [
        Figure(
            "plan",
            f"served on {what}",
            planned,
            "requests",
            first,
            "one by one",
            note=f"the optimum is {best}; more than one by one on {better} evenings, at the optimum on {at_best}; "
            f"p50 {median(taken):.0f} ms, p99 {percentile(taken, 0.99):.0f} ms",
        ),
        Figure("plan", f"{what}: fewer served than one by one", fewer, "evenings", target=0.0),
    ]


def _milliseconds(work: Callable[[], object]) -> float:
    began = perf_counter()
    work()
    return (perf_counter() - began) * 1000
