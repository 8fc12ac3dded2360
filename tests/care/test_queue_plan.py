from dataclasses import replace
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.places import Group, choose_places, keys
from callcenter.care.plan_capacity import Capacity, OpenPlaces, Stay
from callcenter.care.queue_plan import OpenRequest, Option, first_come, queue_plan, worth
from tests.care.plan_oracle import optimum
from tests.care.tight_evenings import Evening, tight_evening

EVENINGS = st.builds(
    lambda seed, requests, places: tight_evening(Random(seed), requests, places),
    st.integers(0, 10**6),
    st.integers(0, 14),
    st.integers(1, 12),
)
CHILD = 100


def asks(name: str, *options: str, band: int = 2, window: range = range(10, 14), children: int = 1) -> OpenRequest:
    """A request for children of one age, who would go to these providers, the first the best."""
    months = {f"{name}{n}": CHILD for n in range(children)}
    scored = tuple(Option(option, 10.0 - at) for at, option in enumerate(options))
    return OpenRequest(name, band, Stay(window, months), scored)


def has(places: int | None, *taken: tuple[int, int]) -> OpenPlaces:
    return OpenPlaces((Group("g", 72, 155, places),), {"g": taken})


def taken_one_by_one(evening: Evening, plan: dict[str, str]) -> set[tuple[str, int, int]]:
    """The keys that the offers would take, in the order of the queue; fails where one finds no places."""
    taken = {name: {group: set(pairs) for group, pairs in one.taken.items()} for name, one in evening.providers.items()}
    made: set[tuple[str, int, int]] = set()
    for request in evening.requests:
        if request.id not in plan:
            continue
        provider = plan[request.id]
        window, children = request.stay
        seats = choose_places(evening.providers[provider].groups, children, window, taken[provider])
        assert seats is not None, request
        for key in keys(seats, window):
            assert (key.slot, key.place_no) not in taken[provider].setdefault(key.group_id, set())
            taken[provider][key.group_id].add((key.slot, key.place_no))
            made.add(key)
    return made


@given(EVENINGS)
def test_every_request_of_a_plan_finds_its_places_and_never_two_the_same(evening: Evening) -> None:
    for plan in (first_come(*evening), queue_plan(*evening)):
        taken_one_by_one(evening, plan)
        options = {request.id: {option.provider_id for option in request.options} for request in evening.requests}
        assert all(provider in options[request] for request, provider in plan.items())


@settings(max_examples=30)
@given(EVENINGS)
def test_a_plan_is_never_worth_less_than_first_come_and_never_more_than_the_optimum(evening: Evening) -> None:
    plan, first = queue_plan(*evening), first_come(*evening)
    found = worth(evening.requests, plan)
    assert found >= worth(evening.requests, first)
    assert found.served <= optimum(*evening, bands=False).served


@given(EVENINGS, st.randoms(use_true_random=False))
def test_the_same_queue_gives_the_same_plan(evening: Evening, rng: Random) -> None:
    mixed = list(evening.providers.items())
    rng.shuffle(mixed)
    assert queue_plan(evening.requests, dict(mixed)) == queue_plan(*evening)


def test_it_comes_near_the_optimum() -> None:
    served = [
        (len(queue_plan(*evening)), optimum(*evening).served)
        for evening in (tight_evening(Random(seed), 12, 8) for seed in range(40))
    ]
    assert sum(plan < best for plan, best in served) <= 2
    assert all(plan >= best - 1 for plan, best in served)


@settings(max_examples=30)
@given(EVENINGS.filter(lambda evening: len(evening.requests) < 9))
def test_of_single_children_at_one_time_it_is_the_optimum(evening: Evening) -> None:
    window = range(1_000_000, 1_000_004)
    requests = [one._replace(stay=Stay(window, dict(list(one.stay.children.items())[:1]))) for one in evening.requests]
    found, best = worth(requests, queue_plan(requests, evening.providers)), optimum(requests, evening.providers)
    assert found.served == best.served
    assert found.bands == best.bands


def test_the_second_gets_the_place_that_only_it_could_use() -> None:
    requests = [asks("first", "near", "far"), asks("second", "near")]
    providers = {"near": has(1), "far": has(1)}
    assert first_come(requests, providers) == {"first": "near"}
    assert queue_plan(requests, providers) == {"first": "far", "second": "near"}


def test_stays_at_different_hours_share_a_place() -> None:
    requests = [asks("early", "one", window=range(10, 14)), asks("late", "one", window=range(14, 18))]
    assert queue_plan(requests, {"one": has(1)}) == {"early": "one", "late": "one"}


def test_two_short_stays_go_before_a_long_one_and_siblings_stay_together() -> None:
    long = asks("long", "one", window=range(10, 20))
    short = [asks("a", "one", window=range(10, 14)), asks("b", "one", window=range(14, 18))]
    assert queue_plan([long, *short], {"one": has(1)}) == {"a": "one", "b": "one"}
    siblings = asks("siblings", "two", "split", children=2)
    assert queue_plan([siblings], {"two": has(2), "split": has(1)}) == {"siblings": "two"}
    assert queue_plan([siblings], {"two": has(1), "split": has(1)}) == {}


def test_among_plans_that_serve_as_many_the_more_urgent_get_the_place() -> None:
    requests = [asks("long wait", "one", band=3), asks("urgent", "one", band=0)]
    assert first_come(requests, {"one": has(1)}) == {"long wait": "one"}
    assert queue_plan(requests, {"one": has(1)}) == {"urgent": "one"}


def test_among_plans_that_serve_the_same_the_scores_decide() -> None:
    requests = [
        OpenRequest("a", 2, Stay(range(4), {"x": CHILD}), (Option("one", 9.0), Option("two", 8.0))),
        OpenRequest("b", 2, Stay(range(4), {"y": CHILD}), (Option("one", 9.0), Option("two", 3.0))),
    ]
    assert queue_plan(requests, {"one": has(1), "two": has(1)}) == {"a": "two", "b": "one"}


def test_of_places_nobody_has_counted_one_request_is_planned() -> None:
    requests = [asks("a", "unknown"), asks("b", "unknown")]
    assert queue_plan(requests, {"unknown": has(None)}) == {"a": "unknown"}
    assert queue_plan([asks("siblings", "unknown", children=3)], {"unknown": has(None)}) == {"siblings": "unknown"}


@pytest.mark.parametrize(
    ("taken", "served"), [((), True), (((12, 1),), False), (((14, 1),), True), (((10, 7),), False)]
)
def test_what_is_taken_is_not_planned_again(taken: tuple[tuple[int, int], ...], served: bool) -> None:
    assert bool(queue_plan([asks("a", "one")], {"one": has(1, *taken)})) is served


def test_a_request_without_options_waits_and_an_empty_queue_is_an_empty_plan() -> None:
    assert queue_plan([], {}) == {}
    assert queue_plan([asks("nobody")], {"one": has(1)}) == {}


@given(EVENINGS)
def test_capacity_says_what_choosing_places_one_after_the_other_says(evening: Evening) -> None:
    stays = [request.stay for request in evening.requests]
    for places in evening.providers.values():
        if any(group.places is None for group in places.groups):
            continue
        capacity = Capacity(places, stays)
        taken = {group: set(pairs) for group, pairs in places.taken.items()}
        members = 0
        for at, (window, children) in enumerate(stays):
            seats = choose_places(places.groups, children, window, taken)
            assert capacity.fits(members | 1 << at) is (seats is not None)
            if seats is not None:
                members |= 1 << at
                for key in keys(seats, window):
                    taken.setdefault(key.group_id, set()).add((key.slot, key.place_no))


@given(EVENINGS, st.randoms(use_true_random=False))
def test_places_that_differ_from_slot_to_slot_are_taken_as_they_are_in_each(evening: Evening, rng: Random) -> None:
    window = range(999_990, 1_000_050)

    def differing(group: Group) -> Group:
        return replace(group, places=tuple(rng.choice((0, 1, 2, 3, 3, 3)) for _ in window))

    over = {
        name: one._replace(groups=tuple(map(differing, one.groups)), window=window)
        for name, one in evening.providers.items()
    }
    plan = queue_plan(evening.requests, over)
    inside: dict[str, list[OpenRequest]] = {}
    for request in evening.requests:
        if request.id in plan:
            inside.setdefault(plan[request.id], []).append(request)
    for name, requests in inside.items():
        taken = {group: set(pairs) for group, pairs in over[name].taken.items()}
        for request in requests:
            stay = request.stay.window
            first = stay.start - window.start
            groups = [
                replace(one, places=one.places[first : first + len(stay)])
                for one in over[name].groups
                if isinstance(one.places, tuple)
            ]
            seats = choose_places(groups, request.stay.children, stay, taken)
            assert seats is not None
            for key in keys(seats, stay):
                taken.setdefault(key.group_id, set()).add((key.slot, key.place_no))
