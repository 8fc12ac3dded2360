from datetime import UTC, date, datetime, timedelta

import pytest

from callcenter.language import use
from callcenter.text.moments import (
    SEOUL,
    age,
    ago,
    clock,
    countdown,
    day,
    due_in,
    duration,
    lasting,
    span,
    stamp,
    stopwatch,
)

NOW = datetime(2026, 11, 26, 21, 4, tzinfo=SEOUL)  # a Thursday


@pytest.fixture(autouse=True)
def _english() -> None:
    use("en")


def at(text: str) -> datetime:
    """A moment in Seoul, handed over in UTC as it is stored."""
    return datetime.fromisoformat(f"{text}+09:00").astimezone(UTC)


def test_clock_is_seouls() -> None:
    assert clock(datetime(2026, 11, 26, 15, 30, tzinfo=UTC)) == "00:30"


@pytest.mark.parametrize(
    ("seconds", "shown"),
    [(0, "0:00"), (-5, "0:00"), (41, "0:41"), (192, "3:12"), (3600, "1:00:00"), (3912.9, "1:05:12")],
)
def test_stopwatch(seconds: float, shown: str) -> None:
    assert stopwatch(timedelta(seconds=seconds)) == shown


@pytest.mark.parametrize(("seconds", "said"), [(46, "0:46"), (60, "1 min"), (928, "15 min"), (3700, "1 h 1 min")])
def test_what_lasts_is_not_taken_for_a_time_of_day(seconds: int, said: str) -> None:
    assert lasting(timedelta(seconds=seconds)) == said


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [
        (0, " 0:00"),
        (4, " 0:04"),
        (65, " 1:05"),
        (599, " 9:59"),
        (600, "  10h"),
        (5999, "  99h"),
        (6000, "   4d"),
        (10**8, "  99d"),
        (-3, " 0:00"),
    ],
)
def test_age_is_five_cells(minutes: int, shown: str) -> None:
    assert age(NOW - timedelta(minutes=minutes, seconds=30 if minutes > 0 else 0), NOW) == shown


@pytest.mark.parametrize(
    ("minutes", "said"), [(0, "0 min"), (40, "40 min"), (60, "1 h"), (65, "1 h 5 min"), (600, "10 h"), (-1, "0 min")]
)
def test_duration(minutes: int, said: str) -> None:
    assert duration(timedelta(minutes=minutes)) == said


@pytest.mark.parametrize(
    ("minutes", "said"),
    [(0, "just now"), (0.9, "just now"), (12, "12 min ago"), (60, "1 h ago"), (1439, "23 h ago"), (1440, "1 d ago")],
)
def test_ago(minutes: float, said: str) -> None:
    assert ago(NOW - timedelta(minutes=minutes), NOW) == said


@pytest.mark.parametrize(("seconds", "said"), [(-720, "+12m"), (0, "+0m"), (59, "0:59"), (60, "1 min")])
def test_what_is_left_is_no_time_of_the_day(seconds: int, said: str) -> None:
    assert due_in(NOW + timedelta(seconds=seconds), NOW) == said
    assert due_in(NOW + timedelta(minutes=24, seconds=35), NOW) == "24 min"


def test_countdown_runs_over() -> None:
    assert countdown(NOW + timedelta(seconds=40), NOW) == "0:40"
    assert countdown(NOW, NOW) == "+0m"
    assert countdown(NOW - timedelta(minutes=12, seconds=59), NOW) == "+12m"
    assert countdown(NOW - timedelta(minutes=119), NOW) == "+119m"
    assert countdown(NOW - timedelta(hours=52, minutes=44), NOW) == "+52h"
    assert countdown(NOW - timedelta(hours=120), NOW) == "+5d"


@pytest.mark.parametrize(
    ("of", "said"),
    [
        (date(2026, 11, 25), "yesterday"),
        (date(2026, 11, 26), "today"),
        (date(2026, 11, 27), "tomorrow"),
        (date(2026, 11, 28), "Sat 11/28"),
        (date(2027, 1, 3), "Sun 2027/1/3"),
    ],
)
def test_day(of: date, said: str) -> None:
    assert day(of, NOW) == said
    assert day(of, NOW.astimezone(UTC)) == said


def test_day_turns_at_seouls_midnight() -> None:
    before, after = at("2026-11-26T23:59"), at("2026-11-27T00:00")
    assert day(date(2026, 11, 27), before) == "tomorrow"
    assert day(date(2026, 11, 27), after) == "today"


def test_stamp_names_the_day_unless_it_is_today() -> None:
    assert stamp(at("2026-11-26T20:15"), NOW) == "20:15"
    assert stamp(at("2026-11-25T20:15"), NOW) == "yesterday 20:15"


@pytest.mark.parametrize(
    ("start", "end", "said"),
    [
        ("2026-11-26T20:00", "2026-11-26T23:00", "today 20:00–23:00"),
        ("2026-11-26T07:00", "2026-11-26T09:00", "today 07:00–09:00"),
        ("2026-11-26T20:30", "2026-11-26T23:00", "today 20:30–23:00"),
        ("2026-11-26T20:00", "2026-11-27T00:00", "today 20:00–24:00"),
        ("2026-11-26T20:30", "2026-11-27T00:00", "today 20:30–24:00"),
        ("2026-11-27T22:00", "2026-11-28T06:00", "tomorrow 22:00–06:00"),
        ("2026-11-28T07:30", "2026-11-29T07:30", "Sat 11/28 07:30 – Sun 11/29 07:30"),
        ("2026-11-26T09:00", "2026-11-30T18:00", "today 09:00 – Mon 11/30 18:00"),
    ],
)
def test_span(start: str, end: str, said: str) -> None:
    assert span(at(start), at(end), NOW) == said
