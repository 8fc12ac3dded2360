"""What Textual must know of the terminal before it is imported for the first time."""

import os
import sys
from functools import partial

from callcenter.errors import CallcenterError
from callcenter.language import mark


class NoTerminal(CallcenterError):
    """What the console reads or shows goes elsewhere, so no key could ever reach or end it."""

    code = "no_terminal"
    sentence = mark("The console needs a terminal: start it without redirecting its input or output.")


def require_terminal() -> None:
    """Raise `NoTerminal` unless somebody sits before it; a driver that the user has named may do without."""
    # Where Textual writes to: on Windows and elsewhere it is not the same.
    shown = sys.__stdout__ if sys.platform == "win32" else sys.__stderr__
    if "TEXTUAL_DRIVER" in os.environ:
        return
    if not all(stream is not None and stream.isatty() for stream in (sys.__stdin__, shown)):
        raise NoTerminal


def prepare_terminal(*, kitty_keys: bool = False, frames: int = 4000) -> None:
    """Set Textual's environment; call it before the first import of textual, which reads it once.

    The kitty keyboard protocol stays off unless asked for: iTerm2, WezTerm and others lose text composed by an
    input method in it. `frames` is the highest number of paints a second: what changes right after a paint, as the
    request after the cursor, waits for up to two of them, in whole milliseconds. What the user has set wins.
    """
    os.environ.setdefault("TEXTUAL_DISABLE_KITTY_KEY", "0" if kitty_keys else "1")
    os.environ.setdefault("TEXTUAL_FPS", str(frames))


def read_any_bytes() -> None:
    """Have bytes that are no UTF-8 read as the sign for such; call it once textual is there.

    A terminal that is set to Korean Windows' code page (CP949) sends them for every syllable, and Textual's thread that
    reads keys, which is strict, would end the console with the first.
    """
    if sys.platform != "win32":
        from textual.drivers import linux_driver

        strict = vars(linux_driver)["getincrementaldecoder"]
        vars(linux_driver)["getincrementaldecoder"] = lambda encoding: partial(strict(encoding), errors="replace")
