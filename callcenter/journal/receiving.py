"""Taking in the entries of other desks, in any order: the tables follow from which entries there are, not from when."""

from collections.abc import Iterable, Sequence
from functools import partial
from itertools import islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.journal.entry import Entry
from callcenter.journal.erasing import PERSONAL, erasures_of
from callcenter.journal.fold import InTurn, fold_again, in_turn, take_in
from callcenter.journal.parking import FORK, OTHER_BYTES, all_or_nothing, fold_or_park, park
from callcenter.journal.proof import altered
from callcenter.store import drafts
from callcenter.store import entries as rows
from callcenter.store.writes import Gathering

if TYPE_CHECKING:
    from sqlite3 import Connection

_TOGETHER = 100
"""Entries that are folded together: one that cannot be makes these be folded one by one.

Not more: at the end of every statement SQLite walks through all that it keeps to undo them.
"""


class Received(NamedTuple):
    """How many entries were new and taken in, how many could not be kept, and how many were emptied of a person."""

    taken: int
    refused: int
    emptied: int


def receive(connection: "Connection", arrived: Iterable[Entry]) -> Received:
    """Take in entries of other desks in any order, in the caller's transaction; those we have change nothing.

    One that cannot be folded is kept and parked; one that is not what its digest says, or that has the identifier or
    the number of another, is only parked. After some were emptied the caller truncates the WAL, once it committed.
    """
    found = _sorted_out(connection, list(arrived))
    new = found.new
    before = rows.so_far(connection, {entry.subject for entry in new})
    late = {entry.subject for entry in new if entry.subject in before and entry.hlc <= before[entry.subject].newest}
    rows.insert_all(connection, new)
    emptied = _erase(connection, new, late)
    for known in found.emptied:
        rows.empty_one(connection, known.id)
        late.add(known.subject)
    chains = {subject: so_far.chain for subject, so_far in before.items()}
    fold_all(connection, [in_turn(chains, entry) for entry in new if entry.subject not in late])
    for subject in sorted(late):
        fold_again(connection, subject)
    return Received(len(new), found.refused, emptied + len(found.emptied))


class _SortedOut(NamedTuple):
    new: list[Entry]
    emptied: list[rows.KnownEntry]
    refused: int


def _sorted_out(connection: "Connection", arrived: Sequence[Entry]) -> _SortedOut:
    """Which entries are new, in fold order; which of ours come emptied; how many are refused, which parks them."""
    known = rows.known(connection, [entry.id for entry in arrived])
    numbered = rows.numbered(connection, [(entry.desk, entry.seq) for entry in arrived if entry.id not in known])
    new: dict[str, Entry] = {}
    emptied: dict[str, rows.KnownEntry] = {}
    refused = 0
    for entry in arrived:
        ours = known.get(entry.id)
        digest = ours.digest if ours is not None else new[entry.id].digest if entry.id in new else None
        reason = altered(entry)
        if reason is None and digest is not None:
            reason = None if entry.digest == digest else OTHER_BYTES
        elif reason is None and (entry.desk, entry.seq) in numbered:
            reason = FORK
        if reason is not None:
            park(connection, entry, reason)
            refused += 1
        elif ours is not None:
            if entry.body is None and not ours.is_empty:
                emptied[entry.id] = ours
        elif entry.id not in new or entry.body is None:
            numbered.add((entry.desk, entry.seq))
            new[entry.id] = entry
    return _SortedOut(sorted(new.values(), key=attrgetter("hlc", "id")), list(emptied.values()), refused)


def _erase(connection: "Connection", new: Iterable[Entry], late: set[str]) -> int:
    """Empty what the new entries erase, and those of them that are about somebody erased; such subjects are late."""
    emptied = 0
    erasures = rows.erasures(connection, {entry.subject for entry in new if entry.kind in PERSONAL})
    for entry in new:
        if found := erasures_of(entry):
            drafts.forget_person(connection, entry.subject)
            erasures += found
    for erasure in erasures:
        if count := rows.empty(connection, erasure, PERSONAL):
            emptied += count
            late.add(erasure.subject)
    return emptied


def fold_all(connection: "Connection", ordered: Iterable[InTurn]) -> int:
    """Fold entries that are written already, each in its turn, and park those that cannot be; returns how many."""
    count = 0
    left = iter(ordered)
    while some := list(islice(left, _TOGETHER)):
        _fold_together(connection, some)
        count += len(some)
    return count


def _fold_together(connection: "Connection", some: Sequence[InTurn]) -> None:
    def together() -> None:
        gathering = Gathering(connection)
        # Folding executes statements and asks no more of a connection.
        folding = cast("Connection", gathering)
        for entry, is_first, is_shared in some:
            gathering.beginning = entry.subject if is_first else ""
            take_in(folding, entry, shared=is_shared)
        gathering.write()

    if all_or_nothing(connection, together) is not None:
        for one in some:
            fold_or_park(connection, one.entry, partial(take_in, connection, one.entry, shared=one.is_shared))
