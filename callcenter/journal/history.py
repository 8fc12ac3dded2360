"""The journal as a whole: read, folded again, joined with another desk's, proved, and emptied of a person."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.journal.bodies import KINDS
from callcenter.journal.entry import GENESIS, Entry, digest_of_body, digest_of_entry, header
from callcenter.journal.fold import fold_again, take_in
from callcenter.store import entries as rows
from callcenter.store import tables
from callcenter.store.engine import FOLD_VERSION
from callcenter.store.writes import Gathering, delete_rows, insert_row

if TYPE_CHECKING:
    from sqlite3 import Connection


class Fault(NamedTuple):
    """The first entry of a desk's chain that does not hold, and why."""

    desk: str
    seq: int
    reason: str


def entries(connection: "Connection") -> Iterator[Entry]:
    """All entries in fold order."""
    return map(Entry._make, rows.in_fold_order(connection))


def rebuild(connection: "Connection") -> int:
    """Drop what was folded and fold every entry again, in the caller's transaction; returns how many."""
    at_the_end = rows.remake_folded(connection)
    delete_rows(connection, tables.Fold, {})
    count = 0
    gathering = Gathering(connection)
    for entry in entries(connection):
        # Folding executes statements and asks no more of a connection.
        take_in(cast("Connection", gathering), entry)
        count += 1
    gathering.write()
    for statement in at_the_end:
        connection.execute(statement)
    insert_row(connection, tables.Fold, {"version": FOLD_VERSION})
    return count


def receive(connection: "Connection", arrived: Iterable[Entry]) -> None:
    """Take in entries of other desks in any order, in the caller's transaction; those we have change nothing."""
    late: set[str] = set()
    for entry in arrived:
        if rows.is_known(connection, entry.id):
            continue
        newest = rows.newest_of_subject(connection, entry.subject)
        rows.insert(connection, entry)
        if entry.subject in late or (newest is not None and newest > (entry.hlc, entry.id)):
            late.add(entry.subject)
        else:
            take_in(connection, entry)
    for subject in sorted(late):
        fold_again(connection, subject)


def _fault(entry: Entry, seq: int, prev: bytes) -> str | None:
    if entry.seq != seq:
        return "gap"
    if entry.prev != prev:
        return "link"
    if (entry.body is None) != (entry.salt is None):
        return "body"
    if entry.body is not None and entry.salt is not None:
        if digest_of_body(entry.salt, entry.body) != entry.body_digest:
            return "body"
    elif entry.kind in KINDS and not KINDS[entry.kind].personal:
        return "erased"
    if digest_of_entry(entry.prev, header(entry), entry.body_digest) != entry.digest:
        return "digest"
    return None


def verify(connection: "Connection") -> tuple[int, list[Fault]]:
    """Check every desk's chain; returns the entries checked and the first fault of each desk.

    Reasons: gap (a seq is missing), link (not chained to the entry before), body (the body was changed), erased (a
    body that tells of no person is gone), digest (the header was changed).
    """
    checked = 0
    faults = []
    chains = groupby(map(Entry._make, rows.in_chain_order(connection)), key=attrgetter("desk"))
    for desk, chain in chains:
        prev = GENESIS
        for seq, entry in enumerate(chain, start=1):
            checked += 1
            if reason := _fault(entry, seq, prev):
                faults.append(Fault(desk, seq, reason))
                break
            prev = entry.digest
    return checked, faults


def erase(connection: "Connection", subjects: Sequence[str]) -> int:
    """Empty the subjects' personal entries and fold them again, in the caller's transaction; returns how many."""
    personal = [kind for kind, model in KINDS.items() if model.personal]
    erased = 0
    for subject in subjects:
        erased += rows.empty(connection, subject, personal)
        fold_again(connection, subject)
    return erased
