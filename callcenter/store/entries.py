"""The rows of the journal: writing them as they are, and reading them in the orders that the journal needs."""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.store.tables import folded_schema
from callcenter.store.writes import Gathering

if TYPE_CHECKING:
    from sqlite3 import Connection

_INSERT = "INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
_IN_FOLD_ORDER = "SELECT * FROM entry ORDER BY hlc, id"
_OF_SUBJECT = "SELECT * FROM entry WHERE subject = ? ORDER BY hlc, id"
_IN_CHAIN_ORDER = "SELECT * FROM entry ORDER BY desk, seq"
_OF_CHAIN_AFTER = "SELECT * FROM entry WHERE desk = ? AND seq > ? ORDER BY seq"
_OF_KINDS_AFTER = """SELECT * FROM entry WHERE desk = ? AND seq > ? AND kind IN (SELECT value FROM json_each(?))
                     ORDER BY seq"""
_DIGEST_AT = "SELECT digest FROM entry WHERE desk = ? AND seq = ?"
_RECHAIN = "UPDATE entry SET desk = ?, seq = ?, prev = ?, digest = ? WHERE id = ?"
_LAST_OF_DESK = "SELECT seq, digest FROM entry WHERE desk = ? ORDER BY seq DESC LIMIT 1"
_LAST_CLOCK = "SELECT max(hlc) FROM entry"
_OF_SEVERAL = "SELECT 1 FROM entry WHERE subject = ? AND desk <> ? LIMIT 1"
_KNOWN = """SELECT e.id, e.digest, e.kind, e.subject, e.body IS NULL
            FROM json_each(?) wanted JOIN entry e ON e.id = wanted.value"""
_NUMBERED = "SELECT desk, seq FROM entry WHERE desk = ? AND seq IN (SELECT value FROM json_each(?))"
_SO_FAR = """SELECT wanted.value, max(e.hlc), min(e.desk), max(e.desk)
             FROM json_each(?) wanted JOIN entry e ON e.subject = wanted.value GROUP BY wanted.value"""
# What was written before an erasure goes, and whatever other chains wrote of the same, who may not have known of it.
_ERASED = """WHERE subject = :subject AND kind IN (SELECT value FROM json_each(:kinds)) AND body IS NOT NULL
             AND ((hlc, id) <= (:hlc, :id) OR desk <> :desk)"""
_EMPTY = f"UPDATE entry SET body = NULL, salt = NULL {_ERASED}"  # noqa: S608 - ours
_ERASURES = """SELECT x.subject, x.hlc, x.entry_id, x.desk
               FROM json_each(?) wanted JOIN erased_subject x ON x.subject = wanted.value"""
_ERASED_ELSEWHERE = "SELECT 1 FROM erased_subject WHERE subject = ? AND desk <> ? LIMIT 1"
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


def insert_all(connection: "Connection", entries: Sequence[Sequence[object]]) -> None:
    """Write many entries' rows."""
    if entries:
        gathering = Gathering(connection)
        gathering.executemany(_INSERT, entries)
        gathering.write()


def unpark_folds(connection: "Connection", but: Iterable[str], subject: str | None = None) -> None:
    """Forget which entries, of one subject or of all, could not be folded; not those that were refused, as `but` says.

    An entry that was refused is not here, or is not what arrived.
    """
    sql = """DELETE FROM parked WHERE way = 'in' AND reason NOT IN (SELECT value FROM json_each(:but))
             AND (:subject IS NULL OR entry_id IN (SELECT id FROM entry WHERE subject = :subject))"""
    connection.execute(sql, {"but": json.dumps(list(but)), "subject": subject})


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


def of_kinds_after(connection: "Connection", chain: str, seq: int, kinds: Iterable[str]) -> Iterator[tuple[Any, ...]]:
    """Those of them that are of one of these kinds."""
    return connection.execute(_OF_KINDS_AFTER, (chain, seq, json.dumps(list(kinds))))


def last_of_desk(connection: "Connection", desk: str) -> tuple[int, bytes] | None:
    """The sequence number and digest of the desk's last entry."""
    row: tuple[int, bytes] | None = connection.execute(_LAST_OF_DESK, (desk,)).fetchone()
    return row


def chain_here(connection: "Connection") -> str:
    """The chain of entries that this file goes on writing."""
    chain: str = connection.execute("SELECT chain FROM here").fetchone()[0]
    return chain


def chains_beside(connection: "Connection", chain: str) -> list[str]:
    """Every other chain that this file holds entries of."""
    rows = connection.execute("SELECT DISTINCT desk FROM entry WHERE desk <> ? ORDER BY desk", (chain,))
    return [row[0] for row in rows]


def digests_since(connection: "Connection", since: int) -> Iterator[bytes]:
    """The digests of all entries written since (milliseconds)."""
    return (bytes(row[0]) for row in connection.execute("SELECT digest FROM entry WHERE at >= ?", (since,)))


def ids_of_bucket(connection: "Connection", bucket: int, since: int) -> dict[str, str]:
    """The entries written since (milliseconds) whose digest begins with this byte: identifier, and chain."""
    sql = "SELECT id, desk FROM entry WHERE at >= ? AND substr(digest, 1, 1) = ?"
    return dict(connection.execute(sql, (since, bytes([bucket]))).fetchall())


def set_chain_here(connection: "Connection", chain: str) -> None:
    """From the next transaction on this file writes another chain."""
    connection.execute("UPDATE here SET chain = ?", (chain,))


def rechain(connection: "Connection", moved: Sequence[tuple[str, int, bytes, bytes, str]]) -> None:
    """Give entries another place: chain, sequence number, link and digest for each identifier."""
    connection.executemany(_RECHAIN, moved)


def desk_here(connection: "Connection") -> str:
    """The desk whose file this is; "" before it has one."""
    row = connection.execute("SELECT substr(chain, 1, instr(chain || '~', '~') - 1) FROM here").fetchone()
    return "" if row is None else str(row[0])


def last_clock(connection: "Connection") -> int:
    """The newest hybrid logical clock of any entry; 0 in an empty journal."""
    return connection.execute(_LAST_CLOCK).fetchone()[0] or 0


def is_of_several(connection: "Connection", subject: str, chain: str) -> bool:
    """Whether entries of other chains than this one are about the subject."""
    return connection.execute(_OF_SEVERAL, (subject, chain)).fetchone() is not None


class KnownEntry(NamedTuple):
    """What is here already of an entry that arrives."""

    id: str
    digest: bytes
    kind: str
    subject: str
    is_empty: bool


def known(connection: "Connection", identifiers: Iterable[str]) -> dict[str, KnownEntry]:
    """Those of the entries that are here already."""
    rows = connection.execute(_KNOWN, (json.dumps(list(identifiers)),))
    return {row[0]: KnownEntry(row[0], row[1], row[2], row[3], bool(row[4])) for row in rows}


def numbered(connection: "Connection", numbers: Iterable[tuple[str, int]]) -> set[tuple[str, int]]:
    """Those of the (chain, number) that an entry here has."""
    of_chain: defaultdict[str, list[int]] = defaultdict(list)
    for chain, number in numbers:
        of_chain[chain].append(number)
    found: set[tuple[str, int]] = set()
    for chain, wanted in of_chain.items():
        found.update(connection.execute(_NUMBERED, (chain, json.dumps(wanted))))
    return found


class SoFar(NamedTuple):
    """What a subject's entries were until now: the newest clock, and the one chain they are of, None for several."""

    newest: int
    chain: str | None


def so_far(connection: "Connection", subjects: Iterable[str]) -> dict[str, SoFar]:
    """Those of the subjects that have entries."""
    rows = connection.execute(_SO_FAR, (json.dumps(list(subjects)),))
    return {subject: SoFar(newest, first if first == last else None) for subject, newest, first, last in rows}


class Erasure(NamedTuple):
    """An entry by which a person was erased, and one of the subjects that were about that person."""

    subject: str
    hlc: int
    id: str
    desk: str


def erasures(connection: "Connection", subjects: Iterable[str]) -> list[Erasure]:
    """By which entries these subjects were erased."""
    return [Erasure._make(row) for row in connection.execute(_ERASURES, (json.dumps(list(subjects)),))]


def is_erased_elsewhere(connection: "Connection", subject: str, chain: str) -> bool:
    """Whether the subject was about somebody whom another chain erased."""
    return connection.execute(_ERASED_ELSEWHERE, (subject, chain)).fetchone() is not None


def empty(connection: "Connection", erasure: Erasure, kinds: Iterable[str]) -> int:
    """Empty the subject's entries of these kinds; returns how many there were. A trigger notes them for the centre."""
    values = {**erasure._asdict(), "kinds": json.dumps(list(kinds))}
    return connection.execute(_EMPTY, values).rowcount


def empty_one(connection: "Connection", identifier: str) -> None:
    """Empty an entry that was emptied where it comes from."""
    connection.execute("UPDATE entry SET body = NULL, salt = NULL WHERE id = ?", (identifier,))


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
