"""Searching a desk's requests."""

from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.desk import search as searching
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.permission import Actor, NotPermitted
from callcenter.desk.requests import amend_request, cancel_request, load
from callcenter.desk.search import MOST, note_search, search
from callcenter.desk.session import Desk
from callcenter.store import search as stored
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes
from tests.published import SUWON

ANYANG = "41170"
LATER = NOW + timedelta(hours=1)


@pytest.fixture
def families(desk: Desk) -> dict[str, str]:
    """Three families with one request each, and their receipt numbers."""
    people = (
        ("김지영", "010-0000-5678", "이하준", SUWON),
        ("남궁민수", "010-0001-1234", "남궁서아", ANYANG),
        ("Nguyen Thi Mai", "010-0000-1234", "박하나", SUWON),
    )
    taken: dict[str, str] = {}
    for minute, (name, phone, child, region) in enumerate(people):
        wish = {"guardian": wishes.mother(phone, name=name), "region": region}
        number = wishes.take(desk, wishes.child(child), now=NOW + timedelta(minutes=minute), **wish).number
        taken[number] = name
    return taken


def found(desk: Desk, text: str) -> list[str]:
    """The names of the guardians found, in their order."""
    return [row.guardian or "" for row in search(desk.connection, desk.reference, text, LATER).rows]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("김지영", ["김지영"]),
        ("지영", ["김지영"]),
        ("ㄱㅈㅇ", ["김지영"]),
        ("하준", ["김지영"]),
        ("ㅎㅈ", ["김지영"]),
        ("rlawldud", ["김지영"]),
        ("5678", ["김지영"]),
        ("1234", ["Nguyen Thi Mai", "남궁민수"]),
        ("01000011234", ["남궁민수"]),
        ("0001-1234", ["남궁민수"]),
        ("수원", ["Nguyen Thi Mai", "김지영"]),
        ("ㅅㅇ", ["Nguyen Thi Mai", "남궁민수", "김지영"]),
        ("tndnjs", ["Nguyen Thi Mai", "김지영"]),
        ("dksdid", ["남궁민수"]),
        ("안양 서아", ["남궁민수"]),
        ("수원 지영 5678", ["김지영"]),
        ("1234 수원", ["Nguyen Thi Mai"]),
        ("김 지영", ["김지영"]),
        ("김지영 하준", ["김지영"]),
        ("mai", ["Nguyen Thi Mai"]),
        ("A-1124-001", ["김지영"]),
        ("a1124002", ["남궁민수"]),
        ("1124-3", ["Nguyen Thi Mai"]),
        ("001", ["김지영"]),
        ("수원 001", ["김지영"]),
        ("안양 001", []),
        ("안양 지영", []),
        ("지영 민수", []),
        ("A-1124-009", []),
        ("없는사람", []),
        ("", []),
        ("   ", []),
        ("%", []),
        ("*", []),
        ('"; DROP TABLE request; --', []),
    ],
)
def test_finds(desk: Desk, families: dict[str, str], text: str, names: list[str]) -> None:
    assert found(desk, text) == names


def test_a_receipt_number_alone_is_exact_and_goes_first(desk: Desk, families: dict[str, str]) -> None:
    by_number = search(desk.connection, desk.reference, "A-1124-002", LATER)
    assert by_number.exact == by_number.rows[0].id
    # Two other numbers are the telephones of the same digits; today's number stands before them.
    wishes.take(desk, guardian=wishes.mother("010-0002-0020", name="최단우"), now=LATER)
    by_counter = search(desk.connection, desk.reference, "002", LATER)
    assert [row.number for row in by_counter.rows] == ["A-1124-002", "A-1124-004"]
    assert by_counter.exact == by_counter.rows[0].id
    assert search(desk.connection, desk.reference, "김지영", LATER).exact is None


def test_open_requests_come_first_then_the_newest(desk: Desk) -> None:
    guardian = wishes.mother(name="김지영")
    requests = [wishes.take(desk, guardian=guardian, now=NOW + timedelta(minutes=at)) for at in range(4)]
    for at in (1, 3):
        cancel_request(desk, OPERATOR, NOW + timedelta(minutes=10), requests[at].request_id, "withdrawn")
    rows = search(desk.connection, desk.reference, "지영", LATER).rows
    assert [row.number[-1] for row in rows] == ["3", "1", "4", "2"]


def test_a_corrected_name_is_found_and_the_old_one_is_not(desk: Desk, families: dict[str, str]) -> None:
    request_id = search(desk.connection, desk.reference, "김지영", LATER).rows[0].id
    guardian_id = load(desk, request_id).guardian_id
    known = wishes.mother("010-0009-9999", name="최유나", id=guardian_id)
    wishes.take(desk, guardian=known, now=LATER)
    assert len(found(desk, "최유나")) == len(found(desk, "9999")) == 2
    assert found(desk, "김지영") == found(desk, "5678") == []
    assert len(found(desk, "하준")) == 2


def test_an_amended_region_is_found(desk: Desk, families: dict[str, str]) -> None:
    request_id = search(desk.connection, desk.reference, "김지영", LATER).rows[0].id
    amend_request(desk, OPERATOR, LATER, request_id, {"region": ANYANG})
    assert found(desk, "안양 지영") == ["김지영"]


def test_nothing_that_finds_an_erased_family_stays(desk: Desk, families: dict[str, str]) -> None:
    request_id = search(desk.connection, desk.reference, "남궁", LATER).rows[0].id
    guardian_id = load(desk, request_id).guardian_id
    erase_guardian(desk, SUPERVISOR, LATER, guardian_id, "requested")
    assert found(desk, "남궁") == found(desk, "01000011234") == found(desk, "서아") == []
    kept = desk.connection.execute("SELECT * FROM search_key").fetchall()
    assert len(kept) == 4
    left = b"".join(file.read_bytes() for file in desk.path.parent.iterdir() if file.name.startswith(desk.path.name))
    for term in ("남궁민수", "ㄴㄱㅁㅅ", "남궁서아", "01000011234"):
        assert term.encode() not in left
    # The work still counts, and is found by its number and region.
    assert [row.guardian for row in search(desk.connection, desk.reference, "A-1124-002", LATER).rows] == [None]
    assert found(desk, "안양") == [""]


@pytest.fixture
def _small_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, limit in (("_PEOPLE", 3), ("_OPEN", 4), ("_ENDED", 4), ("_AT_A_TIME", 2)):
        monkeypatch.setattr(searching, name, limit)


@pytest.mark.usefixtures("_small_limits")
def test_what_too_many_share_is_looked_for_among_the_newest_and_says_so(desk: Desk) -> None:
    for minute in range(8):
        name = "김지영" if minute % 2 else "김민수"
        wish = wishes.mother(f"010-0000-100{minute}", name=name)
        wishes.take(desk, guardian=wish, now=NOW + timedelta(minutes=minute))
    common = search(desk.connection, desk.reference, "ㄱ", LATER)
    assert (len(common.rows), common.more) == (4, True)
    assert [row.number[-1] for row in common.rows] == ["8", "7", "6", "5"]
    # With a word that few share every one is found, however old.
    rare = search(desk.connection, desk.reference, "ㄱ 1000", LATER)
    assert (len(rare.rows), rare.more) == (1, False)
    assert found(desk, "김 지영")[:2] == ["김지영", "김지영"]


def test_no_more_than_a_page_is_shown(desk: Desk) -> None:
    for minute in range(MOST + 1):
        wishes.take(desk, guardian=wishes.mother(name="김지영"), now=NOW + timedelta(minutes=minute))
    page = search(desk.connection, desk.reference, "지영", LATER)
    assert (len(page.rows), page.more) == (MOST, True)


def test_every_read_is_through_an_index(desk: Desk) -> None:
    statements = [*stored._COUNT.values(), *stored._FIND.values(), *stored._AMONG.values()]
    statements += [
        stored._BY_GUARDIAN,
        stored._BY_NUMBER,
        stored._BY_ID,
        stored._OPEN_NUMBERS,
        stored._NEWEST,
        stored._FOUND,
    ]
    for sql in statements:
        values = ["1"] * sql.count("?")
        plan = [row[3] for row in desk.connection.execute(f"EXPLAIN QUERY PLAN {sql}", values)]
        scanned = [step for step in plan if step.startswith("SCAN") and "VIRTUAL TABLE" not in step]
        assert not scanned, (sql, plan)
        assert not [step for step in plan if "TEMP B-TREE" in step and "json" not in sql], (sql, plan)


def test_who_searched_is_written_and_what_was_typed_is_not(desk: Desk) -> None:
    before = wishes.entries(desk.connection)
    note_search(desk, OPERATOR, LATER, 3, "search")
    assert wishes.kinds(desk, before) == ["record.read"]
    last = "SELECT actor, body FROM entry ORDER BY seq DESC LIMIT 1"
    assert desk.connection.execute(last).fetchone() == (
        OPERATOR.name,
        '{"count":3,"what":"search","why":"search"}',
    )
    with pytest.raises(NotPermitted):
        note_search(desk, Actor("플랫폼", "gateway"), LATER, 3, "search")


@settings(max_examples=150)
@given(text=st.text(max_size=60) | st.text("ㄱㅈㅇ지영김 수원-0123456789A*%\"'", max_size=30))
def test_whatever_is_typed_finds_something_or_nothing(desk: Desk, families: dict[str, str], text: str) -> None:
    page = search(desk.connection, desk.reference, text, LATER)
    assert {row.number for row in page.rows} <= set(families)
    assert not page.more
