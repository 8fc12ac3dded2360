"""Danger in a call: the record is there for everybody, and what it says for those who must know."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from callcenter.desk.call_view import calls_today, owed_calls
from callcenter.desk.calls import end_call, identify_caller, open_call
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.permission import Actor
from callcenter.desk.requests import add_note, load
from callcenter.desk.restricted import Restricted, may_see, shown
from callcenter.desk.safety import (
    AGENCIES,
    NothingRaised,
    add_report,
    raise_safety,
    raised_calls,
    read_record,
)
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import calls, reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=3)
COLLEAGUE = Actor("박상담", "operator")
PHONE = "010-0000-1234"


def raised(desk: Desk) -> str:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    add_note(desk, OPERATOR, NOW, call_id, "아이가 울고 있음")
    return raise_safety(desk, OPERATOR, LATER, call_id, "abuse", "2026-1124-7", "멍이 보인다고 함")


SEES: list[tuple[Actor | None, bool]] = [
    (OPERATOR, True), (SUPERVISOR, True), (COLLEAGUE, False), (None, False), (Actor("", "operator"), False),
]  # fmt: skip


@pytest.mark.parametrize(("actor", "sees"), SEES)
def test_only_the_operator_of_the_call_and_supervisors_see_what_it_is_about(
    desk: Desk, actor: Actor | None, sees: bool
) -> None:
    wishes.take(desk)
    call_id = raised(desk)
    row = reads.call(desk.connection, call_id)
    assert row is not None
    assert may_see(desk.connection, row, actor) is sees
    seen = shown(desk.connection, row, actor)
    assert (seen.phone, bool(seen.guardian_id)) == (("+821000001234", True) if sees else (None, False))
    assert (seen.id, seen.state, seen.operator, seen.safety) == (call_id, "talking", OPERATOR.name, "abuse")
    (line,) = calls_today(desk.connection, LATER, actor)
    assert (line.call, line.guardian, line.hidden) == (seen, "박하나" if sees else None, not sees)
    assert may_see(desk.connection, row._replace(safety=None), actor)
    assert not may_see(desk.connection, row._replace(operator=""), Actor("", "operator"))


def test_reading_a_restricted_record_is_an_entry_and_others_cannot(desk: Desk) -> None:
    call_id = raised(desk)
    for actor in (OPERATOR, SUPERVISOR):
        before = wishes.entries(desk.connection)
        record = read_record(desk, actor, LATER, call_id)
        assert [note.text for note in record.notes] == ["아이가 울고 있음"]
        assert [(one.what, one.reference, one.said) for one in record.reports] == [
            ("abuse", "2026-1124-7", "멍이 보인다고 함")
        ]
        assert wishes.kinds(desk, before) == ["record.read"]
    before = wishes.entries(desk.connection)
    with pytest.raises(Restricted):
        read_record(desk, COLLEAGUE, LATER, call_id)
    plain = open_call(desk, COLLEAGUE, LATER).call_id
    read_record(desk, COLLEAGUE, LATER, plain)
    assert wishes.kinds(desk, before) == ["call.opened"]


def test_a_record_tells_each_alarm_at_its_time_and_the_requests_of_the_call(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW, PHONE).call_id
    number = wishes.take(desk, call_id=call_id).number
    raise_safety(desk, OPERATOR, LATER, call_id, "abuse")
    raise_safety(desk, SUPERVISOR, LATER + timedelta(minutes=1), call_id, "emergency")
    record = read_record(desk, OPERATOR, LATER + timedelta(hours=1), call_id)
    at = int(LATER.timestamp())
    assert [tuple(one) for one in record.raised] == [
        (at, OPERATOR.name, "abuse"), (at + 60, SUPERVISOR.name, "emergency")
    ]  # fmt: skip
    assert record.numbers == [number]


def test_the_records_of_30_days_are_listed_for_those_who_may_read_them_the_newest_first(desk: Desk) -> None:
    old = raise_safety(desk, OPERATOR, NOW - timedelta(days=31), None, "abuse")
    end_call(desk, OPERATOR, NOW - timedelta(days=31), old, "silent")
    first = open_call(desk, OPERATOR, NOW, PHONE).call_id
    number = wishes.take(desk, call_id=first).number
    second = raise_safety(desk, COLLEAGUE, NOW + timedelta(minutes=1), None, "emergency")
    raise_safety(desk, OPERATOR, LATER, first, "abuse")
    open_call(desk, OPERATOR, LATER)
    before = wishes.entries(desk.connection)
    mine: tuple[object, ...] = (first, int(LATER.timestamp()), "abuse", OPERATOR.name, [number])
    others: tuple[object, ...] = (second, int(NOW.timestamp()) + 60, "emergency", COLLEAGUE.name, [])
    assert raised_calls(desk, OPERATOR, LATER) == [mine]
    assert raised_calls(desk, COLLEAGUE, LATER) == [others]
    assert raised_calls(desk, SUPERVISOR, LATER) == [mine, others]
    assert raised_calls(desk, Actor("최상담", "operator"), LATER) == []
    assert wishes.entries(desk.connection) == before


def test_the_number_of_the_case_can_come_later(desk: Desk) -> None:
    call_id = raise_safety(desk, OPERATOR, NOW, None, "emergency")
    row = reads.call(desk.connection, call_id)
    assert row is not None
    assert (row.state, row.operator, row.safety) == ("talking", OPERATOR.name, "emergency")
    assert calls.reports(desk.connection, call_id) == []
    end_call(desk, OPERATOR, LATER, call_id, "transferred", agency=AGENCIES["emergency"])
    add_report(desk, SUPERVISOR, LATER, call_id, "emergency", " 119-77\x1b ")
    assert [(one.operator, one.reference) for one in calls.reports(desk.connection, call_id)] == [
        (SUPERVISOR.name, "119-77")
    ]


def test_raised_twice_it_is_restricted_once_and_both_reports_stay(desk: Desk) -> None:
    call_id = raised(desk)
    before = wishes.entries(desk.connection)
    raise_safety(desk, OPERATOR, LATER, call_id, "abuse", said="다시 들음")
    raise_safety(desk, OPERATOR, LATER, call_id, "emergency", "119-1")
    assert wishes.kinds(desk, before) == ["safety.reported", "safety.raised", "safety.reported"]
    assert [one.what for one in calls.reports(desk.connection, call_id)] == ["abuse", "abuse", "emergency"]


def test_a_call_back_of_a_restricted_call_does_not_say_to_whom(desk: Desk) -> None:
    wishes.take(desk)
    call_id = raised(desk)
    end_call(desk, OPERATOR, LATER, call_id, "dropped")
    (row,) = owed_calls(desk.connection, SUPERVISOR)
    assert (row.phone, row.name, row.safety) == ("+821000001234", "박하나", "abuse")
    assert owed_calls(desk.connection, OPERATOR) == [row]
    (hidden,) = owed_calls(desk.connection, COLLEAGUE)
    assert (hidden.phone, hidden.name, hidden.guardian_id, hidden.due_at) == ("", None, None, row.due_at)
    assert [alarm.number for alarm in reads.alarms(desk.connection, row.due_at)] == [""]


def test_erasing_the_family_keeps_that_there_was_danger_and_not_what(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    call_id = raised(desk)
    erase_guardian(desk, SUPERVISOR, LATER, load(desk, request_id).guardian_id, "requested")
    row = reads.call(desk.connection, call_id)
    assert row is not None
    assert (row.safety, row.phone) == ("abuse", None)
    assert calls.reports(desk.connection, call_id) == []
    kept = b"".join(file.read_bytes() for file in desk.path.parent.iterdir() if file.name.startswith(desk.path.name))
    assert "멍이 보인다고".encode() not in kept


Attempt = Callable[[Desk, str], object]
REFUSED: list[tuple[Attempt, type[CallcenterError]]] = [
    (lambda desk, _call: raise_safety(desk, OPERATOR, NOW, "nothing", "abuse"), NotFound),
    (lambda desk, call: raise_safety(desk, COLLEAGUE, NOW, call, "abuse", "x"), Restricted),
    (lambda desk, call: add_report(desk, COLLEAGUE, NOW, call, "abuse", "x"), Restricted),
    (lambda desk, _call: add_report(desk, OPERATOR, NOW, "nothing", "abuse", "x"), NotFound),
]


@pytest.mark.parametrize(("attempt", "refusal"), REFUSED)
def test_what_is_refused_leaves_no_entry(desk: Desk, attempt: Attempt, refusal: type[CallcenterError]) -> None:
    call_id = raised(desk)
    before = wishes.entries(desk.connection)
    with pytest.raises(refusal):
        attempt(desk, call_id)
    assert wishes.entries(desk.connection) == before


def test_a_report_without_danger_is_refused(desk: Desk) -> None:
    call_id = open_call(desk, OPERATOR, NOW).call_id
    identify_caller(desk, OPERATOR, NOW, call_id, PHONE)
    with pytest.raises(NothingRaised):
        add_report(desk, OPERATOR, NOW, call_id, "abuse", "x")
