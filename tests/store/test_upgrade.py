"""A file of an older program: read as it is, and brought up to date by whoever writes first."""

from contextlib import closing
from pathlib import Path

import pytest
from sqlcipher3 import dbapi2

from callcenter.store import drafts, engine
from callcenter.store.drafts import DraftRow
from callcenter.store.tables import schema

DRAFT = DraftRow("d1", "김상담", None, None, 100, "{}")


@pytest.fixture
def old(tmp_path: Path) -> Path:
    """A file as the first version made it."""
    path = tmp_path / "desk.db"
    with closing(engine.create(path, schema())) as connection:
        connection.execute("DROP TRIGGER entry_emptied")
        for table in ("draft", "here", "parked", "joined", "emptied"):
            connection.execute(f"DROP TABLE {table}")
        connection.execute("PRAGMA user_version=1")
    return path


def test_reading_an_old_file_changes_nothing_and_finds_no_drafts(old: Path) -> None:
    with closing(engine.open_reader(old)) as connection:
        assert engine.version_of(connection) == 1
        assert drafts.drafts(connection) == []


def test_whoever_writes_first_brings_it_up_to_date(old: Path, tmp_path: Path) -> None:
    with closing(engine.open_writer(old)) as connection, closing(engine.open_writer(old)) as other:
        assert engine.version_of(connection) == engine.SCHEMA_VERSION
        drafts.save(connection, DRAFT)
        assert drafts.drafts(other) == [DRAFT]
        columns = connection.execute("PRAGMA table_info(draft)").fetchall()
    with closing(engine.create(tmp_path / "new.db", schema())) as connection:
        assert connection.execute("PRAGMA table_info(draft)").fetchall() == columns


def test_an_upgrade_that_fails_leaves_the_old_file(old: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engine, "_UPGRADES", {1: ("CREATE TABLE draft (id)", "CREATE nonsense")})
    with pytest.raises(dbapi2.DatabaseError):
        engine.open_writer(old)
    with closing(engine.open_reader(old)) as connection:
        assert engine.version_of(connection) == 1
        assert connection.execute("SELECT count(*) FROM sqlite_master WHERE name = 'draft'").fetchone() == (0,)
