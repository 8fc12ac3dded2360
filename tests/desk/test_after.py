"""What comes after care, or in its place: no-shows, early ends, incidents, satisfaction, complaints."""

from datetime import datetime, timedelta

import pytest

from callcenter.desk import after_listing
from callcenter.desk.after import (
    COMPLAINT_WITHIN,
    ComplaintOver,
    IncidentNoted,
    NobodyWasCaredFor,
    NoSuchScore,
    NothingSaid,
    acknowledge_incidents,
    close_complaint,
    hand_on_complaint,
    note_satisfaction,
    open_complaint,
    raise_incident,
)
from callcenter.desk.care_admission import AtTheDoor, NotHere, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_missed import NotBegun, NotCutShort, note_early_end, note_no_show
from callcenter.desk.checks import UnknownCode
from callcenter.desk.corrections import correct, steps
from callcenter.desk.counts import counts_of
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.past import seen_incidents
from callcenter.desk.permission import Actor, NotPermitted
from callcenter.desk.session import Desk
from callcenter.store import after, reads
from callcenter.store.counts import Counts
from callcenter.store.placements import placements
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, END, START, child, state, take, taken

COLLEAGUE = Actor("박상담", "operator")
SIBLINGS = (child("박새봄"), child("박가을", "2019-01-02"))
LATE = START + timedelta(minutes=40)


def guardian_of(desk: Desk, request_id: str) -> str:
    found = reads.request(desk.connection, request_id)
    assert found is not None
    return found.guardian_id


def inside(desk: Desk) -> tuple[str, str]:
    request_id, _offer = wishes.place(desk, CENTRE)
    only = placements(desk.connection, request_id)[0].child_id
    assert admit(desk, OPERATOR, START, request_id, only, AtTheDoor(temperature=366)) is None
    return request_id, only


def home(desk: Desk, at: datetime = END) -> str:
    request_id, only = inside(desk)
    pick_up(desk, OPERATOR, at, request_id, only, "guardian")
    return request_id


def test_who_does_not_come_frees_the_places_and_carries_a_flag(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE, children=SIBLINGS)
    guardian = guardian_of(desk, request_id)
    assert after.no_shows(desk.connection, guardian) == (0, None)
    before = len(taken(desk))
    assert note_no_show(desk, OPERATOR, LATE, request_id) == "cancelled"
    assert [one.ending for one in placements(desk.connection, request_id)] == ["no_show", "no_show"]
    assert 0 < len(taken(desk)) < before
    # Two children of one request did not come once.
    assert after.no_shows(desk.connection, guardian) == (1, int(LATE.timestamp()))
    assert counts_of(desk.connection, NOW.date(), NOW.date())["no_show"] == Counts(1, 2, 2)


def test_a_no_show_bans_nobody(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE)
    note_no_show(desk, OPERATOR, LATE, request_id)
    again = open_request(desk, OPERATOR, LATE, wishes.wish(guardian=wishes.mother(id=guardian_of(desk, request_id))))
    assert state(desk, again.request_id) == "open"


def test_one_of_two_siblings_comes(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE, children=SIBLINGS)
    first, second = (one.child_id for one in placements(desk.connection, request_id))
    admit(desk, OPERATOR, START, request_id, first, AtTheDoor(temperature=366))
    assert note_no_show(desk, OPERATOR, LATE, request_id) == "in_care"
    assert {one.child_id: one.ending for one in placements(desk.connection, request_id)} == {
        first: None,
        second: "no_show",
    }
    assert pick_up(desk, OPERATOR, END, request_id, first, "guardian").state == "finished"


def test_before_the_start_nobody_is_missing_and_after_admission_neither(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE)
    with pytest.raises(NotBegun, match="20:00"):
        note_no_show(desk, OPERATOR, START - timedelta(seconds=1), request_id)
    (place,) = placements(desk.connection, request_id)
    admit(desk, OPERATOR, START, request_id, place.child_id, AtTheDoor(temperature=366))
    with pytest.raises(NotHere):
        note_no_show(desk, OPERATOR, LATE, request_id)


def test_a_no_show_that_was_a_mistake_is_corrected(desk: Desk) -> None:
    request_id, _offer = wishes.place(desk, CENTRE, children=SIBLINGS)
    before = len(taken(desk))
    note_no_show(desk, OPERATOR, LATE, request_id)
    newest = steps(desk.connection, request_id)[0].entries[0]
    correct(desk, OPERATOR, LATE + timedelta(minutes=1), request_id, newest, "wrong_record")
    assert (state(desk, request_id), len(taken(desk))) == ("confirmed", before)
    assert after.no_shows(desk.connection, guardian_of(desk, request_id)).times == 0


def test_an_early_end_says_why(desk: Desk) -> None:
    request_id = home(desk, END - timedelta(hours=1))
    note_early_end(desk, OPERATOR, END, request_id, "ill")
    found = after.cut_short(desk.connection, request_id)
    assert found is not None
    assert (found.why, found.operator) == ("ill", OPERATOR.name)


def test_only_what_ended_early_was_cut_short(desk: Desk) -> None:
    request_id = home(desk)
    with pytest.raises(NotCutShort):
        note_early_end(desk, OPERATOR, END, request_id, "ill")
    waiting = take(desk, guardian=wishes.mother("010-0000-9876")).request_id
    with pytest.raises(NotCutShort):
        note_early_end(desk, OPERATOR, NOW, waiting, "ill")


def test_an_incident_rings_until_a_supervisor_takes_it_over(desk: Desk) -> None:
    request_id, only = inside(desk)
    raise_incident(
        desk, OPERATOR, LATE, request_id, "injury", "미끄럼틀에서 넘어짐", child_id=only, told=("guardian", "119")
    )
    now = int(LATE.timestamp())
    (alarm,) = after.alarms(desk.connection, now)
    assert (alarm.kind, alarm.subject, alarm.due) == ("incident", request_id, now)
    with pytest.raises(NotPermitted):
        acknowledge_incidents(desk, OPERATOR, LATE, request_id)
    assert acknowledge_incidents(desk, SUPERVISOR, LATE, request_id) == 1
    assert after.alarms(desk.connection, now) == []
    with pytest.raises(IncidentNoted):
        acknowledge_incidents(desk, SUPERVISOR, LATE, request_id)


def test_what_happened_only_those_read_who_must(desk: Desk) -> None:
    request_id, only = inside(desk)
    raise_incident(desk, OPERATOR, LATE, request_id, "injury", "미끄럼틀에서 넘어짐", child_id=only)
    for actor, seen in ((OPERATOR, True), (SUPERVISOR, True), (COLLEAGUE, False), (None, False)):
        (found,) = seen_incidents(desk.connection, request_id, actor)
        assert (found.said == "미끄럼틀에서 넘어짐") is seen
        assert (found.child_id == only) is seen


def test_a_namesake_at_another_desk_does_not_read_what_happened(desk: Desk) -> None:
    request_id, only = inside(desk)
    raise_incident(desk, OPERATOR, LATE, request_id, "injury", "넘어짐", child_id=only)
    assert seen_incidents(desk.connection, request_id, OPERATOR)[0].said
    desk.connection.execute("UPDATE incident SET desk = 'B'")
    assert not seen_incidents(desk.connection, request_id, OPERATOR)[0].said
    assert seen_incidents(desk.connection, request_id, SUPERVISOR)[0].said
    desk.connection.execute("UPDATE incident SET desk = 'A'")


def test_an_incident_needs_words_and_a_child_in_care(desk: Desk) -> None:
    request_id, _only = inside(desk)
    with pytest.raises(NothingSaid):
        raise_incident(desk, OPERATOR, LATE, request_id, "injury", "  ")
    waiting = take(desk, guardian=wishes.mother("010-0000-9876")).request_id
    with pytest.raises(NobodyWasCaredFor):
        raise_incident(desk, OPERATOR, LATE, waiting, "injury", "넘어짐")


def test_satisfaction_is_a_score_and_the_last_one_counts(desk: Desk) -> None:
    request_id = home(desk)
    note_satisfaction(desk, OPERATOR, END, request_id, 40, again=False, note="연락이 늦었다고 함")
    note_satisfaction(desk, OPERATOR, END, request_id, 92, again=True)
    found = after.satisfaction(desk.connection, request_id)
    assert found is not None
    assert (found.score, bool(found.again)) == (92, True)
    end = int(END.timestamp())
    assert after.satisfaction_of(desk.connection, end, end + 1) == (1, 92.0, 1, 0)
    assert after.satisfaction_of(desk.connection, 0, end) == (0, None, 0, 0)


@pytest.mark.parametrize("score", [-1, 101])
def test_a_score_lies_between_0_and_100(desk: Desk, score: int) -> None:
    with pytest.raises(NoSuchScore, match=str(score)):
        note_satisfaction(desk, OPERATOR, END, home(desk), score)


def test_without_care_there_is_nothing_to_score(desk: Desk) -> None:
    with pytest.raises(NobodyWasCaredFor):
        note_satisfaction(desk, OPERATOR, NOW, take(desk).request_id, 90)


def test_a_complaint_has_an_owner_and_a_time_and_an_end(desk: Desk) -> None:
    request_id = home(desk)
    complaint = open_complaint(desk, OPERATOR, END, "돌보미가 늦게 왔음", request_id=request_id)
    (found,) = after.complaints(desk.connection, request_id)
    assert (found.owner, found.due_at) == (OPERATOR.name, int((END + COMPLAINT_WITHIN).timestamp()))
    due = END + timedelta(days=1)
    hand_on_complaint(desk, OPERATOR, END, complaint, owner=SUPERVISOR.name, due=due)
    assert after.alarms(desk.connection, int(due.timestamp()) - 1) == []
    (alarm,) = after.alarms(desk.connection, int(due.timestamp()))
    assert (alarm.kind, alarm.subject) == ("complaint", request_id)
    close_complaint(desk, SUPERVISOR, due, complaint, "apologised", "직접 통화해 사과함")
    assert after.open_complaints(desk.connection) == []
    assert after.alarms(desk.connection, int(due.timestamp())) == []
    with pytest.raises(ComplaintOver):
        close_complaint(desk, SUPERVISOR, due, complaint, "solved")


def test_a_complaint_of_nothing_in_particular(desk: Desk) -> None:
    open_complaint(desk, OPERATOR, NOW, "전화 연결이 너무 늦음")
    (found,) = after.open_complaints(desk.connection)
    assert (found.request_id, found.guardian_id) == (None, None)
    with pytest.raises(UnknownCode):
        hand_on_complaint(desk, OPERATOR, NOW, found.id, owner="아무도아님")


def test_what_waits_for_somebody_is_listed_without_what_was_said(desk: Desk) -> None:
    request_id, only = inside(desk)
    found = reads.request(desk.connection, request_id)
    assert found is not None
    raise_incident(desk, OPERATOR, LATE, request_id, "injury", "박새봄 넘어짐", child_id=only, told=("guardian", "119"))
    open_complaint(desk, OPERATOR, LATE, "박하나 님 불만", request_id=request_id)
    open_complaint(desk, OPERATOR, NOW, "전화 연결이 너무 늦음")
    (incident,) = after_listing.incidents(desk.connection)
    assert (incident["number"], incident["what"], incident["told"]) == (found.number, "injury", ["guardian", "119"])
    complaints = list(after_listing.complaints(desk.connection))
    assert [one["number"] for one in complaints] == [None, found.number]
    assert "박" not in str((incident, complaints)).replace("박상담", "")
    acknowledge_incidents(desk, SUPERVISOR, LATE, request_id)
    assert list(after_listing.incidents(desk.connection)) == []


def test_an_erased_guardian_leaves_no_words_behind(desk: Desk) -> None:
    request_id, only = inside(desk)
    raise_incident(desk, OPERATOR, LATE, request_id, "injury", "박새봄 넘어짐", child_id=only)
    open_complaint(desk, OPERATOR, LATE, "박하나 님 불만", request_id=request_id)
    pick_up(desk, OPERATOR, END, request_id, only, "guardian")
    erase_guardian(desk, SUPERVISOR, END, guardian_of(desk, request_id), "requested")
    assert after.incidents(desk.connection, request_id) == []
    assert after.open_complaints(desk.connection) == []
