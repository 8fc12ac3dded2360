"""A program in a real pseudo-terminal, with the moment at which each piece of its output arrived."""

import fcntl
import os
import pty
import select
import signal
import struct
import subprocess
import sys
import termios
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from time import perf_counter
from types import MappingProxyType
from typing import NamedTuple

import pyte

ROOT = Path(__file__).parents[2]
COLUMNS, LINES = 120, 36
_PIECE = 65536
_ENDING_SECONDS = 10


class Piece(NamedTuple):
    """Some bytes of output and when they were read, in seconds of `perf_counter`."""

    at: float
    written: bytes


class Terminal:
    """The process and everything it has written so far."""

    def __init__(self, command: Sequence[str], environment: Mapping[str, str]) -> None:
        clean = {name: value for name, value in os.environ.items() if not name.startswith(("TEXTUAL_", "CALLCENTER_"))}
        # An installed program has its bytecode; a checkout may be told not to write any.
        for name in ("NO_COLOR", "PYTHONDONTWRITEBYTECODE"):
            clean.pop(name, None)
        clean |= {"TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT), **environment}
        self._fd, inner = pty.openpty()
        fcntl.ioctl(inner, termios.TIOCSWINSZ, struct.pack("HHHH", LINES, COLUMNS, 0, 0))
        self.pieces: list[Piece] = []
        self.began = perf_counter()
        self._process = subprocess.Popen(
            command, env=clean, cwd=ROOT, stdin=inner, stdout=inner, stderr=inner, start_new_session=True
        )
        os.close(inner)

    def press(self, keys: bytes) -> float:
        """Send the bytes of a key; returns when."""
        at = perf_counter()
        os.write(self._fd, keys)
        return at

    def read_for(self, seconds: float) -> None:
        """Read whatever comes within so many seconds."""
        until = perf_counter() + seconds
        while (left := until - perf_counter()) > 0:
            self._read(left)

    def read_until(self, marker: bytes, seconds: float = 60.0) -> float:
        """Read until the marker was written; returns when it was there. Raises when it does not come in time."""
        written = b"".join(piece.written for piece in self.pieces)
        until = perf_counter() + seconds
        while marker not in written:
            if perf_counter() > until or self._process.poll() is not None:
                raise TimeoutError(f"{marker!r} was not painted; last came {written[-2000:]!r}")
            written += self._read(0.1)
        return self.pieces[-1].at

    def _read(self, seconds: float) -> bytes:
        if not select.select([self._fd], [], [], seconds)[0]:
            return b""
        try:
            written = os.read(self._fd, _PIECE)
        except OSError:  # Linux says so when the other side has closed.
            return b""
        self.pieces.append(Piece(perf_counter(), written))
        return written

    def end(self) -> None:
        """End the process as a closed window does, and wait for it."""
        self._process.send_signal(signal.SIGTERM)
        until = perf_counter() + _ENDING_SECONDS
        while self._process.poll() is None and perf_counter() < until:
            self._read(0.02)
        if self._process.poll() is None:
            self._process.kill()
        self._process.wait()
        os.close(self._fd)


@contextmanager
def terminal(
    command: Sequence[str], folder: Path, environment: Mapping[str, str] = MappingProxyType({})
) -> Iterator[Terminal]:
    """The program in a terminal of 120 x 36, ended afterwards; its settings and bytecode lie in the folder.

    `command` is what follows the interpreter; `environment` is set besides.
    """
    places = {"CALLCENTER_CONFIG": str(folder / "config"), "PYTHONPYCACHEPREFIX": str(folder / "bytecode")}
    opened = Terminal([sys.executable, *command], {**places, **environment})
    try:
        yield opened
    finally:
        opened.end()


class Screen:
    """What stands on the screen after some of the output: pyte draws it."""

    def __init__(self) -> None:
        self._screen = pyte.Screen(COLUMNS, LINES)
        self._stream = pyte.ByteStream(self._screen)

    def write(self, written: bytes) -> None:
        """Paint more output."""
        self._stream.feed(written)

    def lines(self) -> list[str]:
        """The lines of the screen; a wide character stands once, so a line may be shorter than the screen."""
        return list(self._screen.display)

    def part(self, left: int, right: int, line: int) -> str:
        """The text in the cells from left up to right of a line."""
        row = self._screen.buffer[line]
        return "".join(row[column].data for column in range(left, right))


def changes(pieces: Sequence[Piece], look: Callable[[Screen], object]) -> list[tuple[float, object]]:
    """When the look of the screen changed, and to what."""
    screen = Screen()
    found: list[tuple[float, object]] = []
    for piece in pieces:
        screen.write(piece.written)
        seen = look(screen)
        if not found or seen != found[-1][1]:
            found.append((piece.at, seen))
    return found
