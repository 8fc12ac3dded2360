"""Applications on a real file: taken once, never under two contents, and what is wrong in them is told."""

from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.lifecycle import RequestState
from callcenter.care.priority import cutoffs
from callcenter.console.forms.known import raw_request
from callcenter.desk.accounts import NameTaken, add_operator
from callcenter.desk.applications import (
    Accepted,
    Application,
    ApplicationChanged,
    Consents,
    Progress,
    accept,
    accept_all,
    standing,
)
from callcenter.desk.around import around
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.matches import matches
from callcenter.desk.new_requests import NewChild, NewGuardian
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.permission import PLATFORM
from callcenter.desk.queue_view import queue_view
from callcenter.desk.requests import amend_request, load
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.view import request_view
from callcenter.journal import history
from callcenter.reference import Reference
from callcenter.store import applications, reads
from callcenter.store.transactions import writing
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import child, mother, wish
from tests.journal.evenings import folded
from tests.published import SUWON

LATER = NOW + timedelta(hours=2)


AGREED = Consents(("collect", "sensitive", "third_party"), NOW - timedelta(minutes=10))


def application(
    external_id: str = "web-1", digest: str = "a" * 64, consents: Consents | None = AGREED, **more: object
) -> Application:
    return Application(external_id, digest, wish(**more), consents)


def notes(desk: Desk, request_id: str) -> list[str]:
    return [note.text for note in reads.notes(desk.connection, request_id)]


def test_an_application_enters_the_queue_as_the_platforms(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    taken = accept(desk, PLATFORM, NOW, application(note="늦을 수 있음", channel="direct"))
    assert taken.state == "new"
    assert wishes.kinds(desk, before) == [
        "guardian.added", "child.added", "request.opened", "note.added", "application.received",
        "consent.given",
    ]  # fmt: skip
    request = load(desk, taken.request_id)
    assert (request.number, request.channel, request.operator) == (taken.number, "platform", PLATFORM.name)
    (row,) = queue_view(desk.connection, NOW, OPERATOR, 0, 10).rows
    assert (row.id, row.channel) == (taken.request_id, "platform")
    assert notes(desk, taken.request_id) == ["늦을 수 있음"]
    known = applications.taken(desk.connection, ["web-1"])["web-1"]
    assert known == applications.ApplicationRow("web-1", taken.request_id, "a" * 64, taken.number, "open")


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
    erase_guardian(desk, SUPERVISOR, LATER, load(desk, taken.request_id).guardian_id, "requested")
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
    around(desk.connection, desk.reference, desk.programs, view, NOW)
    assert raw_request(view, desk.reference)["region"]


def test_known_codes_stay_beside_unknown_ones_and_several_doubts_are_one_note(desk: Desk) -> None:
    kin = child(needs=("allergy", "moonwalk"), symptoms=("ennui", "fever"))
    taken = accept(desk, PLATFORM, NOW, application(children=(kin,), region="99999", reason="boredom", note="메모"))
    (kept,) = reads.children_of_request(desk.connection, taken.request_id)
    assert (kept.needs, kept.symptoms) == ("allergy", "fever")
    said, doubted = notes(desk, taken.request_id)
    assert said == "메모"
    assert len(doubted.splitlines()) == 4


def test_an_unknown_region_waits_for_the_operator_who_asked(desk: Desk) -> None:
    taken = accept(desk, PLATFORM, NOW, application(region="99999"))
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    found = matches(desk.connection, desk.reference, desk.programs, view.request, view.children, NOW)
    assert found.ranking.matches == ()
    assert around(desk.connection, desk.reference, desk.programs, view, NOW) == []
    amend_request(desk, OPERATOR, NOW, taken.request_id, {"region": SUWON})
    view = request_view(desk.connection, taken.request_id)
    assert view is not None
    assert matches(desk.connection, desk.reference, desk.programs, view.request, view.children, NOW).ranking.matches
    assert around(desk.connection, desk.reference, desk.programs, view, NOW)


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
    other.connection.execute("UPDATE here SET chain = 'B'")
    accept(desk, PLATFORM, LATER, application("web-2"))
    accept(other, PLATFORM, LATER + timedelta(minutes=1), application("web-2"))
    arrived = list(history.entries(other.connection))
    other.close()
    with writing(desk.connection):
        history.receive(desk.connection, arrived)
    assert len(reads.open_requests(desk.connection, cutoffs(LATER))) == 3
    assert applications.taken(desk.connection, ["web-2"])["web-2"].number.startswith("A-")


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


def consents(desk: Desk) -> list[tuple[object, ...]]:
    return desk.connection.execute("SELECT kind, at, how, who FROM consent ORDER BY kind").fetchall()


def test_what_was_agreed_to_is_kept_with_its_time(desk: Desk) -> None:
    accept(desk, PLATFORM, NOW, application(consents=Consents(("collect", "third_party"), NOW - timedelta(hours=1))))
    agreed = int(NOW.timestamp()) - 3600
    assert consents(desk) == [("collect", agreed, "online", "mother"), ("third_party", agreed, "online", "mother")]
    # A platform's clock that is ahead does not make a consent of the future.
    accept(desk, PLATFORM, NOW, application("web-2", consents=Consents(("collect",), NOW + timedelta(hours=1))))
    assert max(str(at) for _kind, at, *_rest in consents(desk)) == str(int(NOW.timestamp()))


@pytest.mark.parametrize(
    ("given", "kin", "asked"),
    [
        (None, child(), "use of personal data, telling the provider"),
        (Consents((), NOW), child(), "use of personal data, telling the provider"),
        (Consents(("collect",), NOW), child(), "telling the provider"),
        (Consents(("collect", "third_party"), NOW), child(care_note="땅콩"), "use of health data"),
        (Consents(("collect", "third_party"), NOW), child(symptoms=("fever",)), "use of health data"),
        (Consents(("collect", "third_party"), NOW), child(), None),
    ],
)
def test_what_was_not_agreed_to_is_asked_for(desk: Desk, given: Consents | None, kin: NewChild, asked: str) -> None:
    taken = accept(desk, PLATFORM, NOW, application(consents=given, children=(kin,)))
    expected = [f"Not agreed to yet, please ask: {asked}"] if asked else []
    assert notes(desk, taken.request_id) == expected


def people(desk: Desk) -> tuple[int, int]:
    count = "SELECT (SELECT count(*) FROM guardian), (SELECT count(*) FROM child)"
    found: tuple[int, int] = desk.connection.execute(count).fetchone()
    return found


def test_a_family_we_know_is_found_again_and_our_facts_stand(desk: Desk) -> None:
    known = wishes.take(desk, child(needs=("allergy",), care_note="땅콩"), guardian=mother(language="vi"))
    said = child(school="kindergarten", registered=False, symptoms=("fever",), needs=("medication",), care_note="우유")
    tomorrow: dict[str, Any] = {"start": wishes.START + timedelta(days=1), "end": wishes.END + timedelta(days=1)}
    sibling = child("박가을", "2020-02-02")
    taken = accept(
        desk,
        PLATFORM,
        LATER,
        application(guardian=mother(relation="father", language="en"), children=(said, sibling), **tomorrow),
    )
    before, after = load(desk, known.request_id), load(desk, taken.request_id)
    assert (after.guardian_id, people(desk)) == (before.guardian_id, (1, 2))
    ours, theirs = reads.children_of_request(desk.connection, taken.request_id)
    assert (ours.school, bool(ours.registered), ours.needs, ours.symptoms, ours.care_note) == (
        "elementary", True, "allergy", "", "땅콩",
    )  # fmt: skip
    assert (theirs.name, theirs.guardian_id) == ("박가을", before.guardian_id)
    guardian = reads.guardian(desk.connection, before.guardian_id)
    assert guardian is not None
    assert (guardian.relation, guardian.language) == ("mother", "vi")
    (note,) = notes(desk, taken.request_id)
    assert note.splitlines() == [
        "We know this family with other facts, which stand as they were. Please ask:",
        "- relation: father in the application, mother in our record.",
        "- language: en in the application, vi in our record.",
        "- school: kindergarten in the application, elementary school in our record.",
        "- registered: no in the application, yes in our record.",
        "- needs: Medication in the application, Allergies in our record.",
        "- symptoms: Fever in the application, nothing in our record.",
        "- care note: 우유 in the application, 땅콩 in our record.",
    ]


@pytest.mark.parametrize(
    "changed",
    [
        {"guardian": mother("010-0000-9999")},
        {"guardian": mother("withheld")},
        {"guardian": mother(name="박둘")},
        {"children": (child("박여름"),)},
        {"children": (child(birth="2018-05-06"),)},
    ],
)
def test_who_is_not_surely_the_same_is_somebody_new(desk: Desk, changed: dict[str, Any]) -> None:
    wishes.take(desk, guardian=mother())
    accept(desk, PLATFORM, LATER, application(**changed))
    assert people(desk) == (2, 2)


def test_two_records_that_fit_alike_are_left_to_the_operator(desk: Desk) -> None:
    for _ in range(2):
        wishes.take(desk)
    taken = accept(desk, PLATFORM, LATER, application())
    assert people(desk) == (3, 3)
    first, second = (row.number for row in reads.open_requests(desk.connection, cutoffs(LATER))[:2])
    assert notes(desk, taken.request_id) == [
        f"The same child is in {first}, {second} for this time too. Keep one of them."
    ]


def test_a_child_that_is_in_another_request_for_this_time_is_marked_and_never_merged(desk: Desk) -> None:
    known = wishes.take(desk)
    father = mother(name="박아빠")
    later: dict[str, Any] = {"start": wishes.END, "end": wishes.END + timedelta(hours=1)}
    twice = accept(desk, PLATFORM, LATER, application("web-1", guardian=father))
    beside = accept(desk, PLATFORM, LATER, application("web-2", guardian=father, **later))
    assert notes(desk, twice.request_id) == [
        f"The same child is in {known.number} for this time too. Keep one of them."
    ]
    assert notes(desk, beside.request_id) == []
    assert len({known.number, twice.number, beside.number}) == 3


def test_several_at_once_are_the_same_as_one_after_the_other(desk: Desk, data: Reference, tmp_path: Path) -> None:
    accept(desk, PLATFORM, NOW, application("web-0"))
    before = wishes.entries(desk.connection)
    batch = [application("web-1"), application("web-0", "b" * 64), application("web-1"), application("web-2")]
    first, refused, again, other = accept_all(desk, PLATFORM, NOW, batch)
    assert isinstance(first, Accepted)
    assert isinstance(refused, ApplicationChanged)
    assert isinstance(other, Accepted)
    assert again == first._replace(state="same")
    assert [first.number, other.number] == ["A-1124-002", "A-1124-003"]
    assert wishes.entries(desk.connection) > before


_FAMILIES = st.sampled_from([mother(), mother("010-0000-2222"), mother("withheld"), mother("1"), mother(name="박둘")])


@settings(max_examples=25)
@given(
    batch=st.lists(st.tuples(st.sampled_from("123456"), _FAMILIES, st.sampled_from("ab")), max_size=12),
    seed=st.integers(0, 1000),
)
def test_a_batch_writes_what_its_applications_write_one_by_one(
    desk: Desk, tmp_path: Path, batch: list[tuple[str, NewGuardian, str]], seed: int
) -> None:
    said = [application(name, letter * 64, guardian=guardian) for name, guardian, letter in batch]
    rows = []
    for together in ([said], [[one] for one in said]):
        (tmp_path / "copy.db").unlink(missing_ok=True)
        desk.connection.execute(f"VACUUM INTO '{tmp_path / 'copy.db'}'")
        copy = open_desk(tmp_path / "copy.db", desk.reference, Random(seed).randbytes)
        answers = [answer for part in together for answer in accept_all(copy, PLATFORM, NOW, part)]
        rows.append((folded(copy.connection), list(history.entries(copy.connection)), [*map(str, answers)]))
        copy.close()
    assert rows[0] == rows[1]


def test_a_fault_in_one_takes_back_the_whole_batch(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    broken = application("web-2", start=wishes.START.replace(tzinfo=None))
    with pytest.raises(TypeError):
        accept_all(desk, PLATFORM, NOW, [application("web-1"), broken])
    assert wishes.entries(desk.connection) == before


def test_the_platform_is_told_how_far_an_application_is_and_no_more(desk: Desk) -> None:
    assert standing(desk.connection, "web-1") is None
    wishes.have(desk, wishes.CENTRE)
    taken = accept(desk, PLATFORM, NOW, application())

    def told() -> tuple[str, str | None]:
        found = standing(desk.connection, "web-1")
        assert found is not None
        assert (found.number, found.received_at) == (taken.number, int(NOW.timestamp()))
        return found.progress, found.provider

    assert told() == ("received", None)
    made = wishes.offer(desk, taken.request_id)
    assert told() == ("in_progress", None)
    answer_offer(desk, OPERATOR, NOW, made.offer_id, "accepted")
    # Nobody has told the guardian yet.
    assert told() == ("in_progress", None)
    confirm_request(desk, OPERATOR, NOW, taken.request_id)
    assert told() == ("placed", wishes.CENTRE.name)
    assert accept(desk, PLATFORM, LATER, application()).progress == "placed"


def test_every_state_of_a_request_has_a_word_for_the_platform(desk: Desk) -> None:
    taken = accept(desk, PLATFORM, NOW, application())
    desk.connection.execute("BEGIN")
    for state in get_args(RequestState):
        desk.connection.execute("UPDATE request SET state = ? WHERE id = ?", (state, taken.request_id))
        found = standing(desk.connection, "web-1")
        assert found is not None
        assert found.progress in get_args(Progress)
    desk.connection.execute("ROLLBACK")
