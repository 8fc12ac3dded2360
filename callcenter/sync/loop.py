"""The link between a desk and its centre as a state machine that one thread steps through.

OFFLINE → HELLO → PUSH → PULL → LIVE. Every call has a deadline, so no state can last without an end; whatever goes
wrong leads back to OFFLINE and is tried again. Local writes never wait for any of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from callcenter import __version__
from callcenter.care.places import slot_of
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import entries as rows
from callcenter.store import joined as kept
from callcenter.store import parked
from callcenter.store.engine import explaining, somebody_waits, writing
from callcenter.sync import drift, incarnation, incoming, outgoing, verdicts
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.link import Link, open_link
from callcenter.sync.problems import CentreRefuses, DeskRevoked, LinkProblem, NoSuchCentre, WrongDesk
from callcenter.sync.state import MOST_SKEW, LinkState, State
from callcenter.sync.wanted import claimable, touched, unsettled
from callcenter.sync.work import Work


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take, in seconds."""

    poll: float = 1.0
    """Between two looks when nobody rang."""
    tail: float = 0.02
    """Until a transaction of the centre that is under way will have ended."""
    back_off: float = 0.25
    most_back_off: float = 15.0
    claim: float = 0.5
    jitter: float = 30.0
    """So long, at most, a desk waits before it offers all it has to a centre that was put back."""
    drift: float = 3600.0
    glance: float = 0.25
    """Between two looks for what other programs wrote into the file."""


# Kinds of refusal that are about what was sent: bad data, a broken rule, a text too long.
_OUR_DATA = ("22", "23", "54")
_SETTLED_AT_ONCE = 100


class Loop:
    """One desk's link; `step` does the next thing and says after how many seconds to call it again at the latest.

    The desk is the loop's own, opened in the thread that steps. `told` hears of every change of the state.
    """

    def __init__(
        self,
        desk: Desk,
        file: ConnectionFile,
        clock: Callable[[], datetime],
        random: Random,
        *,
        timing: Timing = Timing(),  # noqa: B008 - frozen
        told: Callable[[LinkState], None] = lambda _state: None,
        work: Work | None = None,
    ) -> None:
        self._desk = desk
        self._file = file
        self._clock = clock
        self._random = random
        self._timing = timing
        self._told = told
        self._work = work or Work()
        self._link: Link | None = None
        self.state = LinkState("offline", clock())
        self._now: State = "offline"
        self._failures = 0
        self._at: dict[str, float] = {}
        self._batch = outgoing.MOST_ENTRIES
        self._page = incoming.PAGE
        self._pace = incoming.Pace()
        self._claimed = 0
        self._unsettled: dict[str, None] = {}
        self._epoch_waited = ""
        self._recover: list[str] = []
        self._problem: CallcenterError | None = None
        self._taken = self._total = 0
        self._skew: timedelta | None = None
