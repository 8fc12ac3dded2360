"""The best plan there can be, by a solver of mixed-integer programs, for the tests and the bench of the plan."""

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

import numpy
from scipy.optimize import Bounds, LinearConstraint, milp
from scipy.sparse import coo_array

from callcenter.care.plan_capacity import OpenPlaces
from callcenter.care.queue_plan import OpenRequest

_SECONDS = 30.0
_MOST_CHILDREN = 3


class Optimum(NamedTuple):
    """How many can be served at best, and how many of each band then, as far as was asked."""

    served: int
    bands: tuple[int, ...]


class _Program:
    """Whole-number variables of 0 and 1 by name, and rows that must not exceed a limit."""

    def __init__(self) -> None:
        self.column: dict[tuple[object, ...], int] = {}
        self._entries: list[tuple[int, int, float]] = []
        self._limits: list[float] = []

    def variable(self, *name: object) -> int:
        return self.column.setdefault(name, len(self.column))

    def at_most(self, row: Mapping[int, float], limit: float) -> None:
        self._entries += [(len(self._limits), column, value) for column, value in row.items()]
        self._limits.append(limit)

    def most(self, wanted: Sequence[int]) -> int:
        """How many of these variables can be 1 together; from now on so many of them are."""
        if not wanted:
            return 0
        rows, columns, values = zip(*self._entries, strict=True)
        matrix = coo_array((values, (rows, columns)), shape=(len(self._limits), len(self.column)))
        aims = numpy.zeros(len(self.column))
        aims[list(wanted)] = -1.0
        # Without presolve, which called programs infeasible that are not (HiGHS of scipy 1.17).
        found: Any = milp(
            aims,
            integrality=numpy.ones(len(aims)),
            bounds=Bounds(0, 1),
            constraints=LinearConstraint(matrix.tocsr(), ub=numpy.array(self._limits)),
            options={"time_limit": _SECONDS, "mip_rel_gap": 0.0, "presolve": False},
        )
        assert found.status == 0, found.message
        most: int = round(-found.fun)
        self.at_most(dict.fromkeys(wanted, -1.0), 0.5 - most)
        return most


def optimum(requests: Sequence[OpenRequest], providers: Mapping[str, OpenPlaces], *, bands: bool = True) -> Optimum:
    """The best plan for the requests: most, then, with `bands`, most of the first band, and so on; without points.

    Each place number is a row of half hours that hold one request at most. Of places nobody has counted, one request
    of the plan may have some, as the plan has it.
    """
    program = _Program()
    by_slot: dict[tuple[str, int, int], list[int]] = {}
    uncounted: dict[str, list[int]] = {}
    for at, request in enumerate(requests):
        for option in request.options:
            _offer(program, at, request, option.provider_id, providers[option.provider_id], by_slot, uncounted)
        served = [program.column["served", at, option.provider_id] for option in request.options]
        program.at_most(dict.fromkeys(served, 1.0), 1)
    for users in [*by_slot.values(), *uncounted.values()]:
        program.at_most(dict.fromkeys(users, 1.0), 1)
    by_band: list[list[int]] = [[] for _ in range(max((request.band for request in requests), default=-1) + 1)]
    for at, request in enumerate(requests):
        by_band[request.band] += [program.column["served", at, option.provider_id] for option in request.options]
    everybody = [column for inside in by_band for column in inside]
    most = program.most(everybody)
    counts = [program.most(inside) for inside in by_band] if bands else []
    return Optimum(most, tuple(counts))


def _offer(
    program: _Program,
    at: int,
    request: OpenRequest,
    name: str,
    places: OpenPlaces,
    by_slot: dict[tuple[str, int, int], list[int]],
    uncounted: dict[str, list[int]],
) -> None:
    """The request served by this provider needs a seat for each child, and each seat a place of its own household."""
    served = program.variable("served", at, name)
    seats: dict[str, list[int]] = {child: [] for child in request.stay.children}
    for group in places.groups:
        fitting = [
            child for child, months in request.stay.children.items() if group.months_min <= months <= group.months_max
        ]
        asked = program.variable("asked", at, group.id)
        if group.places is None:
            uncounted.setdefault(group.id, []).append(asked)
        counted = group.places if isinstance(group.places, int) else None
        busy = {number for slot, number in places.taken.get(group.id, ()) if slot in request.stay.window}
        for number in set(range(1, (counted or _MOST_CHILDREN + len(busy)) + 1)) - busy:
            used = program.variable("used", at, group.id, number)
            program.at_most({used: 1, asked: -1}, 0)
            inside = [program.variable("seat", at, group.id, number, child) for child in fitting]
            program.at_most(dict.fromkeys(inside, 1.0) | {used: -float(group.children_per_place)}, 0)
            for child, seat in zip(fitting, inside, strict=True):
                seats[child].append(seat)
            for slot in request.stay.window:
                by_slot.setdefault((group.id, number, slot), []).append(used)
    for found in seats.values():
        program.at_most({served: 1.0} | dict.fromkeys(found, -1.0), 0)
