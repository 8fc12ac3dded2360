from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.fees import fee_of
from tests.published import DAYCARE, REFERENCE, STATION, SUWON, VISIT, seoul


def fee(service: str, start: str, end: str, region: str = SUWON) -> int | None:
    first, last = (seoul(text).replace(tzinfo=None) for text in (start, end))
    rules = REFERENCE.services[service].rules_on(first.date(), region)
    return fee_of(rules.fee, first, last, REFERENCE.calendar)


@pytest.mark.parametrize(
    ("service", "start", "end", "won"),
    [
        pytest.param(DAYCARE, "2026-11-26T16:00", "2026-11-26T19:00", 9000, id="3,000 an hour (kyeongin 1693618)"),
        pytest.param(DAYCARE, "2026-11-26T16:00", "2026-11-26T18:10", 9000, id="a begun hour is an hour"),
        pytest.param(STATION, "2026-11-28T22:00", "2026-11-29T06:00", 0, id="free (MOIS casebook 2020)"),
        pytest.param("gyeonggi.elementary", "2026-11-24T20:00", "2026-11-24T23:00", 15000, id="수원 5,000 (news1)"),
        pytest.param(VISIT, "2026-11-26T10:00", "2026-11-26T12:00", 25580, id="12,790 an hour in 2026"),
        pytest.param(VISIT, "2025-11-26T10:00", "2025-11-26T12:00", 24360, id="12,180 an hour in 2025"),
        pytest.param(VISIT, "2026-11-26T20:00", "2026-11-26T23:00", 44765, id="half more from 22:00"),
        pytest.param(VISIT, "2026-11-26T04:00", "2026-11-26T07:00", 51160, id="half more till 06:00"),
        pytest.param(VISIT, "2026-11-29T10:00", "2026-11-29T12:00", 38370, id="half more on Sunday"),
        pytest.param(VISIT, "2026-11-29T22:00", "2026-11-30T00:00", 38370, id="surcharges do not add up"),
        pytest.param(VISIT, "2026-11-28T10:00", "2026-11-28T12:00", 25580, id="none on Saturday"),
        pytest.param(VISIT, "2025-05-01T10:00", "2025-05-01T12:00", 36540, id="half more on Labour Day"),
        pytest.param(VISIT, "2024-11-26T10:00", "2024-11-26T12:00", None, id="2024 is not known"),
        pytest.param(DAYCARE, "2026-11-26T16:00", "2026-11-26T16:00", None, id="no time, no fee"),
    ],
)
def test_fee(service: str, start: str, end: str, won: int | None) -> None:
    assert fee(service, start, end) == won


def test_a_fee_not_published_is_unknown() -> None:
    assert fee("gyeonggi.elementary", "2026-11-24T20:00", "2026-11-24T23:00", region="41590") is None


@given(st.integers(0, 60 * 24 * 14), st.integers(1, 60 * 30), st.integers(1, 60 * 30))
def test_longer_is_never_cheaper(offset: int, one: int, other: int) -> None:
    rule = REFERENCE.services[VISIT].rules_on(date(2026, 4, 25), SUWON).fee
    start = datetime.fromisoformat("2026-04-25") + timedelta(minutes=offset)
    short, long = sorted((one, other))
    cost = [fee_of(rule, start, start + timedelta(minutes=length), REFERENCE.calendar) for length in (short, long)]
    assert cost[0] is not None
    assert cost[1] is not None
    assert cost[0] <= cost[1]
