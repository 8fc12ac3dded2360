"""What the screen shows of the file, read and told; what was read often and is as it was is not told again."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.care.stays import Watch
from callcenter.console.messages import (
    AvailabilityRead,
    CareRead,
    MatchesRead,
    PhoneRead,
    QueueRead,
    TelephoneSeen,
)
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import queue_view
from callcenter.desk.view import RequestView

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.console.app import Seat
    from callcenter.desk.availability import Availability, Wish
    from callcenter.desk.care_view import CareView
    from callcenter.desk.phone_view import PhoneView
    from callcenter.desk.telephone_state import TelephoneState

Post = Callable[[Message], object]

# A gateway that died shows within this time after its heartbeat is old.
TELEPHONE_SECONDS = 3.0


class Readings:
    """One method for each part of the screen, called by the one thread that reads; modules are loaded in it too."""

    def __init__(self, post: Post, seat: "Seat", actor: Callable[[], Actor | None]) -> None:
        self._post = post
        self._seat = seat
        self._actor = actor
        self._pause = timedelta(minutes=seat.settings.retry_minutes)
        self._tries = seat.settings.callback_tries
        self._stay_watch = Watch(timedelta(minutes=seat.settings.late_minutes), self._pause, self._tries)
        self._care: CareView | None = None
        self._phone: PhoneView | None = None
        self._telephone: TelephoneState = "absent"
        self._looked_at: datetime | None = None

    @cached_property
    def lists(self) -> "Availability":
        """The list of providers, with what it keeps between two looks."""
        from callcenter.desk.availability import Availability

        return Availability(self._seat.reference, self._seat.programs)

    def first_queue(self, connection: "Connection", now: datetime, offset: int, limit: int) -> None:
        """A page of the queue without what takes long to load."""
        self._post(QueueRead(queue_view(connection, now, self._actor(), offset, limit, pause=self._pause)))

    def queue(self, connection: "Connection", now: datetime, offset: int, limit: int, cursor: str | None) -> None:
        """A page of the queue; `cursor` is the request that the list's cursor stands on."""
        reference = self._seat.reference
        view = queue_view(connection, now, self._actor(), offset, limit, cursor, pause=self._pause, reference=reference)
        self._post(QueueRead(view))

    def listing(self, connection: "Connection", now: datetime, wish: "Wish", post: Post) -> None:
        """What is shown of the list of providers, for whoever shows it."""
        post(AvailabilityRead(self.lists.view(connection, wish, now)))

    def phone(self, connection: "Connection", now: datetime, offset: int, limit: int) -> None:
        """Who rings, the operator's calls, and a page of the call-backs."""
        from callcenter.desk.phone_view import phone_view

        view = phone_view(
            connection, now, self._actor(), pause=self._pause, limit_tries=self._tries, offset=offset, limit=limit
        )
        if view != self._phone:
            self._phone = view
            self._post(PhoneRead(view))

    def care(self, connection: "Connection", now: datetime) -> None:
        """Who has a place tonight and who is in care."""
        from callcenter.desk.care_view import care_view

        view = care_view(connection, self._seat.reference, now, self._actor(), self._stay_watch)
        if view != self._care:
            self._care = view
            self._post(CareRead(view))

    def telephone(self, now: datetime) -> None:
        """Whether the gateways that tell of calls are there; looked at now and then."""
        if self._looked_at is not None and abs((now - self._looked_at).total_seconds()) < TELEPHONE_SECONDS:
            return
        from callcenter.desk.telephone_state import telephone

        self._looked_at, seen = now, telephone(self._seat.path, now)
        if seen != self._telephone:
            self._telephone = seen
            self._post(TelephoneSeen(seen))

    def matches(
        self, connection: "Connection", now: datetime, request_id: str | None, view: RequestView | None
    ) -> None:
        """Who can take the selected request, as it was read, and who is around."""
        from callcenter.desk.around import around
        from callcenter.desk.choosing import choices

        reference, programs = self._seat.reference, self._seat.programs
        found = None
        if view is not None and not view.hidden:
            found = choices(connection, reference, programs, view.request, view.children, now)
        self._post(MatchesRead(request_id, found, around(connection, reference, programs, view, now)))
