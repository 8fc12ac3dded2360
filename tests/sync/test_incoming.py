"""How much is taken in at once, and how long others are left alone in between."""

import pytest

from callcenter.sync.incoming import MOST_AT_ONCE, Pace


class Clock:
    """A clock that only goes on when it is told to."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def take(pace: Pace, clock: Clock, version: int, per_second: int) -> int:
    """One transaction at that speed; how many entries it took."""
    pace.look(version)
    began = pace.start()
    clock.now += pace.entries / per_second
    pace.learn(began, pace.entries)
    return pace.entries


def test_nobody_else_writes_so_much_is_taken_without_a_rest() -> None:
    clock = Clock()
    pace = Pace(clock)
    taken = [take(pace, clock, 7, 40_000) for _ in range(10)]
    assert taken[-1] == MOST_AT_ONCE
    assert pace.rest == 0


def test_somebody_writes_so_little_is_taken_and_the_file_is_left_alone_as_long() -> None:
    clock = Clock()
    pace = Pace(clock)
    taken = [take(pace, clock, version, 10_000) for version in range(10)]
    assert 25 <= taken[-1] <= 30
    assert pace.rest == pytest.approx(taken[-1] / 10_000)


def test_who_wrote_a_while_ago_is_not_waited_for() -> None:
    clock = Clock()
    pace = Pace(clock)
    take(pace, clock, 1, 10_000)
    little = take(pace, clock, 2, 10_000)
    assert pace.rest > 0
    clock.now += 11
    assert take(pace, clock, 2, 10_000) > little
    assert pace.rest == 0
