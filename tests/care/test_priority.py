import sqlite3
from datetime import UTC, datetime, timedelta
from typing import get_args
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.priority import (
    EMERGENCY,
    LATER,
    OVERDUE,
    SOON,
    SOON_BEFORE,
    TODAY,
    Clock,
    ClockKind,
    Urgency,
    asked_again,
    band,
    clock,
    cutoffs,
    offer_due,
)

NOW = datetime(2026, 11, 25, 12, 4, tzinfo=UTC)
SECOND = timedelta(seconds=1)
HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("urgency", "starts_in", "promised_in", "expected"),
    [
        ("emergency", 48 * HOUR, None, EMERGENCY),
        ("abuse", 48 * HOUR, -HOUR, EMERGENCY),
        ("normal", 48 * HOUR, timedelta(), OVERDUE),
        ("normal", 48 * HOUR, SECOND, LATER),
        ("normal", HOUR, -SECOND, OVERDUE),
        ("urgent", 48 * HOUR, -SECOND, OVERDUE),
        ("urgent", 48 * HOUR, None, SOON),
        ("normal", -HOUR, None, SOON),
        ("normal", 3 * HOUR, None, SOON),
        ("normal", 3 * HOUR + SECOND, None, TODAY),
        ("normal", 3 * HOUR + SECOND, 5 * HOUR, TODAY),
        ("normal", 24 * HOUR, None, TODAY),
        ("normal", 24 * HOUR + SECOND, None, LATER),
    ],
)
def test_the_band_of_a_request(
    urgency: Urgency, starts_in: timedelta, promised_in: timedelta | None, expected: int
) -> None:
    promised_at = None if promised_in is None else NOW + promised_in
    assert band(urgency, NOW + starts_in, promised_at, NOW) == expected


def test_the_zone_an_instant_is_told_in_does_not_matter() -> None:
    seoul = ZoneInfo("Asia/Seoul")
    start = (NOW + 3 * HOUR).astimezone(seoul)
    assert band("normal", start, None, NOW.astimezone(seoul)) == SOON
    assert cutoffs(NOW) == cutoffs(NOW.astimezone(seoul))


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        band("normal", datetime.fromisoformat("2026-11-25 20:00"), None, NOW)


IN_SQL = """
    SELECT CASE WHEN :urgency IN ('emergency', 'abuse') THEN 0
                WHEN :promised <= :overdue THEN 1
                WHEN :urgency = 'urgent' OR :start <= :soon THEN 2
                WHEN :start <= :today THEN 3
                ELSE 4 END
"""
near_a_cutoff = st.builds(
    lambda hours, rest: hours * HOUR + rest,
    st.sampled_from([-5, 0, 3, 24, 60]),
    st.timedeltas(-2 * SECOND, 2 * SECOND),
)


@given(st.sampled_from(get_args(Urgency)), near_a_cutoff, st.none() | near_a_cutoff, st.integers(0, 999_999))
def test_sql_with_the_cutoffs_gives_the_same_band(
    urgency: Urgency, starts_in: timedelta, promised_in: timedelta | None, microsecond: int
) -> None:
    now = NOW.replace(microsecond=microsecond)
    start = now + starts_in
    promised_at = None if promised_in is None else now + promised_in
    values = cutoffs(now)._asdict() | {
        "urgency": urgency,
        "start": start.timestamp(),
        "promised": promised_at and promised_at.timestamp(),
    }
    connection = sqlite3.connect(":memory:")
    try:
        assert connection.execute(IN_SQL, values).fetchone()[0] == band(urgency, start, promised_at, now)
    finally:
        connection.close()


@given(st.sampled_from(get_args(Urgency)), near_a_cutoff, near_a_cutoff, st.timedeltas(timedelta(), 90 * HOUR))
def test_waiting_never_moves_a_request_back(
    urgency: Urgency, starts_in: timedelta, promised_in: timedelta, passed: timedelta
) -> None:
    start, promised_at = NOW + starts_in, NOW + promised_in
    assert band(urgency, start, promised_at, NOW + passed) <= band(urgency, start, promised_at, NOW)


@pytest.mark.parametrize(
    ("kind", "left", "expected"),
    [
        ("offer", timedelta(minutes=10), Clock("offer", 600, "ok")),
        ("offer", timedelta(minutes=2, seconds=1), Clock("offer", 121, "ok")),
        ("offer", timedelta(minutes=2), Clock("offer", 120, "soon")),
        ("offer", timedelta(milliseconds=1), Clock("offer", 1, "soon")),
        ("offer", timedelta(), Clock("offer", 0, "over")),
        ("call_back", timedelta(seconds=-90), Clock("call_back", -90, "over")),
        ("hold", timedelta(minutes=4), Clock("hold", 240, "soon")),
        ("care_end", timedelta(minutes=30), Clock("care_end", 1800, "soon")),
        ("care_end", timedelta(hours=9), Clock("care_end", 32400, "ok")),
    ],
)
def test_a_clock(kind: ClockKind, left: timedelta, expected: Clock) -> None:
    assert clock(kind, NOW + left, NOW) == expected


@given(st.sampled_from(get_args(ClockKind)), st.timedeltas(-2 * HOUR, 2 * HOUR), st.timedeltas(timedelta(), HOUR))
def test_a_clock_only_runs_down(kind: ClockKind, left: timedelta, passed: timedelta) -> None:
    order = ["ok", "soon", "over"]
    before, after = clock(kind, NOW + left, NOW), clock(kind, NOW + left, NOW + passed)
    assert after.remaining_seconds <= before.remaining_seconds
    assert order.index(after.state) >= order.index(before.state)
    assert (after.state == "over") == (after.remaining_seconds <= 0)


def test_every_clock_has_a_time_to_warn() -> None:
    assert set(SOON_BEFORE) == set(get_args(ClockKind))


def test_a_service_s_own_time_to_answer_goes_first() -> None:
    assert offer_due(NOW) == NOW + timedelta(minutes=10)
    assert offer_due(NOW, timedelta(minutes=3)) == NOW + timedelta(minutes=3)


@pytest.mark.parametrize(
    ("before", "after"),
    [("normal", "urgent"), ("urgent", "urgent"), ("emergency", "emergency"), ("abuse", "abuse")],
)
def test_who_calls_again_moves_up_one_step_at_most(before: Urgency, after: Urgency) -> None:
    assert asked_again(before) == after
