"""Joining a centre and leaving it: what the file keeps of it, and the connection file beside the database."""

import os
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.store import joined as kept
from callcenter.store.entries import chain_here
from callcenter.sync import connection_file
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.problems import NotJoined, WrongDesk

if TYPE_CHECKING:
    from sqlite3 import Connection

DAYS = 90
"""Of finished work, so much is fetched unless the desk's settings say otherwise."""


def beside(database: Path) -> Path:
    """Where the connection file of a desk that has joined lies."""
    return database.with_name(f"{database.name}.centre")


def kept_file(database: Path) -> ConnectionFile | None:
    """The connection file of the desk, or None for a desk on its own."""
    path = beside(database)
    return connection_file.read(path) if path.exists() else None


def joined_file(database: Path) -> ConnectionFile:
    """The same; raises `NotJoined` for a desk on its own."""
    found = kept_file(database)
    if found is None:
        raise NotJoined
    return found


def joined_row(connection: "Connection") -> kept.JoinedRow:
    """How far the file and its centre know of each other; raises `NotJoined` for a desk on its own."""
    row = kept.joined(connection)
    if row is None:
        raise NotJoined
    return row


def keep(database: Path, file: ConnectionFile) -> Path:
    """Lay the connection file beside the database, for nobody but its owner to read."""
    path = beside(database)
    unfinished = path.with_name(f"{path.name}.part")
    unfinished.unlink(missing_ok=True)
    # Made for the owner alone from the first moment, not afterwards.
    number = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(number, "w", encoding="utf-8") as writer:
        writer.write(connection_file.text(file))
    unfinished.replace(path)
    return path


def forget(database: Path) -> None:
    """Remove the connection file."""
    beside(database).unlink(missing_ok=True)


def refuse_other(file: ConnectionFile, desk: str) -> None:
    """Raise `WrongDesk` when the file was made for another desk."""
    if file.desk != desk:
        raise WrongDesk(file=file.desk, desk=desk)


def since_ms(now: datetime, days: int) -> int:
    """Before when nothing comes that is over, in milliseconds since 1970."""
    return int((now - timedelta(days=days)).timestamp() * 1000)


def begin(connection: "Connection", since: int) -> None:
    """Note in the caller's transaction that the desk has joined.

    One that had joined before walks through all of it once more: it may see more than it did, or want more.
    """
    before = kept.joined(connection)
    if before is None:
        kept.join(connection, kept.JoinedRow("", "0", 0, since, chain_here(connection), 0, 0, 0))
    else:
        kept.join(connection, before._replace(sx="0", n=0, since=min(since, before.since)))
