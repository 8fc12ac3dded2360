"""The thread that reads: it owns a read-only connection, notices every commit, and tells the screen what it shows."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib import import_module
from pathlib import Path
from threading import Condition, Thread
from time import monotonic
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.care.stays import Watch
from callcenter.console.messages import (
    AvailabilityRead,
    CareRead,
    CellRead,
    CentreRead,
    FitRead,
    GuardianFound,
    MatchesRead,
    PhoneRead,
    QueueRead,
    ReadingFailed,
    RegionsRead,
    SearchRead,
    SoFarRead,
    TelephoneSeen,
)
from callcenter.console.precedence import Precedence, resting
from callcenter.console.selected import Selected
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import queue_view
from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.settings import Settings
from callcenter.store import reads
from callcenter.store.consents import consents_of
from callcenter.store.engine import data_version, explained, last_entry, open_reader

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.desk.availability import Availability, Wish
    from callcenter.desk.care_view import CareView
    from callcenter.desk.phone_view import PhoneView
    from callcenter.desk.providers_read import ProvidersKept
    from callcenter.desk.so_far import Typed
    from callcenter.desk.telephone_state import TelephoneState

Post = Callable[[Message], object]
Question = Callable[["Connection", datetime], Message]
"""Read at once, beside what is watched; the message is the answer."""

POLL_SECONDS = 0.05
# Matches are worked out once the operator stays on a request: work in this thread delays the keys.
REST_SECONDS = 0.06
# While others write on and on, matches and care are worked out again no sooner: the same work, as often as it helps.
PAUSE_SECONDS = 0.25
# Bands and clocks move with the time of day even when nobody writes.
REREAD_SECONDS = 20.0
# A gateway that died shows within this time after its heartbeat is old.
TELEPHONE_SECONDS = 3.0


@dataclass
class _Wanted:
    """What the screen shows now; a number that was read is compared with the one wanted."""

    offset: int = 0
    limit: int = 0
    selected: tuple[str | None, RequestView | None, int] | None = None
    """The request that the screen was told of, whose matches are worked out, and for which wish it was read."""
    cursor: str | None = None
    callbacks: tuple[int, int] = (0, 0)
    """First row and number of rows of the list of call-backs; none while it is not shown."""
    listing: "tuple[Wish, Post] | None" = None
    """What is shown of the list of providers, and to whom it is told; None while it is not shown."""
    queue: int = 0
    calls: int = 0
    lists: int = 0
    stopped: bool = False

    @property
    def wish(self) -> int:
        """For which wish the selected request was read; 0 before the first."""
        return self.selected[2] if self.selected else 0

    @property
    def selected_id(self) -> str | None:
        """The request that was read last."""
        return self.selected[0] if self.selected else None


class Live:
    """Reads what the screen shows: at once when the screen asks for something else, and whenever the file changed."""

    def __init__(
        self,
        post: Post,
        path: Path,
        reference: Reference,
        programs: tuple[str, ...],
        actor: Callable[[], Actor | None],
        clock: Callable[[], datetime],
        settings: Settings,
    ) -> None:
        self._post = post
        self._path = path
        self._reference = reference
        self._programs = programs
        self._actor = actor
        self._clock = clock
        self._pause = timedelta(minutes=settings.retry_minutes)
        self._tries = settings.callback_tries
        self._stay_watch = Watch(timedelta(minutes=settings.late_minutes), self._pause, self._tries)
        self._care: CareView | None = None
        self._phone: PhoneView | None = None
        self._telephone: TelephoneState = "absent"
        self._looked_at: datetime | None = None
        self._wanted = _Wanted()
        self._questions: dict[str, tuple[Question, Post]] = {}
        self._availability: Availability | None = None
        self._providers: ProvidersKept | None = None
        self._condition = Condition()
        self._first = Precedence()
        self._selected = Selected(post, self._request_read, path, actor)
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

    def look_into(self, group_id: str, slot: int, post: Post) -> None:
        """Who is in this half hour of a group? `CellRead` answers, for the newest only."""
        self._ask(
            "cell",
            lambda connection, now: CellRead(self._lists().cell(connection, group_id, slot, self._actor(), now)),
            post,
        )

    def find_regions(self, post: Post) -> None:
        """In which regions are there providers? `RegionsRead` answers."""
        self._ask("regions", lambda connection, _now: RegionsRead(self._lists().regions(connection)), post)

    def look_at_centre(self, worked_on: tuple[str, ...], post: Post) -> None:
        """What waits for a person, and which numbers these requests have? `CentreRead` answers."""

        def answer(connection: "Connection", _now: datetime) -> Message:
            from callcenter.desk.centre_view import centre_view

            return CentreRead(centre_view(connection, worked_on, self._actor()))

        self._ask("centre", answer, post)

    def ask_fit(self, view: RequestView, provider_id: str, post: Post) -> None:
        """Can this provider take the request? `FitRead` answers."""

        def answer(connection: "Connection", now: datetime) -> Message:
            from callcenter.desk.availability import why_not

            return FitRead(provider_id, why_not(connection, self._reference, view, provider_id, now))

        self._ask("fit", answer, post)

    def follow(self, request_id: str | None) -> None:
        """The cursor of the queue stands on this request."""
        with self._condition:
            self._wanted.cursor = request_id

    def find_guardian(self, phone: str, post: Post) -> None:
        """Who calls from this number? `GuardianFound` answers."""
        self._ask("guardian", lambda connection, _now: _guardian_of(connection, phone), post)

    def search(self, text: str, post: Post) -> None:
        """Find this instead of what was searched for before; `SearchRead` answers."""

        def answer(connection: "Connection", now: datetime) -> Message:
            from callcenter.desk.search import search

            return SearchRead(text, search(connection, self._reference, text, now, self._actor()))

        self._ask("search", answer, post)

    def work_out(self, typed: "Typed", post: Post, first: Callable[[], None]) -> None:
        """What can be said of this request that is being typed? `SoFarRead` answers, for the newest only.

        `first` returns once what goes before it is done: the draft is to be on disk sooner than it is answered.
        """

        def answer(connection: "Connection", now: datetime) -> Message:
            from callcenter.desk.providers_read import ProvidersKept
            from callcenter.desk.so_far import so_far

            first()
            self._providers = self._providers or ProvidersKept()
            providers = self._providers.on(connection)
            return SoFarRead(typed, so_far(providers, self._reference, self._programs, typed, now, self._actor()))

        self._ask("typed", answer, post)

    def _ask(self, kind: str, question: "Question", post: Post) -> None:
        """Have this answered soon, to whoever asks; one of its kind that still waits is of no use any more."""
        self._first.end()
        with self._condition:
            self._questions[kind] = question, post
            self._condition.notify()

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
            self._wanted.selected = request_id, view, wish
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
        connection: Connection | None = None
        try:
            connection = resting(open_reader(self._path), self._first)
            self._read_queue(connection)
            # Holidays and rules take a quarter of a second to load; better before the first request than with it.
            self._reference.read_all()
            self._reference.calendar.kind(self._clock().date())
            import_module("callcenter.desk.so_far")
            self._watch(connection)
        except Exception as error:  # noqa: BLE001 - a thread has no caller; the screen says what happened
            self._post(ReadingFailed(explained(error, self._path) or error))
        finally:
            if connection is not None:
                connection.close()

    def _read_queue(self, connection: "Connection") -> None:
        """What the first paint left out, before what takes long to load."""
        with self._condition:
            wanted = self._wanted
            self._condition.wait_for(lambda: wanted.limit or wanted.stopped)
        view = queue_view(connection, self._clock(), self._actor(), wanted.offset, wanted.limit, pause=self._pause)
        self._post(QueueRead(view))

    def _watch(self, connection: "Connection") -> None:
        seen_queue = seen_wish = 0
        seen_calls = seen_lists = -1
        version = -1
        read_at = self._clock()
        entry = -1
        worked_until, worked_for, care_is_old = 0.0, None, False
        while True:
            with self._condition:
                wanted = self._wanted
                looked = (seen_queue, seen_calls, seen_lists)
                seen = (wanted.queue, wanted.calls, wanted.lists) == looked
                pausing = monotonic() < worked_until + PAUSE_SECONDS
                same = wanted.wish == seen_wish or (pausing and wanted.selected_id == worked_for)
                idle = seen and same and not self._questions and not wanted.stopped
                if idle:
                    self._condition.wait(POLL_SECONDS)
                if wanted.stopped:
                    return
                now = self._clock()
                queue, calls, lists, listing = wanted.queue, wanted.calls, wanted.lists, wanted.listing
                offset, limit, cursor = wanted.offset, wanted.limit, wanted.cursor
                asked = bool(self._questions)
            self._answer(connection)
            if idle and listing is not None and not asked:
                self._lists().prepare(connection, now)
            latest = data_version(connection)
            # With every key that is typed a draft is committed, and nothing that is shown here has changed.
            written = last_entry(connection) if latest != version else entry
            changed = written != entry or (now - read_at).total_seconds() >= REREAD_SECONDS
            version, entry = latest, written
            if changed:
                read_at = now
                # First of all: it is what the operator looks at, and another thread reads it.
                self._selected.again()
            if listing is not None and (lists != seen_lists or changed):
                wish, post = listing
                post(AvailabilityRead(self._lists().view(connection, wish, now)))
            # What is asked meanwhile, as with every key that is typed into the form, does not wait for all of the rest.
            self._answer(connection)
            if calls != seen_calls or changed:
                self._read_phone(connection, now)
            self._answer(connection)
            if queue != seen_queue or (changed and limit):
                actor = self._actor()
                view_of_queue = queue_view(
                    connection, now, actor, offset, limit, cursor, pause=self._pause, reference=self._reference
                )
                self._post(QueueRead(view_of_queue))
            self._answer(connection)
            self._look_at_telephone(now)
            selected = self._wanted.selected
            pausing = monotonic() < worked_until + PAUSE_SECONDS
            if selected is not None and selected[2] != seen_wish and not (pausing and selected[0] == worked_for):
                worked_for, _view, seen_wish = selected
                self._read_matches(connection, *selected, now)
                worked_until = monotonic()
            self._answer(connection)
            care_is_old = care_is_old or calls != seen_calls or changed
            if care_is_old and not pausing:
                self._read_care(connection, now)
                worked_until, care_is_old = monotonic(), False
            seen_queue, seen_calls, seen_lists = queue, calls, lists

    def _answer(self, connection: "Connection") -> None:
        """What was asked by now."""
        with self._condition:
            questions, self._questions = self._questions, {}
        for question, post in questions.values():
            post(question(connection, self._clock()))

    def _lists(self) -> "Availability":
        if self._availability is None:
            from callcenter.desk.availability import Availability

            self._availability = Availability(self._reference, self._programs)
        return self._availability

    def _read_phone(self, connection: "Connection", now: datetime) -> None:
        from callcenter.desk.phone_view import phone_view

        offset, limit = self._wanted.callbacks
        view = phone_view(
            connection, now, self._actor(), pause=self._pause, limit_tries=self._tries, offset=offset, limit=limit
        )
        if view != self._phone:
            self._phone = view
            self._post(PhoneRead(view))

    def _read_care(self, connection: "Connection", now: datetime) -> None:
        from callcenter.desk.care_view import care_view

        view = care_view(connection, self._reference, now, self._actor(), self._stay_watch)
        if view != self._care:
            self._care = view
            self._post(CareRead(view))

    def _look_at_telephone(self, now: datetime) -> None:
        if self._looked_at is not None and abs((now - self._looked_at).total_seconds()) < TELEPHONE_SECONDS:
            return
        from callcenter.desk.telephone_state import telephone

        self._looked_at, seen = now, telephone(self._path, now)
        if seen != self._telephone:
            self._telephone = seen
            self._post(TelephoneSeen(seen))

    def _moved_on(self, wish: int) -> bool:
        return self._wanted.stopped or self._wanted.wish != wish

    def _read_matches(
        self, connection: "Connection", request_id: str | None, view: RequestView | None, wish: int, now: datetime
    ) -> None:
        with self._condition:
            self._condition.wait_for(lambda: self._moved_on(wish), REST_SECONDS)
            if self._moved_on(wish):
                # The operator moved on while this one was read; the next turn reads what is shown now.
                return
        self._answer(connection)
        from callcenter.desk.around import around
        from callcenter.desk.choosing import choices

        found = None
        if view is not None and not view.hidden:
            found = choices(connection, self._reference, self._programs, view.request, view.children, now)
        self._post(MatchesRead(request_id, found, around(connection, self._reference, self._programs, view, now)))


def _guardian_of(connection: "Connection", phone: str) -> GuardianFound:
    """The one guardian of the number; with none or several the operator asks."""
    found = reads.guardians_by_phone(connection, phone)
    if len(found) != 1:
        return GuardianFound(None, [], "")
    last = reads.requests_of_guardian(connection, found[0].id, 1)
    children = reads.children_of_guardian(connection, found[0].id)
    given = tuple(one.kind for one in consents_of(connection, found[0].id))
    return GuardianFound(found[0], children, last[0].region if last else "", given)
