"""`callcenter centre` as an administrator types it, against a real server."""

import os
import stat
import sys
from pathlib import Path

import psycopg
import pytest

from callcenter.desk.new_requests import open_request
from callcenter.sync.connection_file import read
from tests.desk.wishes import wish
from tests.published import REFERENCE
from tests.sync.conftest import Centre
from tests.sync.desks import join, operator
from tests.sync.postgres import Server
from tests.sync.wire import Writer, call, calls
from tests.test_cli import Run, refused, run

__all__ = ["run"]


def test_an_empty_database_becomes_a_centre_that_a_desk_reaches(run: Run, postgres: Server, tmp_path: Path) -> None:
    centre = Centre(postgres, postgres.create_database())
    try:
        made = run("centre", "init", centre.dsn)
        assert made.code == 0
        assert "was made in version" in made.out
        assert "was there in version" in run("centre", "init", centre.dsn).out
        assert "was there in version" in run("centre", "upgrade", centre.dsn).out
        file = tmp_path / "a.centre"
        words = ("--dsn", centre.dsn, "--program", "gyeonggi-always", "--region", "41110", "--region", "41130")
        added = run("centre", "desk", "add", "A", *words, "-o", file)
        assert added.code == 0
        assert added.out == ""
        assert str(file) in added.err
        centre.desks["A"] = read(file)
        assert centre.desks["A"].regions == ("41110", "41130")
        if os.name == "posix":
            assert stat.S_IMODE(file.stat().st_mode) == 0o600
        assert call(centre.connect("A"), "hello", Writer("A").hello())["chain"] == "A"
        refused(run("centre", "desk", "add", "A", *words, "-o", file), "exists already")
        assert read(file) == centre.desks["A"]
        assert "1 connection was ended" in run("centre", "desk", "revoke", "A", "--dsn", centre.dsn).out
        with pytest.raises(psycopg.OperationalError):
            centre.connect("A")
        assert "new epoch" in run("centre", "restored", centre.dsn).out
    finally:
        centre.remove()


def test_the_connection_file_goes_to_standard_output_and_the_words_beside_it(
    run: Run, centre: Centre, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLCENTER_CENTRE_DSN", centre.dsn)
    authority = tmp_path / "ca.pem"
    authority.write_text("-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----\n", encoding="utf-8")
    where = ("--host", "centre.example", "--port", "6432")
    added = run("centre", "desk", "add", "B2", "--all", *where, "--ca", authority)
    path = tmp_path / "printed.centre"
    path.write_text(added.out, encoding="utf-8")
    centre.desks["B2"] = made = read(path)
    assert (made.host, made.port, made.sslmode, made.all) == ("centre.example", 6432, "verify-full", True)
    assert made.ca == authority.read_text(encoding="utf-8")
    assert made.password not in added.err


def test_status_for_people_and_for_programs(run: Run, centre: Centre) -> None:
    centre.add("A")
    a, writer = centre.connect("A"), Writer("A")
    call(a, "hello", writer.hello())
    writer.write("subject")
    call(a, "push", writer.batch())
    call(a, "work", {"take": [{"request": "r1", "operator": "김상담"}]})
    shown = run("centre", "status", centre.dsn)
    assert shown.code == 0
    assert "Entries: 1. Parked: 0." in shown.out
    assert "김상담" in shown.out
    assert "not heard of" not in shown.out
    (told,) = run("centre", "status", centre.dsn, "--json").lines
    assert [one["desk"] for one in told["desks"]] == ["A"]
    assert told["work"][0]["request"] == "r1"
    centre.admin().execute("UPDATE callcenter.work SET beat = beat - interval '20 minutes'")
    shown = run("centre", "status", centre.dsn)
    assert "not heard of for 20 min" in shown.out
    assert "After an hour in which nothing is heard it is nobody's" in shown.out
    centre.admin().execute("UPDATE callcenter.entry SET sx = '999999999'::xid8")
    assert "centre restored" in run("centre", "status", centre.dsn).out
    centre.add("B", ("gyeonggi-always",), ("41110", "41130"), everything=False)
    call(centre.connect("B"), "push", writer_of_lost().batch(recovered=True))
    lost = [one.id for one in writer_of_lost().entries]
    call(centre.connect("A"), "push", {"chain": "A", "entries": [], "erased": lost})
    centre.admin().execute("UPDATE callcenter.desk SET revoked = now() WHERE name = 'A'")
    shown = run("centre", "status", centre.dsn)
    assert "1 entry of desk A was lost here" in shown.out
    assert "Desk A had 1 entry emptied" in shown.out
    assert "gyeonggi-always: 41110 41130" in shown.out
    assert "shut out" in shown.out
    assert max(map(len, shown.out.splitlines())) <= 120


def test_status_names_what_is_worked_on_by_its_receipt_number(run: Run, centre: Centre, tmp_path: Path) -> None:
    one = join(tmp_path, REFERENCE, centre.add("A"))
    request = open_request(one.desk, operator(one), one.clock(), wish()).request_id
    one.live()
    work = {"take": [{"request": request, "operator": "김상담"}, {"request": "not here yet", "operator": "김상담"}]}
    calls(centre.connect("A"), "work", work)
    (told,) = run("centre", "status", centre.dsn, "--json").lines
    assert {row["request"]: row["number"] for row in told["work"]} == {request: "A-1124-001", "not here yet": None}
    shown = run("centre", "status", centre.dsn).out
    assert "A-1124-001" in shown
    assert request not in shown
    # What cannot be read has no number, and nobody who was silent for an hour works on anything.
    centre.admin().execute("UPDATE callcenter.entry SET body = '{' WHERE kind = 'request.opened'")
    centre.admin().execute(
        "UPDATE callcenter.work SET beat = beat - interval '61 minutes' WHERE request_id <> %s", (request,)
    )
    (told,) = run("centre", "status", centre.dsn, "--json").lines
    assert [(row["request"], row["number"]) for row in told["work"]] == [(request, None)]
    one.close()


def writer_of_lost() -> Writer:
    """A chain of desk A that only another desk has kept."""
    writer = Writer("A~2")
    writer.write("subject")
    return writer


@pytest.mark.parametrize("command", [("status",), ("restored",), ("desk", "add", "A", "--all")])
def test_a_centre_older_than_the_program_is_to_be_upgraded_first(
    run: Run, centre: Centre, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...]
) -> None:
    monkeypatch.setenv("CALLCENTER_CENTRE_DSN", centre.dsn)
    with centre.admin() as connection:
        connection.execute("ALTER TABLE callcenter.desk DROP COLUMN emptied; UPDATE callcenter.centre SET version = 1")
    refused(run("centre", *command), "centre upgrade")
    assert run("centre", "upgrade").code == 0
    assert run("centre", "status").code == 0


def test_the_script_is_printed_without_a_connection(run: Run) -> None:
    printed = run("centre", "init", "--print").out
    assert printed.startswith("BEGIN;")
    assert printed.rstrip().endswith("COMMIT;")
    assert "CREATE OR REPLACE FUNCTION callcenter.push" in printed


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("init",), "Say which database"),
        (("init", "postgresql://x@127.0.0.1:1/none"), "cannot be reached"),
        (("desk", "add", "long name", "--all"), "cannot be a desk's name"),
        (("desk", "add", "A"), "Say what the desk serves"),
        (("desk", "add", "A", "--program", "none", "--region", "41110"), "There is no program"),
        (("desk", "add", "A", "--program", "gyeonggi-always", "--region", "99"), "There is no region"),
        (("desk", "add", "A", "--all", "--host", "centre.example"), "is another computer"),
        (("desk", "add", "A", "--all", "--ca", "README.md"), "is not a certificate"),
        (("desk", "add", "A", "--all", "--ca", "nowhere.pem"), "nowhere.pem"),
        (("desk", "revoke", "C"), "knows no desk"),
    ],
)
def test_what_cannot_be_done_is_said(
    run: Run, centre: Centre, monkeypatch: pytest.MonkeyPatch, arguments: tuple[str, ...], told: str
) -> None:
    if arguments[0] != "init":
        monkeypatch.setenv("CALLCENTER_CENTRE_DSN", centre.dsn)
    refused(run("centre", *arguments), told)


def test_without_psycopg_it_says_how_to_get_it(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    refused(run("centre", "status", "postgresql://x"), "pip install 'callcenter[centre]'")


def test_a_database_without_a_centre(run: Run, postgres: Server) -> None:
    for command in (("status",), ("upgrade",), ("restored",)):
        refused(run("centre", *command, postgres.dsn()), "no centre yet")
