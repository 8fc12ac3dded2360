"""What is shown of calls: who rings, the calls of the day, and that none of it goes through the whole file."""

from datetime import timedelta

import pytest

from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.call_view import call_card, calls_today, open_calls, owed_calls
from callcenter.desk.calls import close_enquiry, end_call, hang_up_call, hold_call, open_call, take_call
from callcenter.desk.permission import TELEPHONE, Actor
from callcenter.desk.requests import cancel_request
from callcenter.desk.safety import raise_safety
from callcenter.desk.session import Desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

PHONE = "010-0000-1234"
COLLEAGUE = Actor("박상담", "operator")


def ring(desk: Desk, name: str, minutes: float = 0, phone: str | None = PHONE) -> str:
    at = NOW + timedelta(minutes=minutes)
    return receive_event(desk, TELEPHONE, at, CallEvent(name, "ringing", at, caller=phone)).call_id


def miss(desk: Desk, name: str, minutes: float) -> None:
    at = NOW + timedelta(minutes=minutes)
    ring(desk, name, minutes)
    receive_event(desk, TELEPHONE, at, CallEvent(name, "ended", at))


def test_the_card_says_who_rings_what_is_open_and_what_was_last(desk: Desk) -> None:
    request = wishes.take(desk, wishes.child(needs=("allergy",), care_note="땅콩"))
    over = wishes.take(desk).request_id
    cancel_request(desk, OPERATOR, NOW, over, "withdrawn")
    close_enquiry(desk, OPERATOR, NOW, "how_to", call_id=open_call(desk, OPERATOR, NOW, PHONE).call_id)
    miss(desk, "c1", 1)
    miss(desk, "c2", 2)
    card = call_card(desk.connection, ring(desk, "c3", 3), NOW + timedelta(minutes=3), OPERATOR)
    assert card is not None
    # Two requests were taken without saying that the mother is the same: her number is two guardians'.
    assert (card.guardians, card.guardian, card.children) == (2, None, [])
    assert [one.id for one in card.requests] == [request.request_id]
    assert card.last is not None
    assert (card.last.outcome, card.last.topic) == ("answered", "how_to")
    assert (card.missed, [one.calls for one in card.owed], card.restricted) == (2, [2], False)


def test_the_card_of_one_guardian_warns_of_what_the_children_need(desk: Desk) -> None:
    wishes.take(desk, wishes.child(needs=("allergy",), care_note="땅콩"))
    card = call_card(desk.connection, ring(desk, "c1"), NOW, OPERATOR)
    assert card is not None
    assert card.guardian is not None
    assert (card.guardian.name, [(one.needs, one.care_note) for one in card.children]) == (
        "박하나",
        [("allergy", "땅콩")],
    )


def test_calls_that_were_missed_long_ago_are_forgotten(desk: Desk) -> None:
    miss(desk, "c1", 0)
    for hours, missed in ((23.9, 1), (24.2, 0)):
        at = NOW + timedelta(hours=hours)
        card = call_card(desk.connection, ring(desk, f"later{missed}", hours * 60), at, OPERATOR)
        assert card is not None
        assert card.missed == missed


@pytest.mark.parametrize("phone", [None, "", "발신번호표시제한"])
def test_the_card_of_a_hidden_number_is_empty(desk: Desk, phone: str | None) -> None:
    wishes.take(desk, guardian=wishes.mother("발신번호표시제한"))
    open_call(desk, OPERATOR, NOW, "발신번호표시제한")
    call_id = ring(desk, "c1", phone=phone)
    card = call_card(desk.connection, call_id, NOW, OPERATOR)
    assert card is not None
    assert card[1:] == (0, None, [], [], None, 0, [], False, None)
    assert call_card(desk.connection, "nothing", NOW, OPERATOR) is None


def test_the_card_says_that_there_was_danger_and_not_what(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    raise_safety(desk, OPERATOR, NOW, call_id, "abuse")
    end_call(desk, OPERATOR, NOW, call_id, topic="complaint")
    rung = ring(desk, "c1")
    for actor, topic in ((OPERATOR, "complaint"), (COLLEAGUE, None)):
        card = call_card(desk.connection, rung, NOW, actor)
        assert card is not None
        assert card.last is not None
        assert (card.restricted, card.last.topic, card.last.safety) == (True, topic, "abuse")


def test_the_calls_of_the_day_begin_with_those_that_are_not_over(desk: Desk) -> None:
    yesterday = NOW - timedelta(days=1)
    close_enquiry(desk, OPERATOR, yesterday, "enquiry")
    forgotten = open_call(desk, SUPERVISOR, yesterday).call_id
    hang_up_call(desk, SUPERVISOR, yesterday, forgotten)
    first = close_enquiry(desk, OPERATOR, NOW, "enquiry")
    miss(desk, "c0", 1)
    held = open_call(desk, OPERATOR, NOW).call_id
    hold_call(desk, OPERATOR, NOW, held)
    ringing = ring(desk, "c1", 2, None)
    taken = ring(desk, "c2", 2)
    take_call(desk, OPERATOR, NOW + timedelta(minutes=3), taken)
    lines = calls_today(desk.connection, NOW, OPERATOR)
    going_on = [ringing, taken, held, forgotten]
    assert [line.call.id for line in lines[:4]] == going_on
    assert [line.call.state for line in lines] == ["ringing", "talking", "held", "wrap_up", "abandoned", "ended"]
    assert lines[-1].call.id == first
    assert [line.call.id for line in open_calls(desk.connection, OPERATOR)] == going_on
    # Only what is over comes in pages.
    assert calls_today(desk.connection, NOW, OPERATOR, limit=1) == lines[:5]
    assert calls_today(desk.connection, NOW, OPERATOR, offset=1, limit=5) == lines[5:]


def test_no_read_goes_through_all_calls_requests_or_call_backs(desk: Desk) -> None:
    """What takes milliseconds with a few rows must not take seconds with a million."""
    wishes.take(desk, promised=NOW + timedelta(minutes=5))
    miss(desk, "c0", 0)
    call_id = ring(desk, "c1")
    asked: list[str] = []
    desk.connection.set_trace_callback(asked.append)
    call_card(desk.connection, call_id, NOW, OPERATOR)
    calls_today(desk.connection, NOW, OPERATOR)
    owed_calls(desk.connection, OPERATOR)
    reads.calls_of_operator(desk.connection, OPERATOR.name)
    reads.alarms(desk.connection, int(NOW.timestamp()))
    desk.connection.set_trace_callback(None)
    assert len(asked) >= 10
    for sql in asked:
        for *_ids, step in desk.connection.execute(f"EXPLAIN QUERY PLAN {sql}"):
            scanned = step.split()[1] if step.startswith("SCAN ") else ""
            # The call-backs that are open have indexes of their own; what was found already may be gone through.
            known = scanned in {"", "here", "wanted", "json_each", "o", "timed", "page", "p", "n"}
            assert known or "INDEX callback_" in step, (step, sql)
            # Of one number, never of all calls in a state.
            assert "call_state" not in step or "phone = " not in sql, (step, sql)
