"""Joining a centre and leaving it, as the commands do: what comes, what does not, and what is refused in words."""

import json
import os
import stat
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from callcenter.__main__ import main
from callcenter.care.calendar import SEOUL
from callcenter.desk.calls import open_call
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.store import joined as kept
from callcenter.store import reads
from callcenter.sync import centre as administration
from callcenter.sync import connection_file, joining
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.link import open_link, refuse_weak
from callcenter.sync.problems import WeakConnection
from tests.conftest import OPERATOR, SUPERVISOR
from tests.desk.wishes import mother, wish
from tests.published import SUWON
from tests.sync.conftest import Centre
from tests.sync.desks import PROGRAMS, Clock, Joined, join, quiet

Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    monkeypatch.setenv("CALLCENTER_LANG", "en")
    monkeypatch.setenv("COLUMNS", "200")

    def call(*arguments: str | Path) -> tuple[int, str, str]:
        monkeypatch.setattr(sys, "argv", ["callcenter", *map(str, arguments)])
        capsys.readouterr()
        code: int | str | None = 0
        try:
            main()
        except SystemExit as end:
            code = end.code
        out, err = capsys.readouterr()
        return int(code or 0), out, err

    return call


@pytest.fixture
def path(tmp_path: Path, data: Reference) -> Path:
    made = tmp_path / "desk.db"
    init_desk(made, data, datetime.now(UTC), name="A", programs=PROGRAMS, supervisor=SUPERVISOR.name).close()
    return made


def written(folder: Path, file: ConnectionFile) -> Path:
    path = folder / f"{file.desk}.toml"
    path.write_text(connection_file.text(file), encoding="utf-8")
    return path


def test_a_desk_joins_syncs_and_leaves(run: Run, path: Path, tmp_path: Path, centre: Centre, data: Reference) -> None:
    code, out, err = run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)
    assert (code, err) == (0, "")
    assert "Desk A has joined the centre" in out
    assert "Connected; 0 entries wait." in out
    if os.name == "posix":
        assert stat.S_IMODE(joining.beside(path).stat().st_mode) == 0o600
    desk = open_desk(path, data)
    open_call(desk, OPERATOR, datetime.now(UTC))
    desk.close()
    assert '"waiting": 1' in run("sync", "status", "--json", "--db", path)[1]
    assert run("sync", "--once", "--db", path) == (0, "Connected; 0 entries wait.\n", "")
    assert '"waiting": 0' in run("sync", "status", "--json", "--db", path)[1]
    code, out, _err = run("sync", "leave", "--db", path)
    assert (code, out) == (0, "This desk works on its own again. What came from the centre stays here.\n")
    assert not joining.beside(path).exists()
    assert run("sync", "--once", "--db", path)[0] != 0
    assert '"centre": null' in run("sync", "status", "--json", "--db", path)[1]


def test_what_was_written_alone_is_sent_when_a_desk_joins_again(
    run: Run, path: Path, tmp_path: Path, centre: Centre, data: Reference
) -> None:
    file = written(tmp_path, centre.add("A"))
    run("sync", "join", file, "--db", path)
    run("sync", "leave", "--db", path)
    desk = open_desk(path, data)
    open_call(desk, OPERATOR, datetime.now(UTC))
    desk.close()
    assert run("sync", "join", file, "--db", path)[0] == 0
    with centre.admin() as connection:
        calls = connection.execute("SELECT count(*) FROM callcenter.entry WHERE kind = 'call.opened'").fetchone()
        chains = connection.execute("SELECT name FROM callcenter.chain").fetchall()
    assert (calls, chains) == ((1,), [("A",)])


def test_a_desk_that_may_see_more_and_joins_again_gets_what_it_did_not(
    run: Run, path: Path, tmp_path: Path, centre: Centre, data: Reference
) -> None:
    run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)
    desk = open_desk(path, data)
    request = open_request(desk, OPERATOR, datetime.now(UTC), wish())
    desk.close()
    run("sync", "--once", "--db", path)
    other = tmp_path / "b.db"
    init_desk(other, data, datetime.now(UTC), name="B", programs=["gyeonggi-always"], supervisor="박팀장").close()
    seen = []
    for region in ("41190", SUWON):
        file = written(tmp_path, centre.add("B", ("gyeonggi-always",), (region,), everything=False))
        assert run("sync", "join", file, "--db", other)[0] == 0
        seen.append(request.number in run("request", "list", "--json", "--db", other)[1])
    assert seen == [False, True]


def test_a_desk_whose_connection_file_is_gone_says_so_and_can_leave(
    run: Run, path: Path, tmp_path: Path, centre: Centre
) -> None:
    run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)
    joining.forget(path)
    assert "its connection file is gone" in run("sync", "status", "--db", path)[1]
    assert run("sync", "leave", "--db", path)[0] != 0
    assert run("sync", "leave", "--anyway", "--db", path)[0] == 0
    assert "works on its own" in run("sync", "status", "--db", path)[1]
    assert run("sync", "leave", "--anyway", "--db", path)[0] != 0


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"desk": "B"}, "The connection file is for desk B, and this is desk A."),
        ({"password": "wrong"}, "The centre refuses the password of desk A."),
        ({"port": 1}, "The centre cannot be reached"),
        ({"host": "centre.example.kr"}, "not safe enough: sslmode = disable"),
    ],
)
def test_what_cannot_be_joined_leaves_no_trace(
    run: Run, path: Path, tmp_path: Path, centre: Centre, data: Reference, changed: dict[str, str], said: str
) -> None:
    file = replace(centre.add("A"), **changed)  # type: ignore[arg-type]  # fields by name
    code, _out, err = run("sync", "join", written(tmp_path, file), "--db", path)
    assert code != 0
    assert said in err
    assert not joining.beside(path).exists()
    desk = open_desk(path, data)
    assert kept.joined(desk.connection) is None
    desk.close()


def test_leaving_is_refused_while_something_waits_and_nobody_takes_it(
    run: Run, path: Path, tmp_path: Path, centre: Centre, data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    from callcenter import sync_commands

    monkeypatch.setattr(sync_commands, "_PATIENCE", timedelta(0))
    run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)
    joining.keep(path, replace(joining.joined_file(path), port=1))
    code, _out, err = run("sync", "leave", "--db", path)
    assert code != 0
    assert "The centre cannot be reached" in err
    assert joining.beside(path).exists()
    assert run("sync", "leave", "--anyway", "--db", path)[0] == 0
    assert not joining.beside(path).exists()


@pytest.mark.parametrize(
    ("file", "refused"),
    [
        ({"host": "127.0.0.1"}, False),
        ({"host": "/run/postgresql"}, False),
        ({"host": "centre.example.kr"}, True),
        ({"host": "centre.example.kr", "sslmode": "require"}, True),
        ({"host": "centre.example.kr", "sslmode": "verify-full"}, True),
        ({"host": "centre.example.kr", "sslmode": "verify-full", "ca": "-----BEGIN CERTIFICATE-----\n"}, False),
        ({"host": "localhost.example.kr"}, True),
        ({"host": "127.0.0.1,centre.example.kr"}, True),
    ],
)
def test_only_this_machine_may_do_without_proof_of_who_answers(file: dict[str, str], refused: bool) -> None:
    made = ConnectionFile(
        **{"host": "", "dbname": "c", "user": "u", "password": "p", "desk": "A", "sslmode": "disable"} | file,  # type: ignore[arg-type]  # fields by name
        port=5432,
    )
    if refused:
        with pytest.raises(WeakConnection):
            refuse_weak(made)
        with pytest.raises(WeakConnection):
            open_link(made)
    else:
        refuse_weak(made)


@pytest.fixture
def made(tmp_path: Path, data: Reference) -> Iterator[list[Joined]]:
    found: list[Joined] = []
    yield found
    for one in found:
        one.close()


def numbers(desk: Desk) -> list[str]:
    return [row[0] for row in desk.connection.execute("SELECT number FROM request ORDER BY number")]


def test_a_new_desk_gets_open_work_and_what_is_recent_and_what_belongs_to_it(
    tmp_path: Path, data: Reference, centre: Centre, made: list[Joined]
) -> None:
    # The centre goes by its own clock when it says what has not been touched for long.
    clock = Clock(datetime.now(SEOUL).replace(hour=17) - timedelta(days=101))
    one = join(tmp_path, data, centre.add("A"), clock=clock)
    made.append(one)

    def ask(phone: str) -> str:
        clock.ahead(minutes=1)
        start = clock().replace(hour=20, minute=0)
        asked = wish(guardian=mother(phone), start=start, end=start + timedelta(hours=2))
        return open_request(one.desk, OPERATOR, clock(), asked).request_id

    long_over, still_open = ask("010-0000-0001"), ask("010-0000-0002")
    cancel_request(one.desk, OPERATOR, clock(), long_over, by="guardian", reason="withdrawn")
    clock.ahead(days=100)
    over_yesterday = ask("010-0000-0003")
    cancel_request(one.desk, OPERATOR, clock(), over_yesterday, by="guardian", reason="withdrawn")
    clock.ahead(days=1)
    quiet(one)
    other = join(tmp_path, data, centre.add("B"), clock=clock, since=joining.since_ms(clock(), 90))
    made.append(other)
    quiet(other)
    by_id = {row[0]: row[1] for row in one.desk.connection.execute("SELECT id, number FROM request")}
    assert numbers(other.desk) == sorted([by_id[still_open], by_id[over_yesterday]])
    guardians = other.desk.connection.execute("SELECT count(*) FROM guardian").fetchone()
    assert guardians == (2,)
    # Somebody long forgotten rings again: all that is known of them comes.
    again = reads.request(one.desk.connection, long_over)
    assert again is not None
    known = mother("010-0000-0001", id=again.guardian_id)
    start = clock().replace(hour=20, minute=0)
    open_request(one.desk, OPERATOR, clock(), wish(guardian=known, start=start, end=start + timedelta(hours=2)))
    quiet(one, other)
    assert reads.guardian(other.desk.connection, again.guardian_id) is not None


def test_a_desk_gets_only_what_it_serves_until_it_does(
    tmp_path: Path, data: Reference, centre: Centre, made: list[Joined]
) -> None:
    clock = Clock()
    one = join(tmp_path, data, centre.add("A"), clock=clock)
    far = join(
        tmp_path, data, centre.add("B", programs=("gyeongsan-119",), regions=("47290",), everything=False), clock=clock
    )
    near = join(
        tmp_path, data, centre.add("C", programs=("gyeonggi-always",), regions=(SUWON,), everything=False), clock=clock
    )
    made += [one, far, near]
    request = open_request(one.desk, OPERATOR, clock(), wish())
    quiet(one, far, near)
    assert numbers(far.desk) == []
    assert far.desk.connection.execute("SELECT count(*) FROM guardian").fetchone() == (0,)
    assert numbers(near.desk) == [request.number]
    found = reads.request(one.desk.connection, request.request_id)
    assert found is not None
    erase_guardian(near.desk, SUPERVISOR, clock(), found.guardian_id, "requested")
    quiet(one, far, near)
    assert reads.guardian(one.desk.connection, found.guardian_id) is None


def test_a_desk_that_was_shut_out_hears_so_and_what_to_do(run: Run, path: Path, tmp_path: Path, centre: Centre) -> None:
    assert run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)[0] == 0
    assert "No program is connected to it now." in run("sync", "status", "--db", path)[1]
    with administration.administering(centre.dsn) as connection:
        administration.revoke_desk(connection, "A")
    told = run("sync", "status", "--db", path)[1]
    assert "no longer lets desk A in" in told
    assert "new connection file" in told
    assert "sync leave --anyway" in told
    assert "no longer lets desk A in" in json.loads(run("sync", "status", "--json", "--db", path)[1])["problem"]
    # As it says: with a new file the desk is in again, and without one it can be on its own.
    assert run("sync", "join", written(tmp_path, centre.add("A")), "--db", path)[0] == 0
    assert "no longer" not in run("sync", "status", "--db", path)[1]
    assert run("sync", "leave", "--anyway", "--db", path)[0] == 0
    assert "works on its own" in run("sync", "status", "--db", path)[1]
