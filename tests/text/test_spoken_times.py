"""When care is wanted, as it is typed."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.errors import CallcenterError
from callcenter.text.spoken_clocks import NoSuchClock
from callcenter.text.spoken_days import NoSuchDay
from callcenter.text.spoken_times import (
    EndBeforeStart,
    TimesAmbiguous,
    TimesUnreadable,
    times_of,
    written_times,
)

NOW = datetime(2026, 11, 24, 17, 40, tzinfo=SEOUL)


@pytest.mark.parametrize(
    ("typed", "start", "end"),
    [
        ("20-23", "2026-11-24T20:00", "2026-11-24T23:00"),
        ("오늘 20-23", "2026-11-24T20:00", "2026-11-24T23:00"),
        ("dhsmf 20-23", "2026-11-24T20:00", "2026-11-24T23:00"),
        ("내일 6:30-9", "2026-11-25T06:30", "2026-11-25T09:00"),
        ("sodlf 630-9", "2026-11-25T06:30", "2026-11-25T09:00"),
        ("모레 9~18", "2026-11-26T09:00", "2026-11-26T18:00"),
        ("Tomorrow 0830 - 1200", "2026-11-25T08:30", "2026-11-25T12:00"),
        ("11/26 16-19", "2026-11-26T16:00", "2026-11-26T19:00"),
        ("11.26 16-19", "2026-11-26T16:00", "2026-11-26T19:00"),
        ("1/5 9-12", "2027-01-05T09:00", "2027-01-05T12:00"),
        ("2027-03-02 7-8", "2027-03-02T07:00", "2027-03-02T08:00"),
        ("22-06", "2026-11-24T22:00", "2026-11-25T06:00"),
        ("20-24", "2026-11-24T20:00", "2026-11-25T00:00"),
        ("20-0", "2026-11-24T20:00", "2026-11-25T00:00"),
        ("24-2", "2026-11-25T00:00", "2026-11-25T02:00"),
        ("20-20", "2026-11-24T20:00", "2026-11-25T20:00"),
        ("내일 9-모레 9:30", "2026-11-25T09:00", "2026-11-26T09:30"),
        ("16-19", "2026-11-24T16:00", "2026-11-24T19:00"),
        ("7-9", "2026-11-25T07:00", "2026-11-25T09:00"),
        ("오늘 저녁 8시부터 11시", "2026-11-24T20:00", "2026-11-24T23:00"),
        ("내일 새벽 6시부터 9시까지", "2026-11-25T06:00", "2026-11-25T09:00"),
        ("내일 오전 9시~1시", "2026-11-25T09:00", "2026-11-25T13:00"),
        ("오늘 8시부터 3시간", "2026-11-24T20:00", "2026-11-24T23:00"),
    ],
)
def test_reads_times(typed: str, start: str, end: str) -> None:
    found = times_of(typed, NOW)
    assert tuple(moment.isoformat(timespec="minutes") for moment in found) == (f"{start}+09:00", f"{end}+09:00")


@pytest.mark.parametrize(
    ("typed", "refusal"),
    [
        ("", TimesUnreadable),
        ("20", TimesUnreadable),
        ("20-", TimesUnreadable),
        ("저녁 8시", TimesUnreadable),
        ("20-23 내일", TimesUnreadable),
        ("20–23", TimesUnreadable),
        ("어제 20-23", NoSuchDay),
        ("2/30 20-23", NoSuchDay),
        ("2026-13-01 20-23", NoSuchDay),
        ("25-26", NoSuchClock),
        ("20-24:30", NoSuchClock),
        ("9:60-10", NoSuchClock),
        ("0975-10", NoSuchClock),
        ("모레 9-내일 9", EndBeforeStart),
        ("내일 7시~10시", TimesAmbiguous),
        ("화 20-23", TimesAmbiguous),
    ],
)
def test_refuses_what_it_cannot_read(typed: str, refusal: type[CallcenterError]) -> None:
    with pytest.raises(refusal) as caught:
        times_of(typed, NOW)
    assert str(caught.value).endswith(".")


def test_a_leap_day_is_none_in_another_year() -> None:
    with pytest.raises(NoSuchDay):
        times_of("2/29 9-10", NOW)
    assert times_of("2/29 9-10", NOW.replace(year=2028, month=1, day=5))[0].day == 29


MINUTE = timedelta(minutes=1)
MINUTES = st.integers(0, 60 * 24 * 400).map(lambda minutes: datetime(2026, 1, 1, tzinfo=SEOUL) + minutes * MINUTE)


@given(MINUTES, st.integers(1, 60 * 24 * 3), MINUTES)
def test_what_is_written_is_read_back_on_any_day(start: datetime, length: int, now: datetime) -> None:
    end = start + length * MINUTE
    assert times_of(written_times(start, end), now) == (start, end)
