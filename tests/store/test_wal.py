"""When the WAL is moved into the file, and by whom."""

from pathlib import Path

from callcenter.store import engine
from callcenter.store.tables import schema
from callcenter.store.wal import checkpoint, checkpoint_apart


def test_a_long_wal_is_moved_into_the_file_apart_from_any_commit(tmp_path: Path) -> None:
    connection = engine.create(tmp_path / "desk.db", schema())
    checkpoint_apart(connection)

    def left() -> int:
        _busy, written, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
        return int(written - moved)

    with engine.writing(connection):
        connection.execute("INSERT INTO here VALUES ('A')")
    checkpoint(connection)
    assert left() > 0
    with engine.writing(connection):
        connection.execute("INSERT INTO here VALUES (hex(zeroblob(5000000)))")
    assert left() > 1000
    checkpoint(connection)
    assert left() == 0
    connection.close()
