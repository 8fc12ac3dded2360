"""Call-backs: owed once a number, tried, kept, given up, and in one list with the promises of requests."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.callbacks import Result, next_due
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.callbacks import (
    CallbackClosed,
    NothingToRing,
    PromiseInThePast,
    give_up_callback,
    note_try,
    promise_callback,
)
from callcenter.desk.calls import close_enquiry, end_call, hang_up_call, open_call, take_call
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import NewGuardian
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.requests import cancel_request, load
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import callbacks, reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

PHONE, STORED = "010-0000-1234", "+821000001234"


def at(minutes: float) -> datetime:
    return NOW + timedelta(minutes=minutes)


def stamp(minutes: float) -> int:
    return int(at(minutes).timestamp())


def ring(desk: Desk, name: str, minutes: float, phone: str | None = PHONE) -> str:
    event = CallEvent(name, "ringing", at(minutes), caller=phone)
    return receive_event(desk, TELEPHONE, at(minutes), event).call_id


def miss(desk: Desk, name: str, minutes: float, phone: str | None = PHONE) -> str:
    call_id = ring(desk, name, minutes, phone)
    receive_event(desk, TELEPHONE, at(minutes + 0.5), CallEvent(name, "ended", at(minutes + 0.5)))
    return call_id


def waiting(desk: Desk) -> list[tuple[str, int, int]]:
    return [(row.kind, row.calls, row.due_at) for row in callbacks.waiting(desk.connection)]


def test_missed_calls_of_one_number_are_one_row_with_a_count(desk: Desk) -> None:
    miss(desk, "c1", 0)
    miss(desk, "c2", 3)
    miss(desk, "c3", 1, "010-0000-7777")
    last = miss(desk, "c4", 5)
    assert waiting(desk) == [("missed", 3, stamp(0.5)), ("missed", 1, stamp(1.5))]
    (row,) = callbacks.owed_to(desk.connection, STORED)
    assert row.call_id == last


@pytest.mark.parametrize("phone", ["", None, "anonymous"])
def test_nobody_can_ring_a_hidden_number_back(desk: Desk, phone: str | None) -> None:
    call_id = miss(desk, "c1", 0, phone)
    assert waiting(desk) == []
    call = reads.call(desk.connection, call_id)
    assert call is not None
    assert (call.state, call.outcome, call.ended_at) == ("abandoned", "abandoned", stamp(0.5))
    mine = open_call(desk, OPERATOR, at(2), "발신번호표시제한").call_id
    end_call(desk, OPERATOR, at(3), mine, "dropped")
    assert waiting(desk) == []


def test_who_rings_again_and_is_taken_is_owed_nothing(desk: Desk) -> None:
    miss(desk, "c1", 0)
    call_id = ring(desk, "c2", 4)
    assert len(waiting(desk)) == 1
    take_call(desk, OPERATOR, at(4.2), call_id)
    assert waiting(desk) == []
    assert desk.connection.execute("SELECT closed_why, closed_at FROM callback").fetchall() == [
        ("rang_again", stamp(4.2))
    ]


@pytest.mark.parametrize("take", [
    lambda desk: open_call(desk, OPERATOR, at(4), PHONE),
    lambda desk: receive_event(desk, TELEPHONE, at(4), CallEvent("c2", "answered", at(4), caller=PHONE)),
])  # fmt: skip
def test_a_call_back_closes_however_the_caller_is_answered(desk: Desk, take: Callable[[Desk], object]) -> None:
    miss(desk, "c1", 0)
    take(desk)
    assert waiting(desk) == []


def test_a_missed_call_that_was_answered_after_all_is_owed_nothing(desk: Desk) -> None:
    miss(desk, "c1", 0)
    receive_event(desk, TELEPHONE, at(2), CallEvent("c1", "answered", at(0.2), caller=PHONE))
    assert waiting(desk) == []


def test_a_dropped_call_is_owed_at_once_and_a_ring_within_fifteen_minutes_goes_on_with_it(desk: Desk) -> None:
    dropped = open_call(desk, OPERATOR, NOW, PHONE).call_id
    hang_up_call(desk, OPERATOR, at(4.9), dropped)
    end_call(desk, OPERATOR, at(5), dropped, "dropped")
    assert waiting(desk) == [("dropped", 1, stamp(5))]
    again = ring(desk, "c1", 19)
    call = reads.call(desk.connection, again)
    assert call is not None
    assert call.joined_call == dropped
    # Missed again: still one row for the number.
    receive_event(desk, TELEPHONE, at(19.5), CallEvent("c1", "ended", at(19.5)))
    assert waiting(desk) == [("dropped", 2, stamp(5))]
    late = reads.call(desk.connection, ring(desk, "c2", 20.1))
    assert late is not None
    assert late.joined_call is None


def test_a_line_that_is_dead_and_not_written_up_is_gone_on_with_too(desk: Desk) -> None:
    dropped = open_call(desk, OPERATOR, NOW, PHONE).call_id
    hang_up_call(desk, OPERATOR, at(5), dropped)
    again = open_call(desk, SUPERVISOR, at(6), PHONE).call_id
    call = reads.call(desk.connection, again)
    assert call is not None
    assert call.joined_call == dropped
    # The caller is on the line already, so nobody has to ring back.
    end_call(desk, OPERATOR, at(7), dropped, "dropped")
    assert waiting(desk) == []


def test_a_promise_is_kept_moved_and_rung_in_its_time(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    owed = promise_callback(desk, OPERATOR, NOW, call_id, at(30))
    close_enquiry(desk, OPERATOR, at(1), "enquiry", call_id=call_id)
    assert promise_callback(desk, OPERATOR, at(2), call_id, at(45)) == owed
    assert waiting(desk) == [("promised", 1, stamp(45))]
    # Talking to them in between does not unsay what was promised.
    open_call(desk, OPERATOR, at(10), PHONE)
    assert waiting(desk) == [("promised", 1, stamp(45))]
    assert reads.alarms(desk.connection, stamp(45) - 1) == []
    assert reads.alarms(desk.connection, stamp(45)) == [("promised", owed, STORED, stamp(45))]
    note_try(desk, OPERATOR, at(46), owed, "guardian", "no_answer")
    assert reads.alarms(desk.connection, stamp(56) - 1) == []
    assert [row.due for row in reads.alarms(desk.connection, stamp(56))] == [stamp(56)]
    note_try(desk, OPERATOR, at(56), owed, "guardian", "reached")
    assert reads.alarms(desk.connection, stamp(900)) == []
    assert waiting(desk) == []
    with pytest.raises(CallbackClosed):
        note_try(desk, OPERATOR, at(57), owed, "guardian", "reached")


def test_a_requests_promise_stands_in_the_same_list_and_is_told_once(desk: Desk) -> None:
    guardian = wishes.mother(second_name="박할머니", second_phone="010-0000-8888")
    taken = wishes.take(desk, guardian=guardian, promised=at(20))
    miss(desk, "c1", 0, "010-0000-7777")
    assert waiting(desk) == [("missed", 1, stamp(0.5)), ("request", 1, stamp(20))]
    for minutes in (20, 31, 42):
        note_try(desk, OPERATOR, at(minutes), taken.request_id, "guardian", "no_answer")
    (_missed, row) = callbacks.waiting(desk.connection)
    assert (row.number, row.phone, row.name, row.second_name, row.second_phone) == (
        taken.number, STORED, "박하나", "박할머니", "+821000008888",
    )  # fmt: skip
    assert (row.tries, row.last_result, row.step, row.due_at) == (3, "no_answer", "second_contact", stamp(52))
    assert [one.kind for one in reads.alarms(desk.connection, stamp(51))] == ["missed"]
    note_try(desk, OPERATOR, at(52), taken.request_id, "second_contact", "reached")
    request = load(desk, taken.request_id)
    assert (request.promised_at, request.state) == (None, "open")
    assert [row.kind for row in callbacks.waiting(desk.connection)] == ["missed"]


def test_a_request_that_is_over_owes_no_call(desk: Desk) -> None:
    request_id = wishes.take(desk, promised=at(20)).request_id
    cancel_request(desk, OPERATOR, NOW, request_id, "withdrawn")
    assert waiting(desk) == []
    with pytest.raises(CallbackClosed):
        note_try(desk, OPERATOR, at(20), request_id, "guardian", "reached")


def test_what_is_given_up_leaves_the_list_and_the_request_stays(desk: Desk) -> None:
    request_id = wishes.take(desk, promised=at(20)).request_id
    miss(desk, "c1", 0, "010-0000-7777")
    for row in callbacks.waiting(desk.connection):
        give_up_callback(desk, OPERATOR, at(30), row.id)
    assert waiting(desk) == []
    assert wishes.state(desk, request_id) == "open"


def test_a_guardian_who_is_amended_keeps_the_second_contact(desk: Desk) -> None:
    request_id = wishes.take(desk, guardian=wishes.mother(second_name="이모", second_phone="01000008888")).request_id
    known = load(desk, request_id).guardian_id
    wishes.take(desk, guardian=NewGuardian("박하나", "010-0000-4321", id=known))
    guardian = reads.guardian(desk.connection, known)
    assert guardian is not None
    assert (guardian.phone, guardian.second_name, guardian.second_phone) == ("+821000004321", "이모", "+821000008888")
    wishes.take(desk, guardian=wishes.mother(id=known, second_name="", second_phone=""))
    guardian = reads.guardian(desk.connection, known)
    assert guardian is not None
    assert (guardian.second_name, guardian.second_phone) == ("", "")


def test_erasing_a_guardian_leaves_no_number_in_the_list_or_the_file(desk: Desk) -> None:
    request_id = wishes.take(desk, guardian=wishes.mother("010-0000-4321", second_phone="010-0000-8765")).request_id
    miss(desk, "c1", 0, "010-0000-4321")
    call_id = open_call(desk, OPERATOR, at(1)).call_id
    miss(desk, "c2", 2, "010-0000-7777")
    end_call(desk, OPERATOR, at(2), call_id)
    erase_guardian(desk, SUPERVISOR, at(3), load(desk, request_id).guardian_id, "requested")
    assert [row.phone for row in callbacks.waiting(desk.connection)] == ["+821000007777"]
    kept = b"".join(file.read_bytes() for file in desk.path.parent.iterdir() if file.name.startswith(desk.path.name))
    assert b"+821000007777" in kept
    assert b"+821000004321" not in kept
    assert b"+821000008765" not in kept


REFUSED: list[tuple[Callable[[Desk, str], object], type[CallcenterError]]] = [
    (lambda desk, _call: promise_callback(desk, OPERATOR, NOW, "nothing", at(5)), NotFound),
    (lambda desk, call: promise_callback(desk, OPERATOR, NOW, call, at(5)), NothingToRing),
    (lambda desk, call: promise_callback(desk, OPERATOR, NOW, call, NOW), PromiseInThePast),
    (lambda desk, call: note_try(desk, OPERATOR, NOW, call, "guardian", "busy"), NotFound),
    (lambda desk, _call: give_up_callback(desk, OPERATOR, NOW, "nothing"), NotFound),
]


@pytest.mark.parametrize(("attempt", "refusal"), REFUSED)
def test_what_is_refused_leaves_no_entry(
    desk: Desk, attempt: Callable[[Desk, str], object], refusal: type[CallcenterError]
) -> None:
    call_id = open_call(desk, OPERATOR, NOW).call_id
    before = wishes.entries(desk.connection)
    with pytest.raises(refusal):
        attempt(desk, call_id)
    assert wishes.entries(desk.connection) == before


FAILED: st.SearchStrategy[Result] = st.sampled_from(("no_answer", "busy", "wrong_number"))
TRIED = st.lists(st.tuples(st.integers(0, 90), FAILED), max_size=4)


@settings(max_examples=25)
@given(due=st.integers(1, 60), tries=TRIED, pause=st.integers(1, 30))
def test_the_list_and_the_alarms_wait_as_the_rule_says(
    desk: Desk, due: int, tries: list[tuple[int, Result]], pause: int
) -> None:
    wait = timedelta(minutes=pause)
    call_id = open_call(desk, OPERATOR, NOW, "010-0000-5555").call_id
    owed = promise_callback(desk, OPERATOR, NOW, call_id, at(due))
    for minutes, result in tries:
        note_try(desk, OPERATOR, at(minutes), owed, "guardian", result)
    expected = next_due(stamp(due), stamp(max(minutes for minutes, _ in tries)) if tries else None, wait)
    assert [row.due_at for row in callbacks.waiting(desk.connection, pause=wait)] == [expected]
    assert reads.alarms(desk.connection, expected - 1, wait) == []
    assert [row.due for row in reads.alarms(desk.connection, expected, wait)] == [expected]
    when = datetime.fromtimestamp(expected, NOW.tzinfo)
    assert callbacks.waiting(desk.connection, until=when - timedelta(seconds=1), pause=wait) == []
    give_up_callback(desk, OPERATOR, at(100), owed)
