"""How the link to the centre stands, as screens and commands show it."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from callcenter.errors import CallcenterError

State = Literal["alone", "offline", "hello", "push", "pull", "live"]
MOST_SKEW = timedelta(minutes=2)
"""A clock that is further from the centre's is shown to the operator: times on screens would be wrong."""


class WorkRow(NamedTuple):
    """Who works on a request at which desk, since when (milliseconds), and how long ago they said so the last time."""

    request: str
    desk: str
    operator: str
    since: int
    age_ms: int


@dataclass(frozen=True, slots=True)
class LinkState:
    """How the link stood at one moment; a desk that has joined no centre is `alone`.

    `since` is when it came to this state, for a cut link when it was cut. `waiting` are own entries that the centre
    does not have yet. Of about `total` entries that were to come when the link was made, `catching_up` are to come
    still. `skew` is what the centre's clock is ahead of ours, where that is more than `MOST_SKEW`. `work` is what
    operators of all desks work on.
    """

    state: State = "alone"
    since: datetime | None = None
    waiting: int = 0
    catching_up: int = 0
    total: int = 0
    problem: CallcenterError | None = None
    work: tuple[WorkRow, ...] = ()
    skew: timedelta | None = None

    @property
    def connected(self) -> bool:
        """Whether the centre answers."""
        return self.state in ("push", "pull", "live")
