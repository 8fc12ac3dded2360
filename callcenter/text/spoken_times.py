"""When care is wanted, as it is said on the telephone: «20-23», «내일 6:30-9», «오늘 저녁 8시부터 11시».

A time is `[day] [part] clock - [day] [part] clock`, or its beginning alone. A day is one of `spoken_days`; a part is
새벽, 아침, 저녁 ..; a clock is 6, 6:30, 630, 1830, 8시 반, 여덟 시, 자정 or 정오; 3시간 may stand for the end, 지금 for
the start. Without a day it is today, and tomorrow where all of that is over today; on a day that cannot be counted,
such as 추석 and 평일, it is not found. Digits alone are a clock of 24 hours, but 9-6 may end in the evening; an hour
said with 시 and without a part can be before or after noon, so it has two meanings unless one of them has passed. An
end without a day is the first such time after the start. `english_times` says how it is told in English.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import NamedTuple

from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.english_times import ENGLISH_PARTS, Said, in_korean
from callcenter.text.moments import SEOUL
from callcenter.text.spoken_clocks import (
    CLOCK,
    LENGTH,
    NOON,
    SAID_CLOCK,
    NoSuchClock,
    clock_minutes,
    hours_and_minutes,
    minutes_of,
)
from callcenter.text.spoken_days import AFTER_DAY, DAY, NoSuchDay, days_of, names_another_day, written_day

_PART = rf"새벽|아침|오전|점심|낮|오후|저녁|밤|{ENGLISH_PARTS}"
_POLITE = r"(?:이?요|입니다)?"
_ABOUT = r"(?:쯤|경|\s?정도)?"
_WHEN = (
    rf"(?:from\s+)?(?:(?P<day>{DAY}){AFTER_DAY}?\s*)?(?:(?P<part>{_PART})(?:에|\s?일찍|\s?늦게)?\s*)?"
    r"(?:(?:from|at)\s+)?"
)
_TILL = (
    rf"{_ABOUT}\s*(?:(?P<english>(?<![A-Za-z])(?:to|till?|until|for(?=\s*{LENGTH}))(?![A-Za-z]))|[-~∼〜]|부터|에서)\s*"
)
_SPAN = re.compile(
    rf"{_WHEN}(?P<clock>지금|now|{CLOCK}){_TILL}"
    rf"(?:(?P<last_day>{DAY})\s*)?(?:(?P<last_part>{_PART})\s*)?(?:(?P<length>{LENGTH})|(?P<last_clock>{CLOCK}))"
    rf"{_ABOUT}(?:까지)?{_POLITE}",
    re.IGNORECASE,
)
# One number is no time; the end alone (11시까지) is not told apart from a start, so it is left as it was said.
_START = re.compile(
    rf"{_WHEN}(?P<clock>지금(?=\s?부터)|(?<=from )now|{SAID_CLOCK})"
    rf"(?:\s?부터|에|쯤|경)?{_POLITE}(?!\s*(?:(?:까지|전|이전|안|이내|후|이후|정도)(?!\w)|넘|지나))",
    re.IGNORECASE,
)
_BEFORE, _AFTER = r"(?<![0-9A-Za-z:./#-])(?=\w)", r"(?![\w:/-]|\.\d)"
_SPAN_IN_LINE = re.compile(rf"(?:(?<!\w)|(?<![^\W\d_])){_BEFORE}(?:{_SPAN.pattern}){_AFTER}", re.IGNORECASE)
_START_IN_LINE = re.compile(rf"(?<!\w){_BEFORE}(?:{_START.pattern}){_AFTER}", re.IGNORECASE)
# What stands before an end, or before numbers that are no clocks: till 11pm, ages 3 to 5.
_NO_START = re.compile(r"\b(?:till?|until|by|before|after|to|ages?|aged)$", re.IGNORECASE)

_ONE_DAY, _HALF_DAY, _ONE_HOUR = timedelta(days=1), timedelta(hours=12), timedelta(hours=1)


class TimesUnreadable(CallcenterError):
    """Not a time from when till when."""

    code = "times_unreadable"
    sentence = mark("Type from when till when: 20-23, tomorrow 6:30-9, 11/26 16-19.")


class TimesAmbiguous(CallcenterError):
    """A time that can be before or after noon, or on two days. Values: times."""

    code = "times_ambiguous"
    sentence = mark("That could be {times}. Type the hours from 0 to 24.")


class EndBeforeStart(CallcenterError):
    """The wished time ends before it begins."""

    code = "end_before_start"
    sentence = mark("The end has to be after the start. Please enter the times again.")


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """From when till when, aware datetimes in Seoul; `end` is None when only the start was said."""

    start: datetime
    end: datetime | None


class FoundTime(NamedTuple):
    """A time found in `text[start:end]` and everything it can mean, the earliest first."""

    start: int
    end: int
    spans: tuple[Span, ...]


def times_of(text: str, now: datetime) -> tuple[datetime, datetime]:
    """Start and end as aware datetimes in Seoul, of a text that holds nothing else.

    Raises TimesUnreadable, TimesAmbiguous, NoSuchDay, NoSuchClock, and EndBeforeStart when two days are given in the
    wrong order.
    """
    text = text.strip()
    found = _SPAN.fullmatch(text)
    if found is None:
        word, _blank, rest = text.partition(" ")
        if word.isalpha() and _SPAN.fullmatch(rest.strip()):
            raise NoSuchDay(day=word)
        raise TimesUnreadable
    spans = _meanings(found, now, ())
    if len(spans) > 1:
        raise TimesAmbiguous(times=", ".join(written_span(span) for span in spans))
    if spans[0].end is None:
        raise TimesUnreadable
    return spans[0].start, spans[0].end


def find_times(text: str, now: datetime, days: Sequence[date] = ()) -> tuple[FoundTime, ...]:
    """The times in a line, in their order; `days` are those said elsewhere in it, for times without one.

    What looks like a time and is none, as 25시 is not, is not found.
    """
    today = now.astimezone(SEOUL).date()
    found: list[FoundTime] = []
    for pattern in (_SPAN_IN_LINE, _START_IN_LINE):
        for match in pattern.finditer(text):
            taken = any(match.start() < one.end and one.start < match.end() for one in found)
            if taken or _NO_START.search(text[: match.start()].rstrip()):
                continue
            try:
                if (match["day"] or not days) and names_another_day(text, match.start(), match["day"], today):
                    continue
                found.append(FoundTime(match.start(), match.end(), _meanings(match, now, days)))
            except (NoSuchDay, NoSuchClock, EndBeforeStart):
                # A line is read while it is typed: what is no time yet, or never one, stays a word.
                continue
    return tuple(sorted(found))


def written_times(start: datetime, end: datetime) -> str:
    """The times as `times_of` reads them back on whatever day it is asked."""
    first, last = start.astimezone(SEOUL), end.astimezone(SEOUL)
    follows = last.date() == first.date() or (last.date() == first.date() + _ONE_DAY and last.time() <= first.time())
    second_day = "" if follows else f"{last:%Y-%m-%d} "
    return f"{first:%Y-%m-%d %H:%M}-{second_day}{last:%H:%M}"


def written_span(span: Span) -> str:
    """A time of a line as `find_times` reads it back on whatever day it is asked."""
    start = span.start.astimezone(SEOUL)
    clocks = f"{start:%H:%M}" if span.end is None else written_times(start, span.end).partition(" ")[2]
    return f"{written_day(start.date())} {clocks}"


def _meanings(found: re.Match[str], now: datetime, days: Sequence[date]) -> tuple[Span, ...]:
    """Everything the match can mean; of several meanings only those that have not begun, if there are any."""
    today = now.astimezone(SEOUL).date()
    said = in_korean(found.groupdict())
    if said["clock"] == "지금":
        return _from_now(said, now)
    spans = _spans(said, days_of(said["day"], today) if said["day"] else days or (today,), today)
    if not spans:
        raise EndBeforeStart
    # Nobody asks for care that is over.
    left = [span for span in spans if (span.end or span.start) > now]
    ahead = [span for span in left if span.start >= now]
    if not said["day"] and not days and not ahead and len(left) < len(spans):
        # Without a day what is over today is meant for tomorrow; what has begun today may be meant as well.
        left += [
            span for span in _spans(said, (today + _ONE_DAY,), today) if not left or _is_day_after(span, spans, now)
        ]
        return tuple(sorted(set(left)))
    return tuple(sorted(set(ahead or left or spans)))


def _is_day_after(span: Span, spans: Sequence[Span], now: datetime) -> bool:
    """Whether it is tomorrow what one of the spans, over by now, was today."""
    before = span.start - _ONE_DAY
    return any(one.start == before and (one.end or one.start) <= now for one in spans)


def _from_now(said: Said, now: datetime) -> tuple[Span, ...]:
    """From this minute on; at 17:40 the end of 지금부터 6시까지 can be 18:00, so soon, or twelve hours later."""
    start = now.astimezone(SEOUL).replace(second=0, microsecond=0)
    if said["day"] and start.date() not in days_of(said["day"], start.date()):
        raise NoSuchClock(clock=said["clock"] or "")
    spans = [Span(start, end) for end in _ends(said, start, start.date(), spoken=True)]
    if not spans:
        raise EndBeforeStart
    last, end = said.get("last_clock"), spans[0].end
    if last and end and end - start < _ONE_HOUR and not said.get("last_day"):
        either = len(clock_minutes(last, said.get("last_part"), spoken=True)) > 1
        spans += [Span(start, end + _HALF_DAY)] if either else []
    return tuple(spans)


def _spans(said: Said, days: Sequence[date], today: date) -> list[Span]:
    """Everything it can mean when it begins on one of the days."""
    clock, part = said["clock"] or "", said["part"]
    spoken = any("시" in (said.get(name) or "") for name in ("clock", "last_clock")) or bool(
        part or said.get("last_part") or said.get("english")
    )
    spans = [
        Span(start, end)
        for day in days
        for start in (_at(day, minutes) for minutes in clock_minutes(clock, part, spoken))
        for end in _ends(said, start, today, spoken)
    ]
    if said.get("half") == "last":
        # 8-11pm begins in that half of the day from which the end is not more than twelve hours away.
        return [span for span in spans if span.end and span.end - span.start <= _HALF_DAY]
    return spans


def _ends(said: Said, start: datetime, today: date, spoken: bool) -> Iterator[datetime | None]:
    length, clock, last_day = said.get("length"), said.get("last_clock"), said.get("last_day")
    if length:
        hours, minutes = hours_and_minutes(length.replace("시간", "시"))
        if hours or minutes:
            yield start + timedelta(hours=hours, minutes=minutes)
        return
    if not clock:
        yield None
        return
    choices = clock_minutes(clock, said.get("last_part"), spoken)
    if last_day:
        ends = [_at(day, minutes) for day in days_of(last_day, today) for minutes in choices]
        yield from (end for end in ends if end > start)
        return
    if not spoken and clock.isdigit() and not clock.startswith("0") and (said["clock"] or "").isdigit():
        afternoon = start.replace(hour=0, minute=0) + timedelta(minutes=minutes_of(clock) + NOON)
        if minutes_of(clock) <= start.hour * 60 + start.minute and 0 < minutes_of(clock) <= NOON and afternoon > start:
            # 9-6 is till six in the evening as well as till the next morning.
            yield afternoon
    midnight = start.replace(hour=0, minute=0)
    ends = [midnight + timedelta(days=days, minutes=minutes) for days in (-1, 0, 1) for minutes in choices]
    yield min(end for end in ends if end > start)


def _at(day: date, minutes: int) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=SEOUL) + timedelta(minutes=minutes)
