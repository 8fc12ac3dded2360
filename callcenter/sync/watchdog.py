"""Deadlines for calls that would otherwise never end.

A driver that waits for an answer on a line that swallows everything is not woken by keep-alives or by the server's
own timeouts; shutting the socket down wakes it at once.
"""

import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition, Thread


class Watchdog:
    """Watches the calls on one socket; a call that is late has it shut under its feet."""

    def __init__(self, number: int) -> None:
        # A copy, for the driver may close its own at any moment, and the number may be somebody else's then.
        self._socket = socket.fromfd(number, socket.AF_INET, socket.SOCK_STREAM)
        self._changed = Condition()
        self._deadline: float | None = None
        self._looks_at: float | None = None
        self._over = False
        self.bitten = False
        """Whether a call was late."""
        self._thread = Thread(target=self._watch, name="centre-watchdog", daemon=True)
        self._thread.start()

    @contextmanager
    def within(self, seconds: float) -> Iterator[None]:
        """What happens inside ends in time, or its socket is shut."""
        with self._changed:
            self._deadline = time.monotonic() + seconds
            # To wake a thread costs as much as a short call: only when it would look too late.
            if self._looks_at is None or self._deadline < self._looks_at:
                self._changed.notify()
        try:
            yield
        finally:
            with self._changed:
                self._deadline = None

    def bite(self) -> None:
        """Shut the socket now."""
        self.bitten = True
        try:
            self._socket.shutdown(socket.SHUT_RDWR)
        except OSError:
            # The other side was faster.
            return

    def close(self) -> None:
        """Watch no more."""
        with self._changed:
            self._over = True
            self._changed.notify()
        self._thread.join()
        self._socket.close()

    def _watch(self) -> None:
        with self._changed:
            while not self._over:
                left = None if self._deadline is None else self._deadline - time.monotonic()
                if left is not None and left <= 0:
                    self._deadline = None
                    self.bite()
                else:
                    self._looks_at = self._deadline
                    self._changed.wait(left)
