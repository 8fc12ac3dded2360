from hypothesis import given
from hypothesis import strategies as st

from callcenter.gateways.rate_limit import RateLimit


def test_a_burst_then_so_many_a_second_for_each_source() -> None:
    limit = RateLimit(per_second=2, burst=3)
    assert [limit.wait("a", 10.0) for _ in range(4)] == [0, 0, 0, 0.5]
    assert limit.wait("b", 10.0) == 0
    assert limit.wait("a", 10.25) == 0.25
    assert limit.wait("a", 10.5) == 0
    assert [limit.wait("a", 99.0) for _ in range(4)] == [0, 0, 0, 0.5]


@given(st.lists(st.floats(0, 2), max_size=60))
def test_nobody_gets_more_than_the_burst_and_the_rate(pauses: list[float]) -> None:
    limit, now, taken = RateLimit(per_second=5, burst=8), 0.0, 0
    for pause in pauses:
        now += pause
        taken += limit.wait("a", now) == 0
    assert taken <= 8 + 5 * now + 1e-6


def test_many_sources_do_not_fill_the_memory() -> None:
    limit = RateLimit(per_second=10, burst=10)
    for source in range(25_000):
        limit.wait(str(source), source / 1000)
    assert len(limit._buckets) <= 10_000
    assert limit.wait("24999", 25.0) == 0
