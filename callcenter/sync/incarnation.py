"""A file that goes on where another copy of it has been: what the centre does not know of goes to a chain of its own.

Entries that the centre has are never changed or taken back; those it has not keep their identifiers, bodies and
clocks. What they are about is folded again, as work that may have crossed with that of the other copy.
"""

from collections.abc import Iterable
from typing import TYPE_CHECKING

from callcenter.journal.entry import GENESIS, Entry, digest_of_entry
from callcenter.journal.erasing import erasures_of
from callcenter.journal.fold import fold_again
from callcenter.store import entries as rows
from callcenter.store import joined as kept
from callcenter.store.engine import explaining
from callcenter.store.transactions import writing
from callcenter.sync.problems import ChainMoved

if TYPE_CHECKING:
    from callcenter.desk.session import Desk
    from callcenter.sync.link import Link

_AT_ONCE = 500


def is_ours(desk: "Desk", chain: str, seq: int, digest: str | None) -> bool:
    """Whether the end of the chain, as the centre has it, is what this file wrote; `digest` in hexadecimal."""
    if seq == 0:
        return True
    found = rows.digest_at(desk.connection, chain, seq)
    return found is not None and found.hex() == digest


def known_until(link: "Link", desk: "Desk", chain: str, acked: int) -> int:
    """The sequence number up to which the centre has our entries of the chain; it surely has those up to `acked`."""
    from callcenter.sync.incoming import fetched

    known = acked
    batch: list[Entry] = []
    for row in [*rows.of_chain_after(desk.connection, chain, acked), None]:
        if row is not None:
            batch.append(Entry._make(row))
        if batch and (row is None or len(batch) == _AT_ONCE):
            there = {one.digest for one in fetched(link, [entry.id for entry in batch])}
            found = [entry.seq for entry in batch if entry.digest in there]
            known = max([known, *found])
            if len(found) < len(batch):
                return known
            batch = []
    return known


def incarnate(desk: "Desk", old: str, new: str, known: int) -> int:
    """Go on as the chain `new` with all that was written behind `known`, in one transaction; returns how many.

    Raises `ChainMoved` when another program of this desk has done it meanwhile.
    """
    with explaining(desk.path), writing(desk.connection):
        if rows.chain_here(desk.connection) != old:
            raise ChainMoved
        # Written before another program of this desk waited for the lock, or by it.
        again = [Entry._make(row) for row in rows.of_chain_after(desk.connection, old, known)]
        seq, prev = rows.last_of_desk(desk.connection, new) or (0, GENESIS)
        rows.rechain(desk.connection, _rechained(again, new, seq, prev))
        rows.set_chain_here(desk.connection, new)
        # What the other copy wrote of the same is another chain's work from now on, and was passed over as our own.
        # Of what only the new chain tells, nothing that was folded says which chain it is, but who erased a person.
        erasing = {entry.subject for entry in again if erasures_of(entry)}
        for subject in dict.fromkeys(entry.subject for entry in again):
            if subject in erasing or rows.is_of_several(desk.connection, subject, new):
                fold_again(desk.connection, subject)
        kept.set_acked(desk.connection, new, 0)
        kept.set_cursor(desk.connection, "0", 0)
    return len(again)


def _rechained(again: Iterable[Entry], chain: str, seq: int, prev: bytes) -> list[tuple[str, int, bytes, bytes, str]]:
    """Chain, sequence number, link and digest for each entry's identifier."""
    found = []
    for entry in again:
        seq += 1
        header = (entry.id, chain, seq, *entry[3:9])
        digest = digest_of_entry(prev, header, entry.body_digest)
        found.append((chain, seq, prev, digest, entry.id))
        prev = digest
    return found
