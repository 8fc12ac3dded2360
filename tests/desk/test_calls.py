"""Calls: taken, recognised, ended, and an enquiry closed in one step."""

from collections.abc import Callable
from datetime import timedelta
from typing import get_args

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import (
    AgencyMissing,
    Outcome,
    TakenAlready,
    UnknownCallType,
    UnknownOutcome,
    close_enquiry,
    end_call,
    hang_up_call,
    hold_call,
    identify_caller,
    open_call,
    resume_call,
    take_call,
)
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.requests import load
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import reads
from callcenter.text.phone import PhoneTooShort
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=3)


def ring(desk: Desk, name: str) -> str:
    return receive_event(desk, TELEPHONE, NOW, CallEvent(name, "ringing", NOW, caller="010-0000-1234")).call_id


def test_a_call_is_taken_before_its_number_is_known(desk: Desk) -> None:
    call_id, phone, guardian = open_call(desk, OPERATOR, NOW)
    assert (phone, guardian) == (None, None)
    assert identify_caller(desk, OPERATOR, LATER, call_id, "010 0000 1234") == (call_id, "+821000001234", None)
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.operator, call.phone) == ("talking", OPERATOR.name, "+821000001234")
    assert reads.calls_of_operator(desk.connection, OPERATOR.name) == [call]
    assert reads.calls_of_operator(desk.connection, SUPERVISOR.name) == []


def test_a_withheld_number_is_a_number_nobody_has(desk: Desk) -> None:
    wishes.take(desk, guardian=wishes.mother("발신번호표시제한"))
    taken = open_call(desk, OPERATOR, NOW, "발신번호표시제한")
    assert (taken.phone, taken.guardian_id) == ("", None)


def test_a_known_number_names_its_guardian(desk: Desk) -> None:
    request = load(desk, wishes.take(desk).request_id)
    assert open_call(desk, OPERATOR, LATER, "01000001234").guardian_id == request.guardian_id
    call_id = open_call(desk, OPERATOR, LATER).call_id
    assert identify_caller(desk, OPERATOR, LATER, call_id, "01000001234").guardian_id == request.guardian_id


def test_a_call_ends_once(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW).call_id
    end_call(desk, OPERATOR, LATER, call_id, "answered", "how_to")
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.ended_at, call.outcome, call.topic) == (
        "ended", int(LATER.timestamp()), "answered", "how_to",
    )  # fmt: skip
    with pytest.raises(TransitionRefusedError):
        end_call(desk, OPERATOR, LATER, call_id)
    with pytest.raises(TransitionRefusedError):
        close_enquiry(desk, OPERATOR, LATER, "how_to", call_id=call_id)
    assert reads.calls_of_operator(desk.connection, OPERATOR.name) == []


def test_an_enquiry_is_closed_in_one_step(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    call_id = close_enquiry(desk, OPERATOR, NOW, "registration", note="사전등록 방법 안내")
    assert wishes.kinds(desk, before) == ["call.opened", "note.added", "call.ended"]
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.topic, call.opened_at, call.ended_at) == (
        "ended", "registration", int(NOW.timestamp()), int(NOW.timestamp()),
    )  # fmt: skip
    assert [note.text for note in reads.notes(desk.connection, call_id)] == ["사전등록 방법 안내"]


def test_an_enquiry_is_closed_with_the_call_it_came_by(desk: Desk) -> None:
    opened = open_call(desk, OPERATOR, NOW).call_id
    assert close_enquiry(desk, OPERATOR, LATER, "enquiry", call_id=opened) == opened
    assert desk.connection.execute("SELECT count(*), sum(state = 'ended') FROM call").fetchone() == (1, 1)


Attempt = Callable[[Desk, str], object]


def test_an_operator_talks_on_one_call_and_holds_the_others(desk: Desk) -> None:
    first = open_call(desk, OPERATOR, NOW).call_id
    second = ring(desk, "c1")
    take_call(desk, OPERATOR, LATER, second)
    states = {call.id: call.state for call in reads.calls_of_operator(desk.connection, OPERATOR.name)}
    assert states == {second: "talking", first: "held"}
    resume_call(desk, OPERATOR, LATER, first)
    mine = reads.calls_of_operator(desk.connection, OPERATOR.name)
    assert [(call.id, call.state) for call in mine] == [(first, "talking"), (second, "held")]
    assert (mine[0].held_at, mine[1].held_at) == (None, int(LATER.timestamp()))
    # What another operator does is nothing to them.
    open_call(desk, SUPERVISOR, LATER)
    assert reads.calls_of_operator(desk.connection, OPERATOR.name) == mine
    hang_up_call(desk, OPERATOR, LATER, second)
    end_call(desk, OPERATOR, LATER, second)
    end_call(desk, OPERATOR, LATER, first)
    assert reads.calls_of_operator(desk.connection, OPERATOR.name) == []


def test_who_is_late_is_told_who_won_and_when(desk: Desk) -> None:
    call_id = ring(desk, "c1")
    taken = take_call(desk, OPERATOR, LATER, call_id)
    before = wishes.entries(desk.connection)
    assert take_call(desk, OPERATOR, LATER, call_id) == taken
    with pytest.raises(TakenAlready) as refusal:
        take_call(desk, SUPERVISOR, LATER, call_id)
    assert "김상담 has had this call since 17:43" in str(refusal.value)
    assert wishes.entries(desk.connection) == before
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.operator, call.opened_at, call.answered_at) == (
        OPERATOR.name, int(NOW.timestamp()), int(LATER.timestamp()),
    )  # fmt: skip


def test_a_call_that_was_answered_at_a_telephone_is_nobodys_until_a_key_takes_it(desk: Desk) -> None:
    call_id = ring(desk, "c1")
    receive_event(desk, TELEPHONE, LATER, CallEvent("c1", "answered", NOW + timedelta(seconds=9), extension="101"))
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.operator, call.extension) == ("talking", "", "101")
    take_call(desk, OPERATOR, LATER, call_id)
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.operator, call.answered_at) == ("talking", OPERATOR.name, int(NOW.timestamp()) + 9)


OUTCOMES = [("answered", None), ("dropped", None), ("transferred", "119"), ("wrong_number", None), ("silent", None)]


@pytest.mark.parametrize(("outcome", "agency"), OUTCOMES)
def test_each_end_is_kept(desk: Desk, outcome: str, agency: str | None) -> None:
    assert [name for name, _ in OUTCOMES] == list(get_args(Outcome))
    call_id = open_call(desk, OPERATOR, NOW).call_id
    end_call(desk, OPERATOR, LATER, call_id, outcome, agency=agency)
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.outcome, call.agency) == ("ended", outcome, agency)


def test_a_wrong_number_closed_as_an_enquiry_is_no_answered_call(desk: Desk) -> None:
    call = reads.call(desk.connection, close_enquiry(desk, OPERATOR, NOW, "wrong_number"))
    assert call is not None
    assert (call.outcome, call.topic) == ("wrong_number", "wrong_number")


REFUSED: list[tuple[Attempt, type[CallcenterError]]] = [
    (lambda desk, _call: open_call(desk, OPERATOR, NOW, "010-0000-1"), PhoneTooShort),
    (lambda desk, call: identify_caller(desk, OPERATOR, NOW, call, "010-0000-1"), PhoneTooShort),
    (lambda desk, _call: identify_caller(desk, OPERATOR, NOW, "nothing", "01000001234"), NotFound),
    (lambda desk, _call: end_call(desk, OPERATOR, NOW, "nothing"), NotFound),
    (lambda desk, call: end_call(desk, OPERATOR, NOW, call, "answered", "small talk"), UnknownCallType),
    (lambda desk, _call: close_enquiry(desk, OPERATOR, NOW, "small talk"), UnknownCallType),
    (lambda desk, call: end_call(desk, OPERATOR, NOW, call, "melted"), UnknownOutcome),
    (lambda desk, call: end_call(desk, OPERATOR, NOW, call, "transferred", agency=" "), AgencyMissing),
    (lambda desk, call: resume_call(desk, SUPERVISOR, NOW, call), TransitionRefusedError),
    (lambda desk, _call: hold_call(desk, OPERATOR, NOW, "nothing"), NotFound),
    (lambda desk, _call: take_call(desk, OPERATOR, NOW, "nothing"), NotFound),
    # The note comes before the call is looked at, and must not stay alone.
    (lambda desk, _call: close_enquiry(desk, OPERATOR, NOW, "enquiry", call_id="nothing", note="메모"), NotFound),
]


@pytest.mark.parametrize(("attempt", "refusal"), REFUSED)
def test_what_is_refused_leaves_no_entry(desk: Desk, attempt: Attempt, refusal: type[CallcenterError]) -> None:
    call_id = open_call(desk, OPERATOR, NOW).call_id
    before = wishes.entries(desk.connection)
    with pytest.raises(refusal):
        attempt(desk, call_id)
    assert wishes.entries(desk.connection) == before
    assert desk.connection.execute("SELECT count(*), min(state) FROM call").fetchone() == (1, "talking")
