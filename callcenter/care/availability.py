"""When a provider is there, half hour by half hour, and so how many places each of its groups has in each of them."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import NamedTuple

from callcenter.care.calendar import SEOUL, Calendar
from callcenter.care.need import Facility
from callcenter.care.opening import stay_under
from callcenter.care.own_rules import Windows, own_hours
from callcenter.care.places import slot_start, slots
from callcenter.care.programs import Service
from callcenter.care.rules import DAY_MINUTES, Closing, Hours, Window
from callcenter.care.rulings import Block

SLOT_MINUTES = 30
SLOTS_OF_A_DAY = 48
# Slots count from midnight UTC; a day in Seoul begins nine hours earlier, and has no summer time.
_SEOUL_AHEAD = 18
_FIRST_ORDINAL = date(1970, 1, 1).toordinal()
_ALL_DAY = (1 << SLOTS_OF_A_DAY) - 1
_KEPT_DAYS = 50_000
_ONE_DAY = timedelta(days=1)


class Closed(NamedTuple):
    """A closure (휴원) of a provider: the slots from `first` up to but not including `end`, and why."""

    first: int
    end: int
    reason: str


class Roster(NamedTuple):
    """When a home-visit carer works: by day of the week from Monday, on public holidays, and on single days.

    `holiday` None means that a holiday is a day like others. A single day goes before both.
    """

    week: tuple[Windows, ...]
    holiday: Windows | None = None
    days: tuple[tuple[date, Windows], ...] = ()


class Shift(NamedTuple):
    """Who is on duty from slot `first` up to but not including `end`."""

    first: int
    end: int
    keepers: tuple[str, ...]


class DutyPlan(NamedTuple):
    """A duty plan (근무표): what it covers, and the shifts known of it. Where it covers and names nobody, nobody is."""

    first: int
    end: int
    shifts: tuple[Shift, ...]


class Times(NamedTuple):
    """What a provider has told of when it is there; without a roster or a plan its opening hours say it all."""

    closures: tuple[Closed, ...] = ()
    roster: Roster | None = None
    plan: DutyPlan | None = None


NO_TIMES = Times()


class Presence(NamedTuple):
    """A provider over a window: bit no. i of `open` is set when it is open at some moment of the i-th slot.

    `most` is how many children those on duty may have in each slot, None where nobody knows who is; without a duty
    plan it is None as a whole.
    """

    open: int
    most: tuple[int | None, ...] | None = None

    def shut(self, number: int) -> bool:
        """Whether nobody takes children in the slot of this number, whatever places there are."""
        return not self.open >> number & 1 or (self.most is not None and self.most[number] == 0)


class Openings:
    """Opening hours as bits of half hours; each day of the same hours is worked out once."""

    def __init__(self, calendar: Calendar) -> None:
        self._calendar = calendar
        self._days: dict[tuple[object, ...], tuple[int, tuple[object, ...]]] = {}

    def mask(self, service: Service, facility: Facility, window: range) -> int:
        """Bit no. i is set when the provider's hours are open at some moment of the window's i-th slot.

        Unknown hours are open ones; festivals on which the service is shut, and closures of the calendar, are not.
        """
        return _over_days(window, lambda day: self._day(service, facility, day))

    def _day(self, service: Service, facility: Facility, day: date) -> int:
        today = service.rules_on(day, facility.region, facility.id)
        before = service.rules_on(day - _ONE_DAY, facility.region, facility.id)
        parts = (today.hours, today.closing, before.hours, before.closing)
        alone = facility.id if self._calendar.closes(facility.id) else ""
        key = (day, service.id, facility.own.hours, alone, *map(id, parts))
        known = self._days.get(key)
        if known is None:
            if len(self._days) >= _KEPT_DAYS:
                self._days.clear()
            mask = self._opened(service, facility, day, today.hours, today.closing, ahead=0)
            mask |= self._opened(service, facility, day - _ONE_DAY, before.hours, before.closing, ahead=DAY_MINUTES)
            # The parts are kept, so that no other rule can come to have the identity of one of them.
            known = self._days[key] = mask, parts
        return known[0]

    def _opened(
        self,
        service: Service,
        facility: Facility,
        day: date,
        hours: Hours | None,
        closing: Closing | None,
        *,
        ahead: int,
    ) -> int:
        """The half hours, of the day `ahead` minutes after it begins, that the day's own hours open."""
        calendar = self._calendar
        if closing is not None and calendar.festivals(day) & closing.festivals:
            return 0
        if calendar.closure(service.id, day) or calendar.closure(facility.id, day):
            return 0
        hours = own_hours(hours, facility.own.hours, facility.id)
        if hours is None:
            return 0 if ahead else _ALL_DAY
        return _bits(hours.week[calendar.kind(day)], ahead)


def presence(window: range, opened: int, times: Times, children_per_keeper: int | None, calendar: Calendar) -> Presence:
    """The provider over the window: open by its hours (`opened`, as `Openings.mask` says), and there by its times."""
    if times is NO_TIMES:
        return Presence(opened)
    for closure in times.closures:
        opened &= ~_span(closure.first - window.start, closure.end - window.start)
    if times.roster is not None:
        roster = times.roster
        opened &= _over_days(window, lambda day: _rostered(roster, day, calendar))
    most = _most(window, times.plan, children_per_keeper) if times.plan is not None else None
    return Presence(opened, most)


# Thousands of groups have few different hours and numbers of places.
@lru_cache(maxsize=4096)
def capacity(places: int | None, window: range, at: Presence) -> tuple[int | None, ...]:
    """How many places a group has in each slot of the window; 0 where it is shut, None where nobody knows.

    With a duty plan the places follow who is on duty, and are never more than the group has; such a provider has one
    group.
    """
    if at.most is None:
        if at.open == (1 << len(window)) - 1:
            return (places,) * len(window)
        return tuple(places if at.open >> i & 1 else 0 for i in range(len(window)))
    return tuple(_least(places, most) if at.open >> i & 1 else 0 for i, most in enumerate(at.most))


def absences(start: datetime, end: datetime, times: Times, at: Presence, calendar: Calendar) -> tuple[Block, ...]:
    """Why the provider is not there for the whole of the care: a closure, its roster, or nobody on duty."""
    if times is NO_TIMES:
        return ()
    found: list[Block] = []
    window = slots(start, end)
    closure = next((one for one in times.closures if one.first < window.stop and window.start < one.end), None)
    if closure is not None:
        day = slot_start(max(closure.first, window.start)).astimezone(SEOUL).date()
        found.append(Block("closed_day", {"day": day, "reason": closure.reason}))
    if times.roster is not None:
        roster = times.roster
        first, last = (one.astimezone(SEOUL).replace(tzinfo=None) for one in (start, end))
        stay = stay_under(lambda day: _windows_on(roster, day, calendar), first, last)
        if stay.closed_at is not None:
            found.append(Block("off_roster"))
    if at.most is not None and 0 in at.most:
        found.append(Block("no_duty"))
    return tuple(found)


def day_of(slot: int) -> date:
    """The day in Seoul on which the slot lies."""
    return date.fromordinal(_FIRST_ORDINAL + (slot + _SEOUL_AHEAD) // SLOTS_OF_A_DAY)


def _least(places: int | None, most: int | None) -> int | None:
    if most is None:
        return 0 if places == 0 else None
    return most if places is None else min(places, most)


def _over_days(window: range, of_day: Callable[[date], int]) -> int:
    """The bits of a window, out of those of its days."""
    before = (window.start + _SEOUL_AHEAD) % SLOTS_OF_A_DAY
    days = range(-(-(before + len(window)) // SLOTS_OF_A_DAY))
    first = day_of(window.start)
    bits = 0
    for number in days:
        bits |= of_day(first + number * _ONE_DAY) << (number * SLOTS_OF_A_DAY)
    return bits >> before & ((1 << len(window)) - 1)


def _windows_on(roster: Roster, day: date, calendar: Calendar) -> Windows:
    """When the carer works on the windows that begin on a day."""
    for single, windows in roster.days:
        if single == day:
            return windows
    if roster.holiday is not None and calendar.kind(day) == "holiday":
        return roster.holiday
    return roster.week[day.weekday()]


def _rostered(roster: Roster, day: date, calendar: Calendar) -> int:
    after_midnight = _bits(_windows_on(roster, day - _ONE_DAY, calendar), DAY_MINUTES)
    return _bits(_windows_on(roster, day, calendar), 0) | after_midnight


def _bits(windows: Iterable[Window], ahead: int) -> int:
    """The half hours of the day `ahead` minutes after the windows' own that they touch."""
    bits = 0
    for window in windows:
        first = (window.opens - ahead) // SLOT_MINUTES
        end = -((ahead - window.closes) // SLOT_MINUTES)
        bits |= _span(first, min(end, SLOTS_OF_A_DAY))
    return bits


def _span(first: int, end: int) -> int:
    """The bits from `first` up to but not including `end`, as far as there are such."""
    first, end = max(first, 0), max(end, 0)
    return ((1 << end) - 1) & ~((1 << first) - 1) if end > first else 0


def _most(window: range, plan: DutyPlan, children_per_keeper: int | None) -> tuple[int | None, ...]:
    """How many children those on duty may have in each slot; beyond the plan nobody knows who will be there."""
    found: list[int | None] = []
    for slot in window:
        if not plan.first <= slot < plan.end:
            found.append(None)
            continue
        there = {keeper for shift in plan.shifts if shift.first <= slot < shift.end for keeper in shift.keepers}
        found.append(0 if not there else None if children_per_keeper is None else len(there) * children_per_keeper)
    return tuple(found)
