"""Applications on a real file: taken once, never under two contents, and what is wrong in them is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from callcenter import language
from callcenter.care.priority import cutoffs
from callcenter.console.forms.filled import raw_request
from callcenter.desk.accounts import NameTaken, add_operator
from callcenter.desk.applications import Application, ApplicationChanged, accept
from callcenter.desk.around import around
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.matches import matches
from callcenter.desk.permission import PLATFORM
from callcenter.desk.requests import amend_request, load
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.view import queue_view, request_view
from callcenter.journal import history
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.engine import writing
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import child, mother, wish
from tests.published import SUWON

LATER = NOW + timedelta(hours=2)


def application(external_id: str = "web-1", digest: str = "a" * 64, **more: object) -> Application:
    return Application(external_id, digest, wish(**more))


def notes(desk: Desk, request_id: str) -> list[str]:
    return [note.text for note in reads.notes(desk.connection, request_id)]


def test_an_application_enters_the_queue_as_the_platforms(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    taken = accept(desk, PLATFORM, NOW, application(note="늦을 수 있음", channel="direct"))
    assert taken.state == "new"
    assert wishes.kinds(desk, before) == [
        "guardian.added", "child.added", "request.opened", "note.added", "application.received",
    ]  # fmt: skip
    request = load(desk, taken.request_id)
    assert (request.number, request.channel, request.operator) == (taken.number, "platform", PLATFORM.name)
    (row,) = queue_view(desk.connection, NOW, OPERATOR.name, 0, 10).rows
    assert (row.id, row.channel) == (taken.request_id, "platform")
    assert notes(desk, taken.request_id) == ["늦을 수 있음"]
    known = reads.application(desk.connection, "web-1")
    assert known == reads.ApplicationRow("web-1", taken.request_id, "a" * 64, taken.number, "open")


def test_the_same_application_is_one_request_however_often_it_comes(desk: Desk) -> None:
    first = accept(desk, PLATFORM, NOW, application())
    before = wishes.entries(desk.connection)
    # What arrived is compared, not what it says now: the rules and the clock have moved on.
    assert accept(desk, PLATFORM, LATER + timedelta(days=3), application()) == first._replace(state="same")
    assert wishes.entries(desk.connection) == before
    assert accept(desk, PLATFORM, NOW, application("web-2")).state == "new"
    assert accept(desk, PLATFORM, NOW, application("WEB-1")).state == "new"


def test_other_contents_under_the_same_identifier_are_refused(desk: Desk) -> None:
    accept(desk, PLATFORM, NOW, application())
    before = wishes.entries(desk.connection)
    with pytest.raises(ApplicationChanged) as refusal:
        accept(desk, PLATFORM, LATER, application(digest="b" * 64, guardian=mother("010-0000-9999")))
    assert (refusal.value.code, "web-1" in str(refusal.value)) == ("application_changed", True)
    assert wishes.entries(desk.connection) == before


def test_an_erased_family_does_not_come_back_with_a_file_that_lay_around(desk: Desk) -> None:
    taken = accept(desk, PLATFORM, NOW, application(region="99999"))
    erase_guardian(desk, SUPERVISOR, LATER, load(desk, taken.request_id).guardian_id, "asked")
    assert notes(desk, taken.request_id) == []
    assert accept(desk, PLATFORM, LATER, application(region="99999")).state == "same"
    assert desk.connection.execute("SELECT count(*) FROM guardian").fetchone() == (0,)


DOUBTS: list[tuple[dict[str, object], str, dict[str, object]]] = [
    ({"region": "99999"}, "region: there is no si or gun 99999", {"region": "99999"}),
    ({"residence": "11110"}, "residence: there is no si or gun 11110", {"residence": None}),
    ({"reason": "boredom"}, "reason: boredom", {"reason": "other"}),
    ({"service": "gyeonggi.moon"}, "service: gyeonggi.moon", {"service": None}),
    (
        {"end": wishes.START - timedelta(hours=1)},
        "end: 2026-11-24 19:00 is not after the start 2026-11-24 20:00",
        {"end_at": int(wishes.START.timestamp()) + 1800},
    ),
    (
        {"start": NOW - timedelta(hours=3), "end": NOW - timedelta(hours=1)},
        "end: 2026-11-24 16:40 was over",
        {"end_at": int(NOW.timestamp()) - 3600},
    ),
    ({"guardian": mother("1000001234")}, "phone: 1000001234. ", {}),
    ({"guardian": mother("")}, "phone: ", {}),
    ({"children": (child(birth="2027-01-01"),)}, "birth: 2027-01-01 is still to come", {}),
    ({"children": (child(needs=("allergy", "moonwalk")),)}, "left out: moonwalk", {}),
    ({"children": (child(symptoms=("fever", "ennui")),)}, "left out: ennui", {}),
]


@pytest.mark.parametrize(("changed", "told", "kept"), DOUBTS)
def test_a_fact_that_is_wrong_is_kept_and_told(
    desk: Desk, changed: dict[str, Any], told: str, kept: dict[str, object]
) -> None:
    taken = accept(desk, PLATFORM, NOW, application(**changed))
    (note,) = notes(desk, taken.request_id)
    assert note.startswith("Please ask the guardian")
    assert told in note
    assert len(note.splitlines()) == 2
    request = load(desk, taken.request_id)
    assert {field: getattr(request, field) for field in kept} == kept
    # Whatever the screen shows of a request, it can show of this one.
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    matches(desk.connection, desk.reference, desk.programs, view.request, view.children, NOW)
    around(desk.connection, desk.reference, desk.programs, view)
    assert raw_request(view, desk.reference)["region"]


def test_known_codes_stay_beside_unknown_ones_and_several_doubts_are_one_note(desk: Desk) -> None:
    kin = child(needs=("allergy", "moonwalk"), symptoms=("ennui", "fever"))
    taken = accept(desk, PLATFORM, NOW, application(children=(kin,), region="99999", reason="boredom", note="메모"))
    (kept,) = reads.children_of_request(desk.connection, taken.request_id)
    assert (kept.needs, kept.symptoms) == ("allergy", "fever")
    doubted, said = notes(desk, taken.request_id)
    assert said == "메모"
    assert len(doubted.splitlines()) == 4


def test_an_unknown_region_waits_for_the_operator_who_asked(desk: Desk) -> None:
    taken = accept(desk, PLATFORM, NOW, application(region="99999"))
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    found = matches(desk.connection, desk.reference, desk.programs, view.request, view.children, NOW)
    assert found.ranking.matches == ()
    assert around(desk.connection, desk.reference, desk.programs, view) == []
    amend_request(desk, OPERATOR, NOW, taken.request_id, {"region": SUWON})
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    assert matches(desk.connection, desk.reference, desk.programs, view.request, view.children, NOW).ranking.matches
    assert around(desk.connection, desk.reference, desk.programs, view)


def test_the_operator_is_told_in_the_desks_language(desk: Desk) -> None:
    language.use("ko")
    taken = accept(desk, PLATFORM, NOW, application(guardian=mother("없는 번호")))
    (note,) = notes(desk, taken.request_id)
    language.use("en")
    assert "없는 번호" in note


def test_what_is_right_is_not_doubted(desk: Desk) -> None:
    taken = accept(desk, PLATFORM, NOW, application(guardian=mother("withheld"), region="41111", residence="41135"))
    assert notes(desk, taken.request_id) == []
    request = load(desk, taken.request_id)
    assert (request.region, request.residence) == ("41110", "41130")


def test_two_desks_that_were_sent_one_application_can_be_joined(desk: Desk, data: Reference, tmp_path: Path) -> None:
    accept(desk, PLATFORM, NOW, application())
    desk.connection.execute(f"VACUUM INTO '{tmp_path / 'other.db'}'")
    other = replace(open_desk(tmp_path / "other.db", data), name="B")
    accept(desk, PLATFORM, LATER, application("web-2"))
    accept(other, PLATFORM, LATER + timedelta(minutes=1), application("web-2"))
    arrived = list(history.entries(other.connection))
    other.close()
    with writing(desk.connection):
        history.receive(desk.connection, arrived)
    assert len(reads.open_requests(desk.connection, cutoffs(LATER))) == 3
    known = reads.application(desk.connection, "web-2")
    assert known is not None
    assert known.number.startswith("A-")


def test_a_file_of_an_older_program_gets_the_table_when_it_is_opened(desk: Desk, data: Reference) -> None:
    with writing(desk.connection):
        desk.connection.execute("DROP TABLE application")
        desk.connection.execute("UPDATE fold SET version = 1")
    again = open_desk(desk.path, data)
    assert accept(again, PLATFORM, NOW, application()).state == "new"
    again.close()


def test_nobody_may_be_called_as_the_platform_is(desk: Desk) -> None:
    with pytest.raises(NameTaken):
        add_operator(desk, SUPERVISOR, NOW, f" {PLATFORM.name}", "operator")


def test_dates_are_said_as_they_were_sent(desk: Desk) -> None:
    utc = datetime.fromisoformat("2026-11-24T11:00+00:00")
    taken = accept(desk, PLATFORM, NOW, application(start=utc, end=utc))
    assert "2026-11-24 20:00 is not after the start 2026-11-24 20:00" in notes(desk, taken.request_id)[0]
    assert load(desk, taken.request_id).start_at == int(wishes.START.timestamp())
