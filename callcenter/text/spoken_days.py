"""A day as it is said on the telephone: 오늘, 모레, 토요일, 다음 주 월요일, 26일, 11/26, 2026-11-26(목)."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.hangul import to_keys
from callcenter.text.moments import SEOUL

_DAYS_AHEAD = {"오늘": 0, "금일": 0, "내일": 1, "낼": 1, "모레": 2, "글피": 3, "today": 0, "tomorrow": 1}
_DAYS_AHEAD |= {to_keys(word): ahead for word, ahead in _DAYS_AHEAD.items() if not word.isascii()}
_WEEKDAYS = "월화수목금토일"
_WEEKS_AHEAD = {"이번": 0, "다음": 1, "담": 1}
_YEARS = range(2000, 2100)

_IN_BRACKETS = rf"(?:\s?\([{_WEEKDAYS}]\))?"
_DATE = rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}){_IN_BRACKETS}(?!\d)"
_WORDS = "|".join(sorted(_DAYS_AHEAD, key=len, reverse=True))
_CALENDAR = r"(?:\d{1,2}월\s?)?\d{1,2}일"
_WEEK = r"(?:이번|다음|담)\s?주\s?"
DAY = rf"(?:(?:{_DATE})(?=\s)|{_CALENDAR}|(?:{_WEEK})?[{_WEEKDAYS}](?:요일)?|{_WORDS})"
"""A day before a clock, as a pattern."""
# Without a clock behind it one syllable is no day: 수, 일 and 화 are other words as well.
_LONE_DAY = re.compile(
    rf"(?<![\w./-])(?:{_DATE}|\d{{1,2}}월\s?\d{{1,2}}일|(?:{_WEEK})[{_WEEKDAYS}](?:요일)?|[{_WEEKDAYS}]요일|{_WORDS})"
    r"(?:에|은|이요|요)?(?![\w./-])",
    re.IGNORECASE,
)


class NoSuchDay(CallcenterError):
    """No day of the calendar, or no word for one. Values: day."""

    code = "no_such_day"
    sentence = mark("There is no day «{day}». Type today, tomorrow, 11/26 or 2026-11-26.")


class FoundDay(NamedTuple):
    """A day found in `text[start:end]` that no clock follows, and everything it can mean."""

    start: int
    end: int
    days: tuple[date, ...]


def find_days(text: str, now: datetime) -> tuple[FoundDay, ...]:
    """The days in a line that no clock follows, in their order; call it for what `find_times` left."""
    today = now.astimezone(SEOUL).date()
    found = []
    for match in _LONE_DAY.finditer(text):
        try:
            said = re.sub(r"(?:에|은|이요|요)$", "", match[0])
            found.append(FoundDay(match.start(), match.end(), days_of(said, today)))
        except NoSuchDay:
            continue
    return tuple(found)


def written_day(day: date) -> str:
    """A day that cannot be taken for a birth date: 2026-11-24(화)."""
    return f"{day:%Y-%m-%d}({_WEEKDAYS[day.weekday()]})"


def days_of(text: str, today: date) -> tuple[date, ...]:
    """The days a word or a date can mean; a month and a day, or a day of the week, are the next such from today on.

    The name of today's weekday is today or a week later. Raises NoSuchDay.
    """
    word = re.sub(rf"\s?\([{_WEEKDAYS}]\)$", "", text.casefold().strip())
    ahead = _DAYS_AHEAD.get(word)
    if ahead is not None:
        return (today + timedelta(days=ahead),)
    weekday = re.fullmatch(rf"(?:(이번|다음|담)\s?주\s?)?([{_WEEKDAYS}])(?:요일)?", word)
    if weekday:
        number = _WEEKDAYS.index(weekday[2])
        if weekday[1]:
            monday = today - timedelta(days=today.weekday())
            return (monday + timedelta(days=number + 7 * _WEEKS_AHEAD[weekday[1]]),)
        wait = (number - today.weekday()) % 7
        return (today + timedelta(days=wait),) if wait else (today, today + timedelta(days=7))
    numbers = [int(number) for number in re.findall(r"\d+", word)]
    try:
        if len(numbers) == 3:
            if numbers[0] not in _YEARS:
                raise NoSuchDay(day=text)
            return (date(*numbers),)
        if len(numbers) == 1:
            return (_next_day_of_month(numbers[0], today),)
        month, day = numbers
        this_year = date(today.year, month, day)
        return (this_year if this_year >= today else this_year.replace(year=today.year + 1),)
    except ValueError as error:
        raise NoSuchDay(day=text) from error


def _next_day_of_month(day: int, today: date) -> date:
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)
