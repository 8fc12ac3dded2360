"""The line to the centre as the console holds it: its thread where the desk was joined to one, else nothing at all."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from threading import Lock, Thread
from typing import TYPE_CHECKING

from textual.message import Message

from callcenter.desk.link_state import ALONE, LinkState
from callcenter.errors import CallcenterError

if TYPE_CHECKING:
    from callcenter.desk.claims import Settled
    from callcenter.desk.session import Claim, Desk
    from callcenter.sync.thread import LinkThread


class Centre:
    """Starts and stops the thread that speaks to the centre, and passes on what it tells; without a centre it is mute.

    `troubled` hears of a fault of the program in that thread.
    """

    def __init__(
        self,
        tell: Callable[[Message], object],
        troubled: Callable[[BaseException], CallcenterError],
        database: Path,
        open_desk: "Callable[[], Desk]",
        clock: Callable[[], datetime],
        *,
        alone: bool = False,
    ) -> None:
        """With `alone` the desk has no centre, whatever lies beside its file."""
        self._tell = tell
        self._troubled = troubled
        self._file = database.with_name(f"{database.name}.centre")
        self._database = database
        self._open_desk = open_desk
        self._clock = clock
        self._alone = alone
        self._lock = Lock()
        self._thread: LinkThread | None = None
        self._over = False
        self.link = ALONE
        """How the line stands, as it was last told; any thread may read it."""

    def look(self) -> None:
        """Whether the desk is joined at all: a look at the folder, with nothing imported."""
        if self.link is ALONE and self._joined:
            self.link = LinkState("offline", self._clock())

    def start(self) -> None:
        """Begin to speak to the centre, where there is one."""
        self.look()
        if self._joined:
            # What that needs takes a second to import, in which keys must be heard.
            Thread(target=self._begin, name="centre-begins", daemon=True).start()

    def stop(self) -> None:
        """Hang up; what was not sent is sent the next time."""
        with self._lock:
            self._over = True
        if self._thread is not None:
            self._thread.stop()

    @property
    def _joined(self) -> bool:
        return not self._alone and self._file.exists()

    def ring(self) -> None:
        """Something was committed here: it is on its way at once."""
        if self._thread is not None:
            self._thread.ring()

    def try_now(self) -> None:
        """Do not wait for the end of the pause."""
        if self._thread is not None:
            self._thread.try_now()

    def take(self, request_id: str, operator: str, *, over: bool = False) -> None:
        """An operator works on the request: other desks see so until it is dropped. With `over` it was another's."""
        if self._thread is not None:
            self._thread.take(request_id, operator, over=over)

    def drop(self, request_id: str) -> None:
        """Nobody here works on the request any more."""
        if self._thread is not None:
            self._thread.drop(request_id)

    def claim(self) -> "Claim":
        """How far the places of an offer made now are the desk's own; answers at once."""
        if not self.link.joined:
            return "alone"
        return "asked" if self.link.answers else "provisional"

    def _begin(self) -> None:
        try:
            from random import Random

            from callcenter.sync.joining import joined_file
            from callcenter.sync.thread import LinkThread

            file = joined_file(self._database)
        except CallcenterError as problem:
            self._changed(self.link._replace(problem=problem))
            return
        except Exception as fault:  # noqa: BLE001 - a thread has no caller; the window of the centre says what happened
            self._fault(fault)
            return
        with self._lock:
            if self._over:
                return
            self._thread = LinkThread(
                self._open_desk,
                file,
                self._clock,
                Random(),
                told=self._changed,
                settled=self._settled,
                troubled=self._fault,
            )
            self._thread.start()

    def _fault(self, fault: BaseException) -> None:
        self._changed(self.link._replace(state="offline", problem=self._troubled(fault)))

    def _changed(self, link: LinkState) -> None:
        from callcenter.console.messages import LinkChanged

        self.link = link
        self._tell(LinkChanged(link))

    def _settled(self, settled: "list[Settled]") -> None:
        from callcenter.console.messages import ClaimsSettled

        if settled:
            self._tell(ClaimsSettled(settled))
