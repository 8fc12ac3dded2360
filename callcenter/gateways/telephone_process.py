"""What every telephone gateway does as a process of its own: it ends cleanly when told to, and shows that it lives."""

import asyncio
import os
import signal
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Literal

from callcenter.desk.telephone_state import BEAT_SECONDS, Heartbeat, heartbeat_path, write_heartbeat

_SIGNALS = ("SIGINT", "SIGTERM", "SIGBREAK", "SIGHUP")


class Pulse:
    """The gateway's heartbeat: `set` what it is, and `beat` keeps saying so."""

    def __init__(self, db: Path, kind: Literal["listen", "watch"], name: str, clock: Callable[[], datetime]) -> None:
        self.path = heartbeat_path(db, f"{kind}-{name}")
        self._kind = kind
        self._clock = clock
        self._state: Literal["connecting", "connected"] = "connecting"
        self._since = clock()
        self._changed = asyncio.Event()

    def set(self, state: Literal["connecting", "connected"]) -> None:
        """Say what the gateway is from now on."""
        if state != self._state:
            self._state, self._since = state, self._clock()
            self._changed.set()

    async def beat(self) -> None:
        """Write the file now, at every change and every five seconds, until cancelled; then take it away."""
        writing: asyncio.Task[None] | None = None
        try:
            while True:
                self._changed.clear()
                writing = asyncio.create_task(asyncio.to_thread(self._write))
                await asyncio.shield(writing)
                await until(self._changed, BEAT_SECONDS)
        finally:
            if writing is not None:
                await asyncio.wait({writing})
            with suppress(OSError):
                self.path.unlink(missing_ok=True)

    def _write(self) -> None:
        at, since = self._clock().isoformat(), self._since.isoformat()
        # A heartbeat that cannot be written (a full disk, a reader on Windows) shows as one that is missing.
        with suppress(OSError):
            write_heartbeat(self.path, Heartbeat(self._kind, self._state, since, os.getpid(), at))


async def until(event: asyncio.Event, seconds: float) -> bool:
    """Wait for an event, at most so long; whether it came."""
    # Not `wait_for`: before Python 3.12 it swallows a cancellation that comes together with the event.
    with suppress(TimeoutError):
        async with asyncio.timeout(max(seconds, 0.0)):
            await event.wait()
    return event.is_set()


@contextmanager
def stopping() -> Iterator[asyncio.Event]:
    """An event that is set when somebody wants the process to end: Ctrl+C, Ctrl+Break, a closed window, `kill`."""
    loop = asyncio.get_running_loop()
    stop = asyncio.Event()
    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    # Not the loop's own handlers: Windows has none.
    before = {number: signal.signal(number, lambda *_told: loop.call_soon_threadsafe(stop.set)) for number in numbers}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


async def run_until_stopped(work: Awaitable[None], pulse: Pulse) -> None:
    """Run a gateway's work, which ends by itself when told to stop, with its heartbeat beside it."""
    beating = asyncio.create_task(pulse.beat())
    try:
        await work
    finally:
        beating.cancel()
        with suppress(asyncio.CancelledError):
            await beating
