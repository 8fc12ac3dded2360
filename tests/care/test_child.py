from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.child import Child, School, expected_school, months_at, school_entry, school_on, years_at

DAYS = st.dates(date(2005, 1, 1), date(2035, 12, 31))


@pytest.mark.parametrize(
    ("birth", "day", "months"),
    [
        ("2026-08-21", "2026-11-21", 3),
        ("2026-08-22", "2026-11-21", 2),
        ("2026-08-31", "2026-11-30", 2),  # November has no 31st: complete on 1 December
        ("2026-08-31", "2026-12-01", 3),
        ("2024-02-29", "2025-02-28", 11),
        ("2024-02-29", "2025-03-01", 12),
        ("2026-01-31", "2026-02-28", 0),
        ("2026-01-31", "2026-03-01", 1),
        ("2026-11-22", "2026-11-21", -1),
    ],
)
def test_months_are_whole_and_count_the_day_of_birth(birth: str, day: str, months: int) -> None:
    assert months_at(date.fromisoformat(birth), date.fromisoformat(day)) == months


@pytest.mark.parametrize(("day", "years"), [("2026-11-20", 12), ("2026-11-21", 13), ("2025-11-21", 12)])
def test_a_year_is_complete_on_the_birthday(day: str, years: int) -> None:
    assert years_at(date(2013, 11, 21), date.fromisoformat(day)) == years


@given(DAYS, DAYS)
def test_a_day_adds_at_most_one_month(birth: date, day: date) -> None:
    assert months_at(birth, day + timedelta(days=1)) - months_at(birth, day) in (0, 1)


@given(DAYS)
def test_age_starts_at_nought(birth: date) -> None:
    assert months_at(birth, birth) == 0


@pytest.mark.parametrize(("birth", "entry"), [("2019-12-31", "2026-03-01"), ("2020-01-01", "2027-03-01")])
def test_school_begins_on_1_march_of_birth_year_and_seven(birth: str, entry: str) -> None:
    assert school_entry(date.fromisoformat(birth)) == date.fromisoformat(entry)


@pytest.mark.parametrize(
    ("birth", "day", "school"),
    [
        ("2019-12-31", "2026-02-28", "none"),
        ("2019-12-31", "2026-03-01", "elementary"),
        ("2020-01-01", "2026-03-01", "none"),
        ("2014-05-05", "2027-02-28", "elementary"),
        ("2014-05-05", "2027-03-01", "middle"),
    ],
)
def test_the_calendar_expects(birth: str, day: str, school: School) -> None:
    assert expected_school(date.fromisoformat(birth), date.fromisoformat(day)) == school


@pytest.mark.parametrize(
    ("birth", "stated", "day", "today", "school"),
    [
        pytest.param("2020-12-01", None, "2026-11-21", "2026-11-21", "none", id="five: not asked"),
        pytest.param("2019-12-31", None, "2026-11-21", "2026-11-21", None, id="six: asked"),
        pytest.param("2020-01-01", None, "2026-11-21", "2026-11-21", None, id="six, before entry: asked"),
        pytest.param("2018-12-31", None, "2026-11-21", "2026-11-21", None, id="seven: asked"),
        pytest.param("2018-11-21", None, "2026-11-21", "2026-11-21", "elementary", id="eight: not asked"),
        pytest.param("2013-11-22", None, "2026-11-21", "2026-11-21", None, id="twelve, perhaps in middle school"),
        pytest.param("2014-11-22", None, "2026-11-21", "2026-11-21", "elementary", id="eleven"),
        pytest.param("2019-05-05", "none", "2026-11-21", "2026-11-21", "none", id="deferred entry is believed"),
        pytest.param("2019-05-05", "kindergarten", "2026-02-28", "2026-02-20", "kindergarten", id="before entry"),
        pytest.param("2019-05-05", "kindergarten", "2026-03-01", "2026-02-20", None, id="entry in between: asked"),
        pytest.param("2019-05-05", "elementary", "2026-03-01", "2026-02-20", "elementary", id="said for then"),
    ],
)
def test_school_on(birth: str, stated: School | None, day: str, today: str, school: School | None) -> None:
    child = Child(date.fromisoformat(birth), stated)
    assert school_on(child, date.fromisoformat(day), date.fromisoformat(today)) == school
