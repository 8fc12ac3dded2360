"""Calls: taken, recognised, ended, and an enquiry closed in one step."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.desk.calls import (
    UnknownCallType,
    close_enquiry,
    end_call,
    identify_caller,
    open_call,
)
from callcenter.desk.requests import load
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import reads
from callcenter.text.phone import PhoneTooShort
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=3)


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
REFUSED: list[tuple[Attempt, type[CallcenterError]]] = [
    (lambda desk, _call: open_call(desk, OPERATOR, NOW, "010-0000-1"), PhoneTooShort),
    (lambda desk, call: identify_caller(desk, OPERATOR, NOW, call, "010-0000-1"), PhoneTooShort),
    (lambda desk, _call: identify_caller(desk, OPERATOR, NOW, "nothing", "01000001234"), NotFound),
    (lambda desk, _call: end_call(desk, OPERATOR, NOW, "nothing"), NotFound),
    (lambda desk, call: end_call(desk, OPERATOR, NOW, call, "answered", "small talk"), UnknownCallType),
    (lambda desk, _call: close_enquiry(desk, OPERATOR, NOW, "small talk"), UnknownCallType),
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
