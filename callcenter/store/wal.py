"""Moving the WAL into the file in a thread that writes much, where no operator waits for it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection

_LONG = 1000
"""Pages: so many make a move worth its two waits for the disk."""


def checkpoint_apart(connection: "Connection") -> None:
    """No commit of this connection moves the WAL into the file, for which others would wait; `checkpoint` does."""
    connection.execute("PRAGMA wal_autocheckpoint=0")


def checkpoint(connection: "Connection") -> None:
    """Move a long WAL into the file, beside whoever reads or writes."""
    _busy, written, moved = connection.execute("PRAGMA wal_checkpoint(NOOP)").fetchone()
    if written - moved >= _LONG:
        connection.execute("PRAGMA wal_checkpoint(PASSIVE)")
