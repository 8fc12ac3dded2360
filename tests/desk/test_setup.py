"""A desk's file: made once or not at all, backed up while it is used, restored without losing what was there."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from random import Random

import pytest
from sqlcipher3 import dbapi2

from callcenter.desk.accounts import NamelessPerson, add_operator
from callcenter.desk.new_requests import open_request
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import BadDeskName, FileInTheWay, UnknownProgram, backup, init_desk, restore
from callcenter.errors import CallcenterError
from callcenter.journal import bodies
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.engine import (
    BadKey,
    DamagedDatabase,
    DatabaseExists,
    DatabaseLocked,
    DatabaseUnwritable,
    EmptyDatabase,
    NewerDatabase,
    NoDatabase,
    NotOurDatabase,
    create,
    open_reader,
)
from callcenter.store.tables import schema
from tests.conftest import NOW, OPERATOR, SUPERVISOR
from tests.desk.wishes import take, wish

PROGRAMS = ["gyeonggi-always", "gyeongsan-119"]


def init(path: Path, data: Reference, **changed: object) -> Desk:
    facts: dict[str, object] = {"name": "A", "programs": PROGRAMS, "supervisor": "이팀장", **changed}
    return init_desk(path, data, NOW, entropy=Random(7).randbytes, **facts)  # type: ignore[arg-type] # from a table


def numbers(path: Path) -> list[str]:
    """The receipt numbers in a file, read as any program of ours would."""
    with closing(open_reader(path)) as connection:
        return [row[0] for row in connection.execute("SELECT number FROM request ORDER BY number")]


def everything(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.iterdir() if file.is_file()}


def test_a_desk_begins_with_its_supervisor_and_the_providers_of_its_programs(tmp_path: Path, data: Reference) -> None:
    with closing(init(tmp_path / "a.db", data, programs=["gyeongsan-119"])) as desk:
        found = reads.desk(desk.connection)
        assert found is not None
        assert (found.name, found.programs) == ("A", ("gyeongsan-119",))
        assert [(one.name, one.role) for one in reads.people(desk.connection)] == [("이팀장", "supervisor")]
        services = {one.service for one in reads.providers(desk.connection)}
        assert services == {"gyeongsan.station"}


def test_a_second_init_refuses_and_changes_nothing(closed: tuple[Path, Path], data: Reference) -> None:
    path, _copy = closed
    before = everything(path.parent)
    with pytest.raises(DatabaseExists) as refusal:
        init(path, data)
    assert str(path) in str(refusal.value)
    assert everything(path.parent) == before


@pytest.mark.parametrize(
    ("changed", "refusal"),
    [
        ({"name": "a"}, BadDeskName),
        ({"name": ""}, BadDeskName),
        ({"name": "A-1"}, BadDeskName),
        ({"name": "ABCDEFG"}, BadDeskName),
        ({"name": "가"}, BadDeskName),
        ({"name": "A\n"}, BadDeskName),
        ({"programs": ["seoul-sometimes"]}, UnknownProgram),
        ({"supervisor": " \u3164"}, NamelessPerson),
    ],
)
def test_a_desk_that_cannot_be_made_leaves_no_file(
    tmp_path: Path, data: Reference, changed: dict[str, object], refusal: type[CallcenterError]
) -> None:
    with pytest.raises(refusal):
        init(tmp_path / "folder" / "a.db", data, **changed)
    assert list(tmp_path.rglob("*.db*")) == []


def test_a_key_of_the_wrong_form_leaves_no_file(
    tmp_path: Path, data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLCENTER_KEY", "not a key")
    with pytest.raises(BadKey):
        init(tmp_path / "a.db", data)
    assert everything(tmp_path) == {}


@pytest.mark.parametrize("broken", [1, 10, 20])
def test_an_init_that_fails_on_its_way_leaves_no_file(tmp_path: Path, data: Reference, broken: int) -> None:
    rng, calls = Random(7), iter(range(broken))

    def entropy(count: int) -> bytes:
        if next(calls, None) is None:
            raise OSError("no entropy left")
        return rng.randbytes(count)

    with pytest.raises(OSError, match="no entropy left"):
        init_desk(tmp_path / "a.db", data, NOW, name="A", programs=PROGRAMS, supervisor="이팀장", entropy=entropy)
    assert everything(tmp_path) == {}


def test_a_schema_that_fails_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(dbapi2.OperationalError):
        create(tmp_path / "a.db", [*schema(), "CREATE NONSENSE"])
    assert everything(tmp_path) == {}


def test_a_file_whose_making_was_cut_off_is_called_empty(tmp_path: Path, data: Reference) -> None:
    create(tmp_path / "no-entry.db", schema()).close()
    with pytest.raises(EmptyDatabase):
        open_desk(tmp_path / "no-entry.db", data)
    connection = dbapi2.connect(str(tmp_path / "no-tables.db"))
    connection.execute("PRAGMA application_id=1128352844")
    connection.close()
    with pytest.raises(EmptyDatabase):
        open_desk(tmp_path / "no-tables.db", data)


def test_a_backup_taken_while_another_writes_is_whole(desk: Desk, data: Reference, tmp_path: Path) -> None:
    take(desk)
    target = tmp_path / "backup.db"
    with closing(open_desk(desk.path, data)) as other, other.writing(OPERATOR.name, NOW) as chain:
        chain.append(chain.new_id(), bodies.CallOpened())
        backup(desk.path, target)
    take(desk)
    assert numbers(target) == ["A-1124-001"]
    with closing(open_reader(target)) as copy:
        # What the other had not committed is not in it.
        assert copy.execute("SELECT count(*) FROM call").fetchone() == (0,)
        assert copy.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert {file.name for file in tmp_path.iterdir()} & {"backup.db.part", "backup.db-wal", "backup.db-shm"} == set()


def test_a_backup_refuses_to_overwrite_and_keeps_the_old_one_when_forced(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "backup.db"
    target.write_text("holiday photos")
    take(desk)
    with pytest.raises(FileInTheWay):
        backup(desk.path, target)
    assert target.read_text() == "holiday photos"
    backup(desk.path, target, force=True)
    assert numbers(target) == ["A-1124-001"]
    assert (tmp_path / "backup.db.old").read_text() == "holiday photos"
    backup(desk.path, target, force=True)
    assert numbers(tmp_path / "backup.db.old-2") == ["A-1124-001"]


@pytest.mark.parametrize("force", [False, True])
def test_a_backup_onto_the_desk_itself_or_a_folder_is_refused(desk: Desk, tmp_path: Path, force: bool) -> None:
    (tmp_path / "folder").mkdir()
    for target in (desk.path, tmp_path / "folder"):
        with pytest.raises(FileInTheWay):
            backup(desk.path, target, force=force)
    assert (tmp_path / "folder").is_dir()
    take(desk)


def test_a_backup_into_a_folder_that_is_not_there_is_said(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(DatabaseUnwritable):
        backup(desk.path, tmp_path / "nowhere" / "backup.db")


def test_an_encrypted_desk_has_encrypted_backups(
    tmp_path: Path, data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("CALLCENTER_KEY", "ab" * 32)
    with closing(init(tmp_path / "a.db", data)) as desk:
        take(desk)
        backup(desk.path, tmp_path / "backup.db")
    assert not (tmp_path / "backup.db").read_bytes().startswith(b"SQLite format 3")
    assert numbers(tmp_path / "backup.db") == ["A-1124-001"]
    monkeypatch.setenv("CALLCENTER_KEY", "cd" * 32)
    with pytest.raises(NotOurDatabase):
        restore(tmp_path / "backup.db", tmp_path / "b.db", NOW)


def test_restoring_where_nothing_is(desk: Desk, data: Reference, tmp_path: Path) -> None:
    take(desk)
    backup(desk.path, tmp_path / "backup.db")
    target = tmp_path / "new" / "folder" / "desk.db"
    assert restore(tmp_path / "backup.db", target, NOW) is None
    with closing(open_desk(target, data)) as restored:
        assert take(restored).number == "A-1124-002"


@pytest.fixture
def closed(tmp_path: Path, data: Reference) -> Iterator[tuple[Path, Path]]:
    """A desk with two requests, closed, and its backup with the first of them."""
    path, copy = tmp_path / "desk.db", tmp_path / "copies" / "backup.db"
    copy.parent.mkdir()
    with closing(init(path, data)) as made:
        take(made)
        backup(path, copy)
        take(made)
    yield path, copy
    assert list(tmp_path.rglob("*.part*")) == []


def test_restoring_over_a_desk_needs_force_and_keeps_the_old_file(closed: tuple[Path, Path]) -> None:
    path, copy = closed
    before = everything(path.parent)
    with pytest.raises(FileInTheWay):
        restore(copy, path, NOW)
    assert everything(path.parent) == before
    kept = restore(copy, path, NOW, force=True)
    assert kept == path.with_name("desk.db.20261124-174000")
    assert numbers(path) == ["A-1124-001"]
    assert numbers(kept) == ["A-1124-001", "A-1124-002"]
    again = restore(copy, path, NOW, force=True)
    assert again == path.with_name("desk.db.20261124-174000-2")


def test_the_backup_itself_is_only_read(closed: tuple[Path, Path], tmp_path: Path) -> None:
    _path, copy = closed
    before = everything(copy.parent)
    restore(copy, tmp_path / "other.db", NOW)
    assert everything(copy.parent) == before


def _text(path: Path) -> None:
    path.write_bytes(b"not a database at all\n" * 500)


def _foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE somebody_elses (x)")


def _torn(path: Path) -> None:
    whole = path.read_bytes()
    path.write_bytes(whole[:8192] + bytes(4096 * 4) + whole[8192 + 4096 * 4 :])


def _newer(path: Path) -> None:
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute("PRAGMA user_version=99")


def test_no_backup_is_made_of_a_damaged_database_and_that_is_what_is_named(closed: tuple[Path, Path]) -> None:
    path, _copy = closed
    _torn(path)
    with pytest.raises(DamagedDatabase) as refusal:
        backup(path, path.with_name("another.db"))
    assert refusal.value.values["path"] == path
    assert not path.with_name("another.db").exists()


@pytest.mark.parametrize(
    ("spoil", "refusal"),
    [
        (lambda path: path.unlink(), NoDatabase),
        (lambda path: path.write_bytes(b""), EmptyDatabase),
        (_text, NotOurDatabase),
        (_foreign, NotOurDatabase),
        (_torn, DamagedDatabase),
        (_newer, NewerDatabase),
    ],
    ids=["missing", "empty", "text", "foreign", "torn", "newer"],
)
def test_a_backup_that_is_none_is_refused_and_nothing_changes(
    closed: tuple[Path, Path], spoil: Callable[[Path], object], refusal: type[CallcenterError]
) -> None:
    path, copy = closed
    spoil(copy)
    before = everything(path.parent), everything(copy.parent)
    with pytest.raises(refusal):
        restore(copy, path, NOW, force=True)
    assert (everything(path.parent), everything(copy.parent)) == before


def _crashed(path: Path, data: Reference) -> None:
    """Leave the desk as a cut-off program does: a third request lies in the WAL only."""
    with closing(open_desk(path, data)) as desk:
        desk.connection.execute("PRAGMA wal_autocheckpoint=0")
        open_request(desk, OPERATOR, NOW, wish())
        cut = {suffix: Path(f"{path}{suffix}").read_bytes() for suffix in ("", "-wal", "-shm")}
    for suffix, contents in cut.items():
        Path(f"{path}{suffix}").write_bytes(contents)


def test_what_the_old_wal_holds_goes_with_the_old_file(closed: tuple[Path, Path], data: Reference) -> None:
    path, copy = closed
    _crashed(path, data)
    kept = restore(copy, path, NOW, force=True)
    assert kept is not None
    assert numbers(path) == ["A-1124-001"]
    assert numbers(kept) == ["A-1124-001", "A-1124-002", "A-1124-003"]


def test_a_wal_left_without_its_file_is_not_mixed_into_the_backup(closed: tuple[Path, Path], data: Reference) -> None:
    path, copy = closed
    _crashed(path, data)
    path.unlink()
    restore(copy, path, NOW)
    assert numbers(path) == ["A-1124-001"]
    with closing(open_reader(path)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def test_an_old_file_that_is_broken_is_kept_as_it_is(closed: tuple[Path, Path]) -> None:
    path, copy = closed
    _text(path)
    broken = path.read_bytes()
    kept = restore(copy, path, NOW, force=True)
    assert kept is not None
    assert kept.read_bytes() == broken
    assert numbers(path) == ["A-1124-001"]


def test_a_backups_own_wal_counts(closed: tuple[Path, Path], data: Reference) -> None:
    path, copy = closed
    _crashed(copy, data)
    restore(copy, path, NOW, force=True)
    assert numbers(path) == ["A-1124-001", "A-1124-002"]


def test_a_desk_that_is_open_is_not_replaced_under_who_works_at_it(
    closed: tuple[Path, Path], data: Reference, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("callcenter.store.transactions.BUSY_TIMEOUT_MS", 50)
    path, copy = closed
    with closing(open_desk(path, data)) as desk:
        with pytest.raises(DatabaseLocked):
            restore(copy, path, NOW, force=True)
        assert take(desk).number == "A-1124-003"
    assert {file.name for file in path.parent.iterdir()} == {"desk.db", "copies"}
    assert numbers(path) == ["A-1124-001", "A-1124-002", "A-1124-003"]


def test_the_supervisor_of_init_may_do_what_supervisors_may(tmp_path: Path, data: Reference) -> None:
    with closing(init(tmp_path / "a.db", data, supervisor=SUPERVISOR.name)) as desk:
        add_operator(desk, SUPERVISOR, NOW, "박상담", "operator")
        assert [one.name for one in reads.people(desk.connection)] == ["박상담", SUPERVISOR.name]
