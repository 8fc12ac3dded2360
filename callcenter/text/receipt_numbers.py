"""Receipt numbers (접수번호) as people type them: A-1121-007, a1121007, 1121-7, or only 007."""

import re
from collections.abc import Sequence
from datetime import date, timedelta
from typing import NamedTuple

_WITH_DESK = re.compile(r"-?(\d{4})-?(\d{1,6})")
_WITH_DAY = re.compile(r"(\d{4})(?:-(\d{1,6})|(\d{3,6}))")
_COUNTER = re.compile(r"\d{1,6}")
_DAYS_BACK = 6


class Numbers(NamedTuple):
    """What a word may mean: the numbers it names, others it may stand for, and the ending of any others, `-007`."""

    named: frozenset[str] = frozenset()
    near: frozenset[str] = frozenset()
    ending: str = ""


def receipt_number(desk: str, day: str, counter: int) -> str:
    """The number as it is kept: `day` is the month and the day in four digits."""
    return f"{desk}-{day}-{counter:03d}"


def read_numbers(word: str, desks: Sequence[str], today: date) -> Numbers:
    """The numbers of these desks that a word may mean; a counter alone names today's, and may be of the days before."""
    typed = word.upper()
    if not typed.isascii():
        return Numbers()
    for desk in sorted(desks, key=len, reverse=True):
        if typed.startswith(desk) and (found := _WITH_DESK.fullmatch(typed, len(desk))):
            return Numbers(frozenset({receipt_number(desk, found[1], int(found[2]))}))
    if found := _WITH_DAY.fullmatch(typed):
        counter = int(found[2] or found[3])
        return Numbers(frozenset(receipt_number(desk, found[1], counter) for desk in desks))
    if not _COUNTER.fullmatch(typed):
        return Numbers()
    counter = int(typed)
    days = [f"{today - timedelta(days=back):%m%d}" for back in range(_DAYS_BACK + 1)]
    named, *before = [frozenset(receipt_number(desk, day, counter) for desk in desks) for day in days]
    return Numbers(named, frozenset().union(*before), receipt_number("", "", counter)[1:])
