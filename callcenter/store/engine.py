"""The desk's SQLite file: making it, opening it, one write transaction at a time, noticing others' writes."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from sqlcipher3 import dbapi2

from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store import transactions

if TYPE_CHECKING:
    # sqlcipher3 is a clone of the standard module and has no type stubs of its own.
    from sqlite3 import Connection

APPLICATION_ID = 0x43414C4C  # «CALL»
SCHEMA_VERSION = 3
FOLD_VERSION = 7
"""Of the tables that are folded and of the fold itself: raised with either, so that older files are folded again."""
# More than a fold of everything needs: preparing a statement again costs more than running it.
_STATEMENTS_KEPT = 512

# What brings a file of a version to the next one, as it was then: later tables must not change it.
_UPGRADES: dict[int, tuple[str, ...]] = {
    1: (
        "CREATE TABLE draft (id VARCHAR NOT NULL, operator VARCHAR NOT NULL, call_id VARCHAR, request_id VARCHAR, "
        "saved_at INTEGER NOT NULL, body VARCHAR NOT NULL, PRIMARY KEY (id)) WITHOUT ROWID",
    ),
    2: (
        "CREATE TABLE here (chain VARCHAR NOT NULL, PRIMARY KEY (chain))",
        "INSERT INTO here SELECT desk FROM entry WHERE rowid = (SELECT min(rowid) FROM entry)",
        "CREATE TABLE parked (entry_id VARCHAR NOT NULL, way VARCHAR NOT NULL, reason VARCHAR NOT NULL, "
        "at INTEGER NOT NULL, PRIMARY KEY (entry_id, way)) WITHOUT ROWID",
        "CREATE TABLE joined (epoch VARCHAR NOT NULL, sx VARCHAR NOT NULL, n INTEGER NOT NULL, since INTEGER NOT NULL, "
        "chain VARCHAR NOT NULL, acked INTEGER NOT NULL, offset_ms INTEGER NOT NULL, live_at INTEGER NOT NULL, "
        "PRIMARY KEY (epoch))",
        "CREATE TABLE emptied (entry_id VARCHAR NOT NULL, PRIMARY KEY (entry_id)) WITHOUT ROWID",
        "CREATE TRIGGER entry_emptied AFTER UPDATE OF body ON entry WHEN new.body IS NULL AND old.body IS NOT NULL "
        "BEGIN INSERT OR IGNORE INTO emptied VALUES (new.id); END",
    ),
}

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA secure_delete=ON",
    "PRAGMA cell_size_check=ON",
    "PRAGMA temp_store=MEMORY",
    # The thread of the link, which writes most, moves the WAL into the file long before (`store.wal`); without one an
    # operator's commit does, one of hundreds.
    "PRAGMA wal_autocheckpoint=4000",
)


Taken = dbapi2.IntegrityError
"""The driver's word for a key that is there already: a place that somebody else has."""


# Every None, bool and bytes that is bound is asked how it wants to be stored, by three failing look-ups that cost four
# times what binding does, unless there is an answer: each of these is stored as it is.
dbapi2.register_adapter(type(None), {}.get)
dbapi2.register_adapter(bool, int)
dbapi2.register_adapter(bytes, bytes)

UNSTORABLE = (dbapi2.IntegrityError, dbapi2.DataError, dbapi2.InterfaceError, dbapi2.ProgrammingError)
"""What the driver says of values that a table cannot hold, as against a file that cannot be written."""


class NoDatabase(CallcenterError):
    """There is no file at the path. Values: path."""

    code = "no_database"
    sentence = mark("There is no database at {path}. Make one with «callcenter init».")


class EmptyDatabase(CallcenterError):
    """The file has no bytes, so what was in it is lost or was never there. Values: path."""

    code = "empty_database"
    sentence = mark("{path} is empty. Restore a backup with «callcenter restore», or remove the file and init.")


class NotOurDatabase(CallcenterError):
    """The file is not a desk's database, or it is encrypted with another key. Values: path."""

    code = "not_our_database"
    sentence = mark("{path} is not a callcenter database, or its key is another one. Check the path and the key.")


class DamagedDatabase(CallcenterError):
    """The file is a desk's, but some of its pages hold something else now. Values: path."""

    code = "damaged_database"
    sentence = mark("{path} is damaged. Keep a copy of it, then put a backup back: «callcenter restore FILE --force».")


class NewerDatabase(CallcenterError):
    """The file was written by a newer program. Values: path, found, known."""

    code = "newer_database"
    sentence = mark(
        "{path} was written by a newer callcenter (format {found}, this one knows {known}). Please upgrade."
    )


class DatabaseExists(CallcenterError):
    """A new database may not replace a file. Values: path."""

    code = "database_exists"
    sentence = mark("{path} exists already. Nothing was changed.")


class DatabaseLocked(CallcenterError):
    """Another program held the write lock for longer than we wait. Values: path."""

    code = "database_locked"
    sentence = mark("Another program is holding {path}. Close it and try again; nothing was changed.")


class DatabaseUnwritable(CallcenterError):
    """The disk is full or the file may not be written. Values: path, reason."""

    code = "database_unwritable"
    sentence = mark("{path} cannot be written ({reason}). Free some space or ask for the right to write.")


class BadKey(CallcenterError):
    """The key in CALLCENTER_KEY has the wrong form."""

    code = "bad_key"
    sentence = mark("CALLCENTER_KEY has to be 64 hexadecimal digits.")


def _key() -> str | None:
    """The raw 32-byte key of the file as hex, from CALLCENTER_KEY; without one the file is plain SQLite."""
    key = os.environ.get("CALLCENTER_KEY")
    if not key:
        return None
    try:
        valid = len(bytes.fromhex(key)) == 32
    except ValueError:
        valid = False
    if not valid:
        raise BadKey
    return key


def _connect(path: Path, mode: Literal["rw", "ro", "rwc"]) -> "Connection":
    key = _key()
    connection: Connection = dbapi2.connect(
        f"{path.absolute().as_uri()}?mode={mode}",
        uri=True,
        isolation_level=None,
        check_same_thread=False,
        timeout=transactions.BUSY_TIMEOUT_MS / 1000,
        cached_statements=_STATEMENTS_KEPT,
    )
    if key is not None:
        # On a wrong key SQLCipher writes to stderr, which is the operator's screen.
        connection.execute("PRAGMA cipher_log_level=NONE")
        connection.execute(f"PRAGMA key=\"x'{key}'\"")
    return connection


def explained(error: Exception, path: Path) -> CallcenterError | None:
    """Our refusal for a driver's error, or None where the error is a fault of the program."""
    text = str(error)
    if not isinstance(error, dbapi2.DatabaseError):
        return None
    if "locked" in text or "busy" in text:
        return DatabaseLocked(path=path)
    if "not a database" in text:
        return NotOurDatabase(path=path)
    if any(sign in text for sign in ("malformed", "decode to UTF-8", "already exists", "duplicate column")):
        # The driver repeats the text it could not read, which may be a family's. A table is there already where the
        # file says that it is of an older version than it is.
        return DamagedDatabase(path=path)
    if any(sign in text for sign in ("full", "readonly", "disk I/O", "unable to open")):
        return DatabaseUnwritable(path=path, reason=text)
    return None


@contextmanager
def explaining(path: Path) -> Iterator[None]:
    """Turn a driver's error inside into the refusal that says what to do."""
    try:
        yield
    except dbapi2.DatabaseError as error:
        refusal = explained(error, path)
        if refusal is None:
            raise
        raise refusal from error


def _open(path: Path, mode: Literal["rw", "ro"]) -> "Connection":
    if not path.is_file():
        raise NoDatabase(path=path)
    if path.stat().st_size == 0:
        raise EmptyDatabase(path=path)
    with explaining(path):
        connection = _connect(path, mode)
        try:
            application_id = connection.execute("PRAGMA application_id").fetchone()[0]
            version = version_of(connection)
            if application_id != APPLICATION_ID:
                raise NotOurDatabase(path=path)
            if version < 1:
                # Its making was cut off before the tables were there; with tables somebody changed the version.
                made = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
                raise DamagedDatabase(path=path) if made else EmptyDatabase(path=path)
            if version > SCHEMA_VERSION:
                raise NewerDatabase(path=path, found=version, known=SCHEMA_VERSION)
            for pragma in _PRAGMAS:
                connection.execute(pragma)
        except BaseException:
            connection.close()
            raise
    return connection


def open_writer(path: Path) -> "Connection":
    """A connection that writes; raises a named refusal when the file is not a usable desk database.

    A file that an older program made is brought to the version of this one first.
    """
    connection = _open(path, "rw")
    try:
        with explaining(path):
            if version_of(connection) < SCHEMA_VERSION:
                _upgrade(connection)
    except BaseException:
        connection.close()
        raise
    return connection


def version_of(connection: "Connection") -> int:
    """The version of the file's tables: one that only reads may meet an older one."""
    version: int = connection.execute("PRAGMA user_version").fetchone()[0]
    return version


def is_folded(connection: "Connection") -> bool:
    """Whether this program's fold made the tables; a newer program knows kinds that an older one kept unfolded."""
    return [row[0] for row in connection.execute("SELECT version FROM fold")] == [FOLD_VERSION]


def _upgrade(connection: "Connection") -> None:
    with transactions.writing(connection):
        # Another program may have done it while we waited for the lock.
        for version in range(version_of(connection), SCHEMA_VERSION):
            for statement in _UPGRADES[version]:
                connection.execute(statement)
        connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")


def open_reader(path: Path) -> "Connection":
    """A connection that only reads, beside the writer's."""
    connection = _open(path, "rw")
    # A read-only open cannot create the shared memory of the WAL when it is the first to come.
    connection.execute("PRAGMA query_only=ON")
    return connection


def create(path: Path, schema: list[str]) -> "Connection":
    """Make a new desk database with these DDL statements and open it, or leave no file behind.

    Refuses to touch a file that is there.
    """
    if path.exists():
        raise DatabaseExists(path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    with explaining(path):
        connection = _connect(path, "rwc")
        try:
            connection.execute(f"PRAGMA application_id={APPLICATION_ID}")
            for pragma in _PRAGMAS:
                connection.execute(pragma)
            with transactions.writing(connection):
                for statement in schema:
                    connection.execute(statement)
                connection.execute(f"PRAGMA user_version={SCHEMA_VERSION}")
            connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        except BaseException:
            connection.close()
            remove(path)
            raise
    return connection


def beside(path: Path) -> list[Path]:
    """The files that SQLite keeps beside a database while it is open, or after a crash."""
    return [Path(f"{path}-wal"), Path(f"{path}-shm")]


def remove(path: Path) -> None:
    """Remove a database with what lies beside it."""
    for file in (path, *beside(path)):
        file.unlink(missing_ok=True)


def data_version(connection: "Connection") -> int:
    """A number that moves when another connection has committed; compare it on one connection only."""
    version: int = connection.execute("PRAGMA data_version").fetchone()[0]
    return version


def last_entry(connection: "Connection") -> int:
    """A number that moves with every entry of the journal, and so not when only drafts were kept."""
    number: int = connection.execute("SELECT coalesce(max(rowid), 0) FROM entry").fetchone()[0]
    return number
