"""The link between a desk and its centre as a state machine that one thread steps through.

OFFLINE → HELLO → PUSH → PULL → LIVE. Every call has a deadline, so no state lasts without an end; whatever goes wrong
leads back to OFFLINE and is tried again. Local writes never wait for any of it.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from callcenter.desk.claims import Settled
from callcenter.desk.link_state import LinkState, Stage
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.store import joined as kept
from callcenter.store.engine import explaining
from callcenter.store.transactions import somebody_waits, writing
from callcenter.store.wal import checkpoint, checkpoint_apart, settle_wal
from callcenter.sync import drift, joining
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.exchange import Exchange
from callcenter.sync.link import Link, open_link
from callcenter.sync.memory import Memory
from callcenter.sync.problems import CentreRefuses, CentreSilent, ChainMoved, NoSuchCentre
from callcenter.sync.work import BEAT_SECONDS, Work

_LEAST_LOOKED_BACK = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Timing:
    """How long things may take, in seconds."""

    poll: float = 1.0
    """Between two looks when nobody rang."""
    tail: float = 0.02
    """Until a transaction of the centre that is under way will have ended."""
    glance: float = 0.25
    """Between two looks for what other programs wrote into the file."""
    back_off: float = 0.25
    most_back_off: float = 15.0
    jitter: float = 30.0
    """So long, at most, a desk waits before it offers all it has to a centre that was put back."""
    drift: float = 3600.0


STANDARD = Timing()


class Loop:
    """One desk's link; `step` does the next thing and says after how many seconds to call it again at the latest.

    The desk is the loop's own, opened in the thread that steps. `told` hears of every change of the state,
    `settled` what became of offers through the centre's answers.
    """

    def __init__(
        self,
        desk: Desk,
        file: ConnectionFile,
        clock: Callable[[], datetime],
        random: Random,
        *,
        timing: Timing = STANDARD,
        told: Callable[[LinkState], None] = lambda _state: None,
        settled: Callable[[list[Settled]], None] = lambda _settled: None,
        work: Work | None = None,
    ) -> None:
        checkpoint_apart(desk.connection)
        self._desk = desk
        self._file = file
        self._clock = clock
        self._random = random
        self._timing = timing
        self._told = told
        self._settled = settled
        self._work = work or Work()
        self._memory = Memory()
        self._link: Link | None = None
        self._exchange: Exchange | None = None
        self._failures = 0
        self._due: dict[str, float] = {}
        self._asides: dict[str, CallcenterError] = {}
        self._jittered = False
        self._looked_back = drift.LOOKED_BACK
        self.state = LinkState("offline", clock())

    @property
    def bell(self) -> int | None:
        """The socket on which the centre rings, while there is one."""
        return None if self._link is None else self._link.bell

    def step(self) -> float:
        """Do the next thing; returns the seconds until there is another at the latest, 0 for at once."""
        try:
            with explaining(self._desk.path):
                return self._move()
        except ChainMoved:
            self._hang_up()
            self._turn("offline")
            return 0
        except CallcenterError as problem:
            return self._fall(problem)

    def _move(self) -> float:
        if self._link is None or self._exchange is None:
            return self._connect()
        if self.state.state == "hello":
            return self._greet(self._exchange)
        if self.state.state == "push":
            return self._push(self._exchange)
        return self._stand(self._link, self._exchange)

    def try_now(self) -> None:
        """Do not wait for the end of a pause. From any thread."""
        self._due["retry"] = 0.0

    def cut(self) -> bool:
        """Break off what is being asked of the centre; False while there is no link. From any thread."""
        link = self._link
        if link is not None:
            link.cut()
        return link is not None

    def stop(self) -> None:
        """End the link; what is under way is finished first."""
        if self.state.state == "live" and self._link is not None and self._exchange is not None:
            self._work.leave(self._link, self._clock(), self._exchange.presence())
            self._mark_live(standing=False)
        self._hang_up()
        self._turn("offline")

    def _connect(self) -> float:
        left = self._due.get("retry", 0) - time.monotonic()
        if left > 0:
            self._tell_if_more_waits()
            return left
        self._begin_again()
        self._link = open_link(self._file)
        self._exchange = Exchange(self._desk, self._link, self._clock, self._memory, self._settled)
        self._turn("hello")
        return 0

    def _begin_again(self) -> None:
        """A backup from before the desk joined was put back: the connection file beside it says that it has."""
        if kept.joined(self._desk.connection) is None and joining.beside(self._desk.path).exists():
            with writing(self._desk.connection):
                joining.begin(self._desk.connection, joining.since_ms(self._clock(), joining.DAYS))

    def _greet(self, exchange: Exchange) -> float:
        greeting = exchange.greet(patient=not self._jittered)
        if greeting.anew and not self._jittered:
            # All desks notice at once that the centre was put back; they come again one after the other.
            self._jittered = True
            self._hang_up()
            self._turn("offline")
            self._due["retry"] = time.monotonic() + self._random.random() * self._timing.jitter
            return 0
        self._jittered = False
        skew = -greeting.skew
        self.state = self.state._replace(skew=skew, total=exchange.pulling.expected())
        self._memory.came = 0
        self._work.begin_again()
        self._due |= {"pull": 0.0, "beat": 0.0, "drift": time.monotonic() + self._timing.drift}
        self._turn("push")
        return 0

    def _push(self, exchange: Exchange) -> float:
        if exchange.pushing.send() or exchange.pushing.recover():
            self._count(exchange)
            return 0
        self._turn("pull")
        return 0

    def _stand(self, link: Link, exchange: Exchange) -> float:
        """PULL and LIVE: what is fresh here goes out first, then a page comes in, then all that comes by the hour."""
        sent = exchange.pushing.send() or exchange.pushing.recover()
        rings = link.rings()
        now = time.monotonic()
        if "" in rings or now >= self._due["pull"]:
            page = exchange.pulling.take(self._breathe)
            self._due["pull"] = now + (self._timing.tail if page.tail else self._timing.poll)
            if page.more:
                self._due["pull"] = 0.0
                if page.arrived:
                    self._turn("pull")
            elif self.state.state != "live":
                self._failures = 0
                self._turn("live")
        if self.state.state == "live":
            self._at_times(link, exchange, now, asked="work" in rings)
        self._count(exchange)
        return 0 if sent or self._due["pull"] == 0.0 else self._left()

    def _at_times(self, link: Link, exchange: Exchange, now: float, *, asked: bool) -> None:
        if asked or self._work.changed or now >= self._due["beat"]:
            if now >= self._due["beat"]:
                self._mark_live(standing=True)
                self._due["beat"] = now + BEAT_SECONDS
            self._spare("work", lambda: self._work.exchange(link, self._clock(), exchange.presence()))
        if now >= self._due["drift"]:
            self._due["drift"] = now + self._timing.drift
            exchange.settle_again()
            self._spare("drift", lambda: self._mend(link, exchange))

    def _mend(self, link: Link, exchange: Exchange) -> None:
        try:
            drift.mend(self._desk, link, exchange, self._clock(), self._looked_back)
        except (CentreSilent, CentreRefuses) as problem:
            is_late = isinstance(problem, CentreSilent) or problem.is_late
            if is_late:
                # More was written than the centre counts in time: next time only what is newer is compared.
                self._looked_back = max(self._looked_back / 2, _LEAST_LOOKED_BACK)
            if not is_late or isinstance(problem, CentreSilent):
                raise

    def _spare(self, what: str, asked: Callable[[], object]) -> None:
        """Ask for what an older centre may not know, and which all the rest goes on without."""
        try:
            asked()
        except NoSuchCentre as older:
            self._aside(what, older)
        else:
            self._aside(what, None)

    def _aside(self, what: str, problem: CallcenterError | None) -> None:
        """Something went wrong that does not end the link, or went well again."""
        before = self._asides.pop(what, None)
        if problem is not None:
            self._asides[what] = problem
            self.state = self.state._replace(problem=problem)
        elif before is not None and self.state.problem is before:
            self.state = self.state._replace(problem=None)

    def _left(self) -> float:
        due = [self._due["pull"], self._due["drift"], self._due["beat"]]
        return max(0.0, min(min(due) - time.monotonic(), self._timing.glance))

    def _breathe(self) -> None:
        """Let whoever waits to write do so, before the next of our own transactions."""
        rest = self._memory.pace.rest
        if rest:
            settle_wal(self._desk.path)
        checkpoint(self._desk.connection)
        time.sleep(max(0.0005, rest))
        patience = time.monotonic() + 1
        while somebody_waits() and time.monotonic() < patience:
            time.sleep(0.0005)

    def _fall(self, problem: CallcenterError) -> float:
        """Whatever went wrong, the next try is soon, and later each time."""
        self._hang_up()
        if isinstance(problem, CentreSilent):
            self._memory.take_less()
        if self.state.state == "live":
            self._failures = 0
            self._mark_live(standing=False)
        self._failures += 1
        longest: float = min(self._timing.most_back_off, self._timing.back_off * 2 ** min(self._failures - 1, 10))
        wait: float = longest * (0.5 + self._random.random() / 2)
        self._due["retry"] = time.monotonic() + wait
        self._turn("offline", problem)
        return wait

    def _hang_up(self) -> None:
        link, self._link, self._exchange = self._link, None, None
        if link is not None:
            link.close()

    def _turn(self, stage: Stage, problem: CallcenterError | None = None) -> None:
        keeps = stage in ("offline", "hello") and problem is None
        since = self.state.since if stage == self.state.state else self._clock()
        if not (stage in ("offline", "hello") and self.state.state in ("offline", "hello")):
            self.state = self.state._replace(since=since)
        self.state = self.state._replace(
            state=stage,
            problem=self.state.problem if keeps else problem,
            catching_up=self.state.catching_up if stage == "pull" else 0,
            work=self._work.all if stage == "live" else self.state.work,
        )
        self._told(self._counted())

    def _count(self, exchange: Exchange) -> None:
        """Tell how many wait and how many came, when that changed."""
        catching_up = self._memory.came if self.state.state == "pull" else 0
        before = self.state
        self.state = self.state._replace(catching_up=catching_up, work=self._work.all)
        if self._counted() != before:
            self._told(self.state)

    def _tell_if_more_waits(self) -> None:
        before = self.state
        if self._counted() != before:
            self._told(self.state)

    def _counted(self) -> LinkState:
        self.state = self.state._replace(waiting=kept.waiting(self._desk.connection))
        return self.state

    def _mark_live(self, *, standing: bool) -> None:
        """Let programs without a link of their own know whether there is one."""
        now = self._clock()
        skew = int(-self.state.skew / timedelta(milliseconds=1))
        try:
            with explaining(self._desk.path), writing(self._desk.connection):
                kept.set_live(self._desk.connection, int(now.timestamp()) if standing else 0, skew)
        except CallcenterError as problem:
            # The file is held or full: then nobody makes an offer either.
            self._aside("file", problem)
        else:
            self._aside("file", None)
