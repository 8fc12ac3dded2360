"""Near misses: the cheapest changes first, one of a direction, and never a time that is over."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.care.matching import Match
from callcenter.care.near_miss import (
    Asked,
    Change,
    cost,
    nearest_misses,
    read_change,
    time_changes,
    written,
)
from callcenter.care.weights import ChangeCosts
from tests.care.test_matching import candidate

NOW = datetime(2026, 11, 24, 17, 40, tzinfo=SEOUL)
ASKED = Asked(NOW.replace(hour=20, minute=0), NOW.replace(hour=23, minute=0), "41110", None, None)
COSTS = ChangeCosts(1.0, 1.5, 0.5, 2.0, 2.5, 3.0)

_moves = st.builds(Change, st.sampled_from(["shift", "start", "end"]), st.sampled_from([-60, -30, 30, 60]), st.just(""))
_others = st.builds(Change, st.sampled_from(["service", "region"]), st.just(0), st.sampled_from(["a", "b"]))
changes = _moves | _others


def match(provider_id: str = "a", score: float = 1.0) -> Match:
    return Match(candidate(provider_id), score, ())


@pytest.mark.parametrize(
    ("change", "start", "end"),
    [
        (Change("shift", 30), 30, 30),
        (Change("shift", -60), -60, -60),
        (Change("start", 30), 30, 0),
        (Change("end", -30), 0, -30),
        (Change("wider"), 0, 0),
    ],
)
def test_a_move_moves_what_it_says(change: Change, start: int, end: int) -> None:
    after = change.applied(ASKED)
    assert (after.start - ASKED.start, after.end - ASKED.end) == (timedelta(minutes=start), timedelta(minutes=end))
    assert after[2:] == ASKED[2:]


def test_a_family_keeps_its_residence_wherever_the_care_is() -> None:
    there = Change("region", code="41130").applied(ASKED)
    assert (there.region, there.residence) == ("41130", "41110")
    lives_elsewhere = ASKED._replace(residence="41190")
    assert Change("region", code="41130").applied(lives_elsewhere).residence == "41190"


def test_every_move_is_there_once() -> None:
    found = time_changes(ASKED, NOW)
    assert len(found) == len(set(found)) == 12


@pytest.mark.parametrize("minutes", [0, 10, 30, 59])
def test_nothing_begins_before_now_that_was_to_begin_later(minutes: int) -> None:
    now = ASKED.start - timedelta(minutes=minutes)
    assert all(change.applied(ASKED).start >= now for change in time_changes(ASKED, now))
    assert (Change("shift", -30) in time_changes(ASKED, now)) == (minutes >= 30)


def test_care_that_should_have_begun_can_still_be_moved_later() -> None:
    found = time_changes(ASKED, ASKED.start + timedelta(minutes=10))
    assert {change.kind for change in found if change.minutes > 0} == {"shift", "start", "end"}
    assert not [change for change in found if change.minutes < 0 and change.kind != "end"]


def test_what_is_left_is_half_an_hour_at_least() -> None:
    short = ASKED._replace(end=ASKED.start + timedelta(minutes=60))
    assert Change("end", -30) in time_changes(short, NOW)
    assert Change("end", -60) not in time_changes(short, NOW)


@pytest.mark.parametrize(
    ("longest", "expected"),
    [(timedelta(hours=1, minutes=20), Change("end", -100)), (timedelta(hours=4), None), (timedelta(minutes=20), None)],
)
def test_the_longest_that_is_allowed_is_proposed(longest: timedelta, expected: Change | None) -> None:
    more = set(time_changes(ASKED, NOW, longest)) - set(time_changes(ASKED, NOW))
    assert more == ({expected} if expected else set())


@pytest.mark.parametrize(
    ("change", "points"),
    [
        (Change("shift", -30), 1.0),
        (Change("shift", 60), 2.0),
        (Change("start", 30), 1.5),
        (Change("end", -60), 3.0),
        (Change("start", -30), 0.5),
        (Change("end", 60), 1.0),
        (Change("service", code="x"), 2.0),
        (Change("wider"), 2.5),
        (Change("region", code="x"), 3.0),
    ],
)
def test_what_a_change_costs(change: Change, points: float) -> None:
    assert cost(change, COSTS) == points
    assert read_change(written(change)) == change


def test_anything_else_is_no_change() -> None:
    with pytest.raises(ValueError, match="later 30"):
        read_change("later 30")


def test_of_two_that_cost_the_same_the_better_provider_comes_first() -> None:
    found = {Change("shift", 30): match("a", 1.0), Change("shift", -30): match("b", 4.0)}
    assert [miss.match.candidate.provider_id for miss in nearest_misses(found, COSTS, found.get)] == ["b", "a"]


def test_the_farther_move_of_a_direction_is_not_tried_where_the_nearer_one_does() -> None:
    asked: list[Change] = []

    def find(change: Change) -> Match | None:
        asked.append(change)
        return match()

    both = [Change("shift", 30), Change("shift", 60), Change("start", 60)]
    assert [miss.change for miss in nearest_misses(both, COSTS, find)] == [Change("shift", 30), Change("start", 60)]
    assert Change("shift", 60) not in asked


@given(st.lists(changes, unique=True), st.sets(changes), st.integers(1, 4))
def test_the_cheapest_come_first_and_each_was_found(tried: list[Change], possible: set[Change], most: int) -> None:
    found = nearest_misses(tried, COSTS, lambda change: match() if change in possible else None, most)
    assert len(found) <= most
    assert all(miss.change in possible and miss.change in tried for miss in found)
    costs = [cost(miss.change, COSTS) for miss in found]
    assert costs == sorted(costs)
    directions = {(miss.change.kind, miss.change.minutes > 0, miss.change.code) for miss in found}
    assert len(directions) == len(found)
    # Whatever is left out is a dearer one, or a farther move in a direction that is there.
    if found and len(found) < most:
        left = {change for change in tried if change in possible} - {miss.change for miss in found}
        assert all((one.kind, one.minutes > 0, one.code) in directions for one in left)
