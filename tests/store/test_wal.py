"""When the WAL is moved into the file, and by whom."""

import os
from pathlib import Path

import pytest

from callcenter.store import engine, transactions
from callcenter.store.tables import schema
from callcenter.store.wal import checkpoint, checkpoint_apart, settle_wal


def test_a_long_wal_is_moved_into_the_file_apart_from_any_commit(tmp_path: Path) -> None:
    connection = engine.create(tmp_path / "desk.db", schema())
    checkpoint_apart(connection)

    def left() -> int:
        _busy, written, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return int(written - moved)

    with transactions.writing(connection):
        connection.execute("INSERT INTO here VALUES ('A')")
    checkpoint(connection)
    assert left() > 0
    with transactions.writing(connection):
        connection.execute("INSERT INTO here VALUES (hex(zeroblob(5000000)))")
    assert left() > 1000
    checkpoint(connection)
    assert left() == 0
    connection.close()


def test_the_disk_takes_the_wal_and_a_wal_that_is_not_there_is_no_trouble(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "desk.db"
    taken: list[tuple[int, int]] = []
    fsync = os.fsync

    def seen(number: int) -> None:
        taken.append((os.fstat(number).st_ino, os.fstat(number).st_size))
        fsync(number)

    monkeypatch.setattr(os, "fsync", seen)
    settle_wal(path)
    connection = engine.create(path, schema())
    with transactions.writing_unsynced(connection):
        connection.execute("INSERT INTO here VALUES ('A')")
    settle_wal(path)
    wal = Path(f"{path}-wal").stat()
    assert taken == [(wal.st_ino, wal.st_size)]
    assert connection.execute("SELECT chain FROM here").fetchone() == ("A",)
    connection.close()
