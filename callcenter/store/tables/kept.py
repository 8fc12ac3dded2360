"""What the file keeps that is not folded from the journal: the journal itself, and drafts."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Entry(SQLModel, table=True):
    """A journal entry. `body` and `salt` are NULL once the person in it was erased."""

    __tablename__: ClassVar[Any] = "entry"
    __table_args__: ClassVar[Any] = (
        Index("entry_desk_seq", "desk", "seq", unique=True),
        Index("entry_order", "hlc", "id"),
        Index("entry_subject", "subject", "hlc", "id"),
    )
    id: str = Field(primary_key=True)
    desk: str
    seq: int
    hlc: int
    at: int
    actor: str
    kind: str
    subject: str
    version: int
    body: str | None
    salt: bytes | None
    body_digest: bytes
    prev: bytes
    digest: bytes


class Fold(SQLModel, table=True):
    """How the folded tables were made: one row, the version of the fold's code."""

    __tablename__: ClassVar[Any] = "fold"
    version: int = Field(primary_key=True)


class Here(SQLModel, table=True):
    """Whose file this is: one row, the chain that this file goes on writing (see `journal.entry.desk_name`)."""

    __tablename__: ClassVar[Any] = "here"
    chain: str = Field(primary_key=True)


class Parked(SQLModel, table=True):
    """An entry that could not be folded here, or that the centre would not take, and why; the others go on."""

    __tablename__: ClassVar[Any] = "parked"
    __table_args__: ClassVar[Any] = KEYED
    entry_id: str = Field(primary_key=True)
    way: str = Field(primary_key=True)
    reason: str
    at: int


class Joined(SQLModel, table=True):
    """How far this file and the centre it has joined know of each other: one row, or none for a desk on its own.

    Between `sx`, `n` and the newest, the centre's entries are still to come; of our own chain it has those up to
    `acked`. `since` is the time (milliseconds) before which nothing came that is over. `offset_ms` is what the centre's
    clock is ahead of ours. `live_at` is when (seconds) the link was last known to stand, 0 once it is cut.
    """

    __tablename__: ClassVar[Any] = "joined"
    epoch: str = Field(primary_key=True)
    sx: str
    n: int
    since: int
    chain: str
    acked: int
    offset_ms: int
    live_at: int


class Emptied(SQLModel, table=True):
    """An entry of whom a person was erased here, which the centre has not been told yet."""

    __tablename__: ClassVar[Any] = "emptied"
    __table_args__: ClassVar[Any] = KEYED
    entry_id: str = Field(primary_key=True)


NOTE_EMPTIED = """CREATE TRIGGER entry_emptied AFTER UPDATE OF body ON entry
WHEN new.body IS NULL AND old.body IS NOT NULL BEGIN INSERT OR IGNORE INTO emptied VALUES (new.id); END"""
"""Whichever way a person is erased, it is noted that the centre has to hear of it."""


class Draft(SQLModel, table=True):
    """What an operator typed and has not saved: neither journalled nor folded, for it is no fact yet."""

    __tablename__: ClassVar[Any] = "draft"
    __table_args__: ClassVar[Any] = KEYED
    id: str = Field(primary_key=True)
    operator: str
    call_id: str | None
    request_id: str | None
    saved_at: int
    body: str
