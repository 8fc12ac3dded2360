"""The write lock between programs: taken when another gives it up, refused when it does not."""

from collections.abc import Iterator
from contextlib import ExitStack, closing
from threading import Timer
from typing import TYPE_CHECKING

import pytest
from sqlcipher3 import dbapi2

from callcenter.desk.session import Desk
from callcenter.store import transactions
from callcenter.store.engine import open_writer
from callcenter.store.transactions import writing

if TYPE_CHECKING:
    from sqlite3 import Connection


@pytest.fixture
def other(desk: Desk) -> Iterator["Connection"]:
    """A connection as of another program, which takes no turns with the threads of this one."""
    with closing(open_writer(desk.path)) as connection:
        yield connection


def timeout_of(connection: "Connection") -> int:
    milliseconds: int = connection.execute("PRAGMA busy_timeout").fetchone()[0]
    return milliseconds


def test_a_lock_that_is_given_up_is_taken(desk: Desk, other: "Connection") -> None:
    other.execute("BEGIN IMMEDIATE")
    waits = Timer(0.05, other.execute, ["COMMIT"])
    with ExitStack() as stack:
        waits.start()
        stack.callback(waits.join)
        with writing(desk.connection):
            assert not other.in_transaction
            assert desk.connection.in_transaction
    assert timeout_of(desk.connection) == transactions.BUSY_TIMEOUT_MS


def test_a_lock_that_is_kept_is_refused_in_time(
    desk: Desk, other: "Connection", monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(transactions, "BUSY_TIMEOUT_MS", 20)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(dbapi2.OperationalError, match="locked"), writing(desk.connection):
        pytest.fail("the lock was somebody else's")
    assert not desk.connection.in_transaction
    other.execute("ROLLBACK")
    with writing(desk.connection):
        assert desk.connection.in_transaction
