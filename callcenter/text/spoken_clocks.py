"""A clock as it is said on the telephone: 6, 6:30, 630, 8시 반, 여덟 시, 자정, 정오."""

from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.text.english_times import ENGLISH_CLOCKS, ENGLISH_HOURS

_HOURS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열한": 11, "열두": 12,
}  # fmt: skip

_HANGUL_HOUR = "|".join(sorted(_HOURS, key=len, reverse=True))
# A number of three digits that begins with 0 is the prefix of a telephone number.
SAID_CLOCK = (
    rf"{ENGLISH_CLOCKS}|\d{{1,2}}:\d{{2}}(?!\d)|(?:\d{{1,2}}|{_HANGUL_HOUR})\s?시(?!간)(?:\s?반|\s?\d{{1,2}}\s?분|[0-5]\d(?!\d))?"
    r"|자정|정오"
)
"""A clock that is told as such, as a pattern."""
CLOCK = rf"{SAID_CLOCK}|(?!0\d\d(?!\d))\d{{1,4}}(?!\d)"
"""A clock, or digits that can be one, as a pattern."""
LENGTH = rf"\d{{1,2}}\s?(?:시간(?:\s?반|\s?\d{{1,2}}\s?분)?|{ENGLISH_HOURS})"
"""How long, as a pattern."""
NOON = 12 * 60
"""Minutes since midnight."""
_MINUTES_OF_A_DAY = 24 * 60
_FIRST_AND_LAST_HOUR_AFTER_NOON = {"낮": (1, 5), "점심": (1, 4), "오후": (1, 11), "저녁": (1, 11), "밤": (6, 11)}
_TWELVE = {"새벽": 0, "오전": 0, "아침": 0, "밤": _MINUTES_OF_A_DAY, "저녁": _MINUTES_OF_A_DAY}


class NoSuchClock(CallcenterError):
    """No time of the day. Values: clock."""

    code = "no_such_clock"
    sentence = mark("There is no time «{clock}». Hours go from 0 to 24, minutes to 59.")


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


def clock_minutes(clock: str, part: str | None, spoken: bool) -> tuple[int, ...]:
    """Minutes since midnight the clock can mean; after 24 hours is the day that follows."""
    if clock == "자정":
        return (0, _MINUTES_OF_A_DAY)
    if clock == "정오":
        return (NOON,)
    hours, minutes = hours_and_minutes(clock) if "시" in clock else divmod(minutes_of(clock), 60)
    if minutes >= 60 or hours * 60 + minutes > _MINUTES_OF_A_DAY:
        raise NoSuchClock(clock=clock)
    at = hours * 60 + minutes
    if not 1 <= hours <= 12:
        return (at,)
    if part is not None:
        return _in_part(hours, minutes, part)
    if not spoken or clock.startswith("0"):
        return (at,)
    return (at, at + NOON)


def _in_part(hours: int, minutes: int, part: str) -> tuple[int, ...]:
    at = hours * 60 + minutes
    if hours == 12:
        return (_TWELVE.get(part, NOON) + minutes,)
    first, last = _FIRST_AND_LAST_HOUR_AFTER_NOON.get(part, (13, 13))
    if first <= hours <= last:
        return (at + NOON,)
    # 밤 1시: the night that begins this evening, or the one that ends this morning.
    return (at, at + _MINUTES_OF_A_DAY) if part == "밤" else (at,)


def hours_and_minutes(clock: str) -> tuple[int, int]:
    """8시 반 as 8 and 30; also of a length whose 시간 is told as 시."""
    hour, _sign, rest = clock.partition("시")
    hour, rest = hour.strip(), rest.strip()
    minutes = 30 if rest == "반" else int(rest.removesuffix("분").strip() or 0)
    return _HOURS.get(hour) or int(hour), minutes
