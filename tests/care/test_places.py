from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from itertools import islice, product
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callcenter.care.places import (
    CareTimesError,
    Group,
    PlaceKey,
    Seat,
    choose_places,
    free_count,
    free_numbers,
    keys,
    slot_of,
    slot_start,
    slots,
)

SEOUL = ZoneInfo("Asia/Seoul")
WINDOW = range(100, 104)

Taken = Mapping[str, frozenset[tuple[int, int]]]


def seoul(clock: str, day: int = 25) -> datetime:
    return datetime.fromisoformat(f"2026-11-{day:02} {clock}").replace(tzinfo=SEOUL)


def test_a_slot_is_the_half_hour_since_1970() -> None:
    assert slot_of(datetime(1970, 1, 1, 0, 29, 59, tzinfo=UTC)) == 0
    assert slot_of(datetime(1970, 1, 1, 0, 30, tzinfo=UTC)) == 1
    assert slot_of(datetime(1970, 1, 1, 9, 0, tzinfo=SEOUL)) == 0


def test_an_instant_without_zone_is_refused() -> None:
    with pytest.raises(TypeError):
        slot_of(datetime.fromisoformat("2026-11-25 20:00"))


@pytest.mark.parametrize(
    ("start", "end", "first", "last_end"),
    [
        (seoul("20:10"), seoul("22:40"), seoul("20:00"), seoul("23:00")),
        (seoul("20:00"), seoul("23:00"), seoul("20:00"), seoul("23:00")),
        (seoul("20:29"), seoul("20:31"), seoul("20:00"), seoul("21:00")),
        (seoul("22:00"), seoul("06:00", 26), seoul("22:00"), seoul("06:00", 26)),
        (seoul("20:00"), seoul("20:00") + timedelta(seconds=1), seoul("20:00"), seoul("20:30")),
    ],
)
def test_a_time_of_care_takes_every_slot_it_touches(
    start: datetime, end: datetime, first: datetime, last_end: datetime
) -> None:
    window = slots(start, end)
    assert slot_start(window[0]) == first
    assert slot_start(window[-1]) + timedelta(minutes=30) == last_end


@pytest.mark.parametrize("minutes", [0, -1, -300])
def test_an_end_not_after_the_start_is_refused(minutes: int) -> None:
    with pytest.raises(CareTimesError) as refusal:
        slots(seoul("20:00"), seoul("20:00") + timedelta(minutes=minutes))
    assert refusal.value.code == "care_times"
    assert "{" not in str(refusal.value)


instants = st.integers(0, 2**31).map(lambda seconds: datetime.fromtimestamp(seconds, UTC))


@given(instants, st.timedeltas(timedelta(microseconds=1), timedelta(days=2)))
def test_slots_cover_the_time_and_nothing_more(start: datetime, length: timedelta) -> None:
    end = start + length
    window = slots(start, end)
    assert slot_start(window[0]) <= start < slot_start(window[0] + 1)
    assert slot_start(window[-1]) < end <= slot_start(window[-1] + 1)


@given(st.integers(0, 10**7))
def test_a_slot_starts_in_itself(slot: int) -> None:
    assert slot_of(slot_start(slot)) == slot


def test_a_number_must_be_free_over_the_whole_window() -> None:
    taken = [(99, 1), (100, 2), (103, 4), (104, 3)]
    assert list(free_numbers(taken, WINDOW, 4)) == [1, 3]
    assert free_count(taken, WINDOW, 4) == 2


def test_unknown_places_have_numbers_without_end_and_no_count() -> None:
    assert list(islice(free_numbers([(100, 1), (101, 3)], WINDOW, None), 3)) == [2, 4, 5]
    assert free_count([(100, 1)], WINDOW, None) is None


def test_a_child_beyond_a_reduced_number_still_uses_a_place_up() -> None:
    assert free_count([(100, 5)], WINDOW, 2) == 1
    assert list(free_numbers([(100, 5)], WINDOW, 2)) == [1]
    assert free_count([(100, 5), (101, 6), (100, 7)], WINDOW, 2) == 0
    assert list(free_numbers([(100, 5), (101, 6), (100, 7)], WINDOW, 2)) == []


@given(st.sets(st.tuples(st.integers(98, 106), st.integers(1, 6))), st.integers(0, 6))
def test_the_count_is_the_number_of_numbers(taken: set[tuple[int, int]], places: int) -> None:
    free = list(free_numbers(taken, WINDOW, places))
    assert free_count(taken, WINDOW, places) == len(free)
    busy = {number for slot, number in taken if slot in WINDOW}
    assert len(free) == max(0, places - len(busy))
    assert busy.isdisjoint(free)
    assert free == sorted(free)


INFANTS = Group("infants", 6, 35, 2)
TODDLERS = Group("toddlers", 30, 83, 2)
CARER = Group("carer", 3, 155, 1, 3)


def test_siblings_share_the_place_of_a_carer() -> None:
    chosen = choose_places([CARER], {"a": 14, "b": 60, "c": 150}, WINDOW, {})
    assert chosen == (Seat("a", "carer", 1), Seat("b", "carer", 1), Seat("c", "carer", 1))
    assert keys(chosen, range(100, 102)) == (PlaceKey("carer", 100, 1), PlaceKey("carer", 101, 1))


def test_a_fourth_child_of_the_household_does_not_fit_a_carer() -> None:
    assert choose_places([CARER], dict.fromkeys("abcd", 60), WINDOW, {}) is None


def test_a_carer_with_another_household_is_not_free() -> None:
    assert choose_places([CARER], {"a": 14}, WINDOW, {"carer": [(103, 1)]}) is None


def test_siblings_of_different_ages_get_their_own_groups() -> None:
    chosen = choose_places([TODDLERS, INFANTS], {"young": 8, "old": 50}, WINDOW, {})
    assert chosen == (Seat("old", "toddlers", 1), Seat("young", "infants", 1))


def test_a_child_who_fits_two_groups_makes_way_for_one_who_fits_one() -> None:
    groups = [Group("narrow", 30, 35, 1), Group("wide", 30, 83, 1)]
    chosen = choose_places(groups, {"a": 32, "b": 33}, WINDOW, {})
    assert chosen == (Seat("a", "narrow", 1), Seat("b", "wide", 1))
    groups = [Group("infants", 6, 35, 1), Group("all", 6, 83, 1)]
    chosen = choose_places(groups, {"a": 32, "b": 8, "c": 60}, WINDOW, {"all": [(100, 1)]})
    assert chosen is None
    chosen = choose_places([Group("p", 0, 35, 1), Group("q", 30, 90, 1)], {"a": 32, "b": 8}, WINDOW, {})
    assert chosen == (Seat("a", "q", 1), Seat("b", "p", 1))


def test_known_places_come_before_unknown_ones() -> None:
    groups = [Group("a-unknown", 0, 100, None), Group("b-known", 0, 155, 1)]
    assert choose_places(groups, {"x": 50}, WINDOW, {}) == (Seat("x", "b-known", 1),)
    assert choose_places(groups, {"x": 50}, WINDOW, {"b-known": [(100, 1)], "a-unknown": [(101, 1)]}) == (
        Seat("x", "a-unknown", 2),
    )


groups_strategy = st.lists(
    st.builds(
        lambda low, width, places, shared: (low, low + width, places, shared),
        st.integers(0, 6),
        st.integers(0, 4),
        st.none() | st.integers(0, 2),
        st.sampled_from([1, 1, 3]),
    ),
    max_size=3,
).map(lambda rows: [Group(f"g{i}", *row) for i, row in enumerate(rows)])
children_strategy = st.lists(st.integers(0, 8), max_size=4).map(
    lambda ages: {f"child{i}": months for i, months in enumerate(ages)}
)
taken_strategy: st.SearchStrategy[Taken] = st.dictionaries(
    st.sampled_from(["g0", "g1", "g2"]),
    st.frozensets(st.tuples(st.integers(99, 104), st.integers(1, 3)), max_size=4),
)


def possible(groups: list[Group], children: Mapping[str, int], taken: Taken) -> bool:
    """Every way to give each child a (group, place), tried one by one."""
    places = set()
    for group in groups:
        busy = {number for slot, number in taken.get(group.id, ()) if slot in WINDOW}
        assert group.places is None or isinstance(group.places, int)
        free = [number for number in range(1, (7 if group.places is None else group.places) + 1) if number not in busy]
        # A number beyond the places there are now stands for a child that is there all the same.
        room = len(free) if group.places is None else max(0, group.places - len(busy))
        places |= {(group, number) for number in free[:room]}
    for choice in product(places, repeat=len(children)):
        fits = all(
            group.months_min <= months <= group.months_max
            for (group, _), months in zip(choice, children.values(), strict=True)
        )
        if fits and all(choice.count(place) <= place[0].children_per_place for place in choice):
            return True
    return False


@example([Group("g0", 0, 0, 1, 1)], {"child0": 0}, {"g0": frozenset({(100, 2)})})
@given(groups_strategy, children_strategy, taken_strategy)
def test_seats_keep_every_rule_and_none_means_impossible(
    groups: list[Group], children: dict[str, int], taken: Taken
) -> None:
    chosen = choose_places(groups, children, WINDOW, taken)
    assert (chosen is not None) == possible(groups, children, taken)
    if chosen is None:
        return
    by_id = {group.id: group for group in groups}
    assert {seat.child_id for seat in chosen} == set(children)
    assert len(chosen) == len(children)
    for seat in chosen:
        group = by_id[seat.group_id]
        assert group.months_min <= children[seat.child_id] <= group.months_max
        assert group.places is None or (isinstance(group.places, int) and 1 <= seat.place_no <= group.places)
        assert not any((slot, seat.place_no) in taken.get(group.id, ()) for slot in WINDOW)
        together = [other for other in chosen if other[1:] == seat[1:]]
        assert len(together) <= group.children_per_place
    taken_keys = keys(chosen, WINDOW)
    assert len(set(taken_keys)) == len(taken_keys)
    assert set(taken_keys) == {PlaceKey(s.group_id, slot, s.place_no) for s in chosen for slot in WINDOW}


@given(st.data(), groups_strategy, children_strategy, taken_strategy)
def test_the_order_of_groups_and_children_does_not_matter(
    data: st.DataObject, groups: list[Group], children: dict[str, int], taken: Taken
) -> None:
    shuffled_groups = data.draw(st.permutations(groups))
    shuffled_children = dict(data.draw(st.permutations(list(children.items()))))
    assert choose_places(groups, children, WINDOW, taken) == choose_places(
        shuffled_groups, shuffled_children, WINDOW, taken
    )
