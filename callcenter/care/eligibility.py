"""What can be booked, and why not: the one verdict for the console and for `callcenter check`."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from typing import Literal

from callcenter.care.calendar import SEOUL, Calendar
from callcenter.care.fees import fee_of
from callcenter.care.need import Channel, Facility, Need
from callcenter.care.opening import opens_after, stay_of
from callcenter.care.programs import Coverage, Service
from callcenter.care.rules import Rules
from callcenter.care.rulings import Ask, Block, Case, asks_of, case_of, day_blocks, moved, time_blocks
from callcenter.language import Words

__all__ = [
    "SEARCH_DAYS",
    "Ask",
    "Block",
    "Bookable",
    "Channel",
    "Facility",
    "Need",
    "Outcome",
    "Verdict",
    "lasting_blocks",
    "next_time",
    "together",
    "verdict",
    "verdict_for_all",
    "verdicts",
]

Outcome = Literal["available", "blocked", "ask"]

SEARCH_DAYS = 14
"""How far ahead the next bookable time is looked for."""

_STEP = timedelta(minutes=30)
_ONE_DAY = timedelta(days=1)
_MOMENT = timedelta.resolution
_OF_THE_CALL = frozenset(
    {
        "hotline_closed",
        "too_short",
        "not_registered",
        "symptoms",
        "special_care",
        "licence_expired",
        "training_expired",
        "too_far",
    }
)
_OF_THE_DAY = frozenset(
    {"age_under", "age_over", "school_age", "not_in_school", "region_not_served", "residence", "too_long"}
)


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one service: the outcome with every block and ask, the next bookable time, the fee in won."""

    service: str
    outcome: Outcome
    blocks: tuple[Block, ...] = ()
    asks: tuple[Ask, ...] = ()
    next: tuple[datetime, datetime] | None = None
    fee: int | None = None
    bring: tuple[Words, ...] = ()


def verdict(
    service: Service,
    need: Need,
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
    *,
    find_next: bool = True,
) -> Verdict:
    """Whether a service can be booked for a child, with all blocks, not the first.

    With a `facility` the answer is for that provider: its own rules, its region's, what it is able to do.
    `next` is the earliest time from the start asked for at which the same length could be booked if called
    now, at most `SEARCH_DAYS` later; for what is available it is the time asked for.
    """
    found = verdicts(service, [need], now, calendar, coverage, facility)[0]
    if not find_next:
        return found
    return replace(found, next=next_time(service, [need], now, calendar, coverage, facility))


def verdicts(
    service: Service,
    needs: Sequence[Need],
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
) -> list[Verdict]:
    """The verdict for each need, without a next time; for needs of one place and time the hours are weighed once."""
    found: list[Verdict] = []
    at: tuple[str, datetime, datetime] | None = None
    for need in needs:
        if at != (need.region, need.start, need.end):
            at = need.region, need.start, need.end
            case = case_of(service, need, now, calendar, coverage, facility)
            of_the_time = tuple(time_blocks(case)) if case.end > case.start else ()
            fee = fee_of(case.rules.fee, case.start, case.end, calendar)
        case = case._replace(need=need)
        blocks = (*day_blocks(case), *of_the_time)
        asks = () if blocks else tuple(asks_of(case))
        outcome: Outcome = "blocked" if blocks else "ask" if asks else "available"
        bring = case.rules.bring
        found.append(Verdict(service.id, outcome, blocks, asks, fee=fee, bring=bring.items if bring else ()))
    return found


def verdict_for_all(
    service: Service,
    needs: Sequence[Need],
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
    *,
    find_next: bool = True,
) -> Verdict:
    """The verdict for several children of one request, who come and go together; at least one need is given."""
    merged = together(verdicts(service, needs, now, calendar, coverage, facility))
    if not find_next:
        return merged
    return replace(merged, next=next_time(service, needs, now, calendar, coverage, facility))


def next_time(
    service: Service,
    needs: Sequence[Need],
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None = None,
) -> tuple[datetime, datetime] | None:
    """The earliest time that could be booked now for all the children."""
    return _next([case_of(service, need, now, calendar, coverage, facility) for need in needs])


def lasting_blocks(
    service: Service, needs: Sequence[Need], now: datetime, calendar: Calendar, coverage: Coverage
) -> Iterator[Block]:
    """Of the verdict's blocks those that no other hour of the same day would mend, for one child after the other."""
    for need in needs:
        yield from day_blocks(case_of(service, need, now, calendar, coverage, None))


HoursKnown = dict[tuple[object, ...], tuple[bool, object]]
"""What several `Bookable` of one service have found out about times, with the rules it holds for."""


class Bookable:
    """Whether the children could be had at other times, told without the reasons: many times are tried for one answer.

    The rules that hold a day long are looked at once for all times of that day and length. Facilities of a service that
    have the same rules share what they say of the `hours`.
    """

    def __init__(
        self,
        service: Service,
        needs: Sequence[Need],
        now: datetime,
        calendar: Calendar,
        coverage: Coverage,
        facility: Facility | None = None,
        hours: HoursKnown | None = None,
    ) -> None:
        self._cases = [case_of(service, need, now, calendar, coverage, facility) for need in needs]
        self._alone = facility.id if facility and calendar.closes(facility.id) else ""
        self._days: dict[tuple[date, date, timedelta], Rules | None] = {}
        self._hours: HoursKnown = {} if hours is None else hours

    def at(self, start: datetime, end: datetime) -> bool:
        """Whether no rule of the verdict blocks any of the children from `start` to a later `end`, both aware."""
        local, length = start.astimezone(SEOUL).replace(tzinfo=None), end - start
        day = (local.date(), (local + length - _MOMENT).date(), length)
        if day not in self._days:
            self._days[day] = self._rules_of_day(local, length)
        rules = self._days[day]
        if rules is None:
            return False
        key = (id(rules), self._alone, local, length)
        if key not in self._hours:
            # Whose child it is does not matter to the hour. The rules are kept, so that no others get their identity.
            case = moved(self._cases[0], local, length)
            self._hours[key] = next(time_blocks(case), None) is None, rules
        return self._hours[key][0]

    def _rules_of_day(self, start: datetime, length: timedelta) -> Rules | None:
        """The rules of the day; None where they forbid care of this length on it at any hour."""
        cases = [moved(case, start, length) for case in self._cases]
        return None if any(block for case in cases for block in day_blocks(case)) else cases[0].rules


def together(several: Sequence[Verdict]) -> Verdict:
    """Verdicts on one service for several children as one: every block and ask, fees summed, no next time.

    The fee is unknown when one of them is.
    """
    blocks: list[Block] = []
    asks: list[Ask] = []
    for one in several:
        blocks.extend(block for block in one.blocks if block not in blocks)
        asks.extend(ask for ask in one.asks if ask not in asks)
    fees = [one.fee for one in several]
    return Verdict(
        service=several[0].service,
        outcome="blocked" if blocks else "ask" if asks else "available",
        blocks=tuple(blocks),
        asks=() if blocks else tuple(asks),
        fee=None if None in fees else sum(fee for fee in fees if fee is not None),
        bring=several[0].bring,
    )


def _next(cases: Sequence[Case]) -> tuple[datetime, datetime] | None:
    """The first time on the half-hour grid, or the start itself, at which no rule blocks any of the children."""
    first = cases[0]
    if any(block.code in _OF_THE_CALL for case in cases for block in day_blocks(case)):
        return None
    length = first.end - first.start
    start = first.start if first.start >= first.now else _on_grid(first.now)
    until = start + timedelta(days=SEARCH_DAYS)
    of_days: dict[tuple[int, date, date], Block | None] = {}
    while start <= until:
        found = _first_block([moved(case, start, length) for case in cases], of_days)
        if found is None:
            return start.replace(tzinfo=SEOUL), (start + length).replace(tzinfo=SEOUL)
        block, case = found
        if "days_ahead" in block.values:
            return None
        start = _after(block, case)
    return None


def _first_block(
    cases: Sequence[Case], of_days: dict[tuple[int, date, date], Block | None]
) -> tuple[Block, Case] | None:
    """The first rule that blocks one of the children, and at which; what a day blocks is kept in `of_days`."""
    for number, case in enumerate(cases):
        key = (number, case.start.date(), (case.end - _MOMENT).date())
        if key not in of_days:
            of_days[key] = next(day_blocks(case), None)
        block = of_days[key] or next(time_blocks(case), None)
        if block is not None:
            return block, case
    return None


def _after(block: Block, case: Case) -> datetime:
    """The next start on the grid that this rule may allow; at the latest midnight, when other rules may hold."""
    start, rules = case.start, case.rules
    tomorrow = datetime.combine(start.date() + _ONE_DAY, time())
    if block.code in _OF_THE_DAY or (block.code == "cutoff_passed" and rules.booking and not rules.booking.night):
        return tomorrow
    if block.code == "outside_admission" and rules.admission is not None:
        minute = start.hour * 60 + start.minute
        opens = [window.opens for window in rules.admission.week[case.calendar.kind(start.date())]]
        later = [datetime.combine(start.date(), time()) + timedelta(minutes=one) for one in opens if one > minute]
        return min([tomorrow, *map(_on_grid, later)])
    if block.code == "outside_hours" and rules.hours is not None:
        # A stay that begins later and before the moment at which nothing is open touches it as well.
        closed_at = stay_of(rules.hours, start, case.end, case.calendar).closed_at
        if closed_at is not None:
            reopens = opens_after(rules.hours, closed_at, case.calendar) or tomorrow
            return min(tomorrow, _on_grid(reopens))
    return _on_grid(start + _MOMENT)


def _on_grid(moment: datetime) -> datetime:
    """The next half hour, or the moment itself when it is one."""
    past = timedelta(minutes=moment.minute % 30, seconds=moment.second, microseconds=moment.microsecond)
    return moment - past + _STEP if past else moment
