"""Siblings apart: every child once, no provider twice, as few of them as can be."""

from itertools import chain, combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.matching import Match
from callcenter.care.siblings import MOST_CHILDREN, Part, Split, best_split
from tests.care.test_matching import candidate

Takes = dict[tuple[str, ...], list[tuple[str, float]]]


def split(takes: Takes, *children: str) -> dict[str, str] | None:
    """Which provider each child goes to."""

    def find(some: tuple[str, ...]) -> list[Match]:
        return [Match(candidate(name), score, ()) for name, score in takes.get(some, ())]

    parts = best_split(children, find)
    if parts is None:
        return None
    return {child: part.match.candidate.provider_id for part in parts for child in part.children}


def test_each_where_it_is_best() -> None:
    takes: Takes = {("x",): [("a", 5), ("b", 1)], ("y",): [("b", 4), ("a", 3)]}
    assert split(takes, "x", "y") == {"x": "a", "y": "b"}


def test_one_provider_is_not_taken_twice() -> None:
    """Its places for both together are what the matches are for; there are none, or nobody would be split."""
    takes: Takes = {("x",): [("a", 9), ("b", 1)], ("y",): [("a", 8), ("c", 2)]}
    assert split(takes, "x", "y") == {"x": "a", "y": "c"}


def test_two_together_come_before_three_apart() -> None:
    takes: Takes = {
        ("x",): [("a", 9)],
        ("y",): [("b", 9)],
        ("z",): [("c", 9)],
        ("x", "y"): [("d", -5)],
    }
    assert split(takes, "x", "y", "z") == {"x": "d", "y": "d", "z": "c"}


@pytest.mark.parametrize(
    ("takes", "children"),
    [
        ({("x",): [("a", 1)]}, ("x", "y")),
        ({("x",): [("a", 1)], ("y",): [("a", 1)]}, ("x", "y")),
        ({("x",): [("a", 1)]}, ("x",)),
        ({}, ()),
        ({(str(n),): [(str(n), 1)] for n in range(MOST_CHILDREN + 1)}, tuple(map(str, range(MOST_CHILDREN + 1)))),
    ],
    ids=["nobody for one", "the same for both", "an only child", "nobody", "too many"],
)
def test_no_split(takes: Takes, children: tuple[str, ...]) -> None:
    assert split(takes, *children) is None


def test_the_sum_of_a_split() -> None:
    parts = tuple(Part((name,), Match(candidate(name, km), 1.1, ())) for name, km in (("a", 1.2), ("b", 2.8)))
    assert (Split(parts).score, Split(parts).km) == (2.2, 4.0)
    unknown = Part(("c",), Match(candidate("c", None), 1.0, ()))
    assert Split((*parts, unknown)).km is None


families = st.integers(2, 4).flatmap(
    lambda count: st.fixed_dictionaries(
        {
            some: st.lists(
                st.tuples(st.sampled_from("abcd"), st.floats(-20, 20)), max_size=3, unique_by=lambda one: one[0]
            ).map(lambda found: sorted(found, key=lambda one: -one[1]))
            for some in chain.from_iterable(combinations("wxyz"[:count], size) for size in range(1, count))
        }
    )
)


@given(families)
def test_every_child_once_and_no_provider_twice(takes: Takes) -> None:
    children = sorted({child for some in takes for child in some})

    def find(some: tuple[str, ...]) -> list[Match]:
        return [Match(candidate(name), score, ()) for name, score in takes[some]]

    parts = best_split(children, find)
    if parts is None:
        return
    assert sorted(child for part in parts for child in part.children) == children
    providers = [part.match.candidate.provider_id for part in parts]
    assert len(set(providers)) == len(providers) > 1
    for part in parts:
        assert part.match.candidate.provider_id in {name for name, _score in takes[part.children]}
