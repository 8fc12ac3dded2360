"""The rows of the journal: writing them as they are, and reading them in the orders that the journal needs."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from callcenter.store.tables import folded_schema

if TYPE_CHECKING:
    from sqlite3 import Connection

_INSERT = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_IN_FOLD_ORDER = "SELECT * FROM entry ORDER BY hlc, id"
_OF_SUBJECT = "SELECT * FROM entry WHERE subject = ? ORDER BY hlc, id"
_IN_CHAIN_ORDER = "SELECT * FROM entry ORDER BY desk, seq"
_OF_CHAIN_AFTER = "SELECT * FROM entry WHERE desk = ? AND seq > ? ORDER BY seq"
_DIGEST_AT = "SELECT digest FROM entry WHERE desk = ? AND seq = ?"
_RECHAIN = "UPDATE entry SET desk = ?, seq = ?, prev = ?, digest = ? WHERE id = ?"
_LAST_OF_DESK = "SELECT seq, digest FROM entry WHERE desk = ? ORDER BY seq DESC LIMIT 1"
_LAST_CLOCK = "SELECT max(hlc) FROM entry"
_NEWEST_OF_SUBJECT = "SELECT hlc, id FROM entry WHERE subject = ? ORDER BY hlc DESC, id DESC LIMIT 1"
_KNOWN = "SELECT 1 FROM entry WHERE id = ?"
_EMPTY = "UPDATE entry SET body = NULL, salt = NULL WHERE subject = ? AND kind = ? AND body IS NOT NULL"
_GROUPS_SAID = """
    SELECT id, places, confirmed_at, confirmed_by, confirmed_how, lowered_at FROM provider_group WHERE provider_id = ?
"""
_NAMED_GUARDIAN = "SELECT name, phone FROM guardian WHERE id = ?"
_NAMED_CHILD = "SELECT name, '' FROM child WHERE id = ?"


def insert(connection: "Connection", row: Sequence[object]) -> None:
    """Write one entry's row, its values in the order of the columns."""
    connection.executemany(_INSERT, (row,))


def remake_folded(connection: "Connection") -> list[str]:
    """Drop and make the folded tables anew; returns the DDL that is still to run when they are full."""
    before, after = folded_schema()
    for statement in before:
        connection.execute(statement)
    return after


def in_fold_order(connection: "Connection") -> Iterator[tuple[Any, ...]]:
    """Every row by clock and identifier."""
    return connection.execute(_IN_FOLD_ORDER)


def of_subject(connection: "Connection", subject: str) -> list[tuple[Any, ...]]:
    """The rows of one subject in fold order."""
    return connection.execute(_OF_SUBJECT, (subject,)).fetchall()


def in_chain_order(connection: "Connection") -> Iterator[tuple[Any, ...]]:
    """Every row, desk by desk, in the order it was written there."""
    return connection.execute(_IN_CHAIN_ORDER)


def of_chain_after(connection: "Connection", chain: str, seq: int) -> Iterator[tuple[Any, ...]]:
    """The rows of a chain behind the sequence number, in the order they were written."""
    return connection.execute(_OF_CHAIN_AFTER, (chain, seq))


def digest_at(connection: "Connection", chain: str, seq: int) -> bytes | None:
    """The digest of one entry of a chain."""
    row = connection.execute(_DIGEST_AT, (chain, seq)).fetchone()
    return None if row is None else bytes(row[0])


def last_of_desk(connection: "Connection", desk: str) -> tuple[int, bytes] | None:
    """The sequence number and digest of the desk's last entry."""
    row: tuple[int, bytes] | None = connection.execute(_LAST_OF_DESK, (desk,)).fetchone()
    return row


def chain_here(connection: "Connection") -> str:
    """The chain of entries that this file goes on writing."""
    chain: str = connection.execute("SELECT chain FROM here").fetchone()[0]
    return chain


def set_chain_here(connection: "Connection", chain: str) -> None:
    """From the next transaction on this file writes another chain."""
    connection.execute("UPDATE here SET chain = ?", (chain,))


def rechain(connection: "Connection", moved: Sequence[tuple[str, int, bytes, bytes, str]]) -> None:
    """Give entries another place: chain, sequence number, link and digest for each identifier."""
    connection.executemany(_RECHAIN, moved)


def last_clock(connection: "Connection") -> int:
    """The newest hybrid logical clock of any entry; 0 in an empty journal."""
    return connection.execute(_LAST_CLOCK).fetchone()[0] or 0


def newest_of_subject(connection: "Connection", subject: str) -> tuple[int, str] | None:
    """The clock and identifier of the subject's newest entry."""
    row: tuple[int, str] | None = connection.execute(_NEWEST_OF_SUBJECT, (subject,)).fetchone()
    return row


def is_known(connection: "Connection", identifier: str) -> bool:
    """Whether the entry is here already."""
    return connection.execute(_KNOWN, (identifier,)).fetchone() is not None


def empty(connection: "Connection", subject: str, kinds: Sequence[str]) -> int:
    """Set body and salt of the subject's entries of these kinds to NULL; returns how many there were."""
    return sum(connection.execute(_EMPTY, (subject, kind)).rowcount for kind in kinds)


def groups_said(connection: "Connection", provider: str) -> dict[str, dict[str, Any]]:
    """What is known of the places of a provider's groups: columns by group."""
    columns = ("places", "confirmed_at", "confirmed_by", "confirmed_how", "lowered_at")
    rows = connection.execute(_GROUPS_SAID, (provider,))
    return {row[0]: dict(zip(columns, row[1:], strict=True)) for row in rows}


def named_person(connection: "Connection", guardian: str, child: str) -> tuple[str, str] | None:
    """Name and stored number of the guardian, or with `child` of that child, who has none; None when unknown."""
    sql, identifier = (_NAMED_CHILD, child) if child else (_NAMED_GUARDIAN, guardian)
    row: tuple[str, str] | None = connection.execute(sql, (identifier,)).fetchone()
    return row
