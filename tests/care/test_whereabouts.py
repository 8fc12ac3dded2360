from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.lifecycle import REQUEST, RequestState, clock_of
from callcenter.care.whereabouts import ENDS, ChildFacts, Where, whereabouts

NOW, START, END = 1000, 5000, 9000
WAITING = ChildFacts("r", "c", "open", START, END, None, None, None, None, None, None, None, None)


@pytest.mark.parametrize(
    ("facts", "where", "due"),
    [
        ({}, "waiting", START),
        ({"promised_at": 2000}, "waiting", 2000),
        ({"promised_at": 900}, "needs_person", 900),
        ({"state": "held", "held_until": 3000, "promised_at": 900}, "waiting", 3000),
        ({"state": "held", "held_until": 1000}, "needs_person", 1000),
        ({"state": "offered", "offer_expires_at": 1600}, "offered", 1600),
        ({"state": "offered", "offer_expires_at": 1000}, "needs_person", 1000),
        ({"state": "offered"}, "waiting", START),
        ({"state": "accepted", "accepted_at": 900}, "placed", START),
        ({"state": "confirmed", "accepted_at": 900, "confirmed_at": 950, "start_at": 999}, "needs_person", 999),
        ({"state": "confirmed", "accepted_at": 900, "held_at": 990}, "needs_person", START),
        ({"state": "in_care", "accepted_at": 900, "admitted_at": 990}, "in_care", END),
        ({"state": "in_care", "accepted_at": 900, "admitted_at": 500, "end_at": 1000}, "needs_person", 1000),
        ({"state": "in_care", "accepted_at": 900, "admitted_at": 500, "ended_at": 990}, "closed", None),
        ({"state": "in_care", "accepted_at": 900, "ended_at": 990}, "closed", None),
        ({"state": "unplaced"}, "closed", None),
        ({"state": "cancelled", "promised_at": 5}, "closed", None),
        ({"state": "finished", "accepted_at": 900, "admitted_at": 500, "ended_at": 990}, "closed", None),
    ],
)
def test_where_a_child_is(facts: dict[str, Any], where: Where, due: int | None) -> None:
    assert whereabouts(WAITING._replace(**facts), NOW) == (where, due)


def test_no_state_is_without_a_clock_or_an_end() -> None:
    for state in REQUEST.words:
        assert (clock_of(REQUEST, state) is None) == (state in ENDS), state


times = st.none() | st.integers(1, 9000)


@given(
    state=st.sampled_from(sorted(REQUEST.words)),
    facts=st.tuples(*[times] * 8),
    now=st.integers(0, 10_000),
)
def test_only_what_is_closed_has_no_clock_and_time_closes_nothing(
    state: RequestState, facts: tuple[int | None, ...], now: int
) -> None:
    child = ChildFacts("r", "c", state, START, END, *facts)
    where, due = whereabouts(child, now)
    assert (due is None) == (where == "closed")
    later = whereabouts(child, now + 10_000)
    assert (later.where == "closed") == (where == "closed")
    assert later.where in ("closed", "needs_person")
