"""What wakes the thread of the sync: a ring from another thread, or bytes on a socket of the centre's."""

import select
import socket


class Bell:
    """Rung from any thread; one thread waits for it. Rings while nobody waits are one ring."""

    def __init__(self) -> None:
        # A pair of sockets, for it is the only thing that can be waited for beside a connection on every system.
        self._ours, self._theirs = socket.socketpair()
        self._ours.setblocking(False)
        self._theirs.setblocking(False)

    def ring(self) -> None:
        """Wake whoever waits, or will wait next."""
        try:
            self._theirs.send(b"!")
        except (BlockingIOError, OSError):
            # It is full of rings that nobody has heard yet, or nobody will wait any more.
            return

    def wait(self, seconds: float, beside: int | None = None) -> bool:
        """Wait at most so long for a ring, or for bytes on the socket with this number; True when there was either."""
        sockets: list[socket.socket | int] = [self._ours] if beside is None else [self._ours, beside]
        heard = bool(select.select(sockets, (), (), max(0.0, seconds))[0])
        self.silence()
        return heard

    def silence(self) -> bool:
        """Forget the rings so far; True when there were any."""
        rung = False
        try:
            while self._ours.recv(4096):
                rung = True
        except BlockingIOError:
            return rung
        return rung

    def close(self) -> None:
        """Nobody waits any more."""
        self._ours.close()
        self._theirs.close()
