"""What a thread that writes much does for the disk between its transactions, where no operator waits for it."""

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.store.engine import beside

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


def settle_wal(path: Path) -> None:
    """Have the disk take what was committed without waiting for it, lest the next who does waits for all of that."""
    # It only saves somebody time: whether the disk has it is what a synced commit finds out.
    with suppress(OSError), beside(path)[0].open("r+b") as wal:
        os.fsync(wal.fileno())
