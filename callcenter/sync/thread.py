"""The thread that steps the link of a desk: rung by local commits and by the centre, it never keeps anybody waiting."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Event, Thread

from callcenter.desk.link_state import LinkState
from callcenter.desk.session import Claim, Desk
from callcenter.errors import CallcenterError
from callcenter.sync.bell import Bell
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.loop import Loop, Timing
from callcenter.sync.work import Work

_AGAIN_SECONDS = 5.0


class LinkThread:
    """Keeps one desk in touch with its centre until it is stopped.

    `opened` opens a desk for this thread alone. `told` hears of every change, `troubled` of a fault of the program,
    both in this thread; after a fault it begins again.
    """

    def __init__(
        self,
        opened: Callable[[], Desk],
        file: ConnectionFile,
        clock: Callable[[], datetime],
        random: Random,
        *,
        told: Callable[[LinkState], None] = lambda _state: None,
        troubled: Callable[[Exception], None] = lambda _trouble: None,
        timing: Timing | None = None,
    ) -> None:
        self._opened = opened
        self._file = file
        self._clock = clock
        self._random = random
        self._heard = told
        self._troubled = troubled
        self._timing = timing or Timing()
        self._bell = Bell()
        self._over = Event()
        self._thread = Thread(target=self._run, name="centre", daemon=True)
        self.state = LinkState("offline", clock())
        """How the link stands; read it from any thread."""
        self.work = Work()
        """What this console's operator works on; ring after a change."""

    def start(self) -> None:
        """Begin; the desk is opened in the thread."""
        self._thread.start()

    def ring(self) -> None:
        """Something was written here, or the operator turned to another request: look now."""
        self._bell.ring()

    def stop(self, seconds: float = 5.0) -> None:
        """End the link and the thread."""
        self._over.set()
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join(seconds)

    def claim(self) -> Claim:
        """How far the places of an offer that is made now are the desk's own: `Desk.claim` of a desk with a centre."""
        return "asked" if self.state.state in ("push", "pull", "live") else "provisional"

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._step_on()
            except CallcenterError as problem:
                # The desk's file could not be opened: the console's own writer says so too.
                self._tell(LinkState("offline", self._clock(), problem=problem))
            except Exception as trouble:  # noqa: BLE001 - a link that is gone for good is worse than one that begins again
                self._troubled(trouble)
            if not self._over.is_set():
                self._bell.wait(_AGAIN_SECONDS)
        self._bell.close()

    def _step_on(self) -> None:
        desk = self._opened()
        loop = Loop(desk, self._file, self._clock, self._random, timing=self._timing, told=self._tell, work=self.work)
        try:
            while not self._over.is_set():
                self._bell.wait(loop.step(), loop.bell)
        finally:
            try:
                loop.stop()
            finally:
                desk.close()

    def _tell(self, state: LinkState) -> None:
        self.state = state
        self._heard(state)
