"""The thread that reads: it owns a read-only connection, notices every commit, and tells the screen what it shows."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from importlib import import_module
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING, NamedTuple

from callcenter.console.precedence import Precedence, resting
from callcenter.console.questions import Questions
from callcenter.console.read_on import read_on
from callcenter.console.readings import Post, Readings
from callcenter.console.selected import Selected
from callcenter.desk.permission import Actor
from callcenter.desk.view import RequestView
from callcenter.store.engine import data_version, last_entry

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.console.app import Seat
    from callcenter.desk.availability import Wish

POLL_SECONDS = 0.05
# Matches are worked out once the operator stays on a request: work in this thread delays the keys.
REST_SECONDS = 0.06
# While others write on and on, matches and care are worked out again no sooner: the same work, as often as it helps.
PAUSE_SECONDS = 0.25
# Bands and clocks move with the time of day even when nobody writes.
REREAD_SECONDS = 20.0


class _Chosen(NamedTuple):
    """The request that the screen was told of, None when there is none, and for which wish it was read."""

    request_id: str | None
    view: RequestView | None
    wish: int


@dataclass(slots=True)
class _Wanted:
    """What the screen shows now. Each part has a number that counts up when it is to be read again."""

    offset: int = 0
    limit: int = 0
    queue: int = 0
    cursor: str | None = None
    callbacks: tuple[int, int] = (0, 0)
    """First row and number of rows of the list of call-backs; none while it is not shown."""
    calls: int = 0
    listing: "tuple[Wish, Post] | None" = None
    """What is shown of the list of providers, and to whom it is told; None while it is not shown."""
    lists: int = 0
    chosen: _Chosen | None = None
    """Whose matches are worked out; None before the first was read."""
    stopped: bool = False

    def is_as(self, seen: "_Wanted") -> bool:
        """Whether all that `seen` led to still holds, matches aside."""
        return (self.queue, self.calls, self.lists) == (seen.queue, seen.calls, seen.lists)


class _Commits:
    """Whether something was written since the look before, or that was so long ago that bands and clocks have moved."""

    def __init__(self) -> None:
        self._version = self._entry = -1
        self._changed_at: datetime | None = None

    def look(self, connection: "Connection", now: datetime) -> bool:
        """True the first time."""
        before, version = self._entry, data_version(connection)
        if version != self._version:
            # With every key that is typed a draft is committed, and nothing that is shown here has changed.
            self._version, self._entry = version, last_entry(connection)
        at = self._changed_at
        changed = self._entry != before or at is None or (now - at).total_seconds() >= REREAD_SECONDS
        if changed:
            self._changed_at = now
        return changed


class _Slow:
    """What takes longest: the matches of the chosen request, and care. Both rest for a while after either was done."""

    def __init__(self) -> None:
        self.care_is_old = False
        self._rests_until = 0.0
        self._request_id: str | None = None
        self._wish = 0

    @property
    def rests(self) -> bool:
        """Whether it was done only just now."""
        return monotonic() < self._rests_until

    def done(self) -> None:
        """Either was done."""
        self._rests_until = monotonic() + PAUSE_SECONDS

    def wants_matches_of(self, chosen: _Chosen | None) -> bool:
        """Whether they are still to be worked out; another request than the last does not wait for the pause."""
        if chosen is None or chosen.wish == self._wish:
            return False
        return chosen.request_id != self._request_id or not self.rests

    def begin(self, chosen: _Chosen) -> None:
        """Its matches are worked out now."""
        self._request_id, self._wish = chosen.request_id, chosen.wish


class Live:
    """Reads what the screen shows: at once when the screen asks for something else, and whenever the file changed."""

    def __init__(self, post: Post, seat: "Seat", actor: Callable[[], Actor | None]) -> None:
        self._post = post
        self._seat = seat
        self._wanted = _Wanted()
        self._condition = Condition()
        self._first = Precedence()
        self._readings = Readings(post, seat, actor)
        self.questions = Questions(self._condition, self._first, seat, actor, self._readings)
        """What the screen asks once."""
        self._selected = Selected(post, self._request_read, seat.path, actor)
        self._thread = Thread(target=self._run, name="live", daemon=True)

    def start(self) -> None:
        """Begin to read."""
        self._selected.start()
        self._thread.start()

    def stop(self) -> None:
        """Stop reading and close the connections."""
        self._selected.stop()
        with self._condition:
            self._wanted.stopped = True
            self._condition.notify()
        if self._thread.is_alive():
            self._thread.join()

    def show_queue(self, offset: int, limit: int) -> None:
        """The screen shows this page of the queue from now on."""
        self._first.end()
        with self._condition:
            self._wanted.offset, self._wanted.limit = offset, limit
            self._wanted.queue += 1
            self._condition.notify()

    def show_callbacks(self, offset: int, limit: int) -> None:
        """The screen shows this page of the call-backs from now on; none with a `limit` of 0."""
        self._first.end()
        with self._condition:
            self._wanted.callbacks = offset, limit
            self._wanted.calls += 1
            self._condition.notify()

    def show_availability(self, wish: "Wish | None", post: Post) -> None:
        """This is shown of the list of providers from now on, and told to `post`; None: nothing of it."""
        self._first.end()
        with self._condition:
            self._wanted.listing = None if wish is None else (wish, post)
            self._wanted.lists += 1
            self._condition.notify()

    def follow(self, request_id: str | None) -> None:
        """The cursor of the queue stands on this request."""
        with self._condition:
            self._wanted.cursor = request_id

    def show_request(self, request_id: str | None) -> None:
        """The screen shows this request from now on."""
        self._first.begin()
        self._selected.show(request_id)

    def await_write(self) -> None:
        """The operator waits for something to be written, so nothing else is read meanwhile."""
        self._first.begin()

    def _request_read(self, request_id: str | None, view: RequestView | None, wish: int) -> None:
        """The screen was told of the request: its matches are next."""
        with self._condition:
            self._wanted.chosen = _Chosen(request_id, view, wish)
            self._condition.notify()

    def look_again(self) -> None:
        """Read everything shown again, the request first: somebody else has sat down, or something was written here."""
        self._selected.again()
        with self._condition:
            if self._wanted.listing is None:
                self._first.begin()
            self._wanted.queue += 1
            self._wanted.calls += 1
            self._wanted.lists += 1
            self._condition.notify()

    def _run(self) -> None:
        read_on(self._seat.path, self._read, self._post, self._stops_within)

    def _stops_within(self, seconds: float) -> bool:
        with self._condition:
            return self._condition.wait_for(lambda: self._wanted.stopped, seconds)

    def _read(self, connection: "Connection") -> None:
        connection = resting(connection, self._first)
        self._read_queue(connection)
        # Holidays and rules take a quarter of a second to load; better before the first request than with it.
        self._seat.reference.read_all()
        self._seat.reference.calendar.kind(self._seat.clock().date())
        import_module("callcenter.desk.so_far")
        self._watch(connection)

    def _read_queue(self, connection: "Connection") -> None:
        """What the first paint left out, before what takes long to load."""
        with self._condition:
            wanted = self._wanted
            self._condition.wait_for(lambda: wanted.limit or wanted.stopped)
        self._readings.first_queue(connection, self._seat.clock(), wanted.offset, wanted.limit)

    def _watch(self, connection: "Connection") -> None:
        """Turn by turn: what was asked, what is shown and has changed, last what takes longest."""
        # The first turn reads all, and does not wait for anything.
        seen, commits, slow = _Wanted(calls=-1), _Commits(), _Slow()
        while not (wanted := self._next(seen, slow)).stopped:
            now = self._seat.clock()
            if not self.questions.answer(connection) and wanted.listing is not None and wanted.is_as(seen):
                self._readings.lists.prepare(connection, now)
            changed = commits.look(connection, now)
            if changed:
                # First of all: it is what the operator looks at, and another thread reads it.
                self._selected.again()
            if wanted.listing is not None and (changed or wanted.lists != seen.lists):
                self._readings.listing(connection, now, *wanted.listing)
            # What is asked meanwhile, as with every key that is typed into the form, does not wait for all of the rest.
            self.questions.answer(connection)
            if changed or wanted.calls != seen.calls:
                self._readings.phone(connection, now, *wanted.callbacks)
                slow.care_is_old = True
            self.questions.answer(connection)
            if wanted.queue != seen.queue or (changed and wanted.limit):
                self._readings.queue(connection, now, wanted.offset, wanted.limit, wanted.cursor)
            self.questions.answer(connection)
            self._readings.telephone(now)
            self._do_slow(connection, now, slow)
            seen = wanted

    def _next(self, seen: _Wanted, slow: _Slow) -> _Wanted:
        """What is wanted now; where that was read already, wait a moment for something else."""
        with self._condition:
            wanted = self._wanted
            if (
                wanted.is_as(seen)
                and not slow.wants_matches_of(wanted.chosen)
                and not self.questions.waiting
                and not wanted.stopped
            ):
                self._condition.wait(POLL_SECONDS)
            return replace(wanted)

    def _do_slow(self, connection: "Connection", now: datetime, slow: _Slow) -> None:
        """Matches of what is chosen by now, and care, which comes with them or in its own time."""
        rests = slow.rests
        chosen = self._wanted.chosen
        if chosen is not None and slow.wants_matches_of(chosen):
            slow.begin(chosen)
            self._read_matches(connection, now, chosen)
            slow.done()
        self.questions.answer(connection)
        if slow.care_is_old and not rests:
            self._readings.care(connection, now)
            slow.care_is_old = False
            slow.done()

    def _read_matches(self, connection: "Connection", now: datetime, chosen: _Chosen) -> None:
        def moved_on() -> bool:
            return self._wanted.stopped or self._wanted.chosen is not chosen

        with self._condition:
            if self._condition.wait_for(moved_on, REST_SECONDS):
                # The operator moved on while this one was read; the next turn reads what is shown now.
                return
        self.questions.answer(connection)
        self._readings.matches(connection, now, chosen.request_id, chosen.view)
