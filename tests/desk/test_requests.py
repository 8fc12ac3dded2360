"""Requests on a real file: taken, amended, held, resumed, cancelled, and what of it is refused."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.desk.calls import open_call
from callcenter.desk.checks import UnknownCode, UnknownRegion
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.requests import (
    NothingToCareFor,
    OfferStands,
    UnknownReason,
    add_note,
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    load,
    reopen_request,
    resume_request,
)
from callcenter.desk.session import Desk, NaiveTime, NotFound
from callcenter.errors import CallcenterError
from callcenter.store import reads
from callcenter.text.phone import PhoneTooShort
from callcenter.text.spoken_times import EndBeforeStart
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import child, mother, offer, state, take, taken, wish

LATER = NOW + timedelta(minutes=5)


def test_a_request_keeps_what_was_said(desk: Desk) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-1234")
    asked = wish(
        child(needs=("meals", "allergy"), symptoms=(), care_note=" 땅콩 알레르기 "),
        region="41111",
        residence="41135",
        urgency="urgent",
        call_id=call.call_id,
        promised=NOW + timedelta(minutes=15),
        note="조용한 아이\u202e\n\x1b[31m낮잠 안 잠",
    )
    request_id, number = open_request(desk, OPERATOR, NOW, asked)
    request = load(desk, request_id)
    # A gu is kept as its si.
    assert (request.number, request.region, request.residence) == (number, "41110", "41130")
    assert (request.urgency, request.call_id, request.operator) == ("urgent", call.call_id, OPERATOR.name)
    assert request.opened_at == request.changed_at == int(NOW.timestamp())
    assert request.promised_at == request.opened_at + 900
    assert (request.start_at, request.end_at) == (int(wishes.START.timestamp()), int(wishes.END.timestamp()))
    (kept,) = reads.children_of_request(desk.connection, request_id)
    assert (kept.name, kept.birth, kept.needs, kept.care_note) == (
        "박새봄", "2018-05-05", "allergy meals", "땅콩 알레르기",
    )  # fmt: skip
    guardian = reads.guardian(desk.connection, request.guardian_id)
    assert guardian is not None
    assert (guardian.name, guardian.phone) == ("박하나", "+821000001234")
    assert [note.text for note in reads.notes(desk.connection, request_id)] == ["조용한 아이\n[31m낮잠 안 잠"]


def test_numbers_count_through_the_day_in_seoul_and_beyond_999(desk: Desk) -> None:
    assert [take(desk).number for _ in range(3)] == ["A-1124-001", "A-1124-002", "A-1124-003"]
    past_midnight = datetime(2026, 11, 24, 15, 0, 1, tzinfo=NOW.tzinfo) + timedelta(hours=9)
    assert take(desk, now=past_midnight).number == "A-1125-001"
    desk.connection.execute("UPDATE request SET number = 'A-1124-999' WHERE number = 'A-1124-003'")
    numbers = [take(desk).number for _ in range(2)]
    desk.connection.execute("UPDATE request SET number = 'A-1124-003' WHERE number = 'A-1124-999'")
    assert numbers == ["A-1124-1000", "A-1124-1001"]


REFUSED = [
    ({"children": ()}, NothingToCareFor),
    ({"end": wishes.START}, EndBeforeStart),
    ({"end": wishes.START - timedelta(minutes=1)}, EndBeforeStart),
    ({"reason": "no such reason"}, UnknownReason),
    ({"region": "11110"}, UnknownRegion),
    ({"region": ""}, UnknownRegion),
    ({"residence": "99999"}, UnknownRegion),
    ({"service": "gyeonggi.moon"}, UnknownCode),
    ({"channel": "carrier pigeon"}, UnknownCode),
    ({"urgency": "whatever"}, UnknownCode),
    ({"children": (child(needs=("moonwalk",)),)}, UnknownCode),
    ({"children": (child(symptoms=("fever", "boredom")),)}, UnknownCode),
    ({"children": (child(school="college"),)}, UnknownCode),  # type: ignore[arg-type] # what a form might pass on
    ({"guardian": mother("010-0000-12")}, PhoneTooShort),
    ({"call_id": "no such call"}, NotFound),
    ({"promised": NOW.replace(tzinfo=None)}, NaiveTime),
]


@pytest.mark.parametrize(("changed", "refusal"), REFUSED)
def test_a_wish_that_cannot_be_leaves_nothing_behind(
    desk: Desk, changed: dict[str, object], refusal: type[CallcenterError]
) -> None:
    before = wishes.entries(desk.connection)
    with pytest.raises(refusal):
        open_request(desk, OPERATOR, NOW, wish(**changed))
    assert wishes.entries(desk.connection) == before
    assert desk.connection.execute("SELECT count(*) FROM guardian").fetchone() == (0,)


def test_a_family_that_calls_again_is_known_and_only_what_differs_is_amended(desk: Desk) -> None:
    first = load(desk, take(desk).request_id)
    known = open_call(desk, OPERATOR, LATER, "+82 10 0000 1234")
    assert known.guardian_id == first.guardian_id
    (kept,) = reads.children_of_guardian(desk.connection, first.guardian_id)
    before = wishes.entries(desk.connection)
    take(desk, child(id=kept.id), guardian=mother(id=first.guardian_id), now=LATER)
    assert wishes.kinds(desk, before) == ["request.opened"]
    before = wishes.entries(desk.connection)
    changed = child("박새봄", needs=("allergy",), id=kept.id)
    take(
        desk, changed, child("박가을", "2020-02-02"), guardian=mother("010-0000-4321", id=first.guardian_id), now=LATER
    )
    assert wishes.kinds(desk, before) == ["person.amended", "person.amended", "child.added", "request.opened"]
    guardian = reads.guardian(desk.connection, first.guardian_id)
    assert guardian is not None
    assert guardian.phone == "+821000004321"
    names = {one.name: one.needs for one in reads.children_of_guardian(desk.connection, first.guardian_id)}
    assert names == {"박새봄": "allergy", "박가을": ""}
    heads = {field for field, _entry, _value in reads.heads(desk.connection, first.guardian_id)}
    assert heads == {"phone", f"{kept.id}.needs"}
    # The next amendment takes the place of the one it was based on.
    take(desk, child(id=kept.id), guardian=mother("010-0000-7777", id=first.guardian_id), now=LATER)
    assert len(reads.heads(desk.connection, first.guardian_id)) == 2


def test_two_parents_with_one_number_are_not_guessed(desk: Desk) -> None:
    take(desk)
    take(desk, guardian=mother(relation="father"))
    assert open_call(desk, OPERATOR, LATER, "010-0000-1234").guardian_id is None


def test_the_same_child_named_twice_is_one_child(desk: Desk) -> None:
    request = load(desk, take(desk).request_id)
    (kept,) = reads.children_of_request(desk.connection, request.id)
    twice = take(desk, child(id=kept.id), child(id=kept.id), guardian=mother(id=request.guardian_id))
    assert len(reads.children_of_request(desk.connection, twice.request_id)) == 1


def test_amending_changes_what_differs_and_keeps_its_heads(desk: Desk) -> None:
    request_id = take(desk).request_id
    before = wishes.entries(desk.connection)
    amend_request(desk, OPERATOR, LATER, request_id, {"reason": "overtime", "urgency": "normal", "region": "41111"})
    assert wishes.entries(desk.connection) == before
    amend_request(desk, OPERATOR, LATER, request_id, {"region": "41461", "reason": "trip", "residence": "41135"})
    request = load(desk, request_id)
    assert (request.region, request.reason, request.residence) == ("41460", "trip", "41130")
    assert request.changed_at == int(LATER.timestamp())
    first = {field: entry for field, entry, _value in reads.heads(desk.connection, request_id)}
    amend_request(desk, OPERATOR, LATER, request_id, {"reason": "hospital", "residence": None})
    second = {field: entry for field, entry, _value in reads.heads(desk.connection, request_id)}
    assert second["region"] == first["region"]
    assert second["reason"] != first["reason"]
    assert load(desk, request_id).residence is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"region": "11110"}, UnknownRegion),
        ({"region": ""}, UnknownRegion),
        ({"region": None}, UnknownRegion),
        ({"residence": "99999"}, UnknownRegion),
        ({"end_at": 0}, EndBeforeStart),
        ({"reason": "because"}, UnknownReason),
        ({"service": "gyeonggi.moon"}, UnknownCode),
        ({"urgency": "whatever"}, UnknownCode),
    ],
)
def test_an_amendment_that_cannot_be_changes_nothing(
    desk: Desk, changes: dict[str, str | int | None], refusal: type[CallcenterError]
) -> None:
    request_id = take(desk).request_id
    before, as_it_was = wishes.entries(desk.connection), load(desk, request_id)
    with pytest.raises(refusal):
        amend_request(desk, OPERATOR, LATER, request_id, changes)  # type: ignore[arg-type] # the table holds any field
    assert (wishes.entries(desk.connection), load(desk, request_id)) == (before, as_it_was)


def test_the_time_cannot_be_changed_under_an_offer_that_holds_places_for_the_old_one(desk: Desk) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    earlier = load(desk, request_id).start_at - 3600
    with pytest.raises(OfferStands):
        amend_request(desk, OPERATOR, LATER, request_id, {"start_at": earlier})
    assert {slot for _group, slot, _number, _offer in taken(desk)} == set(
        range(earlier // 1800 + 2, earlier // 1800 + 8)
    )
    amend_request(desk, OPERATOR, LATER, request_id, {"reason": "trip"})
    answer_offer(desk, OPERATOR, LATER, made.offer_id, "declined")
    amend_request(desk, OPERATOR, LATER, request_id, {"start_at": earlier})
    assert load(desk, request_id).start_at == earlier


def test_hold_rings_again_and_is_taken_up(desk: Desk) -> None:
    request_id = take(desk).request_id
    until = NOW + timedelta(minutes=30)
    hold_request(desk, OPERATOR, NOW, request_id, until)
    assert (state(desk, request_id), load(desk, request_id).held_until) == ("held", int(until.timestamp()))
    with pytest.raises(TransitionRefusedError):
        offer(desk, request_id)
    assert reads.alarms(desk.connection, int(until.timestamp()) - 1) == []
    (alarm,) = reads.alarms(desk.connection, int(until.timestamp()))
    assert (alarm.kind, alarm.subject, alarm.due) == ("hold", request_id, int(until.timestamp()))
    resume_request(desk, OPERATOR, LATER, request_id)
    assert (state(desk, request_id), load(desk, request_id).held_until) == ("matching", None)
    assert reads.alarms(desk.connection, int(until.timestamp())) == []


Move = Callable[[Desk, str], None]


def _cancel(desk: Desk, request_id: str) -> None:
    cancel_request(desk, OPERATOR, LATER, request_id, "withdrawn")


def _unplaced(desk: Desk, request_id: str) -> None:
    leave_unplaced(desk, OPERATOR, LATER, request_id, "all_full")


@pytest.mark.parametrize(("end", "reason"), [(_cancel, "withdrawn"), (_unplaced, "all_full")])
def test_an_ended_request_leaves_the_queue_with_its_reason_and_can_be_reopened(
    desk: Desk, end: Move, reason: str
) -> None:
    request_id = take(desk).request_id
    end(desk, request_id)
    ended = load(desk, request_id)
    assert (ended.state, ended.ended_reason) == ("cancelled" if end is _cancel else "unplaced", reason)
    with pytest.raises(TransitionRefusedError):
        _unplaced(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        hold_request(desk, OPERATOR, LATER, request_id, LATER)
    reopen_request(desk, OPERATOR, LATER, request_id)
    assert (state(desk, request_id), load(desk, request_id).ended_reason) == ("matching", None)
    offer(desk, request_id)


@pytest.mark.parametrize("stage", ["offered", "accepted", "confirmed"])
def test_cancelling_gives_back_what_was_held(desk: Desk, stage: str) -> None:
    request_id = take(desk).request_id
    made = offer(desk, request_id)
    if stage != "offered":
        answer_offer(desk, OPERATOR, LATER, made.offer_id, "accepted")
    if stage == "confirmed":
        confirm_request(desk, OPERATOR, LATER, request_id)
    assert state(desk, request_id) == stage
    _cancel(desk, request_id)
    assert (taken(desk), reads.live_offers(desk.connection, request_id)) == ([], [])
    kept = reads.offer(desk.connection, made.offer_id)
    assert kept is not None
    assert kept.state == "withdrawn"


def test_a_request_under_an_offer_is_not_left_unplaced_nor_held(desk: Desk) -> None:
    request_id = take(desk).request_id
    offer(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        _unplaced(desk, request_id)
    with pytest.raises(TransitionRefusedError):
        hold_request(desk, OPERATOR, LATER, request_id, LATER)


def test_a_reason_off_the_list_ends_nothing(desk: Desk) -> None:
    request_id = take(desk).request_id
    before = wishes.entries(desk.connection)
    for end in (cancel_request, leave_unplaced):
        with pytest.raises(UnknownReason):
            end(desk, OPERATOR, LATER, request_id, "because")
    assert wishes.entries(desk.connection) == before


def test_notes_are_kept_in_order_cleaned_and_never_about_nothing(desk: Desk) -> None:
    request_id = take(desk).request_id
    add_note(desk, OPERATOR, NOW, request_id, "  첫 메모\t\x07 ")
    add_note(desk, OPERATOR, LATER, request_id, "둘째\r\n메모")
    before = wishes.entries(desk.connection)
    add_note(desk, OPERATOR, LATER, request_id, " \u200b \n")
    assert wishes.entries(desk.connection) == before
    assert [note.text for note in reads.notes(desk.connection, request_id)] == ["첫 메모", "둘째\n메모"]
    with pytest.raises(NotFound):
        add_note(desk, OPERATOR, LATER, "nothing", "메모")


def test_what_is_not_there_is_refused(desk: Desk) -> None:
    attempts: tuple[Callable[[], None], ...] = (
        lambda: amend_request(desk, OPERATOR, NOW, "nothing", {"reason": "trip"}),
        lambda: hold_request(desk, OPERATOR, NOW, "nothing", LATER),
        lambda: resume_request(desk, OPERATOR, NOW, "nothing"),
        lambda: reopen_request(desk, OPERATOR, NOW, "nothing"),
        lambda: _cancel(desk, "nothing"),
    )
    for attempt in attempts:
        with pytest.raises(NotFound):
            attempt()


def test_what_a_family_tells_beside_the_rest_is_kept_amended_and_erased(desk: Desk) -> None:
    guardian = wishes.mother(address="수원시 팔달구 인계동 12-3", reachable="20시 이후")
    told = child(sex="girl", registration="2026-0311")
    request_id = take(desk, told, guardian=guardian, care_place="home", handover="이모가 데려감").request_id
    request = load(desk, request_id)
    assert (request.care_place, request.handover) == ("home", "이모가 데려감")
    known = reads.guardian(desk.connection, request.guardian_id)
    assert known is not None
    assert (known.address, known.reachable) == ("수원시 팔달구 인계동 12-3", "20시 이후")
    kept = reads.children_of_request(desk.connection, request_id)[0]
    assert (kept.sex, kept.registration) == ("girl", "2026-0311")
    before = wishes.entries(desk.connection)
    amend_request(desk, OPERATOR, LATER, request_id, {"handover": "할머니가 데려감", "care_place": None})
    assert wishes.kinds(desk, before) == ["request.handover", "request.amended"]
    amend_request(desk, OPERATOR, LATER, request_id, {"handover": "할머니가 데려감"})
    assert wishes.entries(desk.connection) == before + 2
    erase_guardian(desk, SUPERVISOR, LATER, request.guardian_id, "requested")
    assert load(desk, request_id).handover is None


def test_an_unknown_place_of_care_or_sex_is_refused(desk: Desk) -> None:
    with pytest.raises(UnknownCode):
        take(desk, care_place="garden")
    with pytest.raises(UnknownCode):
        take(desk, child(sex="x"))
    assert desk.connection.execute("SELECT count(*) FROM request").fetchone() == (0,)
