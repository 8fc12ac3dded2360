"""A day as it is said on the telephone: 오늘, 모레, 토요일, 다음 주 월요일, 26일, 11/26, 2026-11-26(목)."""

import re
from datetime import date, datetime, timedelta
from typing import NamedTuple

from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.hangul import to_keys
from callcenter.text.moments import SEOUL

_DAYS_AHEAD = {
    "오늘": 0, "금일": 0, "내일": 1, "낼": 1, "모레": 2, "낼모레": 2, "내일모레": 2, "글피": 3,
}  # fmt: skip
_DAYS_AHEAD |= {to_keys(word): ahead for word, ahead in _DAYS_AHEAD.items()}
_DAYS_AHEAD |= {"today": 0, "tonight": 0, "tomorrow": 1, "day after tomorrow": 2}
_WEEKDAYS = "월화수목금토일"
_ENGLISH_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_SATURDAY = 5
_WEEKS_AHEAD = {"이번": 0, "this": 0, "다음": 1, "담": 1, "next": 1, "다다음": 2}
_FIXED_DAYS = {
    "신정": (1, 1), "삼일절": (3, 1), "어린이날": (5, 5), "현충일": (6, 6), "제헌절": (7, 17), "광복절": (8, 15),
    "개천절": (10, 3), "한글날": (10, 9), "크리스마스이브": (12, 24), "크리스마스": (12, 25), "성탄절": (12, 25),
    "christmaseve": (12, 24), "christmas": (12, 25),
}  # fmt: skip
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_YEARS = range(2000, 2100)

_IN_BRACKETS = rf"(?:\s?\([{_WEEKDAYS}]\))?"
_DATE = rf"(?:\d{{4}}-\d{{1,2}}-\d{{1,2}}|\d{{1,2}}[/.]\d{{1,2}}){_IN_BRACKETS}(?!\d)"
_ENGLISH_DATE = rf"(?:{'|'.join(_MONTHS)})[a-z]{{0,6}}\.?\s\d{{1,2}}(?:st|nd|rd|th)?(?!\w)"
_WORDS = "|".join(
    sorted(
        (*_DAYS_AHEAD, r"(?:내일|낼)\s모레", r"크리스마스\s?이브", r"christmas\s?eve", *_FIXED_DAYS),
        key=len,
        reverse=True,
    )
)
_CALENDAR = r"(?:\d{1,2}월\s?)?\d{1,2}일"
_WEEK = r"(?:이번|다음|담|다다음)\s?주\s?"
_WEEKEND = r"(?:(?:이번|다음|담)\s?)?주말(?!\s?(?:출근|근무))|(?:(?:this|next)\s)?weekend(?!\w)"
_ENGLISH_WEEK = r"(?:(?:this|next)\s)"
_ENGLISH_SHORT = r"(?:mon|tues?|wed|thu|thur|thurs|fri|sat|sun)\b\.?"
DAY = (
    rf"(?:(?:{_DATE})(?=\s)|{_CALENDAR}|(?:{_WEEK})?[{_WEEKDAYS}](?:요일|욜)?|{_WEEKEND}|{_ENGLISH_DATE}"
    rf"|{_ENGLISH_WEEK}?(?:{'|'.join(_ENGLISH_WEEKDAYS)}|{_ENGLISH_SHORT})|{_WORDS})"
)
"""A day before a clock, as a pattern."""
AFTER_DAY = r"(?:날에|날|에|은|이요|요|도)"
"""What may follow a day in speech and does not change it."""
# Without a clock behind it one syllable is no day: 수, 일 and 화 are other words as well.
_LONE_DAY = re.compile(
    rf"(?<![\w./~-])(?P<said>{_DATE}|\d{{1,2}}월\s?\d{{1,2}}일|(?:{_WEEK})[{_WEEKDAYS}](?:요일|욜)?|[{_WEEKDAYS}](?:요일|욜)"
    rf"|{_WEEKEND}|{_ENGLISH_DATE}|{_ENGLISH_WEEK}?(?:{'|'.join(_ENGLISH_WEEKDAYS)})|{_WORDS}){AFTER_DAY}?(?!\s?~|[\w./-])",
    re.IGNORECASE,
)
# Said and not to be counted here: a feast by the moon, several days, a week or a month without its day.
_UNCOUNTED = re.compile(
    r"추석|설날|(?<!\w)설(?:에|연휴|당일|\s)|구정|연휴|명절|부처님|석가탄신|휴일|평일|주말(?!부부)|매일|매주|격주|월말|말일|날마다"
    r"|(?:이번|다음|담|지난|저번)\s?[주달]|내년\s?\d|일간|일\s?동안|이틀|사흘|나흘|연속|내내|\d[/.]\d{1,2}\s?[~-]"
    rf"|(?:요일|욜|\d일|오늘|내일|낼|모레|글피)\s?(?:부터|까지|마다|[,~-])|(?<![가-힣])[{_WEEKDAYS}]{{2,7}}(?![가-힣])"
    rf"|(?<![가-힣])[{_WEEKDAYS}]\s?[,~/-]\s?[{_WEEKDAYS}](?![가-힣])"
    r"|\b(?:weekdays?|weekends?|every|daily|each|next (?:week|month)|chuseok|seollal|holidays?)\b",
    re.IGNORECASE,
)
# Makes several days, or another one, of the day behind it. Nobody asks for care in the past.
_NOT_THAT_DAY = re.compile(
    r"(?:(?:다음|담)\s?달|내년|(?:지난|저번)\s?주?"
    rf"|(?:(?<![가-힣])[{_WEEKDAYS}]|요일|욜|\d일|(?<!\w)(?:오늘|내일|낼|모레))\s?(?:[,~/]|하고|이랑|랑|와|과)"
    r"|\b(?:last|every|each|next (?:week|month)))$",
    re.IGNORECASE,
)
_DAY_BEFORE = re.compile(rf"(?<!\w)(?:{_CALENDAR}|(?:{_WEEK})?[{_WEEKDAYS}](?:요일|욜)|{_WORDS})$", re.IGNORECASE)
_FIRST_OF_SEVERAL = re.compile(r"\d\s?[,~-]$")
_PAST = re.compile(r"(?:어제|그제|그저께|지난\s?주|저번\s?주|yesterday|last (?:week|night))$", re.IGNORECASE)


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
            found.append(FoundDay(match.start(), match.end(), days_of(match["said"], today)))
        except NoSuchDay:
            continue
    return tuple(found)


def names_another_day(text: str, start: int, own: str | None, today: date) -> bool:
    """Whether a time at `start` is on a day that cannot be counted: 추석 9-18, 다음 달 3일 9-12, 26~28일 9-12.

    `own` is the day that stands in the time itself; only what is before it can make another day of that, or several:
    오늘 내일 20-22. The same day told in another way, 내일 수요일, makes none. Raises NoSuchDay.
    """
    before = text[:start].rstrip()
    if own:
        several = own[0].isdigit() and _FIRST_OF_SEVERAL.search(before)
        told = _DAY_BEFORE.search(before)
        other = told is not None and not {*days_of(told[0], today)} & {*days_of(own, today)}
        return bool(several or other or _NOT_THAT_DAY.search(before))
    return _PAST.search(before) is not None or _UNCOUNTED.search(text) is not None


def written_day(day: date) -> str:
    """A day that cannot be taken for a birth date: 2026-11-24(화)."""
    return f"{day:%Y-%m-%d}({_WEEKDAYS[day.weekday()]})"


def days_of(text: str, today: date) -> tuple[date, ...]:
    """The days a word or a date can mean; a month and a day, or a day of the week, are the next such from today on.

    The name of today's weekday is today or a week later. Raises NoSuchDay.
    """
    word = " ".join(re.sub(rf"\s?\([{_WEEKDAYS}]\)$", "", text.casefold().strip()).split())
    closed = word.replace(" ", "")
    ahead = _DAYS_AHEAD.get(word, _DAYS_AHEAD.get(closed))
    if ahead is not None:
        return (today + timedelta(days=ahead),)
    fixed = _FIXED_DAYS.get(closed)
    if fixed is not None:
        return (_next_day_of_year(*fixed, today),)
    of_week = _days_of_week(word, today)
    if of_week:
        return of_week
    numbers = [int(number) for number in re.findall(r"\d+", word)]
    if word[:3] in _MONTHS:
        numbers.insert(0, _MONTHS.index(word[:3]) + 1)
    try:
        if len(numbers) == 3:
            if numbers[0] not in _YEARS:
                raise NoSuchDay(day=text)
            return (date(*numbers),)
        if len(numbers) == 1:
            return (_next_day_of_month(numbers[0], today),)
        month, day = numbers
        return (_next_day_of_year(month, day, today),)
    except ValueError as error:
        raise NoSuchDay(day=text) from error


def _days_of_week(word: str, today: date) -> tuple[date, ...]:
    """The days that a weekday or a weekend can be; none when the word is neither."""
    found = re.fullmatch(
        rf"(?:(이번|다음|담|다다음)\s?주?\s?)?(?:([{_WEEKDAYS}])(?:요일|욜)?|주말)|(?:(this|next)\s)?(?:([a-z]{{3,}}?)\.?)",
        word,
    )
    if found is None:
        return ()
    week, english = found[1] or found[3], found[4]
    if english and english != "weekend":
        numbers = [number for number, name in enumerate(_ENGLISH_WEEKDAYS) if name.startswith(english)]
    else:
        numbers = [_WEEKDAYS.index(found[2])] if found[2] else [_SATURDAY, _SATURDAY + 1]
    days: list[date] = []
    for number in numbers:
        wait = (number - today.weekday()) % 7
        coming = today + timedelta(days=wait)
        if week == "next":
            # Of the coming Monday and of the one after it people say «next».
            days += [coming, coming + timedelta(days=7)] if wait else [coming + timedelta(days=7)]
        elif week:
            days.append(today + timedelta(days=number - today.weekday() + 7 * _WEEKS_AHEAD[week]))
        elif wait or len(numbers) > 1:
            days.append(coming)
        else:
            days += [today, today + timedelta(days=7)]
    return tuple(sorted(days))


def _next_day_of_year(month: int, day: int, today: date) -> date:
    this_year = date(today.year, month, day)
    return this_year if this_year >= today else this_year.replace(year=today.year + 1)


def _next_day_of_month(day: int, today: date) -> date:
    if day >= today.day:
        return today.replace(day=day)
    return (today.replace(day=1) + timedelta(days=31)).replace(day=day)
