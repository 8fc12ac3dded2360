"""What a desk hears from its centre over a link that stands: page by page what others wrote."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple

from callcenter.care.places import slot_of
from callcenter.journal.entry import Entry
from callcenter.store import joined as kept
from callcenter.store.wanted import of_desk
from callcenter.sync import incoming, verdicts
from callcenter.sync.conversation import Conversation
from callcenter.sync.joining import joined_row
from callcenter.sync.link import beside
from callcenter.sync.wanted import refused, touched


class _Fetched(NamedTuple):
    """A page that was asked for before its turn, and the cursor that it is behind."""

    behind: tuple[str, int]
    page: incoming.Page


class Pulling:
    """The half of an exchange that listens; every method may raise a `LinkProblem`."""

    def __init__(self, conversation: Conversation) -> None:
        self._with = conversation
        self._desk, self._link, self._memory = conversation.desk, conversation.link, conversation.memory
        self._fetched: _Fetched | None = None

    def expected(self) -> int:
        """About how many entries are to come to a desk that begins from nothing; 0 when the centre cannot say."""
        row = joined_row(self._desk.connection)
        if self._memory.counted or (row.sx, row.n) != ("0", 0):
            return 0
        # Once: a large centre may not answer in time, and the entries come without the number as well.
        self._memory.counted = True
        return incoming.expected(self._link, row)

    def take(self, breathe: Callable[[], None]) -> incoming.Page:
        """Take in the next page of what others wrote; the one after it is fetched meanwhile."""
        row = joined_row(self._desk.connection)
        fetched, self._fetched = self._fetched, None
        page = fetched.page if fetched is not None and fetched.behind == (row.sx, row.n) else self._pull(row)
        self._memory.page = min(incoming.PAGE, self._memory.page * 2)
        if (page.sx, page.n) == (row.sx, row.n):
            return page
        # Not while an operator writes: that would be one thread more that wants the interpreter.
        if not page.more or self._memory.pace.is_busy:
            return self._taken(row, page, breathe)
        with beside(partial(self._pull, row._replace(sx=page.sx, n=page.n))) as following:
            taken = self._taken(row, page, breathe)
        self._fetched = _Fetched((page.sx, page.n), following.result())
        return taken

    def _pull(self, row: kept.JoinedRow) -> incoming.Page:
        return incoming.pull(self._link, row, self._with.chain, self._memory.page)

    def _taken(self, row: kept.JoinedRow, page: incoming.Page, breathe: Callable[[], None]) -> incoming.Page:
        now = self._with.clock()
        if not incoming.take_page(self._desk, row, page, int(now.timestamp()), self._memory.pace, breathe):
            return page._replace(more=True)
        self._memory.came += len(page.arrived)
        self.look_at([one.entry for one in page.arrived if one.entry is not None])
        return page

    def look_at(self, entries: Sequence[Entry]) -> None:
        """See what others' entries mean for our own offers: also a place that was refused may be free now."""
        if entries:
            named = touched(self._desk.connection, entries)
            self._memory.ask_again(of_desk(self._desk.connection, named, self._desk.name))
            now = self._with.clock()
            if named:
                self._memory.ask_again(refused(self._desk.connection, self._desk.name, slot_of(now)))
            if became := verdicts.look_again(self._desk, now):
                self._with.settled(became)
