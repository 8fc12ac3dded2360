"""The command line as people and programs use it: through the program's own entry, with real files."""

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from sqlcipher3 import dbapi2

from callcenter import __version__, language
from callcenter.__main__ import main
from callcenter.care.provider_record import COLUMNS
from callcenter.desk.accounts import add_operator
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import end_call, open_call
from callcenter.desk.new_requests import open_request
from callcenter.desk.offers import make_offer
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.providers import confirm_places
from callcenter.desk.requests import add_note
from callcenter.desk.safety import raise_safety
from callcenter.desk.session import open_desk
from callcenter.reference import Reference
from callcenter.store import engine, transactions
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk import wishes

SERVICES = ["gyeonggi.elementary", "gyeonggi.daycare", "gyeonggi.visit", "gyeongsan.station"]
CHECK = [
    "check", "--region", "41190", "--birth", "2025-09-10",
    "--start", "2026-11-26T16:00", "--end", "2026-11-26T19:00", "--now", "2026-11-26T14:30",
]  # fmt: skip


class Ran(NamedTuple):
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Run `callcenter` with these arguments, on the database `desk.db` of the test's folder."""
    monkeypatch.setenv("CALLCENTER_DB", str(tmp_path / "desk.db"))
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> Ran:
        monkeypatch.setattr(sys, "argv", ["callcenter", *map(str, arguments)])
        capsys.readouterr()
        code: int | str | None = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        assert isinstance(code, int) or code is None
        return Ran(code or 0, *capsys.readouterr())

    yield call
    language.use("en")


def refused(ran: Ran, *parts: str) -> None:
    """One sentence on stderr, nothing on stdout, and the exit code of a refusal."""
    assert (ran.code, ran.out) == (1, "")
    assert len(ran.err.splitlines()) == 1, ran.err
    assert "Traceback" not in ran.err
    for part in parts:
        assert part in ran.err


@pytest.fixture
def path(run: Run, tmp_path: Path) -> Path:
    assert run("init", "--yes", "--supervisor", SUPERVISOR.name).code == 0
    return tmp_path / "desk.db"


# ------------------------------------------------------------------ version, help, the program as a process


def test_the_version(run: Run) -> None:
    assert run("--version") == (0, f"callcenter {__version__}\n", "")


def test_every_command_explains_itself(run: Run) -> None:
    for command in (
        "", "init", "check", "demo", "backup", "restore", "request list", "request find",
        "call list", "call show", "callback list", "provider list", "provider import",
        "provider export", "provider confirm", "provider stale", "provider close", "provider closures",
        "provider reopen", "provider hours", "provider roster", "provider duty", "provider conflicts",
        "journal verify", "journal rebuild", "journal show", "person add", "person list",
        "intake watch", "intake serve", "intake example", "intake schema", "phone listen", "phone watch",
    ):  # fmt: skip
        shown = run(*command.split(), "--help")
        assert (shown.code, shown.err) == (0, "")
        assert "Usage: callcenter" in shown.out


def _process(*arguments: str, **environ: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, "-m", "callcenter", *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, "CALLCENTER_LANG": "en", **environ},
        check=False,
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is always full")
@pytest.mark.parametrize("command", [("--version",), ("--help",), ("request", "erase", "--help"), (*CHECK, "--json")])
def test_an_output_that_cannot_be_written_is_told_in_one_sentence(command: tuple[str, ...], tmp_path: Path) -> None:
    with open("/dev/full", "w") as full:
        ran = subprocess.run(
            [sys.executable, "-m", "callcenter", *command],
            stdout=full,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            env={**os.environ, "CALLCENTER_LANG": "en", "CALLCENTER_DB": str(tmp_path / "no.db")},
            check=False,
        )
    assert ran.returncode == 1
    assert ran.stderr.startswith("The output could not be written: ")
    assert len(ran.stderr.splitlines()) == 1


def test_as_a_process_a_refusal_is_a_sentence_and_an_answer_is_utf8(tmp_path: Path) -> None:
    missing = _process("--db", str(tmp_path / "no.db"), "request", "list")
    assert (missing.returncode, missing.stdout) == (1, "")
    assert missing.stderr == f"There is no database at {tmp_path / 'no.db'}. Make one with «callcenter init».\n"
    answer = _process(*CHECK, "--json", PYTHONIOENCODING="ascii", CALLCENTER_DB=str(tmp_path / "no.db"))
    assert (answer.returncode, answer.stderr) == (0, "")
    assert "아람어린이집" in answer.stdout


# ------------------------------------------------------------------ init


def test_init_makes_a_desk_once(run: Run, tmp_path: Path) -> None:
    made = run("init", "--desk", "B2", "--program", "gyeonggi-always", "--program", "gyeongsan-119", "--yes")
    assert made == (0, f"Desk B2 is ready: {tmp_path / 'desk.db'}\n", "")
    before = (tmp_path / "desk.db").read_bytes()
    refused(run("init", "--desk", "B2", "--yes"), "exists already")
    assert (tmp_path / "desk.db").read_bytes() == before
    assert run("person", "list", "--json").lines == [{"name": "Supervisor", "role": "supervisor"}]
    services = {line["service"] for line in run("provider", "list", "--json").lines}
    assert services <= set(SERVICES)
    assert "gyeonggi.daycare" in services


def test_init_takes_only_the_programs_named(run: Run) -> None:
    run("init", "--desk", "A", "--program", "gyeongsan-119", "--yes")
    assert {line["service"] for line in run("provider", "list", "--json").lines} == {"gyeongsan.station"}


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--desk", "a b"], ["«a b»", "capital letters"]),
        (["--program", "seoul-sometimes"], ["seoul-sometimes", "gyeonggi-always, gyeongsan-119"]),
        (["--desk", ""], ["«»", "capital letters"]),
        (["--supervisor", "  "], ["name"]),
        (["--supervisor", ""], ["name"]),
    ],
)
def test_init_refuses_what_cannot_be_and_leaves_no_file(
    run: Run, tmp_path: Path, arguments: list[str], parts: list[str]
) -> None:
    refused(run("init", "--yes", *arguments), *parts)
    assert list(tmp_path.glob("desk.db*")) == []


def test_init_asks_for_what_is_not_given(run: Run, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.write_text("K\ngyeongsan-119\n최팀장\n", encoding="utf-8")
    with answers.open(encoding="utf-8") as typed:
        monkeypatch.setattr(sys, "stdin", typed)
        ran = run("init")
    assert ran.code == 0
    assert "Desk K is ready" in ran.out
    assert run("person", "list", "--json").lines == [{"name": "최팀장", "role": "supervisor"}]


def test_init_into_a_folder_that_cannot_be_is_said(run: Run, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    refused(run("init", "--yes", "--db", tmp_path / "file" / "desk.db"), str(tmp_path / "file"))


# ------------------------------------------------------------------ check


def test_check_prints_one_document_with_its_keys_in_order(run: Run) -> None:
    ran = run(*CHECK, "--json")
    assert (ran.code, ran.err) == (0, "")
    (found,) = ran.lines
    assert list(found) == ["now", "child", "services", "referrals"]
    assert found["now"] == "2026-11-26T14:30:00+09:00"
    assert list(found["child"].items()) == [("years", 1), ("months", 14), ("school", "none")]
    assert [service["service"] for service in found["services"]] == SERVICES
    for service in found["services"]:
        assert list(service) == ["service", "verdict", "blocks", "asks", "next", "fee", "bring", "providers"]
        assert all(list(block) == ["code", "text"] for block in service["blocks"])
        assert all(list(ask) == ["field", "text"] for ask in service["asks"])
        assert all(list(one) == ["id", "name", "region", "km", "free"] for one in service["providers"])
    daycare = found["services"][1]
    assert (daycare["verdict"], daycare["fee"]) == ("available", 9000)
    assert list(daycare["next"].items()) == [
        ("start", "2026-11-26T16:00:00+09:00"), ("end", "2026-11-26T19:00:00+09:00"),
    ]  # fmt: skip
    assert all(list(one) == ["to", "number", "why"] for one in found["referrals"])


def test_check_takes_a_gu_a_program_and_what_is_known(run: Run) -> None:
    (gu,) = run(*CHECK, "--region", "41192", "--json").lines
    (si,) = run(*CHECK, "--json").lines
    assert gu == si
    (one,) = run(*CHECK, "--program", "gyeongsan-119", "--json").lines
    assert [service["service"] for service in one["services"]] == ["gyeongsan.station"]
    ill = run(*CHECK, "--symptom", "fever", "--symptom", "cough", "--need", "disability", "--json").lines[0]
    assert "symptoms" in {block["code"] for block in ill["services"][1]["blocks"]}
    told = ["--school", "elementary", "--birth", "2018-05-05", "--region", "41110", "--channel", "platform"]
    asked, known, unregistered = (
        run(*CHECK, *told, *more, "--json").lines[0]["services"][2]["verdict"]
        for more in ([], ["--registered", "--residence", "41110"], ["--not-registered"])
    )
    assert (asked, known, unregistered) == ("blocked", "blocked", "blocked")


def test_check_reads_now_from_the_clock_and_times_with_their_zone(run: Run) -> None:
    before = datetime.now(UTC)
    (found,) = run(*CHECK[:-2], "--birth", f"{before.year - 1}-01-05", "--json").lines
    assert before - timedelta(seconds=1) <= datetime.fromisoformat(found["now"]) <= datetime.now(UTC)
    (zoned,) = run(*CHECK, "--now", "2026-11-26T05:30+0000", "--json").lines
    assert zoned == run(*CHECK, "--json").lines[0]


def test_check_is_a_table_for_people_in_either_language(run: Run) -> None:
    english = run(*CHECK)
    assert (english.code, english.err) == (0, "")
    assert "Always-open daycare" in english.out
    assert "9,000" in english.out
    korean = run(*CHECK, "--lang", "ko")
    assert "언제나어린이집" in korean.out
    assert "Always-open" not in korean.out
    (found,) = run("--lang", "ko", *CHECK, "--json").lines
    assert found["services"][1]["bring"][0] == "기저귀"


@pytest.mark.parametrize(
    ("arguments", "parts"),
    [
        (["--region", "11110"], ["11110", "41190"]),
        (["--region", "부천"], ["부천"]),
        (["--symptom", "boredom"], ["boredom", "fever"]),
        (["--need", "moonwalk"], ["moonwalk", "disability"]),
        (["--program", "seoul-sometimes"], ["seoul-sometimes", "gyeonggi-always"]),
        (["--birth", "1066-10-14"], ["1066-10-14"]),
    ],
)
def test_check_refuses_a_code_off_the_list_in_one_sentence(run: Run, arguments: list[str], parts: list[str]) -> None:
    refused(run(*CHECK, *arguments), *parts)
    refused(run(*CHECK, *arguments, "--json"), *parts)


@pytest.mark.parametrize(
    "arguments",
    [
        ["--start", "tomorrow"],
        ["--birth", "2025-02-30"],
        ["--end", "2026-11-26"],
        ["--school", "university"],
        ["--channel", "pigeon"],
        ["--lang", "fr"],
        ["--no-such-option"],
    ],
)
def test_a_mistyped_option_is_explained_without_a_traceback(run: Run, arguments: list[str]) -> None:
    ran = run(*CHECK, *arguments)
    assert (ran.code, ran.out) == (2, "")
    assert "Traceback" not in ran.err
    assert arguments[0] in ran.err


def test_check_knows_the_free_places_of_the_desk(run: Run, path: Path, data: Reference) -> None:
    with closing(open_desk(path, data)) as desk:
        group = desk.connection.execute(
            "SELECT id FROM provider_group WHERE provider_id = 'daycare-bucheon-aram'"
        ).fetchone()[0]
        confirm_places(desk, OPERATOR, NOW, group, 3)
    (found,) = run(*CHECK, "--json").lines
    free = {one["id"]: one["free"] for one in found["services"][1]["providers"]}
    assert free["daycare-bucheon-aram"] == 3
    assert None in free.values()


# ------------------------------------------------------------------ lists


def test_the_open_requests_are_listed_masked_in_the_order_of_the_queue(run: Run, path: Path, data: Reference) -> None:
    assert run("request", "list", "--json") == (0, "", "")
    assert run("request", "list") == (0, "There is nothing to list.\n", "")
    with closing(open_desk(path, data)) as desk:
        wishes.have(desk, wishes.CENTRE)
        wishes.take(desk, wishes.child("남궁새봄"), wishes.child("박 가을"))
        wishes.take(desk, urgency="emergency", now=NOW + timedelta(minutes=1))
        wishes.place(desk, guardian=wishes.mother("010-0000-9999"))
    ran = run("request", "list", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [line["number"] for line in ran.lines] == ["A-1124-002", "A-1124-001"]
    for line in ran.lines:
        assert list(line) == [
            "number", "state", "region", "service", "channel", "children", "opened_at", "restricted",
        ]  # fmt: skip
    first = ran.lines[1]
    assert first["opened_at"] == "2026-11-24T17:40:00+09:00"
    assert (first["state"], first["region"], first["service"], first["channel"]) == ("open", "41110", None, "hotline")
    assert [child["name"] for child in first["children"]] == ["남궁**", "박*을"]
    for secret in ("남궁새봄", "박하나", "1234", "05-05"):
        assert secret not in ran.out
        assert secret not in run("request", "list").out


def test_calls_and_call_backs_are_listed_masked_and_what_is_restricted_is_hidden(
    run: Run, path: Path, data: Reference
) -> None:
    for what in ("call", "callback"):
        assert run(what, "list", "--json") == (0, "", "")
    with closing(open_desk(path, data)) as desk:
        wishes.take(desk, promised=NOW + timedelta(minutes=20))
        open_call(desk, OPERATOR, NOW, "010-0000-1234")
        danger = open_call(desk, SUPERVISOR, NOW + timedelta(seconds=9), "010-0000-1234").call_id
        raise_safety(desk, SUPERVISOR, NOW, danger, "abuse", said="멍이 보임")
        for name, minutes in (("c1", 1), ("c2", 2), ("c3", 3)):
            at = NOW + timedelta(minutes=minutes)
            receive_event(desk, TELEPHONE, at, CallEvent(name, "ringing", at, caller="010-0000-7777"))
            if name != "c3":
                receive_event(desk, TELEPHONE, at, CallEvent(name, "ended", at))
    calls = run("call", "list", "--json")
    assert (calls.code, calls.err) == (0, "")
    assert [(line["state"], line["phone"], line["guardian"], line["restricted"]) for line in calls.lines] == [
        ("ringing", "010-****-7777", None, False),
        ("talking", "010-****-1234", "박*나", False),
        ("talking", None, None, True),
    ]
    assert calls.lines[0]["operator"] is None
    owed = run("callback", "list", "--json")
    assert [(line["kind"], line["number"], line["phone"], line["calls"]) for line in owed.lines] == [
        ("missed", None, "010-****-7777", 2),
        ("request", "A-1124-001", "010-****-1234", 1),
    ]
    assert owed.lines[0]["due_at"] == "2026-11-24T17:41:00+09:00"
    for secret in ("박하나", "0000", "멍이"):
        for what in ("call", "callback"):
            assert secret not in run(what, "list").out


def test_the_calls_of_today_that_are_over_are_listed_too_with_their_ids(
    run: Run, path: Path, data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.call_commands.clock", lambda: NOW)
    assert run("call", "list", "--today", "--json") == (0, "", "")
    with closing(open_desk(path, data)) as desk:
        over = []
        for minute in range(-1500, 0, 12):
            at = NOW + timedelta(minutes=minute)
            over.append(open_call(desk, OPERATOR, at).call_id)
            end_call(desk, OPERATOR, at, over[-1], "silent")
        going_on = open_call(desk, OPERATOR, NOW).call_id
    assert [line["id"] for line in run("call", "list", "--json").lines] == [going_on]
    midnight = NOW.replace(hour=0, minute=0)
    today = [
        one
        for one, minute in zip(over, range(-1500, 0, 12), strict=True)
        if NOW + timedelta(minutes=minute) >= midnight
    ]
    listed = [line["id"] for line in run("call", "list", "--today", "--json").lines]
    assert listed == [going_on, *reversed(today)]
    table = run("call", "list", "--today").out
    assert len(table.splitlines()) == 1 + len(listed)
    assert all(one in table for one in listed)


def test_a_record_is_shown_to_those_who_may_read_it_and_the_journal_keeps_who(
    run: Run, path: Path, data: Reference
) -> None:
    with closing(open_desk(path, data)) as desk:
        for name in ("김상담", "박상담"):
            add_operator(desk, SUPERVISOR, NOW, name, "operator")
        call = open_call(desk, OPERATOR, NOW, "010-0000-1234").call_id
        number = wishes.take(desk, call_id=call).number
        add_note(desk, OPERATOR, NOW, call, "아이가 울고 있음")
        raise_safety(desk, OPERATOR, NOW, call, "abuse", "2026-77", "멍이 보임")
    assert run("call", "show", call).code == 2
    refused(run("call", "show", call, "--operator", "박상담"), "restricted")
    refused(run("call", "show", "nothing", "--operator", OPERATOR.name), "The call")
    refused(run("call", "show", call, "--operator", "아무개"), "아무개")
    ran = run("call", "show", call, "--operator", OPERATOR.name)
    assert (ran.code, ran.err) == (0, "")
    for part in (
        number,
        "17:40",
        "Suspected abuse 112",
        "Case number of 112: 2026-77",
        "멍이 보임",
        "아이가 울고 있음",
    ):
        assert part in ran.out
    (record,) = run("call", "show", call, "--operator", SUPERVISOR.name, "--json").lines
    at = "2026-11-24T17:40:00+09:00"
    assert record == {
        "id": call,
        "state": "talking",
        "operator": OPERATOR.name,
        "opened_at": at,
        "danger": "abuse",
        "requests": [number],
        "raised": [{"at": at, "operator": OPERATOR.name, "what": "abuse"}],
        "reports": [
            {
                "at": at,
                "operator": OPERATOR.name,
                "what": "abuse",
                "agency": "112",
                "reference": "2026-77",
                "said": "멍이 보임",
            }
        ],
        "notes": [{"at": at, "operator": OPERATOR.name, "text": "아이가 울고 있음"}],
    }
    read = [line["actor"] for line in run("journal", "show", "--json").lines if line["kind"] == "record.read"]
    assert read == [OPERATOR.name, SUPERVISOR.name]


def test_a_request_is_found_masked_and_the_journal_keeps_who_searched(run: Run, path: Path, data: Reference) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.have(desk, wishes.CENTRE)
        wishes.take(desk, wishes.child("남궁새봄"), guardian=wishes.mother("010-0000-5678", name="김지영"))
        wishes.take(desk)
    ran = run("request", "find", "새봄", "5678", "--json")
    assert (ran.code, ran.err) == (0, "")
    (line,) = ran.lines
    assert line == {
        "number": "A-1124-001",
        "state": "open",
        "region": "41110",
        "guardian": "김*영",
        "phone": "010-****-5678",
        "children": ["남궁**"],
        "start": "2026-11-24T20:00:00+09:00",
        "end": "2026-11-24T23:00:00+09:00",
        "opened_at": "2026-11-24T17:40:00+09:00",
        "restricted": False,
    }
    assert "A-1124-001" in run("request", "find", "김ㅈㅇ").out
    assert run("request", "find", "없는사람", "--json") == (0, "", "")
    assert run("request", "find", "없는사람") == (0, "There is nothing to list.\n", "")
    searched = [entry for entry in run("journal", "show", "--json").lines if entry["kind"] == "record.read"]
    assert [entry["body"] for entry in searched] == [{"count": 1, "what": "search", "why": "list"}] * 2
    assert {entry["actor"] for entry in searched} == {SUPERVISOR.name}
    refused(run("request", "find", "5678", "--operator", "모르는이"), "모르는이")
    assert run("request", "find").code == 2


def test_the_providers_are_listed_and_what_is_unknown_is_null(run: Run, path: Path) -> None:
    ran = run("provider", "list", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert all(list(line) == ["id", "service", "name", "region", "phone", "groups"] for line in ran.lines)
    aram = next(line for line in ran.lines if line["id"] == "daycare-bucheon-aram")
    assert aram["phone"] == "032-327-0222"
    assert [group["places"] for group in aram["groups"]] == [None]
    assert "아람어린이집" in run("provider", "list").out


# ------------------------------------------------------------------ when providers are there

ROOM = "station-gyeongsan"


def test_a_closure_is_told_listed_and_taken_back(run: Run, path: Path) -> None:
    closed = run("provider", "close", ROOM, "2099-12-24T12:00", "2099-12-26", "소독")
    (line,) = run("provider", "closures", "--json").lines
    assert closed.out.rstrip().endswith(line["id"])
    assert (line["provider"], line["reason"], line["by"]) == (ROOM, "소독", SUPERVISOR.name)
    assert (line["start"], line["end"]) == ("2099-12-24T12:00+09:00", "2099-12-27T00:00+09:00")
    assert run("provider", "reopen", line["id"]) == (0, f"{ROOM} is open as usual again.\n", "")
    assert run("provider", "closures", "--json").out == ""
    refused(run("provider", "reopen", line["id"]), "closure")
    refused(run("provider", "close", ROOM, "2099-12-24T12:00", "2099-12-24T11:00", "소독"), "after the start")


def test_hours_rosters_and_duty_are_told(run: Run, path: Path, tmp_path: Path) -> None:
    assert run("provider", "hours", ROOM, "weekday=09:00-18:00 20:00-22:00", "sunday=closed").code == 0
    assert run("provider", "hours", ROOM, "weekday=usual").code == 0
    exported = run("provider", "export").out
    (row,) = [line for line in exported.splitlines() if line.startswith(ROOM)]
    assert ",,,closed,," in row
    assert run("provider", "roster", ROOM, "mon=18:00-22:00", "2099-12-24=closed").out == "Noted.\n"
    plan = tmp_path / "duty.csv"
    plan.write_text("start,end,keepers\n2099-12-24T08:00,2099-12-24T16:00,김지킴 이지킴\n", encoding="utf-8")
    assert run("provider", "duty", ROOM, plan).out == "1 shift planned.\n"
    kinds = [line["kind"] for line in run("journal", "show", "--json").lines]
    assert kinds[-5:] == ["hours.set", "hours.set", "roster.set", "roster.day_set", "duty.set"]


@pytest.mark.parametrize(
    ("row", "field"),
    [("2099-12-24,", "end"), ("soon,2099-12-24T16:00", "start"), ("2099-12-24T16:00,2099-12-24T08:00", "end")],
)
def test_a_wrong_shift_is_told_and_nothing_is_planned(
    run: Run, path: Path, tmp_path: Path, row: str, field: str
) -> None:
    plan = tmp_path / "duty.csv"
    plan.write_text(f"start,end,keepers\n{row},김지킴\n", encoding="utf-8")
    refused(run("provider", "duty", ROOM, plan), "duty.csv", "line 2", field)


@pytest.mark.parametrize("said", ["weekday=9-18", "monday=closed", "weekday"])
def test_wrong_hours_are_told(run: Run, path: Path, said: str) -> None:
    ran = run("provider", "hours", ROOM, said)
    assert ran.code == 2
    assert said.partition("=")[0] in ran.err


def test_places_are_confirmed_and_what_is_unknown_is_asked_for(run: Run, path: Path) -> None:
    refused(run("provider", "confirm", ROOM), "Ask how many")
    assert run("provider", "confirm", f"{ROOM}/3-155m", "--places", "6").out == "1 group confirmed.\n"
    assert run("provider", "confirm", ROOM).out == "1 group confirmed.\n"
    # Of its only group the places can be told by the provider's own id.
    assert run("provider", "confirm", ROOM, "--places", "6").out == "1 group confirmed.\n"
    (room,) = [line for line in run("provider", "list", "--json").lines if line["id"] == ROOM]
    assert room["groups"][0]["places"] == 6


def test_whom_to_ring_and_where_there_are_too_few_places(run: Run, path: Path, data: Reference) -> None:
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    start = now + timedelta(hours=3)
    with closing(open_desk(path, data)) as desk:
        child = wishes.child("박새봄", f"{now.year - 8}-01-05")
        wish = wishes.wish(child, region="47290", start=start, end=start + timedelta(hours=2))
        made = open_request(desk, SUPERVISOR, now, wish)
        (line,) = [line for line in run("provider", "stale", "--json").lines if line["id"] == ROOM]
        assert (line["requests"], line["minutes"]) == (1, None)
        make_offer(desk, SUPERVISOR, now, made.request_id, ROOM)
        confirm_places(desk, SUPERVISOR, now, f"{ROOM}/3-155m", 0)
    (conflict,) = run("provider", "conflicts", "--json").lines
    assert (conflict["provider"], conflict["taken"], conflict["places"]) == (ROOM, 1, 0)
    assert conflict["requests"] == [made.number]


# ------------------------------------------------------------------ provider import and export


def test_an_export_taken_in_again_changes_nothing(run: Run, path: Path, tmp_path: Path) -> None:
    exported = tmp_path / "providers.csv"
    assert run("provider", "export", exported) == (0, "", "")
    assert exported.read_bytes().startswith("\ufeffid,service,name".encode())
    again = run("provider", "import", exported)
    count = len(exported.read_text(encoding="utf-8-sig").splitlines()) - 1
    assert again == (0, f"{count} providers read, 0 new or changed, 0 rows left out.\n", "")
    assert run("provider", "export").out == exported.read_text(encoding="utf-8-sig")


def test_an_export_keeps_confirmed_places_and_defuses_formulas_both_ways(
    run: Run, path: Path, data: Reference, tmp_path: Path
) -> None:
    hostile = wishes.CENTRE._replace(id="hostile", name="=HYPERLINK(1)", address="-1+cmd", phone_day="+82-31-000-0000")
    with closing(open_desk(path, data)) as desk:
        wishes.have(desk, hostile)
        confirm_places(desk, OPERATOR, NOW, "hostile/72-155m", 7)
    exported = tmp_path / "providers.csv"
    run("provider", "export", exported)
    (row,) = [line for line in exported.read_text(encoding="utf-8-sig").splitlines() if line.startswith("hostile")]
    assert "'=HYPERLINK(1)" in row
    assert "'-1+cmd" in row
    assert ",+82-31-000-0000," in row
    assert "72-155m:7" in row
    assert run("provider", "import", exported).code == 0
    assert run("provider", "export").out == exported.read_text(encoding="utf-8-sig")
    (listed,) = [line for line in run("provider", "list", "--json").lines if line["id"] == "hostile"]
    assert listed["name"] == "=HYPERLINK(1)"
    # The number is still the one that was confirmed, and when.
    assert listed["groups"][0]["confirmed_at"] == "2026-11-24T17:40:00+09:00"


HEADER = ",".join(COLUMNS)


def provider_row(*first: str, **cells: str) -> str:
    """A row of a file of providers, by its first cells and others by name."""
    return ",".join((dict.fromkeys(COLUMNS, "") | dict(zip(COLUMNS, first, strict=False)) | cells).values())


GOOD = provider_row(
    "new-one", "gyeonggi.daycare", "새 어린이집", "41190", phone_day="032-000-0000", groups="6-35m:3", source="test"
)
BAD = [
    provider_row("Bad Id", "gyeonggi.daycare", "가", "41190"),
    provider_row("no-such-service", "gyeonggi.moon", "나", "41190"),
    provider_row("two-mistakes", "gyeonggi.daycare", "", "11110"),
    "short,row",
]


def csv_file(path: Path, *rows: str, encoding: str = "utf-8") -> Path:
    path.write_text("\n".join([HEADER, *rows]) + "\n", encoding=encoding)
    return path


def test_one_bad_row_and_nothing_is_taken(run: Run, path: Path, tmp_path: Path) -> None:
    before = run("journal", "show", "--json").out
    ran = run("provider", "import", csv_file(tmp_path / "new.csv", GOOD, *BAD))
    assert (ran.code, ran.out) == (1, "")
    lines = ran.err.splitlines()
    assert [line.split(":")[0] for line in lines[:-1]] == [
        "new.csv, line 3, field id",
        "new.csv, line 4, field service",
        "new.csv, line 5, field name",
        "new.csv, line 5, field region",
        "new.csv, line 6, field *",
    ]
    assert "gyeonggi.moon" in ran.err
    assert lines[-1] == "Nothing was taken. Mend the rows, or add --skip-bad to take the rest."
    assert run("journal", "show", "--json").out == before


def test_the_good_rows_are_taken_when_asked_for(run: Run, path: Path, tmp_path: Path) -> None:
    ran = run("provider", "import", csv_file(tmp_path / "new.csv", GOOD, *BAD), "--skip-bad")
    assert (ran.code, ran.out) == (0, "1 providers read, 1 new or changed, 4 rows left out.\n")
    assert len(ran.err.splitlines()) == 5
    assert "new-one" in {line["id"] for line in run("provider", "list", "--json").lines}


def test_what_korean_excel_saves_is_read_and_cleaned_at_the_door(run: Run, path: Path, tmp_path: Path) -> None:
    run("provider", "import", csv_file(tmp_path / "cp949.csv", GOOD, encoding="cp949"))
    row = GOOD.replace("new-one", "other").replace("새 어린이집", "새\x1b[31m\u202e 어린이집\u3164")
    run("provider", "import", csv_file(tmp_path / "hostile.csv", row))
    names = {line["id"]: line["name"] for line in run("provider", "list", "--json").lines}
    assert (names["new-one"], names["other"]) == ("새 어린이집", "새[31m 어린이집")


@pytest.mark.parametrize(
    "contents",
    [b"", b"\xff\xfe\x00\x00\x81", b"name,id\nx,y\n", HEADER.encode() + b'\n"open quote,', bytes(range(256)) * 40],
)
def test_a_file_that_is_no_such_table_is_refused_without_a_traceback(
    run: Run, path: Path, tmp_path: Path, contents: bytes
) -> None:
    (tmp_path / "new.csv").write_bytes(contents)
    ran = run("provider", "import", tmp_path / "new.csv")
    assert (ran.code, ran.out) == (1, "")
    assert "new.csv, line" in ran.err
    assert "Traceback" not in ran.err


def test_only_a_supervisor_takes_providers_in(run: Run, path: Path, tmp_path: Path) -> None:
    run("person", "add", OPERATOR.name)
    file = csv_file(tmp_path / "new.csv", GOOD)
    refused(run("provider", "import", file, "--operator", OPERATOR.name), "supervisor")
    refused(run("--operator", OPERATOR.name, "provider", "import", file), "supervisor")
    refused(run("provider", "import", file, "--operator", "홍길동"), "홍길동", SUPERVISOR.name)
    assert run("provider", "import", file).code == 0


def test_an_export_refuses_to_overwrite_and_keeps_the_old_file(run: Run, path: Path, tmp_path: Path) -> None:
    file = tmp_path / "providers.csv"
    file.write_text("mine")
    refused(run("provider", "export", file), str(file))
    assert file.read_text() == "mine"
    assert run("provider", "export", file, "--force").code == 0
    assert (tmp_path / "providers.csv.old").read_text() == "mine"
    refused(run("provider", "export", tmp_path / "nowhere" / "x.csv"), "nowhere")
    refused(run("provider", "export", tmp_path, "--force"), str(tmp_path))


# ------------------------------------------------------------------ people


def test_people_are_added_by_a_supervisor(run: Run, path: Path) -> None:
    added = run("person", "add", "김상담")
    assert added == (0, "김상담 can act at this desk now.\n", "")
    assert run("person", "add", "박팀장", "--role", "supervisor", "--operator", SUPERVISOR.name).code == 0
    assert {(line["name"], line["role"]) for line in run("person", "list", "--json").lines} == {
        ("김상담", "operator"), ("박팀장", "supervisor"), (SUPERVISOR.name, "supervisor"),
    }  # fmt: skip
    refused(run("person", "add", "김상담"), "김상담")
    refused(run("person", "add", " "), "name")
    refused(run("person", "add", "최상담", "--operator", "김상담"), "supervisor")
    assert "이팀장" in run("person", "list").out


# ------------------------------------------------------------------ journal


def test_the_journal_is_shown_without_what_it_says_of_people(run: Run, path: Path, data: Reference) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.take(desk, note="남궁카나리아")
    ran = run("journal", "show", "--json")
    assert (ran.code, ran.err) == (0, "")
    assert [line["seq"] for line in ran.lines] == list(range(1, len(ran.lines) + 1))
    kinds = {line["kind"]: line for line in ran.lines}
    assert {"desk.opened", "provider.recorded", "guardian.added", "note.added", "request.opened"} <= set(kinds)
    assert (kinds["guardian.added"]["personal"], kinds["guardian.added"]["body"]) == (True, None)
    assert kinds["request.opened"]["body"]["number"] == "A-1124-001"
    for secret in ("박하나", "박새봄", "남궁카나리아", "+8210", "2018-05-05"):
        assert secret not in ran.out
    assert "request.opened" in run("journal", "show").out


def test_the_chain_is_verified_and_a_tampered_one_is_found(run: Run, path: Path) -> None:
    whole = run("journal", "verify")
    assert (whole.code, whole.err) == (0, "")
    assert whole.out.endswith("entries, unbroken.\n")
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute("UPDATE entry SET actor = 'somebody else' WHERE seq = 3")
        connection.commit()
    broken = run("journal", "verify")
    assert (broken.code, broken.out) == (1, "")
    assert broken.err == "Desk A, entry 3: the chain is broken (digest).\n"


@pytest.mark.parametrize("command", [["verify"], ["show"], ["show", "--json"], ["rebuild"]], ids=" ".join)
def test_a_journal_that_cannot_be_read_is_one_sentence_without_what_stands_in_it(
    run: Run, path: Path, data: Reference, command: list[str]
) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.take(desk, note="남궁카나리아")
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute(
            "UPDATE entry SET body = CAST(CAST(body AS BLOB) || x'ff' AS TEXT) WHERE kind = 'note.added'"
        )
        connection.commit()
    ran = run("journal", *command)
    assert (ran.code, ran.err.count("\n")) == (1, 1)
    assert "is damaged" in ran.err
    assert "남궁카나리아" not in ran.out + ran.err


def test_rebuilding_brings_back_what_was_folded(run: Run, path: Path) -> None:
    before = run("provider", "list", "--json").out
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute("DELETE FROM provider")
        connection.commit()
    assert run("provider", "list", "--json").out == ""
    ran = run("journal", "rebuild")
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.endswith("entries folded.\n")
    assert run("provider", "list", "--json").out == before


@pytest.mark.parametrize("command", [["call", "list"], ["callback", "list"], ["request", "list"]])
def test_what_an_older_program_folded_is_folded_again_before_it_is_read(
    run: Run, path: Path, data: Reference, command: list[str]
) -> None:
    with closing(open_desk(path, data)) as desk:
        wishes.take(desk)
        open_call(desk, OPERATOR, NOW, "010-0000-1234")
    before = run(*command).out
    with closing(dbapi2.connect(str(path))) as connection:
        for table in ("call", "callback", "search_key"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("CREATE TABLE call (id, state)")
        connection.execute("UPDATE fold SET version = 1")
        connection.commit()
    assert run(*command) == (0, before, "")


# ------------------------------------------------------------------ backup and restore


def test_a_backup_is_restored_and_the_old_file_kept(run: Run, path: Path, tmp_path: Path) -> None:
    copy = tmp_path / "copies" / "backup.db"
    refused(run("backup", copy), str(copy))
    copy.parent.mkdir()
    assert run("backup", copy) == (0, f"Backup written and checked: {copy}\n", "")
    refused(run("backup", copy), "--force")
    run("person", "add", "김상담")
    refused(run("restore", copy), "--force")
    ran = run("restore", copy, "--force")
    assert ran.code == 0
    kept = Path(ran.out.splitlines()[1].removeprefix("The old file is kept: "))
    assert len(run("person", "list", "--json").lines) == 1
    assert len(run("person", "list", "--json", "--db", kept).lines) == 2
    refused(run("restore", tmp_path / "nothing.db", "--force"), "nothing.db")


# ------------------------------------------------------------------ files that are no database


def _text(path: Path) -> None:
    path.write_bytes(b"not a database, only text\n" * 300)


def _newer(path: Path) -> None:
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute("PRAGMA user_version=99")


def _torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:4096] + b"\xa5" * (len(whole) - 4096))


READING = [
    ["request", "list", "--json"],
    ["call", "list"],
    ["callback", "list"],
    ["request", "find", "김"],
    ["provider", "list"],
    ["provider", "export"],
    ["provider", "stale"],
    ["provider", "closures"],
    ["provider", "conflicts"],
    ["journal", "verify"],
    ["journal", "show"],
    ["person", "list"],
]
WRITING = [["journal", "rebuild"], ["person", "add", "김상담"], ["backup", "copy.db"]]


@pytest.mark.parametrize("command", [*READING, *WRITING, [*CHECK, "--json"]], ids=" ".join)
@pytest.mark.parametrize(
    ("spoil", "part"),
    [
        (_text, "not a callcenter database"),
        (lambda path: path.write_bytes(b""), "is empty"),
        (_newer, "newer callcenter"),
        (_torn, "is damaged"),
    ],
    ids=["text", "empty", "newer", "torn"],
)
def test_a_file_that_is_no_desk_is_one_sentence_and_stays_as_it_is(
    run: Run,
    path: Path,
    monkeypatch: pytest.MonkeyPatch,
    command: list[str],
    spoil: Callable[[Path], object],
    part: str,
) -> None:
    monkeypatch.chdir(path.parent)
    spoil(path)
    before = {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()}
    refused(run(*command), str(path), part)
    assert {file: file.read_bytes() for file in path.parent.iterdir() if file.is_file()} == before


@pytest.mark.parametrize("command", [*READING, *WRITING], ids=" ".join)
def test_a_file_that_is_not_there_is_one_sentence_and_is_not_made(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    refused(run(*command), "There is no database at", "callcenter init")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("command", WRITING[:2], ids=" ".join)
def test_a_locked_file_is_one_sentence_and_reading_goes_on(
    run: Run, path: Path, monkeypatch: pytest.MonkeyPatch, command: list[str]
) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 50)
    with closing(engine.open_writer(path)) as holder, transactions.writing(holder):
        refused(run(*command), "Another program is holding", str(path))
        assert run("person", "list", "--json").code == 0
        assert run("journal", "verify").code == 0


# ------------------------------------------------------------------ settings


def test_the_database_is_named_before_or_after_the_command_or_by_the_settings(
    run: Run, path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other.db"
    assert run("--db", other, "init", "--yes", "--supervisor", "다른팀장").code == 0
    expected = [{"name": "다른팀장", "role": "supervisor"}]
    assert run("--db", other, "person", "list", "--json").lines == expected
    assert run("person", "list", "--json", "--db", other).lines == expected
    assert run("--db", path, "person", "list", "--json", "--db", other).lines == expected
    monkeypatch.setenv("CALLCENTER_DB", str(other))
    assert run("person", "list", "--json").lines == expected
    monkeypatch.delenv("CALLCENTER_DB")
    folder = Path(os.environ["CALLCENTER_CONFIG"])
    folder.mkdir()
    (folder / "settings.toml").write_text(f"db = {json.dumps(str(other))}\n", encoding="utf-8")
    assert run("person", "list", "--json").lines == expected


def test_a_bad_setting_names_its_place_and_what_is_allowed(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CALLCENTER_LANG", "fr")
    refused(run("--lang", "en", "person", "list"), "CALLCENTER_LANG", "fr", "ko, en")
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    folder = Path(os.environ["CALLCENTER_CONFIG"])
    folder.mkdir()
    (folder / "settings.toml").write_text('colour = "red"\n', encoding="utf-8")
    refused(run("person", "list"), str(folder / "settings.toml"), "colour", "theme")


def test_a_mistake_in_a_supervisors_own_file_stops_the_program(run: Run) -> None:
    folder = Path(os.environ["CALLCENTER_CONFIG"])
    folder.mkdir()
    (folder / "holidays.csv").write_text("date,name,on\n2026-13-01,어떤 날,yes\n", encoding="utf-8")
    refused(run(*CHECK), "holidays.csv", "line 2", "date", "2026-13-01")


# ------------------------------------------------------------------ applications from the online platform


def test_an_application_goes_from_the_example_into_the_queue(run: Run, path: Path, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    (folder / "a.json").write_text(run("intake", "example").out, encoding="utf-8")
    taken = run("intake", "watch", folder, "--once")
    assert (taken.code, taken.err) == (0, "")
    (listed,) = run("request", "list", "--json").lines
    assert taken.out == f"a.json: taken, {listed['number']}\n"
    assert (listed["channel"], listed["region"]) == ("platform", "41110")
    assert [one.name for one in (folder / "done").iterdir()] == ["a.json"]
    assert run("journal", "verify").code == 0


def test_a_refused_application_is_said_on_stderr_and_by_the_exit_code(run: Run, path: Path, tmp_path: Path) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "a.json").write_text('{"external_id": 1}', encoding="utf-8")
    ran = run("intake", "watch", tmp_path / "in", "--once")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("a.json: refused. external_id: has to be a text; guardian: is missing")
    refused(run("intake", "watch", tmp_path / "nowhere", "--once"), "There is no folder")


def test_the_schema_is_one_document(run: Run) -> None:
    published = json.loads(run("intake", "schema").out)
    assert set(json.loads(run("intake", "example").out)) <= set(published["properties"])


def test_counts_keep_requests_children_and_people_apart(run: Run) -> None:
    run("init", "--yes")
    lines = {line["stage"]: line for line in run("report", "counts", "--from", "2026-11-01", "--json").lines}
    assert set(lines) == {"received", "confirmed", "admitted", "unplaced", "cancelled", "no_show"}
    assert all((line["requests"], line["children"], line["people"]) == (0, 0, 0) for line in lines.values())
    refused(run("report", "counts", "--from", "2026-11-02", "--to", "2026-11-01"), "2026-11-01 is before 2026-11-02")


def test_how_content_guardians_were_is_told_of_the_days_that_are_asked_for(run: Run, path: Path) -> None:
    run("init", "--yes")
    assert run("report", "satisfaction", "--json").lines == [{"answered": 0, "mean": None, "again": 0, "never": 0}]
    with closing(engine.open_writer(path)) as connection:
        for number, (score, again, at) in enumerate(
            [(40, 0, NOW), (93, 1, NOW), (92, None, NOW), (0, 0, NOW - timedelta(days=1))]
        ):
            row = (f"r{number}", score, again, int(at.timestamp()), "김상담")
            connection.execute("INSERT INTO satisfaction VALUES (?, ?, ?, ?, ?)", row)
    told = run("report", "satisfaction", "--from", "2026-11-24", "--to", "2026-11-24", "--json").lines
    assert told == [{"answered": 3, "mean": 75.0, "again": 1, "never": 1}]
    assert "75.0" in run("report", "satisfaction", "--from", "2026-11-24", "--to", "2026-11-24").out
    refused(run("report", "satisfaction", "--from", "2026-11-02", "--to", "2026-11-01"), "2026-11-01 is before")


def test_a_family_is_erased_by_its_receipt_number(run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "in").mkdir()
    run("init", "--yes")
    (tmp_path / "in" / "a.json").write_text(run("intake", "example").out, encoding="utf-8")
    run("intake", "watch", tmp_path / "in", "--once")
    (listed,) = run("request", "list", "--json").lines
    number = listed["number"]
    refused(run("request", "erase", "A-0101-999", "--reason", "requested", "--yes"), "The request")
    monkeypatch.setattr("sys.stdin", io.StringIO("n\n"))
    assert run("request", "erase", number, "--reason", "requested").code == 1
    assert run("request", "list", "--json").lines[0]["children"] == listed["children"]
    erased = run("request", "erase", number, "--reason", "requested", "--yes")
    assert (erased.code, "entries were emptied" in erased.out) == (0, True)
    left = run("request", "list", "--json").lines[0]
    assert left == listed | {"children": []}
    assert run("journal", "verify").code == 0


def test_what_somebody_has_to_see_to_is_listed_without_what_was_said(run: Run) -> None:
    run("init", "--yes")
    assert run("report", "incidents", "--json").lines == run("report", "complaints", "--json").lines == []
