"""A terminal that is gone, window or line: the console ends then as it should, though no signal may tell it."""

import select
from collections.abc import Callable
from typing import IO


class LastingOutput:
    """Takes every text; what the terminal does not take any more is dropped, and `gone` is called once.

    Textual's thread for output ends with the first error, and then its screen waits for ever to be painted.
    """

    def __init__(self, terminal: IO[str], gone: Callable[[], object]) -> None:
        """`gone` is called in the thread that writes."""
        self._terminal = terminal
        self._gone = gone
        self._lost = False

    def write(self, text: str) -> int:
        """Hand the text to the terminal while it is there."""
        if not self._lost:
            self._attempt(lambda: self._terminal.write(text))
        return len(text)

    def flush(self) -> None:
        """Hand on what is held back while the terminal is there."""
        if not self._lost:
            self._attempt(self._terminal.flush)

    def fileno(self) -> int:
        """The number of the terminal's file."""
        return self._terminal.fileno()

    def _attempt(self, step: Callable[[], object]) -> None:
        try:
            step()
        except (OSError, ValueError):  # ValueError: the stream was closed
            self._lost = True
            self._gone()


def hung_up(terminal: int) -> bool:
    """Whether nobody has the other side of this terminal open any more; False on systems that cannot tell."""
    if not hasattr(select, "poll"):
        return False
    watch = select.poll()
    watch.register(terminal, 0)
    return any(event & select.POLLHUP for _, event in watch.poll(0))
