"""When a provider is there: hours, closures, rosters and duty, half hour by half hour."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.availability import (
    NO_TIMES,
    Closed,
    DutyPlan,
    Openings,
    Presence,
    Roster,
    Shift,
    Times,
    absences,
    capacity,
    day_of,
    presence,
)
from callcenter.care.calendar import SEOUL, Calendar, Closure
from callcenter.care.need import Facility
from callcenter.care.opening import stay_of
from callcenter.care.own_rules import OwnHours, OwnRules, own_hours
from callcenter.care.places import free_count, least, slot_of, slot_start, slots
from callcenter.care.rules import Window
from tests.published import BUCHEON, DAYCARE, ELEMENTARY, REFERENCE, SEONGNAM, STATION, SUWON, VISIT, seoul

CALENDAR = REFERENCE.calendar
EVERY_DAY = ((Window(18 * 60, 22 * 60),),) * 7
TUESDAY = seoul("2026-11-24T00:00")


def window(start: str, end: str) -> range:
    return slots(seoul(start), seoul(end))


def mask(service: str, region: str, of: range, own: OwnRules | None = None, calendar: Calendar = CALENDAR) -> str:
    """The half hours as text: # open, . closed."""
    facility = Facility("one", region, own=own or OwnRules())
    bits = Openings(calendar).mask(REFERENCE.services[service], facility, of)
    return "".join("#" if bits >> i & 1 else "." for i in range(len(of)))


@pytest.mark.parametrize(
    ("service", "region", "start", "end", "expected"),
    [
        (ELEMENTARY, SUWON, "2026-11-24T19:00", "2026-11-24T22:00", "..####"),
        (ELEMENTARY, SUWON, "2026-11-24T23:00", "2026-11-25T01:00", "##.."),
        (ELEMENTARY, SUWON, "2026-11-28T08:00", "2026-11-28T10:00", "####"),
        (ELEMENTARY, SEONGNAM, "2026-11-24T06:00", "2026-11-24T08:00", "..##"),
        # Open round the clock: the night belongs to the day before, and on New Year's Day nothing opens.
        (DAYCARE, BUCHEON, "2026-12-31T22:00", "2027-01-01T01:00", "######"),
        (DAYCARE, BUCHEON, "2027-01-01T06:30", "2027-01-01T08:30", "##.."),
        (DAYCARE, BUCHEON, "2027-01-02T06:30", "2027-01-02T08:30", "..##"),
        # Without known hours nothing is shut.
        (VISIT, SUWON, "2026-11-24T00:00", "2026-11-25T00:00", "#" * 48),
        (STATION, "47290", "2026-11-24T00:00", "2026-11-25T00:00", "#" * 48),
    ],
)
def test_opening_hours(service: str, region: str, start: str, end: str, expected: str) -> None:
    assert mask(service, region, window(start, end)) == expected


def test_own_hours_go_before_and_a_half_hour_that_is_open_in_part_is_open() -> None:
    own = OwnRules(hours=OwnHours(weekday=(Window(19 * 60 + 15, 20 * 60 + 45),)))
    assert mask(ELEMENTARY, SEONGNAM, window("2026-11-24T18:30", "2026-11-24T21:30"), own) == ".####."
    night = OwnRules(hours=OwnHours(weekday=(Window(22 * 60, 26 * 60),)))
    assert mask(ELEMENTARY, SEONGNAM, window("2026-11-24T21:30", "2026-11-25T02:30"), night) == ".########."


def test_a_closure_of_the_calendar_is_seen_by_the_day_of_opening() -> None:
    shut = Calendar(closures=[Closure("one", date(2026, 11, 24), date(2026, 11, 24), "소독")])
    of = window("2026-11-24T07:00", "2026-11-25T09:00")
    assert mask(DAYCARE, BUCHEON, of, calendar=shut) == "#" + "." * 48 + "###"


@given(
    st.integers(0, 14 * 48),
    st.sampled_from([(ELEMENTARY, SUWON), (ELEMENTARY, SEONGNAM), (DAYCARE, BUCHEON), (VISIT, SUWON)]),
    st.booleans(),
)
def test_open_half_hours_are_those_of_the_rules(ahead: int, where: tuple[str, str], narrow: bool) -> None:
    """The bits agree with the rule that walks through opening hours by the minute."""
    service, region = REFERENCE.services[where[0]], where[1]
    own = OwnRules(hours=OwnHours(weekday=(Window(600, 1500),), sunday=()) if narrow else OwnHours())
    start = TUESDAY + ahead * timedelta(minutes=30)
    of = slots(start, start + timedelta(minutes=30))
    local = start.replace(tzinfo=None)
    rules = service.rules_on(local.date(), region, "one")
    stay = stay_of(own_hours(rules.hours, own.hours, "one"), local, local + timedelta(minutes=30), CALENDAR)
    shut = rules.closing and any(CALENDAR.festivals(day) & rules.closing.festivals for day in stay.days)
    assert (mask(*where, of, own) == "#") is (stay.closed_at is None and not shut)


# ---------------------------------------------------------------- closures, rosters, duty

EVENING = window("2026-11-24T18:00", "2026-11-24T22:00")
ALL = (1 << len(EVENING)) - 1


def shown(times: Times, of: range = EVENING, ratio: int | None = 3) -> str:
    at = presence(of, (1 << len(of)) - 1, times, ratio, CALENDAR)
    return "".join("?" if places is None else str(places) for places in capacity(4, of, at))


def closed(start: str, end: str, reason: str = "소독") -> Closed:
    return Closed(slot_of(seoul(start)), slots(seoul(start), seoul(end)).stop, reason)


def shift(start: str, end: str, *keepers: str) -> Shift:
    return Shift(slot_of(seoul(start)), slot_of(seoul(end)), keepers)


@pytest.mark.parametrize(
    ("times", "expected"),
    [
        (NO_TIMES, "44444444"),
        (Times(closures=(closed("2026-11-24T19:00", "2026-11-24T20:00"),)), "44004444"),
        (Times(closures=(closed("2026-11-23T00:00", "2026-11-26T00:00"),)), "00000000"),
        (Times(closures=(closed("2026-11-24T10:00", "2026-11-24T18:00"),)), "44444444"),
        (Times(closures=(closed("2026-11-24T21:40", "2026-11-24T21:50"),)), "44444440"),
        (Times(roster=Roster(EVERY_DAY)), "44444444"),
        (Times(roster=Roster(((),) * 7)), "00000000"),
        (Times(roster=Roster(((), (Window(20 * 60, 24 * 60),), *((),) * 5))), "00004444"),
        # Monday's night reaches into Tuesday's first hour, not into its evening.
        (Times(roster=Roster((((Window(22 * 60, 25 * 60)),), *((),) * 6))), "00000000"),
        (Times(roster=Roster(EVERY_DAY, days=((date(2026, 11, 24), ()),))), "00000000"),
        (Times(roster=Roster(((),) * 7, days=((date(2026, 11, 24), (Window(1080, 1140),)),))), "44000000"),
    ],
)
def test_closures_and_rosters(times: Times, expected: str) -> None:
    assert shown(times) == expected


def test_a_roster_of_holidays_goes_before_the_day_of_the_week() -> None:
    christmas = window("2026-12-25T18:00", "2026-12-25T19:00")
    assert shown(Times(roster=Roster(EVERY_DAY, holiday=())), christmas) == "00"
    assert shown(Times(roster=Roster(EVERY_DAY)), christmas) == "44"
    single = Times(roster=Roster(EVERY_DAY, holiday=(), days=((date(2026, 12, 25), EVERY_DAY[0]),)))
    assert shown(single, christmas) == "44"


PLAN = DutyPlan(
    slot_of(seoul("2026-11-24T16:00")),
    slot_of(seoul("2026-11-24T21:00")),
    (
        shift("2026-11-24T16:00", "2026-11-24T19:00", "김지킴"),
        shift("2026-11-24T18:30", "2026-11-24T20:00", "김지킴", "이지킴"),
        shift("2026-11-24T20:00", "2026-11-24T20:30"),
    ),
)


def test_places_follow_who_is_on_duty() -> None:
    # One has three children, two would have six but there are four places; then nobody, a gap, and nobody knows.
    assert shown(Times(plan=PLAN)) == "344400??"
    assert shown(Times(plan=PLAN), ratio=None) == "????00??"
    at = presence(EVENING, ALL, Times(plan=PLAN), 3, CALENDAR)
    assert capacity(None, EVENING, at) == (3, 6, 6, 6, 0, 0, None, None)
    assert capacity(0, EVENING, at) == (0,) * 8


@pytest.mark.parametrize(
    ("times", "start", "end", "expected"),
    [
        (NO_TIMES, "18:00", "22:00", []),
        (Times(closures=(closed("2026-11-24T19:00", "2026-11-24T20:00"),)), "18:00", "22:00", ["closed_day"]),
        (Times(closures=(closed("2026-11-24T19:00", "2026-11-24T20:00"),)), "20:00", "22:00", []),
        (Times(roster=Roster(EVERY_DAY)), "18:00", "22:00", []),
        (Times(roster=Roster(EVERY_DAY)), "17:50", "22:00", ["off_roster"]),
        (Times(roster=Roster(EVERY_DAY)), "21:00", "22:10", ["off_roster"]),
        (Times(plan=PLAN), "18:00", "20:00", []),
        (Times(plan=PLAN), "18:00", "20:30", ["no_duty"]),
        (Times(plan=PLAN), "21:00", "22:00", []),
    ],
)
def test_why_it_is_not_there(times: Times, start: str, end: str, expected: list[str]) -> None:
    first, last = seoul(f"2026-11-24T{start}"), seoul(f"2026-11-24T{end}")
    of = slots(first, last)
    at = presence(of, (1 << len(of)) - 1, times, 3, CALENDAR)
    assert [block.code for block in absences(first, last, times, at, CALENDAR)] == expected


def test_a_closure_says_its_day_and_reason() -> None:
    times = Times(closures=(closed("2026-11-20T00:00", "2026-11-25T00:00", "독감"),))
    first, last = seoul("2026-11-24T20:00"), seoul("2026-11-24T21:00")
    at = presence(slots(first, last), 3, times, None, CALENDAR)
    (block,) = absences(first, last, times, at, CALENDAR)
    assert block.values == {"day": date(2026, 11, 24), "reason": "독감"}


# ---------------------------------------------------------------- what always holds


def some_closure(first: int, more: int) -> Closed:
    return Closed(EVENING.start + first, EVENING.start + first + more, "소독")


def some_window(opens: int, more: int) -> Window:
    return Window(30 * opens, 30 * (opens + more))


def some_shift(first: int, more: int, keepers: list[str]) -> Shift:
    return Shift(EVENING.start + first, EVENING.start + first + more, tuple(keepers))


def some_plan(shifts: list[Shift]) -> DutyPlan:
    return DutyPlan(EVENING.start - 2, EVENING.start + 6, tuple(shifts))


CLOSURES = st.lists(st.builds(some_closure, st.integers(-9, 9), st.integers(1, 9)), max_size=3)
WINDOWS = st.lists(st.builds(some_window, st.integers(0, 47), st.integers(1, 48)), max_size=2).map(tuple)
ROSTERS = st.none() | st.builds(Roster, st.tuples(*[WINDOWS] * 7), st.none() | WINDOWS)
KEEPERS = st.lists(st.sampled_from(["김지킴", "이지킴", "박지킴"]), max_size=3)
SHIFTS = st.lists(st.builds(some_shift, st.integers(-4, 8), st.integers(1, 8), KEEPERS), max_size=3)
PLANS = st.none() | SHIFTS.map(some_plan)
PLACES = st.none() | st.integers(0, 9)


@given(CLOSURES, ROSTERS, PLANS, PLACES, st.none() | st.integers(1, 4))
def test_there_are_never_fewer_than_none_nor_more_than_told(
    closures: list[Closed], roster: Roster | None, plan: DutyPlan | None, places: int | None, ratio: int | None
) -> None:
    at = presence(EVENING, ALL, Times(tuple(closures), roster, plan), ratio, CALENDAR)
    found = capacity(places, EVENING, at)
    assert len(found) == len(EVENING)
    for slot, most in zip(EVENING, found, strict=True):
        assert most is None or most >= 0
        assert places is None or most is None or most <= places
        if any(one.first <= slot < one.end for one in closures):
            assert most == 0


@given(CLOSURES, ROSTERS, PLANS, PLACES)
def test_a_closure_only_takes_away(
    closures: list[Closed], roster: Roster | None, plan: DutyPlan | None, places: int | None
) -> None:
    """Closing and lifting again leaves what was before, as the slots a closure does not touch are as without it."""
    before = capacity(places, EVENING, presence(EVENING, ALL, Times((), roster, plan), 3, CALENDAR))
    after = capacity(places, EVENING, presence(EVENING, ALL, Times(tuple(closures), roster, plan), 3, CALENDAR))
    for slot, was, now in zip(EVENING, before, after, strict=True):
        assert now == (0 if any(one.first <= slot < one.end for one in closures) else was)


@given(st.integers(0, 60), st.integers(1, 60), ROSTERS)
def test_a_part_of_a_window_is_the_same_as_in_the_whole(first: int, length: int, roster: Roster | None) -> None:
    whole = range(EVENING.start, EVENING.start + 120)
    part = range(whole.start + first, whole.start + first + length)
    times = Times(roster=roster, closures=(Closed(whole.start + 9, whole.start + 20, "가"),))
    of_whole = capacity(2, whole, presence(whole, (1 << len(whole)) - 1, times, None, CALENDAR))
    of_part = capacity(2, part, presence(part, (1 << len(part)) - 1, times, None, CALENDAR))
    assert of_part == of_whole[first : first + length]


@given(st.integers(900_000, 1_100_000))
def test_the_day_of_a_slot_is_seouls(slot: int) -> None:
    assert day_of(slot) == slot_start(slot).astimezone(SEOUL).date()


@given(
    st.lists(st.none() | st.integers(0, 4), min_size=8, max_size=8),
    st.frozensets(st.tuples(st.sampled_from(EVENING), st.integers(1, 4)), max_size=12),
)
def test_free_over_slots_that_differ_is_what_every_slot_has_left(
    places: list[int | None], taken: frozenset[tuple[int, int]]
) -> None:
    free = free_count(taken, EVENING, places)
    left = [
        None if most is None else most - sum(1 for slot, _number in taken if slot == here)
        for here, most in zip(EVENING, places, strict=True)
    ]
    if any(one is not None and one <= 0 for one in left):
        assert free == 0
    elif None in left:
        assert free is None
    else:
        assert free is not None
        assert 0 <= free <= min(one for one in left if one is not None)
    assert least(places) == (0 if 0 in places else None if None in places else min(one or 0 for one in places))


@given(st.integers(0, 6), st.frozensets(st.tuples(st.sampled_from(EVENING), st.integers(1, 4)), max_size=12))
def test_the_same_number_in_each_slot_is_that_number(places: int, taken: frozenset[tuple[int, int]]) -> None:
    assert free_count(taken, EVENING, (places,) * len(EVENING)) == free_count(taken, EVENING, places)


def test_a_window_of_many_days_is_told_in_one_go() -> None:
    of = window("2026-11-24T00:00", "2026-12-01T00:00")
    assert mask(ELEMENTARY, SUWON, of).count("#") == 5 * 12 + 2 * 34
    assert Presence(ALL).most is None
    assert datetime(2026, 11, 24, tzinfo=SEOUL) == slot_start(of.start)
