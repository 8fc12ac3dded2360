from datetime import date

import pytest

from callcenter.care.calendar import Calendar, Closure, HolidaySwitch, Kind, korean_holidays


@pytest.mark.parametrize(
    "day",
    [
        # Substitute, temporary and election days, as the cabinet and the acts of 2026 have them.
        "2025-01-27", "2025-03-03", "2025-05-06", "2025-06-03", "2025-10-08",
        "2026-03-02", "2026-05-25", "2026-06-03", "2026-08-17", "2026-10-05",
        "2027-02-09", "2027-05-03", "2027-07-19", "2027-08-16", "2027-10-04", "2027-10-11", "2027-12-27",
        # 노동절 and 제헌절 are public holidays from 2026 on (news.sbs.co.kr N1008429419, 2026-02-03).
        "2026-05-01", "2026-07-17",
    ],
)  # fmt: skip
def test_a_holiday_is_known(day: str) -> None:
    assert Calendar().kind(date.fromisoformat(day)) == "holiday"


@pytest.mark.parametrize(
    ("day", "kind"),
    [
        ("2025-07-17", "weekday"),
        ("2025-05-01", "weekday"),
        ("2026-09-28", "weekday"),  # Chuseok of 2026 ends on a Saturday and has no substitute
        ("2026-11-21", "saturday"),
        ("2026-11-22", "sunday"),
        ("2026-11-23", "weekday"),
        ("2026-08-15", "holiday"),  # a Saturday that is a holiday is a holiday
    ],
)
def test_kind(day: str, kind: Kind) -> None:
    assert Calendar().kind(date.fromisoformat(day)) == kind


@pytest.mark.parametrize(
    ("day", "festivals"),
    [
        ("2025-10-05", set()),
        ("2025-10-06", {"chuseok"}),
        ("2025-10-07", set()),
        ("2025-10-08", set()),
        ("2025-05-05", {"buddha"}),  # shares its day with Children's Day
        ("2025-05-06", set()),  # the substitute of both
        ("2026-02-17", {"seollal"}),
        ("2026-01-01", {"new_year"}),
        ("2026-12-25", {"christmas"}),
    ],
)
def test_festivals_are_the_day_itself(day: str, festivals: set[str]) -> None:
    assert Calendar().festivals(date.fromisoformat(day)) == festivals


def test_a_supervisor_adds_and_takes_away_a_holiday() -> None:
    calendar = Calendar(
        [HolidaySwitch(date(2026, 11, 27), "임시공휴일", on=True), HolidaySwitch(date(2026, 10, 9), "한글날", on=False)]
    )
    assert calendar.kind(date(2026, 11, 27)) == "holiday"
    assert calendar.holiday_names(date(2026, 11, 27)) == ("임시공휴일",)
    assert calendar.kind(date(2026, 10, 9)) == "weekday"


def test_a_closure_counts_both_ends() -> None:
    closure = Closure("daycare-x", date(2026, 11, 24), date(2026, 11, 25), "공사")
    calendar = Calendar(closures=[closure])
    found = [calendar.closure("daycare-x", date(2026, 11, day)) for day in (23, 24, 25, 26)]
    assert found == [None, closure, closure, None]
    assert calendar.closure("daycare-y", date(2026, 11, 24)) is None


def test_a_year_of_holidays_lies_in_its_year() -> None:
    assert {day.year for day in korean_holidays(2026)} == {2026}
