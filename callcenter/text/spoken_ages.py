"""A child as it is told on the telephone: 14개월, 다섯 살, 8세초2, 초2, 2019년생, 190301, 8yo, 14 months old."""

import re
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple

SaidSchool = Literal["none", "kindergarten", "elementary", "middle"]

_YOUNGEST_GROWN_UP = 18
_MONTHS_OF_A_CHILD = _YOUNGEST_GROWN_UP * 12
_FIRST_AGE_OF = {"elementary": 6, "middle": 12}
_GRADES_OF = {"elementary": 6, "middle": 3}
_SCHOOL_SIGN: dict[str, SaidSchool] = {"초": "elementary", "중": "middle"}
_SIGN_OF = {school: sign for sign, school in _SCHOOL_SIGN.items()}
_YEARS = {
    "한": 1, "두": 2, "세": 3, "네": 4, "다섯": 5, "여섯": 6, "일곱": 7, "여덟": 8, "아홉": 9, "열": 10,
    "열한": 11, "열두": 12, "열세": 13, "열네": 14, "열다섯": 15,
}  # fmt: skip
_WORDS: dict[str, SaidSchool] = {
    "유치원생": "kindergarten", "유치원": "kindergarten", "미취학": "none", "취학전": "none", "취학 전": "none",
    "어린이집": "none", "kindergarten": "kindergarten",
}  # fmt: skip
_WORD_OF: dict[str, str] = {"kindergarten": "유치원", "none": "미취학"}

_SPOKEN_YEARS = "|".join(sorted(_YEARS, key=len, reverse=True))
_BIRTH = (
    r"(?P<birth>(?:(?:19|20)\d{2}(?:0[1-9]|1[0-2])[0-3]\d|\d{2}(?:0[1-9]|1[0-2])[0-3]\d|\d{4}년\s?\d{1,2}월\s?\d{1,2}일(?=\s?생)"
    r"|(?:\d{4}|\d{2})(?P<sign>[-./])\d{1,2}(?P=sign)\d{1,2})(?!\d))(?P<born>\s?생)?"
)
_OLD = r"(?:[\s-]?olds?)"
MONTHS_UNIT = rf"(?:\s?개월|[\s-]?(?:months?|mos?|m/o){_OLD}?(?![A-Za-z])(?!\s(?:ago|later|pregnant)))"
"""What stands behind a number of months."""
YEARS_UNIT = rf"(?:\s?[세살]|[\s-]?(?:y/?o|yrs?{_OLD}?|years?{_OLD})(?![A-Za-z]))"
"""What stands behind a number of years."""
_AGE = (
    rf"(?:{_BIRTH}|(?:(?P<birth_year>\d{{4}}|\d{{2}})\s?년\s?생|born\s(?:in\s)?(?P<born_in>\d{{4}}))"
    rf"|(?:생후\s?)?(?P<months>\d{{1,3}}){MONTHS_UNIT}"
    rf"|(?P<counted>(?:우리|한국|세는)\s?나이(?:로|는)?\s?)?(?:만\s?)?"
    rf"(?:(?P<years>\d{{1,2}}){YEARS_UNIT}|(?P<spoken>{_SPOKEN_YEARS})\s?[살돌]))"
)
_GRADE = (
    r"(?:(?P<sign_of_school>[초중])(?:등?학교|등)?\s?(?P<grade>\d)(?!\d)(?:\s?학년)?"
    r"|(?P<bare_grade>[1-6])\s?학년"
    r"|(?:grade\s?(?=[1-6])|(?=[1-6](?:st|nd|rd|th)\s?grade))(?P<english_grade>[1-6])(?!\d)(?:..\s?graders?|..\s?grade)?)"
)
_POLITE = r"(?:짜리|배기)?(?:이?에?요|입니다|인데요?|이고|이랑|랑|하고)?"
_LEFT = r"(?<![0-9A-Za-z:./#-])(?:(?<=[세살월생])|(?<![가-힣](?=[초중두세네열한])))"
# 8살3살: the next child may follow at once, or the day: 8살오늘. 36개월 미만 is asked about and no child.
_RIGHT = (
    r"(?:(?![\w(/-]|\.\d)|(?=\d{1,3}(?:[세살]|개월)|쌍둥이|오늘|내일|낼|모레|지금|새벽|아침|오전|점심|오후|저녁))"
    r"(?!\s*(?:미만|이하|이상(?![한해])|까지|안\s?[됐된되]|or (?:older|younger|under|over)))"
)
_ONE = re.compile(rf"{_LEFT}(?:{_AGE}(?:\s?\(?{_GRADE}\)?)?){_POLITE}{_RIGHT}", re.IGNORECASE)
_GRADE_FIRST = re.compile(
    rf"(?<![가-힣])(?<![세살생월]\s){_LEFT}(?:{_GRADE}\s?\(?{_AGE}\)?){_POLITE}{_RIGHT}", re.IGNORECASE
)
_GRADE_ALONE = re.compile(rf"{_LEFT}{_GRADE}{_POLITE}{_RIGHT}", re.IGNORECASE)
_AGE_ALONE = re.compile(rf"{_LEFT}{_AGE}{_POLITE}{_RIGHT}", re.IGNORECASE)
_AGE_AND_WORD = re.compile(rf"{_LEFT}{_AGE}\s?\(?(?P<word>{'|'.join(_WORDS)})\)?{_POLITE}{_RIGHT}", re.IGNORECASE)
_AGE_BEFORE_GRADE = re.compile(rf"{_LEFT}{_AGE}(?={_GRADE.replace('?P<', '?P<next_')})", re.IGNORECASE)
_YEARS_AND_MONTHS = re.compile(
    rf"{_LEFT}(?:만\s?)?(?P<years>\d{{1,2}})\s?[세살]\s?(?P<months>\d{{1,2}})\s?개월{_POLITE}{_RIGHT}"
)
_CLOCK_FOLLOWS = re.compile(
    r"\s+(?:\d{1,4}\s*[-~]\s*\d|\d{1,2}(?::\d|\s?시)|새벽|아침|오전|점심|낮|오후|저녁|밤|자정|정오)"
)


class SpokenChild(NamedTuple):
    """What was said of a child; `years` is the age as it was said, which no one counts up to a birth date."""

    years: int | None = None
    months: int | None = None
    birth_year: int | None = None
    birth: date | None = None
    school: SaidSchool | None = None
    grade: int | None = None


class FoundChild(NamedTuple):
    """A child found in `text[start:end]` and everything it can mean; one meaning can be two children."""

    start: int
    end: int
    meanings: tuple[tuple[SpokenChild, ...], ...]


def find_children(text: str, today: date) -> tuple[FoundChild, ...]:
    """The children in a line, in their order; an age and a grade that fit each other are one child.

    Who is grown up, or not born yet, is none. A date that a clock follows is a day of care unless it lies in the past.
    """
    found: list[FoundChild] = []
    for pattern in (_YEARS_AND_MONTHS, _AGE_AND_WORD, _GRADE_FIRST, _ONE, _AGE_ALONE, _AGE_BEFORE_GRADE, _GRADE_ALONE):
        at = 0
        while match := pattern.search(text, at):
            at = match.start() + 1
            taken = any(match.start() < one.end and one.start < match.end() for one in found)
            meanings = () if taken else tuple(_meanings(match, pattern, text, today))
            if meanings:
                at = match.end()
                found.append(FoundChild(match.start(), match.end(), meanings))
    return tuple(sorted(found))


def written_child(child: SpokenChild) -> str:
    """A child as `find_children` reads it back: 8세초2, 14개월, 2019년생, 2019-03-01생."""
    age = ""
    if child.birth is not None:
        age = f"{child.birth.isoformat()}생"
    elif child.birth_year is not None:
        age = f"{child.birth_year}년생"
    elif child.months is not None:
        age = f"{child.months}개월"
    elif child.years is not None:
        age = f"{child.years}세"
    if child.school is None:
        return age
    if child.grade is None:
        return age + _WORD_OF[child.school]
    return f"{age}{_SIGN_OF[child.school]}{child.grade}"


def written_children(children: tuple[SpokenChild, ...]) -> str:
    """Siblings joined by «+»."""
    return "+".join(map(written_child, children))


def _meanings(
    match: re.Match[str], pattern: re.Pattern[str], text: str, today: date
) -> Iterator[tuple[SpokenChild, ...]]:
    said = match.groupdict()
    if pattern is _YEARS_AND_MONTHS:
        years, months = int(said["years"]), int(said["months"])
        if months < 12 and years > 0 < _YOUNGEST_GROWN_UP:
            # 3살 2개월 is one child, or a child and a baby.
            yield (SpokenChild(months=years * 12 + months),)
            yield (SpokenChild(years=years), SpokenChild(months=months))
        return
    has_age = "birth" in said
    age = _age(said, today) if has_age else SpokenChild()
    if age is None:
        return
    if age.birth is not None and not said["born"] and age.birth >= today and _CLOCK_FOLLOWS.match(text, match.end()):
        return
    if said.get("word"):
        yield (age._replace(school=_WORDS[said["word"].casefold()]),)
        return
    if not (said.get("grade") or said.get("bare_grade") or said.get("english_grade")):
        if has_age:
            yield (age,)
        return
    for school, grade in _grades(said):
        if not has_age or _fits(age, school, grade, today):
            yield (age._replace(school=school, grade=grade),)


def _age(said: dict[str, str | None], today: date) -> SpokenChild | None:
    """What was said of the age; None when nobody who is a child can be meant."""
    if said["birth"]:
        birth = _birth(said["birth"], today)
        return SpokenChild(birth=birth) if birth else None
    if year_said := said["birth_year"] or said["born_in"]:
        year = _year(year_said, today)
        return SpokenChild(birth_year=year) if 0 <= today.year - year <= _YOUNGEST_GROWN_UP else None
    if said["months"]:
        months = int(said["months"])
        return SpokenChild(months=months) if months < _MONTHS_OF_A_CHILD else None
    years = _YEARS[said["spoken"]] if said["spoken"] else int(said["years"] or 0)
    if said["counted"] and years > 0:
        # 세는나이: one at birth, and one more with every New Year.
        return SpokenChild(birth_year=today.year - years + 1) if years <= _YOUNGEST_GROWN_UP else None
    return SpokenChild(years=years) if years < _YOUNGEST_GROWN_UP else None


def _birth(text: str, today: date) -> date | None:
    numbers = re.findall(r"\d+", text)
    if len(numbers) == 1:
        numbers = [text[:-4], text[-4:-2], text[-2:]]
    try:
        birth = date(_year(numbers[0], today), int(numbers[1]), int(numbers[2]))
    except ValueError:
        return None
    grown_up = today.year - birth.year - ((today.month, today.day) < (birth.month, birth.day)) >= _YOUNGEST_GROWN_UP
    return None if birth > today or grown_up else birth


def _year(text: str, today: date) -> int:
    year = int(text)
    if len(text) > 2:
        return year
    return year + (2000 if 2000 + year <= today.year else 1900)


def _grades(said: dict[str, str | None]) -> Iterator[tuple[SaidSchool, int]]:
    if said["grade"]:
        school = _SCHOOL_SIGN[said["sign_of_school"] or ""]
        grade = int(said["grade"])
        if 1 <= grade <= _GRADES_OF[school]:
            yield school, grade
        return
    if said["english_grade"]:
        yield "elementary", int(said["english_grade"])
        return
    grade = int(said["bare_grade"] or 0)
    yield from ((school, grade) for school in _SCHOOL_SIGN.values() if grade <= _GRADES_OF[school])


def _fits(age: SpokenChild, school: str, grade: int, today: date) -> bool:
    """Whether the age, counted from birth or by the year, is one of that grade; entry can be a year early."""
    if age.birth is not None or age.birth_year is not None:
        years = today.year - (age.birth.year if age.birth else age.birth_year or 0)
    elif age.months is not None:
        years = age.months // 12
    else:
        years = age.years or 0
    return 0 <= years - (_FIRST_AGE_OF[school] + grade - 1) <= 2
