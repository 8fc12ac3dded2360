"""Which requests this operator works on, so that other desks leave them alone: taken with the first key, dropped later.

One that was settled is dropped at once; one that the operator left for another after a while, so that a look at the
next request between two calls loses nothing.
"""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta

from callcenter.desk.link_state import Work

AWAY = timedelta(seconds=60)
"""How long the operator has worked on another request when the one before is let go."""
IDLE = timedelta(minutes=10)
"""After so long without a key on it nobody works on a request any more."""

HEARD_IN = timedelta(seconds=3)
"""So soon the centre has heard of what is worked on here; who is named then instead was first."""

WORKS = frozenset(
    {
        "match.place",
        "match.choose",
        "match.next",
        "place.keep",
        "offer.answer",
        "request.confirm",
        "request.amend",
        "field.choose",
    }
)
"""The actions with which an operator begins to work on the selected request."""
SETTLED = frozenset({"confirmed", "in_care", "finished", "cancelled", "unplaced"})


class Working:
    """Tells the line to the centre, by `take`, `take_over` and `drop`, what this operator works on."""

    def __init__(
        self, take: Callable[[str], object], take_over: Callable[[str], object], drop: Callable[[str], object]
    ) -> None:
        self._take = take
        self._take_over = take_over
        self._drop = drop
        self._acted: dict[str, datetime] = {}
        self._heard: set[str] = set()
        """Of which the centre said that they are this desk's."""
        self._current: str | None = None
        self._since: datetime | None = None

    @property
    def held(self) -> frozenset[str]:
        """The requests that this operator works on now."""
        return frozenset(self._acted)

    def acts(self, request_id: str, now: datetime) -> None:
        """A key was pressed that works on the request."""
        if request_id not in self._acted:
            self._take(request_id)
        self._works(request_id, now)

    def takes_over(self, request_id: str, now: datetime) -> None:
        """The request was another's, who is told of it."""
        self._take_over(request_id)
        self._works(request_id, now)

    def _works(self, request_id: str, now: datetime) -> None:
        self._acted[request_id] = now
        if request_id != self._current:
            self._current, self._since = request_id, now

    def settles(self, request_id: str) -> None:
        """Nothing is left to be done for the request."""
        if request_id in self._acted:
            self._forget(request_id)
            self._drop(request_id)

    def goes_on(self, now: datetime) -> None:
        """Time passes: what was left for another request, or not touched for long, is let go."""
        for request_id, acted in list(self._acted.items()):
            left = request_id != self._current and self._since is not None and now - self._since >= AWAY
            if left or now - acted >= IDLE:
                self.settles(request_id)

    def heard(self, work: Mapping[str, Work], desk: str, operator: str, now: datetime) -> list[str]:
        """What the centre says of everybody's work; returns what is another's now, taken over or taken first."""
        lost = []
        for request_id, acted in list(self._acted.items()):
            found = work.get(request_id)
            if found is None:
                continue
            if (found.desk, found.operator) == (desk, operator):
                self._heard.add(request_id)
            elif request_id in self._heard or now - acted > HEARD_IN:
                self._forget(request_id)
                self._drop(request_id)
                lost.append(request_id)
        return lost

    def _forget(self, request_id: str) -> None:
        del self._acted[request_id]
        self._heard.discard(request_id)
        if self._current == request_id:
            self._current = self._since = None
