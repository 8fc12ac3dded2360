"""Transactions: one writer at a time, and what a reader sees stands still."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock, get_ident
from time import monotonic, sleep
from typing import TYPE_CHECKING

from sqlcipher3 import dbapi2

if TYPE_CHECKING:
    # sqlcipher3 is a clone of the standard module and has no type stubs of its own.
    from sqlite3 import Connection

BUSY_TIMEOUT_MS = 5000
_WAITING: set[int] = set()
# The threads of this program take turns by it: one that waits here goes on at once. Between programs a connection that
# finds the file locked has to look again; left alone it does after 1, 2, 5, 10 and more milliseconds, though nobody
# holds the lock for long.
_TURN = RLock()
_LOOK_AGAIN_SECONDS = 0.001


def somebody_waits() -> bool:
    """Whether another thread of this program waits to write: who writes much lets it go first."""
    return bool(_WAITING)


@contextmanager
def writing(connection: "Connection") -> Iterator[None]:
    """One write transaction, taken at once: a deferred one lost updates of concurrent writers."""
    with _turn():
        _begin(connection)
        try:
            yield
            connection.execute("COMMIT")
        except BaseException:
            # A full disk rolls back by itself; a second ROLLBACK would hide the reason.
            if connection.in_transaction:
                connection.execute("ROLLBACK")
            raise


def _begin(connection: "Connection") -> None:
    """Take the write lock as soon as another program gives it up, or raise when it does not in time."""
    until = monotonic() + BUSY_TIMEOUT_MS / 1000
    connection.execute("PRAGMA busy_timeout=0")
    try:
        while True:
            try:
                connection.execute("BEGIN IMMEDIATE")
            except dbapi2.OperationalError as error:
                if "locked" not in str(error) or monotonic() > until:
                    raise
                sleep(_LOOK_AGAIN_SECONDS)
            else:
                return
    finally:
        connection.execute(f"PRAGMA busy_timeout={BUSY_TIMEOUT_MS}")


@contextmanager
def _turn() -> Iterator[None]:
    _WAITING.add(get_ident())
    try:
        if not _TURN.acquire(timeout=BUSY_TIMEOUT_MS / 1000):
            raise dbapi2.OperationalError("database is locked")
    finally:
        _WAITING.discard(get_ident())
    try:
        yield
    finally:
        _TURN.release()


@contextmanager
def writing_unsynced(connection: "Connection") -> Iterator[None]:
    """One write transaction of what can be had again from elsewhere: when it is committed the disk may not have it yet.

    The disk has it with the next commit of anybody that waits for it: nothing is decided on what could still be lost.
    """
    connection.execute("PRAGMA synchronous=NORMAL")
    try:
        with writing(connection):
            yield
    finally:
        connection.execute("PRAGMA synchronous=FULL")


@contextmanager
def reading(connection: "Connection") -> Iterator[None]:
    """One snapshot for several reads that have to agree."""
    connection.execute("BEGIN")
    try:
        yield
    finally:
        connection.execute("COMMIT")
