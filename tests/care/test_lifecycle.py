from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.lifecycle import (
    CALL,
    OFFER,
    REQUEST,
    WAITING,
    CallEvent,
    CallState,
    Machine,
    OfferEvent,
    OfferState,
    RequestEvent,
    RequestState,
    TransitionRefusedError,
    clock_of,
    events,
    next_state,
    settled,
)
from callcenter.care.priority import ClockKind

MACHINES: list[tuple[Machine[Any, Any], tuple[str, ...], tuple[str, ...], set[str]]] = [
    (CALL, get_args(CallState), get_args(CallEvent), {"ended", "abandoned"}),
    (
        OFFER,
        get_args(OfferState),
        get_args(OfferEvent),
        {"declined", "no_answer", "busy", "wrong_number", "expired", "withdrawn", "released", "undone"},
    ),
    (REQUEST, get_args(RequestState), get_args(RequestEvent), {"finished"}),
]
every_machine = pytest.mark.parametrize(
    ("machine", "states", "names", "ends"), MACHINES, ids=["call", "offer", "request"]
)


def reachable(machine: Machine[Any, Any], start: str) -> set[str]:
    seen, frontier = {start}, [start]
    while frontier:
        state = frontier.pop()
        new = {next_state(machine, state, event) for event in events(machine, state)} - seen
        seen |= new
        frontier.extend(new)
    return seen


@every_machine
def test_every_state_is_reached_and_only_the_named_ends_are_dead(
    machine: Machine[Any, Any], states: tuple[str, ...], names: tuple[str, ...], ends: set[str]
) -> None:
    assert reachable(machine, machine.start) == set(states)
    assert {state for state in states if not events(machine, state)} == ends
    assert {event for _, event in machine.moves} == set(names)


@every_machine
def test_what_is_open_can_be_brought_to_rest(
    machine: Machine[Any, Any], states: tuple[str, ...], names: tuple[str, ...], ends: set[str]
) -> None:
    assert machine.start in machine.open
    assert not machine.open & ends
    for state in machine.open:
        assert reachable(machine, state) - machine.open


@every_machine
def test_every_state_has_words_and_every_clock_is_known(
    machine: Machine[Any, Any], states: tuple[str, ...], names: tuple[str, ...], ends: set[str]
) -> None:
    assert tuple(machine.words) == states
    assert all(machine.words.values())
    assert set(machine.clocks) <= set(states) - ends
    assert set(machine.clocks.values()) <= set(get_args(ClockKind))


@given(st.data())
def test_any_event_in_any_state_moves_by_the_table_or_is_refused(data: st.DataObject) -> None:
    machine, states, names, _ = data.draw(st.sampled_from(MACHINES))
    state = machine.start
    for event in data.draw(st.lists(st.sampled_from(names), max_size=30)):
        if event in events(machine, state):
            state = next_state(machine, state, event)
            assert state in states
        else:
            with pytest.raises(TransitionRefusedError) as refusal:
                next_state(machine, state, event)
            assert refusal.value.values == {"machine": machine.name, "state": state, "event": event}


def walk(path: tuple[RequestEvent, ...]) -> RequestState:
    state = REQUEST.start
    for event in path:
        state = next_state(REQUEST, state, event)
    return state


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        (("offer_made", "offer_accepted", "confirmed", "care_started", "care_ended"), "finished"),
        (("offer_made", "offer_declined", "offer_made", "offer_no_answer", "offer_made", "offer_accepted"), "accepted"),
        (("offer_made", "offer_undone"), "matching"),
        (("offer_made", "offer_expired", "unplaced"), "unplaced"),
        (("held", "resumed", "offer_made", "cancelled", "reopened"), "matching"),
        # A second carer is asked beside the first.
        (("offer_made", "offer_made", "offer_accepted"), "accepted"),
        # The guardian cannot be reached three times: the place is given back, then the request is closed.
        (("offer_made", "offer_accepted", "offer_withdrawn", "unplaced"), "unplaced"),
        # The provider closes after all.
        (("offer_made", "offer_accepted", "confirmed", "offer_withdrawn", "offer_made"), "offered"),
    ],
)
def test_the_way_of_a_request(path: tuple[RequestEvent, ...], expected: RequestState) -> None:
    assert walk(path) == expected


@pytest.mark.parametrize(
    ("path", "refused"),
    [
        ((), "confirmed"),
        ((), "offer_accepted"),
        (("offer_made",), "confirmed"),
        (("offer_made", "offer_accepted"), "offer_undone"),
        (("cancelled",), "offer_made"),
        (("unplaced",), "cancelled"),
        (("offer_made", "offer_accepted", "confirmed", "care_started"), "cancelled"),
    ],
)
def test_what_a_request_does_not_allow(path: tuple[RequestEvent, ...], refused: RequestEvent) -> None:
    state = walk(path)
    with pytest.raises(TransitionRefusedError) as refusal:
        next_state(REQUEST, state, refused)
    assert refusal.value.code == "transition"


def test_every_end_of_an_offer_is_an_event_of_its_request() -> None:
    last_words = {event for (before, event), after in OFFER.moves.items() if before in WAITING and after not in WAITING}
    assert {f"offer_{event}" for event in last_words} <= set(get_args(RequestEvent))


def test_what_waits_for_a_last_word_is_open_and_has_a_clock() -> None:
    assert OFFER.open > WAITING
    assert {*WAITING, "reserved"} == set(OFFER.clocks)


def test_a_refused_transition_names_the_state_in_words() -> None:
    with pytest.raises(TransitionRefusedError) as refusal:
        next_state(CALL, "wrap_up", "answered")
    assert "the call is already «wrap-up»" in str(refusal.value)


def test_the_clock_that_runs_in_a_state() -> None:
    assert clock_of(REQUEST, "offered") == "offer"
    assert clock_of(REQUEST, "cancelled") is None


@pytest.mark.parametrize(
    ("offered", "placed", "expected"),
    [
        ("", "", "matching"),
        ("a", "", "offered"),
        ("a", "b", "offered"),
        ("", "a", "matching"),
        ("", "ab", "accepted"),
        ("ab", "", "offered"),
    ],
)
def test_the_state_that_the_children_make(offered: str, placed: str, expected: RequestState) -> None:
    assert settled("ab", offered, placed) == expected
