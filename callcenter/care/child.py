"""The child as the rules see it: 만 age in years and months at a date, and its school."""

from dataclasses import dataclass
from datetime import date
from typing import Literal, get_args

School = Literal["none", "kindergarten", "elementary", "middle"]
SCHOOLS: tuple[School, ...] = get_args(School)

_FIRST_UNDECIDED_YEAR = 6
_FIRST_SCHOOL_YEAR = 8


@dataclass(frozen=True, slots=True)
class Child:
    """A child in the rules: birth date and, where known, the school it goes to."""

    birth: date
    school: School | None = None


def months_at(birth: date, day: date) -> int:
    """만 age in whole months on a day, negative before birth.

    A month is complete on the day of the same number, and where a month has no such day on the first of
    the next: the day of birth counts (Civil Act, articles 158 and 160).
    """
    return (day.year - birth.year) * 12 + day.month - birth.month - (day.day < birth.day)


def years_at(birth: date, day: date) -> int:
    """만 age in whole years on a day, negative before birth."""
    return months_at(birth, day) // 12


def school_entry(birth: date) -> date:
    """First day of elementary school by law: 1 March of the year after that of the sixth birthday."""
    return date(birth.year + 7, 3, 1)


def middle_entry(birth: date) -> date:
    """First day of middle school for who entered elementary school by law, six years after `school_entry`."""
    return date(birth.year + 13, 3, 1)


def expected_school(birth: date, day: date) -> School:
    """The school by the calendar alone. Early and deferred entry exist: see `school_on`."""
    if day < school_entry(birth):
        return "none"
    return "elementary" if day < middle_entry(birth) else "middle"


def school_on(child: Child, day: date, today: date) -> School | None:
    """The school on a day to come, None when the caller has to be asked.

    Two children of six can stand on both sides of school entry, and entry can be early or deferred, so at six
    and seven the calendar does not decide, nor at twelve for who may be in middle school. What the caller
    stated holds until the child's next school begins.
    """
    begins = (school_entry(child.birth), middle_entry(child.birth))
    if child.school is not None:
        moved = any(today < first <= day for first in begins)
        if not moved or expected_school(child.birth, day) == child.school:
            return child.school
        return None
    years = years_at(child.birth, day)
    if years < _FIRST_UNDECIDED_YEAR:
        return "none"
    if years < _FIRST_SCHOOL_YEAR or day >= middle_entry(child.birth):
        return None
    return "elementary"
