"""When care can take place: the days of opening a stay falls on, and where it leaves the opening hours."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

from callcenter.care.calendar import Calendar
from callcenter.care.rules import DAY_MINUTES, Hours, Window

_LONGEST_WALK = 40


class Stay(NamedTuple):
    """The days of opening a stay falls on, how many it touches, and the first moment at which nothing is open."""

    days: tuple[date, ...]
    touched: int
    closed_at: datetime | None

    @property
    def outside(self) -> date | None:
        """The first day whose hours it leaves."""
        return self.closed_at.date() if self.closed_at else None


def stay_of(hours: Hours | None, start: datetime, end: datetime, calendar: Calendar) -> Stay:
    """The stay from `start` to `end` (naive, Seoul) against opening hours; without hours it is open always.

    What lies after midnight belongs to the day whose hours run past midnight: with hours from 07:30 to
    07:30 of the next day, 02:00 on a Sunday is Saturday's. A day is touched when a moment of it is.
    """
    if hours is None:
        last = (end - timedelta(microseconds=1)).date()
        count = (last - start.date()).days + 1
        days = tuple(start.date() + timedelta(days=one) for one in range(min(count, _LONGEST_WALK)))
        return Stay(days, count, None)
    return stay_under(lambda day: hours.week[calendar.kind(day)], start, end)


def stay_under(windows_on: Callable[[date], Iterable[Window]], start: datetime, end: datetime) -> Stay:
    """The stay from `start` to `end` (naive, Seoul) against the windows that begin on each day."""
    found: list[date] = []
    cursor = start
    while cursor < end and len(found) < _LONGEST_WALK:
        opened = open_at(windows_on, cursor)
        if opened is None:
            left = (end - cursor) // timedelta(days=1)
            return Stay(tuple(found), len(found) + left + 1, cursor)
        day, cursor = opened
        if not found or found[-1] != day:
            found.append(day)
    return Stay(tuple(found), len(found), None)


def open_at(windows_on: Callable[[date], Iterable[Window]], moment: datetime) -> tuple[date, datetime] | None:
    """The day whose hours are open at a moment, and when they close; of several the latest to close."""
    today = moment.date()
    minute = moment.hour * 60 + moment.minute
    best: tuple[date, datetime] | None = None
    for day, at in ((today, minute), (today - timedelta(days=1), minute + DAY_MINUTES)):
        for window in windows_on(day):
            if window.opens <= at < window.closes:
                closes = datetime.combine(day, time()) + timedelta(minutes=window.closes)
                if best is None or closes > best[1]:
                    best = (day, closes)
    return best


def opens_after(hours: Hours, moment: datetime, calendar: Calendar) -> datetime | None:
    """When hours begin next on the day of a moment at which nothing is open; None when none do."""
    today = moment.date()
    minute = moment.hour * 60 + moment.minute
    opens = [
        window.opens - past
        for day, past in ((today, 0), (today - timedelta(days=1), DAY_MINUTES))
        for window in hours.week[calendar.kind(day)]
        if window.opens - past > minute
    ]
    return datetime.combine(today, time()) + timedelta(minutes=min(opens)) if opens else None


def week_windows(hours: Hours | None, day: date, calendar: Calendar) -> tuple[Window, ...]:
    """The hours of a day, none when nothing is known."""
    return hours.week[calendar.kind(day)] if hours else ()
