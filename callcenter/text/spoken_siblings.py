"""The children of a line, and what is said of several at once: 쌍둥이 5살, 5살 두 명, 2 kids 8 and 5, 8살 아니 9살."""

import re
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import pairwise

from callcenter.text.spoken_ages import MONTHS_UNIT, YEARS_UNIT, FoundChild, SpokenChild, find_children

_NUMBERS = {"one": 1, "two": 2, "three": 3, "four": 4}
_OLDEST = 17
_PLURAL = ("kids", "children", "boys", "girls", "sons", "daughters")

_AND = r"\s*(?:,\s*and|,|and|&|\+)\s*"
_ONE_AGE = rf"\d{{1,2}}(?:{MONTHS_UNIT}|{YEARS_UNIT})?"
# The numbers alone are no ages where a clock may go on: kids 8-11pm.
_KIDS = re.compile(
    rf"(?<![\w-])(?:(?P<count>\d|{'|'.join(_NUMBERS)})\s+)?"
    r"(?P<who>kids?|child(?:ren)?|boys?|girls?|sons?|daughters?|twins?(?:\s(?:boys|girls))?|aged?|ages)"
    rf"[\s,:(]*(?:(?:is|are)\s+)?(?:aged?|ages)?\s*(?P<ages>{_ONE_AGE}(?:{_AND}{_ONE_AGE})*)\)?"
    r"(?![\w(/:~.-]|\s*(?:[ap]\.?m|to\b|till?\b|until\b|o'clock|시|hours?|hrs?|days?|(?:months?|years?)\b|,?\s*(?:grade|[1-6](?:st|nd|rd|th))\b|[~-]))",
    re.IGNORECASE,
)
# 8,5살 and 초1,3 are two. With a blank behind the comma the first number may be how many they are: 2, 8살 5살; before
# months it may be years: 8 and 14 months.
_ONE_UNIT = re.compile(
    rf"(?<![\w:~./-])(?P<ages>\d{{1,2}}(?:(?:,|\s*(?:and|&|\+|이?랑|하고)\s*)\d{{1,2}})+){YEARS_UNIT}(?![\w-])"
    r"|(?<!\w)초등?\s?(?P<grades>[1-6](?:\s?[,/]\s?[1-6])+)(?!\s?[\d시월일살세명:~-]|\w)",
    re.IGNORECASE,
)
_EACH_AGE = re.compile(rf"(?P<number>\d{{1,2}})(?:(?P<months>{MONTHS_UNIT})|(?P<years>{YEARS_UNIT}))?", re.IGNORECASE)
# 세쌍둥이 are three. 쌍둥이 중 한 명 is one of them, and nobody knows which.
_TWINS = re.compile(
    r"(?<![가-힣A-Za-z])(?:(?P<three>세)\s?)?(?:[이일]란성\s?)?(?:쌍둥이|twins?)(?:\s?(?:남매|형제|자매|아들|딸))?"
    r"(?P<then>이?에?요|입니다|인데요?|이고|이랑|랑|하고)?(?!\w|\s*(?:중|가운데|아니|말고))",
    re.IGNORECASE,
)
_SO_MANY = re.compile(r"\s*(?:(?:두|2)\s?명|둘|(?P<three>(?:세|3)\s?명|셋))(?:이?에?요|입니다|이고)?(?!\w)")
_CORRECTED = re.compile(r"\s*(?:,\s*)?(?:아\s)?(?:아니|아니요|아뇨|아니고|아니다|아니라|말고)[\s,]*")


def find_siblings(text: str, today: date) -> tuple[FoundChild, ...]:
    """The children in a line, in their order; a child told again behind 아니 is only the one told last."""
    listed = tuple(_listed(text))
    listed += tuple(_of_one_unit(_without(text, listed)))
    rest = _without(text, listed)
    found = tuple(sorted((*listed, *find_children(rest, today))))
    found = tuple(child for at, child in enumerate(found) if not _is_corrected(text, found[at : at + 2]))
    found = _several(text, _one_or_two(text, found))
    for twins in _TWINS.finditer(_without(text, found)):
        found = _doubled(text, found, twins)
    return found


def _listed(text: str) -> Iterator[FoundChild]:
    """Ages in a row behind one word: 2 kids 8 and 5. Where there are more or fewer ages than kids, nothing is."""
    for match in _KIDS.finditer(text):
        children = tuple(
            SpokenChild(months=int(one["number"])) if one["months"] else SpokenChild(years=int(one["number"]))
            for one in _EACH_AGE.finditer(match["ages"])
        )
        count = match["count"]
        several = _NUMBERS.get(count.casefold()) or int(count) if count and not count.isdigit() else int(count or 0)
        if match["who"].casefold().startswith("twin"):
            children, several = children * 2, several and 2
        if not count and match["who"].casefold() in _PLURAL and _may_count(match["ages"]):
            continue
        if several in (0, len(children)) and all((child.years or 0) <= _OLDEST for child in children):
            yield FoundChild(match.start(), match.end(), (children,))


def _may_count(ages: str) -> bool:
    """Whether the first number can be how many they are: kids 2; kids 2, 8yo and 5yo."""
    bare = [not one["years"] and not one["months"] for one in _EACH_AGE.finditer(ages)]
    return bare[0] and not any(bare[1:]) and not re.search(MONTHS_UNIT, ages, re.IGNORECASE)


def _of_one_unit(text: str) -> Iterator[FoundChild]:
    for match in _ONE_UNIT.finditer(text):
        numbers = [int(number) for number in re.findall(r"\d+", match["ages"] or match["grades"])]
        if match["grades"]:
            children = tuple(SpokenChild(school="elementary", grade=number) for number in numbers)
        else:
            children = tuple(SpokenChild(years=number) for number in numbers)
        if max(numbers) <= _OLDEST:
            yield FoundChild(match.start(), match.end(), (children,))


def _is_corrected(text: str, pair: Sequence[FoundChild]) -> bool:
    return len(pair) == 2 and _CORRECTED.fullmatch(text, pair[0].end, pair[1].start) is not None


def _one_or_two(text: str, found: tuple[FoundChild, ...]) -> tuple[FoundChild, ...]:
    """만 7세 8살 can be one child told in both ways of counting, or two."""
    for first, second in pairwise(found):
        by_birthday = [one for one in (first, second) if text[one.start : one.end].startswith("만")]
        if len(by_birthday) == 1 and not text[first.end : second.start].strip():
            counted = second if by_birthday[0] is first else first
            years, more = (one.meanings[0][0].years for one in (by_birthday[0], counted))
            if years is not None and more is not None and 1 <= more - years <= 2:
                either = (by_birthday[0].meanings[0], first.meanings[0] + second.meanings[0])
                others = tuple(one for one in found if one not in (first, second))
                return tuple(sorted((*others, FoundChild(first.start, second.end, either))))
    return found


def _several(text: str, found: tuple[FoundChild, ...]) -> tuple[FoundChild, ...]:
    """5살 두 명 are two children; behind several ages a number is that of all of them."""
    so_many = _SO_MANY.match(text, found[0].end) if len(found) == 1 else None
    if so_many is None or not _are_single(found[0]):
        return found
    return (_times(found[0], 3 if so_many["three"] else 2, found[0].start, so_many.end()),)


def _doubled(text: str, found: tuple[FoundChild, ...], twins: re.Match[str]) -> tuple[FoundChild, ...]:
    """The children with the one that stands beside «twins» told as often; either, when there is one on both sides."""
    times = 3 if twins["three"] else 2
    before = next(
        (one for one in found if not text[one.end : twins.start()].strip(" (") and one.end <= twins.start()), None
    )
    after = next(
        (one for one in found if not text[twins.end() : one.start].strip(" (:") and one.start >= twins.end()), None
    )
    if before and (after is None or twins["then"]):
        after = None
    beside = [one for one in (before, after) if one]
    if not beside or not all(map(_are_single, beside)):
        return found
    others = tuple(one for one in found if one not in beside)
    start, end = min(beside[0].start, twins.start()), max(beside[-1].end, twins.end())
    end += text[end : end + 1] == ")" and "(" in text[start:end]
    if len(beside) == 1:
        return tuple(sorted((*others, _times(beside[0], times, start, end))))
    meanings = tuple(
        meaning
        for left in beside[0].meanings
        for right in beside[1].meanings
        for meaning in (left * times + right, left + right * times)
    )
    return tuple(sorted((*others, FoundChild(start, end, meanings))))


def _times(child: FoundChild, times: int, start: int, end: int) -> FoundChild:
    return FoundChild(start, end, tuple(meaning * times for meaning in child.meanings))


def _are_single(found: FoundChild) -> bool:
    return all(len(meaning) == 1 for meaning in found.meanings)


def _without(text: str, found: Sequence[FoundChild]) -> str:
    for one in found:
        text = text[: one.start] + "\0" * (one.end - one.start) + text[one.end :]
    return text
