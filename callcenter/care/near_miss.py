"""Nobody can take the children: which one soft thing, if it were otherwise, would give a place; never a hard rule."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from itertools import groupby
from typing import Literal, NamedTuple, cast, get_args

from callcenter.care.matching import Match
from callcenter.care.weights import ChangeCosts

MOST_MISSES = 3
STEPS = (30, 60)
"""Minutes by which a time is moved."""

_HALF_HOUR = 30
_SHORTEST = timedelta(minutes=30)

ChangeKind = Literal["shift", "start", "end", "service", "wider", "region"]
_MOVES = frozenset({"shift", "start", "end"})


class Asked(NamedTuple):
    """What of a request a change can touch: aware times, the region's code, where the family lives, a wished service.

    `residence` and `service` are None where the family lives in the region, and where any service will do.
    """

    start: datetime
    end: datetime
    region: str
    residence: str | None
    service: str | None


class Change(NamedTuple):
    """One thing that is otherwise than asked.

    Minutes are moved later, or earlier when below zero: of both times (shift), or of the start or the end alone. `code`
    is the other service or region. A wider circle changes nothing of the request, the way is only longer.
    """

    kind: ChangeKind
    minutes: int = 0
    code: str = ""

    def applied(self, asked: Asked) -> Asked:
        """What is asked for after the change; a family keeps its residence wherever the care is."""
        moved = timedelta(minutes=self.minutes)
        if self.kind in ("shift", "start"):
            asked = asked._replace(start=asked.start + moved)
        if self.kind in ("shift", "end"):
            asked = asked._replace(end=asked.end + moved)
        if self.kind == "service":
            return asked._replace(service=self.code)
        if self.kind == "region":
            return asked._replace(region=self.code, residence=asked.residence or asked.region)
        return asked


def written(change: Change) -> str:
    """The change as a journal keeps it, `shift 30`; `read_change` reads the same change from it."""
    return " ".join(filter(None, [change.kind, change.code, str(change.minutes or "")]))


def read_change(text: str) -> Change:
    """The change that `written` wrote; a ValueError for anything else."""
    kind, _space, rest = text.partition(" ")
    if kind not in get_args(ChangeKind):
        raise ValueError(text)
    known = cast(ChangeKind, kind)
    return Change(known, int(rest)) if known in _MOVES else Change(known, code=rest)


class Miss(NamedTuple):
    """A change, and the best provider there would be with it."""

    change: Change
    match: Match


def time_changes(asked: Asked, now: datetime, longest: timedelta | None = None) -> list[Change]:
    """Every move of the times that can be asked for: nothing begins before `now` that was to begin later.

    `longest` is the most that a service allows at a time, where less than that was asked for.
    """
    found = [
        Change(kind, sign * minutes)
        for minutes in STEPS
        for sign in (1, -1)
        for kind in ("shift", "start", "end")
        if _possible(Change(kind, sign * minutes).applied(asked), asked, now)
    ]
    if longest is not None and _SHORTEST <= longest < asked.end - asked.start:
        shorter = Change("end", -int((asked.end - asked.start - longest) / timedelta(minutes=1)))
        found += [shorter] if shorter not in found else []
    return found


def cost(change: Change, costs: ChangeCosts) -> float:
    """What the change asks of a family, in points."""
    if change.kind == "service":
        return costs.service
    if change.kind == "wider":
        return costs.wider
    if change.kind == "region":
        return costs.region
    half_hours = abs(change.minutes) / _HALF_HOUR
    if change.kind == "shift":
        return half_hours * costs.half_hour_moved
    shorter = (change.kind == "start") == (change.minutes > 0)
    return half_hours * (costs.half_hour_shorter if shorter else costs.half_hour_longer)


def nearest_misses(
    changes: Iterable[Change], costs: ChangeCosts, find: Callable[[Change], Match | None], most: int = MOST_MISSES
) -> tuple[Miss, ...]:
    """The changes that cost least and give a place, the better match first where two cost the same.

    `find` is asked for the best match with a change, in the order of the costs and no longer than needed; a move in one
    direction that gives a place makes the farther ones needless.
    """
    found: list[Miss] = []
    ordered = sorted(changes, key=lambda change: cost(change, costs))
    for _cost, equal in groupby(ordered, key=lambda change: cost(change, costs)):
        if len(found) >= most:
            break
        known = {_direction(miss.change) for miss in found}
        here = [
            Miss(change, match)
            for change in equal
            if _direction(change) not in known and (match := find(change)) is not None
        ]
        found += sorted(here, key=lambda miss: (-miss.match.score, miss.match.candidate.provider_id))
    return tuple(found[:most])


def _possible(changed: Asked, asked: Asked, now: datetime) -> bool:
    return changed.start >= min(asked.start, now) and changed.end - changed.start >= _SHORTEST


def _direction(change: Change) -> tuple[str, bool, str]:
    return change.kind, change.minutes > 0, change.code
