"""The desk's file: what is refused, in which words, and that nothing is changed by it."""

import multiprocessing
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from threading import Event, Thread

import pytest
from sqlcipher3 import dbapi2

from callcenter.errors import CallcenterError
from callcenter.store import engine, transactions
from callcenter.store.tables import schema
from tests.patience import soon

KEY = "ab" * 32


def make(path: Path) -> Path:
    engine.create(path, schema()).close()
    return path


def foreign(path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("CREATE TABLE somebody_elses (x)")
    connection.close()


def newer(path: Path) -> None:
    make(path)
    connection = dbapi2.connect(str(path))
    connection.execute(f"PRAGMA user_version={engine.SCHEMA_VERSION + 1}")
    connection.close()


@pytest.mark.parametrize(
    ("prepare", "code"),
    [
        (lambda path: None, "no_database"),
        (lambda path: path.mkdir(), "no_database"),
        (lambda path: path.touch(), "empty_database"),
        (lambda path: path.write_bytes(b"not a database at all, just text\n" * 200), "not_our_database"),
        (lambda path: path.write_bytes(os.urandom(8192)), "not_our_database"),
        (foreign, "not_our_database"),
        (newer, "newer_database"),
    ],
    ids=["missing", "folder", "empty", "text", "noise", "foreign", "newer"],
)
def test_a_file_that_is_no_desk_is_refused_in_words_and_left_alone(
    tmp_path: Path, prepare: Callable[[Path], object], code: str
) -> None:
    path = tmp_path / "desk.db"
    prepare(path)
    before = path.read_bytes() if path.is_file() else None
    with pytest.raises(CallcenterError) as refusal:
        engine.open_writer(path)
    assert refusal.value.code == code
    assert str(path) in str(refusal.value)
    assert (path.read_bytes() if path.is_file() else None) == before


def test_making_a_desk_never_touches_a_file_that_is_there(tmp_path: Path) -> None:
    path = tmp_path / "desk.db"
    path.write_text("somebody's notes")
    with pytest.raises(engine.DatabaseExists):
        engine.create(path, schema())
    assert path.read_text() == "somebody's notes"


def test_the_file_is_safe_against_power_cuts_and_traces(tmp_path: Path) -> None:
    connection = engine.open_writer(make(tmp_path / "desk.db"))
    pragmas = {
        name: connection.execute(f"PRAGMA {name}").fetchone()[0]
        for name in ("journal_mode", "synchronous", "foreign_keys", "secure_delete")
    }
    connection.close()
    assert pragmas == {"journal_mode": "wal", "synchronous": 2, "foreign_keys": 1, "secure_delete": 1}
    # Versions before 3.51.3 can lose committed transactions in WAL mode.
    assert dbapi2.sqlite_version_info >= (3, 51, 3)


def test_what_comes_after_a_write_that_did_not_wait_for_the_disk_waits_for_it_again(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    connection = engine.open_writer(path)
    with transactions.writing_unsynced(connection):
        assert connection.execute("PRAGMA synchronous").fetchone()[0] == 1
        connection.execute("INSERT INTO here VALUES ('A')")
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    with pytest.raises(engine.Taken), transactions.writing_unsynced(connection):
        connection.execute("INSERT INTO here VALUES ('A')")
    assert connection.execute("PRAGMA synchronous").fetchone()[0] == 2
    connection.close()
    reader = engine.open_reader(path)
    assert reader.execute("SELECT chain FROM here").fetchall() == [("A",)]
    reader.close()


def test_a_reader_cannot_write(tmp_path: Path) -> None:
    connection = engine.open_reader(make(tmp_path / "desk.db"))
    with pytest.raises(dbapi2.OperationalError, match="readonly"):
        connection.execute("DELETE FROM entry")
    connection.close()


def test_another_writer_for_too_long_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 50)
    path = make(tmp_path / "desk.db")
    holder, waiting = engine.open_writer(path), engine.open_writer(path)
    with transactions.writing(holder):
        with pytest.raises(engine.DatabaseLocked) as refusal, engine.explaining(path):
            waiting.execute("BEGIN IMMEDIATE")
        assert "desk.db" in str(refusal.value)
    holder.close()
    waiting.close()


def test_a_full_disk_is_one_sentence_and_leaves_no_half_transaction(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    connection = engine.open_writer(path)
    pages = connection.execute("PRAGMA page_count").fetchone()[0]
    connection.execute(f"PRAGMA max_page_count={pages + 2}")

    def fill() -> None:
        with engine.explaining(path), transactions.writing(connection):
            for number in range(1000):
                connection.execute("INSERT INTO fold VALUES (?)", (number,))
                connection.execute("INSERT INTO desk VALUES (?, ?, '')", (str(number), "x" * 3000))

    with pytest.raises(engine.DatabaseUnwritable):
        fill()
    assert connection.execute("SELECT count(*) FROM fold").fetchone() == (0,)
    assert not connection.in_transaction
    connection.close()


def test_another_connections_commit_moves_the_data_version(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    reader, writer = engine.open_reader(path), engine.open_writer(path)
    before = engine.data_version(reader)
    assert engine.data_version(reader) == before
    with transactions.writing(writer):
        writer.execute("INSERT INTO fold VALUES (1)")
    assert engine.data_version(reader) != before
    reader.close()
    writer.close()


def test_a_draft_that_is_kept_is_no_entry(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    reader, writer = engine.open_reader(path), engine.open_writer(path)
    version, entry = engine.data_version(reader), engine.last_entry(reader)
    with transactions.writing(writer):
        writer.execute("INSERT INTO draft VALUES ('d', 'who', NULL, NULL, 1, '{}')")
    assert (engine.data_version(reader) == version, engine.last_entry(reader)) == (False, entry)
    with transactions.writing(writer):
        writer.execute("INSERT INTO entry VALUES ('e', 'A', 1, 1, 1, 'who', 'kind', 's', 1, '', x'', x'', x'', x'')")
    assert engine.last_entry(reader) != entry
    reader.close()
    writer.close()


def add_many(path: Path, times: int) -> None:
    connection = engine.open_writer(path)
    for _ in range(times):
        with transactions.writing(connection):
            (value,) = connection.execute("SELECT name FROM desk").fetchone()
            connection.execute("UPDATE desk SET name = ?", (str(int(value) + 1),))
    connection.close()


def test_writers_in_other_processes_lose_no_update(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    connection = engine.open_writer(path)
    connection.execute("INSERT INTO desk VALUES ('a', '0', '')")
    context = multiprocessing.get_context("spawn")
    workers = [context.Process(target=add_many, args=(path, 50)) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert connection.execute("SELECT name FROM desk").fetchone() == ("150",)
    connection.close()


def test_with_a_key_the_file_is_encrypted_and_opens_with_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "desk.db"
    monkeypatch.setenv("CALLCENTER_KEY", KEY)
    connection = engine.create(path, schema())
    connection.execute("INSERT INTO desk VALUES ('a', '남궁카나리아', '')")
    connection.close()
    contents = b"".join(file.read_bytes() for file in tmp_path.iterdir())
    assert b"SQLite format 3" not in contents
    assert "남궁카나리아".encode() not in contents
    engine.open_reader(path).close()
    for wrong in ("cd" * 32, ""):
        monkeypatch.setenv("CALLCENTER_KEY", wrong)
        with pytest.raises(engine.NotOurDatabase):
            engine.open_writer(path)
    monkeypatch.setenv("CALLCENTER_KEY", "short")
    with pytest.raises(engine.BadKey):
        engine.open_writer(path)
    assert capfd.readouterr().err == ""


def test_reading_needs_neither_sqlmodel_nor_pydantic() -> None:
    script = (
        "import sys, callcenter.store.engine, callcenter.store.reads;"
        "sys.exit(' '.join({'sqlmodel', 'sqlalchemy', 'pydantic'} & set(sys.modules)) or 0)"
    )
    result = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
    assert (result.returncode, result.stderr) == (0, "")


@pytest.mark.parametrize("value", [None, True, False, b"", b"\x00\xff"], ids=repr)
def test_what_the_driver_would_ask_about_is_stored_as_it_is(tmp_path: Path, value: object) -> None:
    connection = engine.open_writer(make(tmp_path / "desk.db"))
    kinds = {type(None): "null", bool: "integer", bytes: "blob"}
    found = connection.execute("SELECT ?1, typeof(?1)", (value,)).fetchone()
    connection.close()
    assert found == (value, kinds[type(value)])


def test_threads_take_turns_and_lose_no_write(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")

    def count_up() -> None:
        connection = engine.open_writer(path)
        for _ in range(40):
            with transactions.writing(connection):
                (version,) = connection.execute("SELECT coalesce(max(version), 0) FROM fold").fetchone()
                connection.execute("INSERT INTO fold VALUES (?)", (version + 1,))
        connection.close()

    threads = [Thread(target=count_up) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    connection = engine.open_reader(path)
    assert connection.execute("SELECT max(version), count(*) FROM fold").fetchone() == (120, 120)
    connection.close()


def test_who_waits_for_its_turn_is_seen_and_goes_on_with_it(tmp_path: Path) -> None:
    path = make(tmp_path / "desk.db")
    done = Event()

    def write() -> None:
        connection = engine.open_writer(path)
        with transactions.writing(connection):
            done.set()
        connection.close()

    connection = engine.open_writer(path)
    thread = Thread(target=write)
    with transactions.writing(connection):
        thread.start()
        soon(transactions.somebody_waits)
        assert not done.is_set()
    thread.join()
    assert done.is_set()
    assert not transactions.somebody_waits()
    connection.close()


def test_who_waits_for_its_turn_too_long_is_told_that_the_file_is_held(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = make(tmp_path / "desk.db")
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 20)
    refused: list[CallcenterError] = []

    def write() -> None:
        connection = engine.open_writer(path)
        try:
            with engine.explaining(path), transactions.writing(connection):
                pass
        except CallcenterError as refusal:
            refused.append(refusal)
        connection.close()

    connection = engine.open_writer(path)
    with transactions.writing(connection):
        thread = Thread(target=write)
        thread.start()
        thread.join()
    connection.close()
    assert [refusal.code for refusal in refused] == ["database_locked"]


@pytest.mark.parametrize("version", [-1, 0, *range(1, engine.SCHEMA_VERSION)])
def test_a_version_that_is_not_the_files_own_is_damage_and_nothing_is_changed(tmp_path: Path, version: int) -> None:
    path = tmp_path / "desk.db"
    make(path)
    with closing(dbapi2.connect(str(path))) as connection:
        connection.execute(f"PRAGMA user_version={version}")
    with pytest.raises(engine.DamagedDatabase):
        engine.open_writer(path)
    with closing(dbapi2.connect(str(path))) as connection:
        assert connection.execute("PRAGMA user_version").fetchone() == (version,)
