"""When care is wanted, as an operator types it while listening: «20-23», «내일 6:30-9», «11/26 22-06».

The grammar is small on purpose: `[day] clock-[day] clock`. A day is 오늘, 내일, 모레, today, tomorrow, 11/26 or
2026-11-26; a clock is 6, 6:30, 630 or 1830. Without a day it is today; an end that is not after the start is on the
next day.
"""

import re
from datetime import date, datetime, timedelta

from callcenter.desk.requests import EndBeforeStart
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.hangul import to_hangul
from callcenter.text.moments import SEOUL

_DAYS_AHEAD = {"오늘": 0, "내일": 1, "모레": 2, "today": 0, "tomorrow": 1}
_DAY = r"\d{4}-\d{1,2}-\d{1,2}|\d{1,2}[/.]\d{1,2}|[^\W\d_]+"
_CLOCK = r"\d{1,2}:\d{2}|\d{1,4}"
_SPAN = re.compile(rf"(?:({_DAY})\s+)?({_CLOCK})\s*[-~]\s*(?:({_DAY})\s+)?({_CLOCK})")
_ONE_DAY = timedelta(days=1)
_MINUTES_OF_A_DAY = 24 * 60


class TimesUnreadable(CallcenterError):
    """Not a time from when till when."""

    code = "times_unreadable"
    sentence = mark("Type from when till when: 20-23, tomorrow 6:30-9, 11/26 16-19.")


class NoSuchDay(CallcenterError):
    """No day of the calendar, or no word for one. Values: day."""

    code = "no_such_day"
    sentence = mark("There is no day «{day}». Type today, tomorrow, 11/26 or 2026-11-26.")


class NoSuchClock(CallcenterError):
    """No time of the day. Values: clock."""

    code = "no_such_clock"
    sentence = mark("There is no time «{clock}». Hours go from 0 to 24, minutes to 59.")


def times_of(text: str, now: datetime) -> tuple[datetime, datetime]:
    """Start and end as aware datetimes in Seoul.

    Raises TimesUnreadable, NoSuchDay, NoSuchClock, and EndBeforeStart when two days are given in the wrong order.
    """
    found = _SPAN.fullmatch(text.strip())
    if found is None:
        raise TimesUnreadable
    first_day, first_clock, last_day, last_clock = found.groups()
    today = now.astimezone(SEOUL).date()
    day = day_of(first_day, today) if first_day else today
    start = _at(day, minutes_of(first_clock))
    end = _at(day_of(last_day, today) if last_day else day, minutes_of(last_clock))
    if end <= start:
        if last_day:
            raise EndBeforeStart
        end += _ONE_DAY
    return start, end


def written_times(start: datetime, end: datetime) -> str:
    """The times as `times_of` reads them back on whatever day it is asked."""
    first, last = start.astimezone(SEOUL), end.astimezone(SEOUL)
    follows = last.date() == first.date() or (last.date() == first.date() + _ONE_DAY and last.time() <= first.time())
    second_day = "" if follows else f"{last:%Y-%m-%d} "
    return f"{first:%Y-%m-%d %H:%M}-{second_day}{last:%H:%M}"


def day_of(text: str, today: date) -> date:
    """The day that a word or a date means; a month and a day are the next such day from today on."""
    word = text.casefold()
    ahead = _DAYS_AHEAD.get(word, _DAYS_AHEAD.get(to_hangul(word)))
    if ahead is not None:
        return today + timedelta(days=ahead)
    numbers = [int(number) for number in re.findall(r"\d+", text)]
    try:
        if len(numbers) == 3:
            return date(*numbers)
        month, day = numbers
        this_year = date(today.year, month, day)
        return this_year if this_year >= today else this_year.replace(year=today.year + 1)
    except ValueError as error:
        raise NoSuchDay(day=text) from error


def minutes_of(clock: str) -> int:
    """Minutes since midnight of 6, 6:30, 630 or 1830; 24:00 is the midnight that ends the day."""
    if ":" in clock:
        hours, minutes = map(int, clock.split(":"))
    elif len(clock) <= 2:
        hours, minutes = int(clock), 0
    else:
        hours, minutes = divmod(int(clock), 100)
    if minutes >= 60 or hours * 60 + minutes > _MINUTES_OF_A_DAY:
        raise NoSuchClock(clock=clock)
    return hours * 60 + minutes


def _at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL) + timedelta(minutes=minutes)
