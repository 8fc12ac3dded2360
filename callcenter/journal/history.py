"""The journal as a whole: read, folded again, joined with another desk's, proved, and emptied of a person."""

from collections.abc import Iterator
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from callcenter.journal.entry import GENESIS, Entry, desk_name
from callcenter.journal.erasing import PERSONAL, erasures_of
from callcenter.journal.fold import fold_again, in_turn
from callcenter.journal.parking import REFUSED
from callcenter.journal.proof import altered
from callcenter.journal.receiving import Received, fold_all, receive
from callcenter.store import entries as rows
from callcenter.store import tables
from callcenter.store.engine import FOLD_VERSION
from callcenter.store.writes import delete_rows, insert_row

if TYPE_CHECKING:
    from sqlite3 import Connection

__all__ = ["Fault", "Received", "entries", "erase", "rebuild", "receive", "verify"]


class Fault(NamedTuple):
    """The first entry of a desk's chain that does not hold, and why."""

    desk: str
    seq: int
    reason: str


def entries(connection: "Connection") -> Iterator[Entry]:
    """All entries in fold order."""
    return map(Entry._make, rows.in_fold_order(connection))


def rebuild(connection: "Connection") -> int:
    """Drop what was folded and fold every entry again, in the caller's transaction; returns how many.

    What cannot be folded is parked, what was parked before is tried again.
    """
    at_the_end = rows.remake_folded(connection)
    delete_rows(connection, tables.Fold, {})
    rows.unpark_folds(connection, REFUSED)
    chains: dict[str, str | None] = {}
    count = fold_all(connection, (in_turn(chains, entry) for entry in entries(connection)))
    for statement in at_the_end:
        connection.execute(statement)
    insert_row(connection, tables.Fold, {"version": FOLD_VERSION})
    return count


def _fault(entry: Entry, seq: int, prev: bytes) -> str | None:
    if entry.seq != seq:
        return "gap"
    if entry.prev != prev:
        return "link"
    return altered(entry)


def verify(connection: "Connection") -> tuple[int, list[Fault]]:
    """Check every desk's chain; returns the entries checked and the first fault of each desk.

    Reasons: gap (a seq is missing), link (not chained to the entry before), body (the body was changed), erased (a
    body that tells of no person is gone), digest (the header was changed). Of another desk's chain a centre gives only
    what this desk may see: what is missing there is no fault.
    """
    checked = 0
    faults = []
    here = rows.desk_here(connection)
    chains = groupby(map(Entry._make, rows.in_chain_order(connection)), key=attrgetter("desk"))
    for name, chain in chains:
        is_whole = here in ("", desk_name(name))
        seq, prev = 0, GENESIS
        for entry in chain:
            checked += 1
            follows = is_whole or entry.seq == seq + 1
            if reason := _fault(entry, seq + 1, prev) if follows else altered(entry):
                faults.append(Fault(name, seq + 1 if follows else entry.seq, reason))
                break
            seq, prev = entry.seq, entry.digest
    return checked, faults


def erase(connection: "Connection", erasing: Entry) -> int:
    """Empty what this chain and others wrote of somebody whom an entry erases, in the caller's transaction.

    Returns how many entries were emptied; the table `emptied` lists them for the centre.
    """
    erased = 0
    for erasure in erasures_of(erasing):
        erased += rows.empty(connection, erasure, PERSONAL)
        fold_again(connection, erasure.subject)
    return erased
