"""How a desk stands with the centre, as the thread that speaks to it tells: the line, what waits, who works on what."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Literal, NamedTuple

from callcenter.errors import CallcenterError

Stage = Literal["alone", "offline", "hello", "push", "pull", "live"]

STALE_AFTER = timedelta(seconds=45)
"""Who has not been heard of for so long may have gone: the request can be taken over."""
SKEW_TOLD = timedelta(seconds=30)
"""A clock that is off by more than this is told of."""


class Work(NamedTuple):
    """An operator of a desk works on a request: since when, and when the centre last heard of it (our clock)."""

    desk: str
    operator: str
    since: datetime
    beat: datetime

    def stale(self, now: datetime) -> bool:
        """Whether nothing has been heard of them for too long."""
        return now - self.beat > STALE_AFTER


class LinkState(NamedTuple):
    """The line to the centre at one moment; a desk that was never joined is «alone»."""

    state: Stage = "alone"
    since: datetime | None = None
    """When the line came to stand as it does; of one that is down, when it went down."""
    waiting: int = 0
    """Entries of this desk that the centre does not have yet."""
    catching_up: int = 0
    """Entries of others that were taken in since the line came up, while there are more to come."""
    total: int = 0
    """How many there are to be taken in, as far as the centre has said; 0: not known."""
    problem: CallcenterError | None = None
    """Why the line is down, or what the centre did not take."""
    work: Mapping[str, Work] = MappingProxyType({})
    """Who works on which request (its identifier), at every desk, this one too."""
    skew: timedelta = timedelta(0)
    """How far this desk's clock is ahead of the centre's."""

    @property
    def joined(self) -> bool:
        """Whether there is a centre at all."""
        return self.state != "alone"

    @property
    def answers(self) -> bool:
        """Whether the centre can be asked for places, though more of the others may still be on its way."""
        return self.state in ("push", "pull", "live")

    @property
    def live(self) -> bool:
        """Whether the centre answers and everything of the others is here."""
        return self.state == "live"

    def tried_by(self, request_id: str, desk: str, operator: str) -> Work | None:
        """Who other than the desk's operator works on it; nobody while the line is down, for then nobody can know."""
        found = self.work.get(request_id)
        return found if self.live and found is not None and (found.desk, found.operator) != (desk, operator) else None


ALONE = LinkState()
