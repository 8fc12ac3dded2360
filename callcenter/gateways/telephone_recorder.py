"""Call events into the journal: one thread with one desk, so that no loop ever waits for a disk."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from importlib import import_module
from types import TracebackType

from callcenter.desk.call_events import CallEvent, CallReceived, receive_event
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.store.engine import DatabaseLocked, DatabaseUnwritable

MAX_WAITING = 256
_TRIES = 2
# What another attempt may mend: somebody else writes, or the disk is full.
PASSING = (DatabaseLocked, DatabaseUnwritable)


class TooManyEvents(CallcenterError):
    """More events wait to be written than a telephone system sends in a minute."""

    code = "too_many_events"
    sentence = mark("Too many telephone events wait to be written. Send them again later.")


class Recorder:
    """Writes events in the order in which they come; used as `async with`."""

    def __init__(self, opened: Callable[[], Desk], clock: Callable[[], datetime]) -> None:
        self._opened = opened
        self._clock = clock
        self._thread = ThreadPoolExecutor(1, thread_name_prefix="telephone")
        self._waiting = 0
        self._desk: Desk | None = None

    async def __aenter__(self) -> "Recorder":
        """Open the desk in the thread that writes; raises what opening a desk raises."""
        try:
            await asyncio.get_running_loop().run_in_executor(self._thread, self._open)
        except BaseException:
            self._thread.shutdown()
            raise
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Write what waits, then close the desk."""
        await asyncio.get_running_loop().run_in_executor(self._thread, self._close)
        self._thread.shutdown()

    async def record(self, event: CallEvent) -> CallReceived:
        """Write one event; comes back when it is on the disk.

        Raises `TooManyEvents`, one of `PASSING`, or what the use case refuses.
        """
        if self._waiting >= MAX_WAITING:
            raise TooManyEvents
        self._waiting += 1
        try:
            # Shielded: what was begun is written also when the one who sent it has gone.
            return await asyncio.shield(asyncio.get_running_loop().run_in_executor(self._thread, self._write, event))
        finally:
            self._waiting -= 1

    def _open(self) -> None:
        # The journal's models cost half a second: better now than while somebody rings.
        import_module("callcenter.journal.chain")
        import_module("callcenter.journal.bodies")
        self._desk = self._opened()

    def _close(self) -> None:
        if self._desk is not None:
            self._desk.close()

    def _write(self, event: CallEvent) -> CallReceived:
        assert self._desk is not None
        for _attempt in range(_TRIES - 1):
            try:
                return receive_event(self._desk, TELEPHONE, self._clock(), event)
            except DatabaseLocked:
                continue  # the store has waited already
        return receive_event(self._desk, TELEPHONE, self._clock(), event)
