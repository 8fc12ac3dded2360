"""The drop folder with real files: what is taken, what waits, what is refused, and what a crash may not do."""

import json
import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from callcenter.desk.session import Desk, open_desk
from callcenter.gateways.application import EXAMPLE, MAX_BYTES
from callcenter.gateways.drop_folder import NoFolder, Taken, look, settled, take_file, told, watch
from callcenter.reference import Reference
from tests.conftest import NOW
from tests.gateways.test_application_rows import CELLS, table

CANARY = "홍길동-010-0000-9876"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    made = tmp_path / "in"
    made.mkdir()
    return made


def put(folder: Path, name: str, **more: object) -> Path:
    path = folder / name
    path.write_text(json.dumps(EXAMPLE | more, ensure_ascii=False), encoding="utf-8")
    return path


def sweep(desk: Desk, folder: Path) -> list[Taken]:
    return list(watch(desk, folder, lambda: NOW, once=True, pause=0))


def lying(folder: Path) -> set[str]:
    return {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()}


def count(desk: Desk) -> int:
    found: int = desk.connection.execute("SELECT count(*) FROM request").fetchone()[0]
    return found


def test_files_are_taken_and_moved(desk: Desk, folder: Path) -> None:
    put(folder, "가.json", external_id="1")
    put(folder, "b.JSON", external_id="2")
    (folder / "c.csv").write_bytes(table(CELLS | {"external_id": "3"}, CELLS | {"external_id": "4"}, encoding="cp949"))
    for other in ("d.json.part", "e.txt", ".hidden"):
        (folder / other).write_text("{}", encoding="utf-8")
    (folder / "g.json").mkdir()
    found = sweep(desk, folder)
    assert {one.file.name: (one.state, len(one.requests)) for one in found} == {
        "가.json": ("done", 1),
        "b.JSON": ("done", 1),
        "c.csv": ("done", 2),
    }
    assert lying(folder) == {"done/가.json", "done/b.JSON", "done/c.csv", "d.json.part", "e.txt", ".hidden"}
    assert count(desk) == 4
    assert sweep(desk, folder) == []


def test_a_link_is_not_followed(desk: Desk, folder: Path, tmp_path: Path) -> None:
    outside = put(tmp_path, "outside.json")
    try:
        (folder / "a.json").symlink_to(outside)
    except OSError:
        pytest.skip("this system makes no links for us")
    assert sweep(desk, folder) == []
    assert outside.exists()


def test_the_same_file_twice_is_one_request_and_both_are_kept(desk: Desk, folder: Path) -> None:
    for _ in range(3):
        put(folder, "a.json")
        (taken,) = sweep(desk, folder)
        assert taken.state == "done"
    assert count(desk) == 1
    assert lying(folder) == {"done/a.json", "done/a-2.json", "done/a-3.json"}
    assert told(taken) == f"a.json: taken before, {taken.requests[0].number}"


def test_what_is_refused_lies_beside_its_reasons_which_echo_nothing(desk: Desk, folder: Path) -> None:
    put(folder, "form.json", region=CANARY, note=CANARY * 99)
    (folder / "broken.json").write_text(f'{{"guardian": "{CANARY}', encoding="utf-8")
    (folder / "large.json").write_bytes(b" " * (MAX_BYTES + 1))
    (folder / "empty.csv").write_bytes(b"")
    put(folder, "first.json", external_id="1")
    put(folder, "second.json", external_id="1", note="다른 말")
    found = {one.file.name: one for one in sweep(desk, folder)}
    assert {name for name, one in found.items() if one.state == "done"} == {"first.json"}
    refused = {name for name in found if name != "first.json"}
    assert lying(folder) == {"done/first.json"} | {
        f"refused/{name}{end}" for name in refused for end in ("", ".reason.txt")
    }
    texts = {
        name: (folder / "refused" / f"{name}.reason.txt").read_text(encoding="utf-8-sig") for name in sorted(refused)
    }
    assert texts["form.json"].splitlines() == [
        "Not taken, or not all of it:",
        "- region: has characters or a length that are not allowed; note: is longer than 500 characters",
    ]
    assert "taken before with other contents" in texts["second.json"]
    assert CANARY not in "".join(texts.values()) + "".join(map(told, found.values()))
    assert count(desk) == 1


def test_a_bad_row_is_refused_with_its_file_while_the_others_are_taken(desk: Desk, folder: Path) -> None:
    rows = (CELLS | {"external_id": "1"}, CELLS | {"external_id": "2", "region": "?"})
    (folder / "a.csv").write_bytes(table(*rows))
    (taken,) = sweep(desk, folder)
    assert (taken.state, len(taken.requests)) == ("refused", 1)
    reason = (folder / "refused" / "a.csv.reason.txt").read_text(encoding="utf-8-sig")
    assert "line 3: region" in reason
    assert "taken all the same: 1" in reason
    # Mended and sent again, the first row is known.
    (folder / "a.csv").write_bytes(table(rows[0], rows[1] | {"region": "41110"}))
    (again,) = sweep(desk, folder)
    assert [one.state for one in again.requests] == ["same", "new"]
    assert count(desk) == 2


def test_a_file_that_is_still_being_written_waits(folder: Path) -> None:
    path = put(folder, "a.json")
    before = look(folder)
    assert settled({}, before) == []
    assert settled(before, look(folder)) == [path]
    with path.open("a", encoding="utf-8") as file:
        file.write(" ")
    assert settled(before, look(folder)) == []
    before = look(folder)
    os.utime(path, ns=(1, 1))
    assert settled(before, look(folder)) == []


def test_half_a_file_is_not_read_until_the_rest_is_there(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    text = json.dumps(EXAMPLE)
    pieces = [text[at : at + 100] for at in range(0, len(text), 100)]
    path = folder / "a.json"
    path.write_text(pieces.pop(0), encoding="utf-8")
    slept: list[float] = []

    def write_on(pause: float) -> None:
        slept.append(pause)
        if pieces:
            with path.open("a", encoding="utf-8") as file:
                file.write(pieces.pop(0))

    monkeypatch.setattr("time.sleep", write_on)
    (taken,) = (next(watch(desk, folder, lambda: NOW)),)
    assert (taken.state, pieces, count(desk)) == ("done", [], 1)
    assert set(slept) == {1.0}


def test_a_locked_database_leaves_the_file_and_says_so_once(
    desk: Desk, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(folder, "a.json")
    desk.connection.execute("PRAGMA busy_timeout = 10")
    looks: list[float] = []
    with closing(dbapi2.connect(str(desk.path), isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")

        def let_go(pause: float) -> None:
            looks.append(pause)
            if len(looks) == 4:
                other.execute("ROLLBACK")

        monkeypatch.setattr("time.sleep", let_go)
        watching = watch(desk, folder, lambda: NOW)
        waiting, done = next(watching), next(watching)
    assert (waiting.state, done.state, len(looks)) == ("waiting", "done", 4)
    assert told(waiting).startswith("a.json: waits. Another program is holding")
    assert lying(folder) == {"done/a.json"}


def test_a_folder_that_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(NoFolder):
        sweep(desk, tmp_path / "nowhere")


WATCH_AND_DIE = """
import os, signal, sys
from datetime import UTC, datetime
from pathlib import Path
from callcenter import language, reference
from callcenter.desk.session import open_desk
from callcenter.gateways.drop_folder import watch

database, folder, event, ending = sys.argv[1:]
language.use("en")
desk = open_desk(Path(database), reference.load(reference.data_folder()))

def die(seen, arguments):
    if seen == event and arguments and str(arguments[0]).endswith(ending):
        os.kill(os.getpid(), signal.SIGKILL)

sys.addaudithook(die)
for taken in watch(desk, Path(folder), lambda: datetime.now(UTC), once=True, pause=0):
    print(taken.file.name, flush=True)
"""


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="Windows has no SIGKILL")
@pytest.mark.parametrize(
    ("name", "event", "ending", "committed"),
    [
        ("a.json", "open", "a.json", 0),
        ("a.json", "os.mkdir", "done", 1),
        ("a.json", "os.rename", "a.json", 1),
        ("b.csv", "os.mkdir", "refused", 1),
        ("b.csv", "open", "b.csv.reason.txt", 1),
        ("b.csv", "os.rename", "b.csv", 1),
    ],
)
def test_killed_between_two_steps_nothing_is_lost_and_nothing_doubled(
    desk: Desk, folder: Path, name: str, event: str, ending: str, committed: int
) -> None:
    if name == "a.json":
        put(folder, name, external_id="1")
    else:
        rows = (CELLS | {"external_id": "1"}, CELLS | {"external_id": "2", "region": "?"})
        (folder / name).write_bytes(table(*rows))
    died = subprocess.run(
        [sys.executable, "-c", WATCH_AND_DIE, str(desk.path), str(folder), event, ending],
        capture_output=True,
        text=True,
        check=False,
        cwd=Path(__file__).parent.parent.parent,
    )
    assert (died.returncode, died.stdout) == (-signal.SIGKILL, ""), died.stderr
    assert (count(desk), (folder / name).exists()) == (committed, True)
    (taken,) = sweep(desk, folder)
    assert [one.state for one in taken.requests] == ["same" if committed else "new"]
    assert count(desk) == 1
    where = "done" if name == "a.json" else "refused"
    assert lying(folder) == {f"{where}/{name}"} | ({f"{where}/{name}.reason.txt"} if where == "refused" else set())


def test_what_another_program_took_away_is_no_trouble(desk: Desk, folder: Path) -> None:
    assert take_file(desk, folder / "gone.json", NOW) is None


def test_two_that_watch_one_folder_take_each_application_once(desk: Desk, folder: Path, data: Reference) -> None:
    for number in range(30):
        put(folder, f"{number}.json", external_id=str(number))
    with closing(open_desk(desk.path, data)) as other, ThreadPoolExecutor(2) as threads:
        both = [threads.submit(sweep, one, folder) for one in (desk, other)]
        found = [taken for one in both for taken in one.result()]
    assert count(desk) == 30
    assert lying(folder) == {f"done/{number}.json" for number in range(30)}
    assert {one.state for one in found} == {"done"}
    assert sum(request.state == "new" for one in found for request in one.requests) == 30
