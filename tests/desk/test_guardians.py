"""People's records: reading leaves a trace, erasing leaves nothing of them in the file."""

import json
from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.desk.after import close_complaint, open_complaint
from callcenter.desk.calls import close_enquiry, open_call
from callcenter.desk.checks import UnknownCode
from callcenter.desk.guardians import erase_guardian, note_reading
from callcenter.desk.new_requests import NewGuardian
from callcenter.desk.permission import NotPermitted
from callcenter.desk.requests import add_note, load
from callcenter.desk.session import Desk, NotFound
from callcenter.desk.view import request_view
from callcenter.journal import bodies, history
from callcenter.store import reads
from callcenter.store.transactions import writing
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=5)


def test_reading_is_an_entry(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    before = wishes.entries(desk.connection)
    note_reading(desk, OPERATOR, LATER, request_id, "reveal", "call_back")
    assert wishes.kinds(desk, before) == ["record.read"]


def test_an_erased_family_is_gone_from_the_file_and_the_work_still_counts(desk: Desk) -> None:
    call = open_call(desk, OPERATOR, NOW, "010-0000-4321")
    guardian = NewGuardian("남궁카나리아", "010-0000-4321")
    request_id = wishes.take(
        desk,
        wishes.child("황보찌르레기", care_note="오색딱따구리"),
        guardian=guardian,
        call_id=call.call_id,
        consents=("collect", "sensitive", "third_party"),
    ).request_id
    complaint = open_complaint(desk, OPERATOR, NOW, "쇠동고비가 늦었다고 함", request_id=request_id)
    close_complaint(desk, OPERATOR, NOW, complaint, "apologised", "직박구리 님께 사과")
    made = wishes.offer(desk, request_id)
    add_note(desk, OPERATOR, NOW, request_id, "남궁카나리아 님 다시 전화")
    close_enquiry(desk, OPERATOR, NOW, "enquiry", call_id=call.call_id, note="크낙새 이야기")
    other = wishes.take(desk, guardian=wishes.mother("010-0000-9999")).request_id
    guardian_id = load(desk, request_id).guardian_id
    with pytest.raises(NotPermitted):
        erase_guardian(desk, OPERATOR, LATER, guardian_id, "requested")
    # guardian, child, caller, two notes, the complaint and its answer
    assert erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "requested") == 7
    assert reads.guardian(desk.connection, guardian_id) is None
    view = request_view(desk.connection, request_id)
    assert view is not None
    assert (view.guardian, view.children, view.notes) == (None, [], [])
    assert view.leading is not None
    assert (view.request.state, view.leading.id, view.request.reason) == ("offered", made.offer_id, "overtime")
    assert len(wishes.taken(desk)) == wishes.SLOTS
    ended = reads.call(desk.connection, call.call_id)
    assert ended is not None
    assert (ended.phone, ended.guardian_id, ended.topic) == (None, None, "enquiry")
    kept = request_view(desk.connection, other)
    assert kept is not None
    assert kept.guardian is not None
    assert kept.children
    _nowhere(desk.path, "남궁카나리아", "+821000004321", "황보찌르레기", "오색딱따구리", "크낙새")
    _nowhere(desk.path, "쇠동고비", "직박구리")
    with pytest.raises(NotFound):
        erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "requested")


def test_of_an_erased_family_it_stays_known_who_read_it_and_why_but_no_words(desk: Desk) -> None:
    request_id = wishes.take(desk, guardian=NewGuardian("남궁카나리아", "010-0000-4321")).request_id
    guardian_id = load(desk, request_id).guardian_id
    before = wishes.entries(desk.connection)
    note_reading(desk, OPERATOR, LATER, request_id, "reveal", "other", "남궁카나리아 님 이모가 물어봄")
    assert wishes.kinds(desk, before) == ["record.read", "record.explained"]
    erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "requested")
    _nowhere(desk.path, "남궁카나리아")
    kept = [(one.kind, one.actor, one.body and json.loads(one.body)) for one in history.entries(desk.connection)]
    assert kept[-3:] == [
        ("record.read", OPERATOR.name, {"what": "reveal", "why": "other", "count": 1}),
        ("record.explained", OPERATOR.name, None),
        ("person.erased", SUPERVISOR.name, {"reason": "requested", "subjects": [request_id]}),
    ]
    assert history.verify(desk.connection) == (len(kept), [])


@pytest.mark.parametrize("code", ["남궁카나리아", "requested", ""])
def test_a_record_is_read_for_a_reason_of_the_list_only(desk: Desk, code: str) -> None:
    request_id = wishes.take(desk).request_id
    with pytest.raises(UnknownCode, match="call_back, identify, provider, other, care, form"):
        note_reading(desk, OPERATOR, LATER, request_id, "reveal", code)


def test_a_family_is_erased_for_a_reason_of_the_list_only(desk: Desk) -> None:
    guardian_id = load(desk, wishes.take(desk).request_id).guardian_id
    with pytest.raises(UnknownCode, match="requested, withdrawn, expired"):
        erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "박하나 님 전화")
    assert reads.guardian(desk.connection, guardian_id) is not None


def test_a_journal_from_before_there_were_codes_is_read(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    with desk.writing(OPERATOR.name, NOW) as chain:
        chain.append(request_id, bodies.RecordRead(what="reveal", why="이모가 물어봄", count=1))
    with writing(desk.connection):
        history.rebuild(desk.connection)
    assert history.verify(desk.connection)[1] == []


def _nowhere(path: Path, *texts: str) -> None:
    left = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert left
    for text in texts:
        assert text.encode() not in left
