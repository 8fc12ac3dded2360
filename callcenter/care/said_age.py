"""A child whose birth date is not told yet: the births an age allows, and the verdict that holds for all of them."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import NamedTuple

from callcenter.care.calendar import Calendar
from callcenter.care.eligibility import Ask, Block, Need, Verdict, next_time, together, verdict_for_all, verdicts
from callcenter.care.programs import Coverage, Service

_ONE_DAY = timedelta(days=1)
_ENTRY_YEARS = {"elementary": 6, "middle": 12}
"""Years between that of birth and the one whose 1 March begins the first grade, less one (초·중등교육법 article 13)."""


class SaidAge(NamedTuple):
    """What was said of a child's age; at least one of years, months, birth year or grade is given."""

    years: int | None = None
    months: int | None = None
    birth_year: int | None = None
    school: str | None = None
    grade: int | None = None


def births_of(said: SaidAge, today: date) -> tuple[date, date] | None:
    """The earliest and the latest birth date that what was said allows; None where nothing can be told from it.

    Years may be counted from the day of birth (만) or, as many still do, from one at birth with every new year, so
    they allow both. Entry to school a year early or late is allowed for (초·중등교육법 article 13).
    """
    earliest, latest = date.min, today
    if said.birth_year is not None:
        earliest, latest = date(said.birth_year, 1, 1), date(said.birth_year, 12, 31)
    elif said.months is not None:
        earliest, latest = _back(today, said.months + 1) + _ONE_DAY, _back(today, said.months)
    elif said.years is not None:
        earliest = _back(today, 12 * (said.years + 1)) + _ONE_DAY
        latest = max(_back(today, 12 * said.years), date(today.year - said.years + 1, 12, 31))
    elif said.grade is None or said.school not in _ENTRY_YEARS:
        return None
    if said.grade is not None and said.school in _ENTRY_YEARS and said.months is None:
        school_year = today.year if today.month >= 3 else today.year - 1
        born = school_year - _ENTRY_YEARS[said.school] - said.grade
        first, last = date(born - 1, 1, 1), date(born + 1, 12, 31)
        if max(earliest, first) <= min(latest, last):
            earliest, latest = max(earliest, first), min(latest, last)
    latest = min(latest, today)
    return (earliest, latest) if earliest <= latest else None


def samples(earliest: date, latest: date) -> tuple[date, ...]:
    """Births between the two, such that what holds at all of them holds between them as well.

    No band of ages and no school year is shorter than a quarter of a year, so births that far apart are enough.
    """
    found = {earliest, latest}
    found |= {date(year, 1, 1) for year in range(earliest.year + 1, latest.year + 1)}
    step = _back(latest, 3)
    while step > earliest:
        found.add(step)
        step = _back(step, 3)
    return tuple(sorted(found))


def verdict_for_possible(
    service: Service, children: Sequence[Sequence[Need]], now: datetime, calendar: Calendar, coverage: Coverage
) -> Verdict:
    """The verdict for children each given as its possible needs, one for each birth; one where the birth is known.

    Where the births of a child differ in what may be booked, its birth date is asked for; no date is told that would
    come of a guessed one.
    """
    if all(len(possible) == 1 for possible in children):
        return verdict_for_all(service, [possible[0] for possible in children], now, calendar, coverage)
    found = [verdicts(service, possible, now, calendar, coverage) for possible in children]
    merged = together(list(map(_of_child, found)))
    ends = [next_time(service, [possible[end] for possible in children], now, calendar, coverage) for end in (0, -1)]
    return replace(merged, next=ends[0] if ends[0] == ends[1] else None)


def _of_child(found: Sequence[Verdict]) -> Verdict:
    """The verdicts for a child at each of its possible births as one."""
    first = found[0]
    if len({_decided(one) for one in found}) > 1:
        # What is blocked whatever the age is stays blocked: the birth date would not mend it.
        always = [block for block in first.blocks if all(block in one.blocks for one in found)]
        if always:
            return replace(first, outcome="blocked", blocks=tuple(always), asks=())
        asks = {ask.field: ask for one in found for ask in one.asks}
        return replace(first, outcome="ask", blocks=(), asks=(Ask("birth"), *asks.values()), fee=_same_fee(found))
    return replace(first, blocks=tuple(map(_dateless, first.blocks)), fee=_same_fee(found))


def _decided(found: Verdict) -> tuple[str, frozenset[str], frozenset[str]]:
    codes = frozenset(block.code for block in found.blocks)
    return found.outcome, codes, frozenset(ask.field for ask in found.asks)


def _same_fee(verdicts: Sequence[Verdict]) -> int | None:
    fees = {one.fee for one in verdicts}
    return fees.pop() if len(fees) == 1 else None


def _dateless(block: Block) -> Block:
    """An age that is out of bounds, without the day on which it would not be: that would tell a birthday."""
    return Block(block.code, {**block.values, "from": None}) if block.code in ("age_under", "age_over") else block


def _back(day: date, months: int) -> date:
    """The day so many months ago; of a month too short for it the last one."""
    year, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(year, month + 1, last)
        except ValueError:
            continue
    raise ValueError(day)
