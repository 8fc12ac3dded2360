"""The thread that steps the link of a desk: rung by local commits and by the centre, it never keeps anybody waiting."""

from collections.abc import Callable
from datetime import datetime
from random import Random
from threading import Event, Thread
from typing import TYPE_CHECKING

from callcenter.desk.claims import Settled
from callcenter.desk.link_state import LinkState
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.store.engine import DatabaseUnwritable
from callcenter.sync.bell import Bell
from callcenter.sync.centre import NoPsycopg
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.work import Work

if TYPE_CHECKING:
    from callcenter.sync.loop import Loop, Timing

_AGAIN_SECONDS = 5.0


class LinkThread:
    """Keeps one desk in touch with its centre until it is stopped.

    `opened` opens a desk for this thread alone. `told` hears of every change, `settled` what became of offers through
    the centre's answers, `troubled` of a fault of the program, all in this thread; after a fault it begins again.
    """

    def __init__(
        self,
        opened: Callable[[], Desk],
        file: ConnectionFile,
        clock: Callable[[], datetime],
        random: Random,
        *,
        told: Callable[[LinkState], None] = lambda _state: None,
        settled: Callable[[list[Settled]], None] = lambda _settled: None,
        troubled: Callable[[Exception], None] = lambda _trouble: None,
        timing: "Timing | None" = None,
    ) -> None:
        self._opened = opened
        self._file = file
        self._clock = clock
        self._random = random
        self._heard = told
        self._settled = settled
        self._troubled = troubled
        self._timing = timing
        self._bell = Bell()
        self._over = Event()
        self._loop: Loop | None = None
        self._work = Work()
        self._thread = Thread(target=self._run, name="centre", daemon=True)
        self.state = LinkState("offline", clock())
        """How the link stands; read it from any thread."""

    def start(self) -> None:
        """Begin; the desk is opened in the thread."""
        self._thread.start()

    def ring(self) -> None:
        """Something was written here, or the operator turned to another request: look now."""
        self._bell.ring()

    def stop(self, seconds: float = 5.0) -> None:
        """End the link and the thread; what a silent centre was asked is broken off.

        Whoever only waits for a connection to come about has nothing to finish, and nobody waits for him.
        """
        self._over.set()
        self._bell.ring()
        if self._thread.is_alive():
            self._thread.join(seconds / 5)
            if self._thread.is_alive() and self._loop is not None and self._loop.cut():
                self._thread.join(seconds)

    def try_now(self) -> None:
        """Do not wait for the end of a pause."""
        if self._loop is not None:
            self._loop.try_now()
        self._bell.ring()

    def take(self, request: str, operator: str, *, over: bool = False) -> None:
        """The operator turned to this request: other desks see so. With `over` it is taken from whoever has it."""
        self._work.take(request, operator, over=over)
        self._bell.ring()

    def drop(self, request: str) -> None:
        """Nobody works on the request here any more."""
        self._work.drop(request)
        self._bell.ring()

    def _run(self) -> None:
        while not self._over.is_set():
            try:
                self._step_on()
            except CallcenterError as problem:
                # The desk's file could not be opened: the console's own writer says so too.
                self._tell(LinkState("offline", self._clock(), problem=problem))
            except Exception as trouble:  # noqa: BLE001 - a link that is gone for good is worse than one that begins again
                self._report(trouble)
            if not self._over.is_set():
                self._bell.wait(_AGAIN_SECONDS)
        self._bell.close()

    def _report(self, trouble: Exception) -> None:
        try:
            self._troubled(trouble)
        except OSError as error:
            # On a full disk nothing can be written down; the thread goes on all the same, and says so.
            unwritable = DatabaseUnwritable(path=error.filename, reason=error.strerror)
            self._tell(LinkState("offline", self._clock(), problem=unwritable))

    def _step_on(self) -> None:
        # What speaks to PostgreSQL is not needed for a screen, so it is loaded here.
        try:
            from callcenter.sync.loop import STANDARD, Loop
        except ImportError as error:
            raise NoPsycopg from error
        desk = self._opened()
        loop = Loop(
            desk,
            self._file,
            self._clock,
            self._random,
            timing=self._timing or STANDARD,
            told=self._tell,
            settled=self._settled,
            work=self._work,
        )
        self._loop = loop
        try:
            while not self._over.is_set():
                self._bell.wait(loop.step(), loop.bell)
        finally:
            try:
                loop.stop()
            finally:
                self._loop = None
                desk.close()

    def _tell(self, state: LinkState) -> None:
        self.state = state
        self._heard(state)
