"""What the screen asks once, beside what it shows: the thread that reads answers between any two of its readings."""

from collections.abc import Callable
from datetime import datetime
from threading import Condition
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.console.messages import (
    CellRead,
    CentreRead,
    FitRead,
    GuardianFound,
    RegionsRead,
    SearchRead,
    SoFarRead,
)
from callcenter.console.precedence import Precedence
from callcenter.console.readings import Post, Readings
from callcenter.desk.permission import Actor
from callcenter.desk.view import RequestView
from callcenter.store import reads
from callcenter.store.consents import consents_of

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.console.app import Seat
    from callcenter.desk.providers_read import ProvidersKept
    from callcenter.desk.so_far import Typed

Question = Callable[["Connection", datetime], Message]
"""What is read for it, and when; the message is the answer."""


class Questions:
    """Those that wait, the newest of each kind; each is told to the `post` it was asked with."""

    def __init__(
        self,
        condition: Condition,
        first: Precedence,
        seat: "Seat",
        actor: Callable[[], Actor | None],
        readings: Readings,
    ) -> None:
        """`condition` guards what waits, and is notified of each; `first` ends, as what reads is waited for itself."""
        self._condition = condition
        self._first = first
        self._seat = seat
        self._actor = actor
        self._readings = readings
        self._asked: dict[str, tuple[Question, Post]] = {}
        self._providers: ProvidersKept | None = None

    @property
    def waiting(self) -> bool:
        """Whether anything was asked and not answered."""
        return bool(self._asked)

    def answer(self, connection: "Connection") -> bool:
        """Answer what was asked by now; False when nothing was."""
        with self._condition:
            questions, self._asked = self._asked, {}
        for question, post in questions.values():
            post(question(connection, self._seat.clock()))
        return bool(questions)

    def look_into(self, group_id: str, slot: int, post: Post) -> None:
        """Who is in this half hour of a group? `CellRead` answers, for the newest only."""

        def answer(connection: "Connection", now: datetime) -> Message:
            return CellRead(self._readings.lists.cell(connection, group_id, slot, self._actor(), now))

        self._ask("cell", answer, post)

    def find_regions(self, post: Post) -> None:
        """In which regions are there providers? `RegionsRead` answers."""
        self._ask("regions", lambda connection, _now: RegionsRead(self._readings.lists.regions(connection)), post)

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

            return FitRead(provider_id, why_not(connection, self._seat.reference, view, provider_id, now))

        self._ask("fit", answer, post)

    def find_guardian(self, phone: str, post: Post) -> None:
        """Who calls from this number? `GuardianFound` answers."""
        self._ask("guardian", lambda connection, _now: _guardian_of(connection, phone), post)

    def search(self, text: str, post: Post) -> None:
        """Find this instead of what was searched for before; `SearchRead` answers."""

        def answer(connection: "Connection", now: datetime) -> Message:
            from callcenter.desk.search import search

            return SearchRead(text, search(connection, self._seat.reference, text, now, self._actor()))

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
            found = so_far(providers, self._seat.reference, self._seat.programs, typed, now, self._actor())
            return SoFarRead(typed, found)

        self._ask("typed", answer, post)

    def _ask(self, kind: str, question: Question, post: Post) -> None:
        """Have this answered soon, to whoever asks; one of its kind that still waits is of no use any more."""
        self._first.end()
        with self._condition:
            self._asked[kind] = question, post
            self._condition.notify()


def _guardian_of(connection: "Connection", phone: str) -> GuardianFound:
    """The one guardian of the number; with none or several the operator asks."""
    found = reads.guardians_by_phone(connection, phone)
    if len(found) != 1:
        return GuardianFound(None, [], "")
    last = reads.requests_of_guardian(connection, found[0].id, 1)
    children = reads.children_of_guardian(connection, found[0].id)
    given = tuple(one.kind for one in consents_of(connection, found[0].id))
    return GuardianFound(found[0], children, last[0].region if last else "", given)
