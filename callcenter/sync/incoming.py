"""Taking in what other desks wrote: a page of the centre's entries, in short local transactions, each with its cursor.

Short, because an operator who saves something waits for the one that is under way. A transaction never ends inside
what one use case wrote.
"""

import json
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from pydantic_core import from_json

from callcenter.journal import history
from callcenter.journal.entry import Entry
from callcenter.store import joined as kept
from callcenter.store import parked
from callcenter.store.engine import data_version, explaining
from callcenter.store.transactions import somebody_waits, writing_unsynced
from callcenter.sync.problems import CentreRefuses, NoSuchCentre

if TYPE_CHECKING:
    from callcenter.desk.session import Desk
    from callcenter.sync.link import Link

PAGE = 500
"""Entries of one page: between two pages the desk's own entries go out."""
MOST_AT_ONCE = 500
_LEAST_AT_ONCE = 10
_BUSY_SECONDS = 0.003
_IDLE_SECONDS = 0.025
_OTHERS_SECONDS = 10.0
_HEADER = (str, str, int, int, int, str, str, str, int)


class Arrived(NamedTuple):
    """An entry as it came, or None where it is none, with its place in the order of the centre."""

    sx: str
    n: int
    chain: str
    entry: Entry | None
    digest: bytes


class Page(NamedTuple):
    """The centre's entries behind a cursor.

    `sx` and `n` are the new cursor. There are `more`, or will be in a moment without a ring (`tail`).
    """

    arrived: tuple[Arrived, ...]
    sx: str
    n: int
    more: bool
    tail: bool


class Pace:
    """How many entries are folded at once, so that it lasts about as long as somebody who waits to write may wait.

    That is little while somebody else writes into the file, for then an operator may be waiting, and more otherwise.
    """

    def __init__(self, clock: Callable[[], float] = time.perf_counter) -> None:
        self._clock = clock
        self._rate = 5000.0
        self._version: int | None = None
        self._disturbed = clock() - _OTHERS_SECONDS
        self.is_busy = False
        """Whether others have written into the file of late."""
        self.entries = _LEAST_AT_ONCE
        """How many to fold before looking whether somebody waits."""
        self.rest = 0.0
        """How many seconds to leave the file to others now: while they write, as long as it was kept from them."""

    def look(self, version: int) -> None:
        """See how much to take now; `version` moves when another connection has written."""
        now = self._clock()
        if self._version not in (None, version):
            self._disturbed = now
        self._version = version
        self.is_busy = now - self._disturbed < _OTHERS_SECONDS
        lasts = _BUSY_SECONDS if self.is_busy else _IDLE_SECONDS
        self.entries = max(_LEAST_AT_ONCE, min(MOST_AT_ONCE, int(self._rate * lasts)))

    def start(self) -> float:
        """When a transaction began."""
        return self._clock()

    def learn(self, began: float, entries: int) -> None:
        """So many entries took since then."""
        took = max(self._clock() - began, 1e-6)
        self.rest = took if self.is_busy else 0.0
        # Half of what was learnt before, lest one slow disk write makes all that follow small.
        self._rate = (self._rate + entries / took) / 2


def pull(link: "Link", row: kept.JoinedRow, chain: str, lim: int = PAGE) -> Page:
    """The next page, without our own chain."""
    rows = link.rows("pull", (row.sx, row.n, lim, row.since, chain))
    state = rows[-1][9] or {}
    arrived = tuple(Arrived(one[0], one[1], one[2], _entry(one), bytes(one[8])) for one in rows[:-1])
    return Page(arrived, rows[-1][0], rows[-1][1], bool(state.get("more")), bool(state.get("tail")))


def expected(link: "Link", row: kept.JoinedRow) -> int:
    """About how many entries there are that we did not write; 0 when the centre cannot say."""
    try:
        many: int = sum(bucket[1] for bucket in link.rows("hashes", (row.since,)))
    except (CentreRefuses, NoSuchCentre):
        return 0
    return max(0, many - row.acked)


def fetched(link: "Link", identifiers: Sequence[str]) -> list[Arrived]:
    """These entries, as far as the centre has them and lets us see them."""
    rows = link.rows("fetch", (json.dumps(list(identifiers)),))
    return [Arrived(one[0], one[1], one[2], _entry(one), bytes(one[8])) for one in rows]


def take_page(desk: "Desk", row: kept.JoinedRow, page: Page, now: int, pace: Pace, breathe: Callable[[], None]) -> bool:
    """Fold the page and move the cursor; `breathe` lets others write between two transactions. `now` is in seconds.

    False, and nothing more taken in, when another program moved the cursor meanwhile.
    """
    at = row.sx, row.n
    pieces = deque(_pieces(page.arrived))
    while pieces:
        pace.look(data_version(desk.connection))
        with explaining(desk.path), writing_unsynced(desk.connection):
            began = pace.start()
            if not _is_at(desk, at):
                return False
            taken, erased = _taken_in(desk, pieces, pace, now)
            at = (taken[-1].sx, taken[-1].n) if pieces else (page.sx, page.n)
            kept.set_cursor(desk.connection, *at)
        if erased:
            forget_wal(desk)
        pace.learn(began, len(taken))
        breathe()
    if at != (page.sx, page.n):
        with explaining(desk.path), writing_unsynced(desk.connection):
            if not _is_at(desk, at):
                return False
            kept.set_cursor(desk.connection, page.sx, page.n)
    return True


def _taken_in(desk: "Desk", pieces: deque[list[Arrived]], pace: Pace, now: int) -> tuple[list[Arrived], bool]:
    """Fold pieces in the caller's transaction: as many as it may take while nobody waits for its end.

    Returns what was taken off the pieces, and whether a person was erased in it.
    """
    taken: list[Arrived] = []
    erased = False
    while pieces:
        some: list[Arrived] = []
        while pieces and len(some) < pace.entries:
            some += pieces.popleft()
        erased |= take_in(desk, some, now)
        taken += some
        # Four times as much in one transaction writes half as many pages.
        if pace.is_busy or somebody_waits():
            break
    return taken, erased


def take_in(desk: "Desk", arrived: Sequence[Arrived], now: int) -> bool:
    """Fold entries in the caller's transaction; what is no entry at all is parked.

    True when a person was erased in it: what the WAL still holds of them has to go once it is committed.
    """
    for one in arrived:
        if one.entry is None:
            parked.park(desk.connection, one.digest.hex(), "in", "header", now)
    received = history.receive(desk.connection, [one.entry for one in arrived if one.entry is not None])
    return received.emptied > 0


def forget_wal(desk: "Desk") -> None:
    """Let nothing of who was erased stay in the WAL; while others read in it, the next time does it."""
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _is_at(desk: "Desk", at: tuple[str, int]) -> bool:
    found = kept.joined(desk.connection)
    return found is not None and (found.sx, found.n) == at


def _pieces(arrived: Sequence[Arrived]) -> Iterator[list[Arrived]]:
    """The entries of one use case each: in a row, of one chain, of one millisecond."""
    piece: list[Arrived] = []
    for one in arrived:
        if piece and not _belong_together(piece[-1], one):
            yield piece
            piece = []
        piece.append(one)
    if piece:
        yield piece


def _belong_together(before: Arrived, after: Arrived) -> bool:
    if before.entry is None or after.entry is None:
        return False
    return (before.sx, before.chain, before.entry.at) == (after.sx, after.chain, after.entry.at)


def _entry(row: Sequence[object]) -> Entry | None:
    _sx, _n, _chain, text, body, salt, body_digest, prev, digest = row[:9]
    try:
        said = from_json(str(text))
    except ValueError:
        return None
    if not isinstance(said, list) or tuple(map(type, said)) != _HEADER:
        return None
    return Entry._make((*said, body, salt, body_digest, prev, digest))
