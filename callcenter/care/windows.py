"""Opening hours as cells and data files write them: `07:00-09:00 20:00-24:00`, `22:00-07:30`, `closed`."""

import re
from collections.abc import Iterable
from itertools import pairwise

from callcenter.care.rules import DAY_MINUTES, Window

CLOSED = "closed"
_WINDOW = re.compile(r"([01]\d|2[0-4]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)", re.ASCII)


def read_window(text: str) -> Window | None:
    """The window of a text like `07:30-22:00`; an end not after its begin lies on the next day. None for any other."""
    found = _WINDOW.fullmatch(text)
    if found is None:
        return None
    opens, closes = (int(found[one]) * 60 + int(found[one + 1]) for one in (1, 3))
    if opens >= DAY_MINUTES or closes > DAY_MINUTES:
        return None
    return Window(opens, closes if closes > opens else closes + DAY_MINUTES)


def read_windows(text: str) -> tuple[Window, ...] | None:
    """The windows of a cell, earliest first, none for `closed`; None when it says something else or they overlap."""
    pieces = text.split()
    if pieces == [CLOSED]:
        return ()
    found = [read_window(piece) for piece in pieces]
    windows = sorted(one for one in found if one is not None)
    if not windows or len(windows) < len(found):
        return None
    if any(later.opens < earlier.closes for earlier, later in pairwise(windows)):
        return None
    return tuple(windows)


def window_cell(window: Window) -> str:
    """The window as `read_window` reads it."""
    closes = window.closes if window.closes <= DAY_MINUTES else window.closes - DAY_MINUTES
    return f"{_clock(window.opens)}-{_clock(closes)}"


def windows_cell(windows: Iterable[Window]) -> str:
    """The windows as `read_windows` reads them."""
    return " ".join(map(window_cell, windows)) or CLOSED


def _clock(minutes: int) -> str:
    return f"{minutes // 60:02}:{minutes % 60:02}"
