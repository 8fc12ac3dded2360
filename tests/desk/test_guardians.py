"""People's records: reading leaves a trace, erasing leaves nothing of them in the file."""

from datetime import timedelta
from pathlib import Path

import pytest

from callcenter.desk.after import close_complaint, open_complaint
from callcenter.desk.calls import close_enquiry, open_call
from callcenter.desk.guardians import erase_guardian, note_reading
from callcenter.desk.new_requests import NewGuardian
from callcenter.desk.permission import NotPermitted
from callcenter.desk.requests import add_note, load
from callcenter.desk.session import Desk, NotFound
from callcenter.desk.view import request_view
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

LATER = NOW + timedelta(minutes=5)


def test_reading_is_an_entry(desk: Desk) -> None:
    request_id = wishes.take(desk).request_id
    before = wishes.entries(desk.connection)
    note_reading(desk, OPERATOR, LATER, request_id, "reveal", "to call back")
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
        erase_guardian(desk, OPERATOR, LATER, guardian_id, "asked for it")
    # guardian, child, caller, two notes, the complaint and its answer
    assert erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "asked for it") == 7
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
        erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "again")


def _nowhere(path: Path, *texts: str) -> None:
    left = b"".join(file.read_bytes() for file in path.parent.iterdir() if file.name.startswith(path.name))
    assert left
    for text in texts:
        assert text.encode() not in left
