"""Whom to ring next and when, as a table."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.callbacks import Result, Step, Try, Whom, next_due, step

_TRIES: dict[str, tuple[Whom, Result]] = {
    "n": ("guardian", "no_answer"),
    "b": ("guardian", "busy"),
    "w": ("guardian", "wrong_number"),
    "r": ("guardian", "reached"),
    "s": ("second_contact", "no_answer"),
    "x": ("second_contact", "wrong_number"),
    "R": ("second_contact", "reached"),
}

STEPS: list[tuple[str, bool, Step]] = [
    ("", True, "guardian"),
    ("n", True, "guardian"),
    ("nb", True, "guardian"),
    ("nbn", True, "second_contact"),
    ("nbn", False, "supervisor"),
    ("nbns", True, "supervisor"),
    ("nbnx", True, "supervisor"),
    ("w", True, "second_contact"),
    ("w", False, "supervisor"),
    ("ws", True, "supervisor"),
    ("nnnn", True, "second_contact"),
    # The second contact was rung early: the guardian still has a try left.
    ("nns", True, "guardian"),
    ("nnsn", True, "supervisor"),
    # Whoever was reached begins anew.
    ("nnr", True, "guardian"),
    ("nnnR", True, "guardian"),
    ("nnrnn", True, "guardian"),
    ("nnrnnn", True, "second_contact"),
]


def tried(letters: str) -> list[Try]:
    return [Try(*_TRIES[letter], at) for at, letter in enumerate(letters)]


@pytest.mark.parametrize(("letters", "second", "expected"), STEPS)
def test_three_tries_then_the_second_contact_then_the_supervisor(letters: str, second: bool, expected: Step) -> None:
    assert step(tried(letters), second) == expected


def test_a_desk_sets_its_own_number_of_tries() -> None:
    assert step(tried("n"), True, 1) == "second_contact"
    assert step(tried("nnnn"), True, 5) == "guardian"


@given(st.text("nbwsx", max_size=12), st.booleans(), st.integers(1, 6))
def test_every_try_that_fails_leads_on_and_never_back(letters: str, second: bool, limit: int) -> None:
    order: list[Step] = ["guardian", "second_contact", "supervisor"]
    passed = [order.index(step(tried(letters[:end]), second, limit)) for end in range(len(letters) + 1)]
    assert passed == sorted(passed)
    assert second or 1 not in passed


@pytest.mark.parametrize(
    ("last", "expected"),
    [(None, 1000), (999, 1000), (1000, 1600), (1200, 1800)],
    ids=["untried", "early", "due", "late"],
)
def test_the_next_try_waits_a_pause_and_never_comes_before_the_promise(last: int | None, expected: int) -> None:
    assert next_due(1000, last, timedelta(minutes=10)) == expected
