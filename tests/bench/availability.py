"""From a key's byte to the painted screen on the list of all providers: moving, paging, other days, typing a name."""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from random import Random

from tests.bench.figures import Figure
from tests.bench.filled import EVENING, FilledDesks
from tests.bench.key import DOWN, after_keys, console, empty_key
from tests.bench.start import first_row
from tests.bench.terminal import COLUMNS, LINES, Screen, Terminal

OPEN, PAGE_DOWN, PAGE_UP, RIGHT, LEFT, SEARCH = b"\x1b[21~", b"\x1b[6~", b"\x1b[5~", b"\x1b[C", b"\x1b[D", b"/"
BACKSPACE = b"\x7f"
NAMES = ("수원", "ㅅㅇ", "돌보미", "ㅇㄹㅇㅈ", "남양주 돌", "ㄱㅁ", "12")
_SEED = 4
_WAIT = 0.2
_GROUPS = re.compile(r"([\d,]+)개 반")
_STRIP = re.compile(r"[◦▬◊x?]{2}(?: [◦▬◊x?]{2}){6}")
_DETAIL = 5
_AROUND = 10
"""Lines of the screen that are none of the list's: five over it and five under it."""


class _Watched:
    """The screen of a terminal, written on piece by piece, as pyte takes its time for each."""

    def __init__(self, opened: Terminal) -> None:
        self.opened = opened
        self._screen = Screen()
        self._written = 0

    def changes(self, look: Callable[[Screen], str]) -> list[tuple[float, object]]:
        """When the look changed, and to what, in the pieces that came since the last time."""
        found: list[tuple[float, object]] = []
        before = look(self._screen)
        for piece in self.opened.pieces[self._written :]:
            self._screen.write(piece.written)
            seen = look(self._screen)
            if seen != before:
                found.append((piece.at, seen))
            before = seen
        self._written = len(self.opened.pieces)
        return found


def run(desks: FilledDesks) -> list[Figure]:
    """The 99th percentile of each kind of key over all providers of the desk."""
    raw = empty_key(desks)
    path = desks.copy()
    count = 12 if desks.quick else 150
    with console(path) as opened:
        opened.read_until(first_row(path, EVENING))
        opened.read_for(4.0)
        opened.press(OPEN)
        opened.read_until("개 반".encode())
        opened.read_for(4.0)
        watched = _Watched(opened)
        groups = watched.changes(_listed)[-1][1]
        found = [
            _keys(watched, "a line down", [DOWN] * count, _cursor_line_text),
            _keys(watched, "a page down or up", _pages(count), _whole_list),
            _keys(watched, "a half hour on or back", ([RIGHT] * 20 + [LEFT] * 20) * (count // 40 + 1), _detail),
            _keys(watched, "another day", [b"2", b"3", b"4", b"1"] * (count // 4), _detail),
            _names(watched, 1 if desks.quick else 6),
        ]
    note = f"; {groups} groups in the list"
    return [replace(one, raw=raw, raw_what="a key in an empty Textual app", note=one.note + note) for one in found]


def _pages(count: int) -> list[bytes]:
    """Through the list and back again."""
    return [PAGE_DOWN if number // 60 % 2 == 0 else PAGE_UP for number in range(count)]


def _keys(watched: _Watched, what: str, keys: Sequence[bytes], look: Callable[[Screen], str]) -> Figure:
    opened, rng = watched.opened, Random(_SEED)
    pressed = []
    for key in keys:
        pressed.append(opened.press(key))
        opened.read_for(_WAIT + rng.random() * _WAIT / 4)
    # While rows are still being read there is nothing to see.
    seen = [(at, look) for at, look in watched.changes(look) if look]
    return after_keys(what, pressed, seen, "availability")


def _names(watched: _Watched, times: int) -> Figure:
    """Typing names letter by letter and taking them back: each key that changes how many are listed counts."""
    opened, rng = watched.opened, Random(_SEED)
    opened.press(SEARCH)
    opened.read_for(1.0)
    watched.changes(_listed)
    pressed = []
    for name in NAMES * times:
        for key in [letter.encode() for letter in name] + [BACKSPACE] * len(name):
            pressed.append(opened.press(key))
            opened.read_for(_WAIT + rng.random() * _WAIT / 4)
    seen = watched.changes(_listed)
    # A letter that leaves the same groups in the list paints no other number.
    answered = [key for key in pressed if any(key <= at < key + _WAIT for at, _look in seen)]
    if len(answered) < len(pressed) / 2:
        raise AssertionError(f"only {len(answered)} of {len(pressed)} keys changed the list")
    return after_keys("a letter of a name typed or taken back", answered, seen, "availability")


# What to look at on the screen


def _listed(screen: Screen) -> str:
    found = (_GROUPS.search(screen.part(0, COLUMNS, line)) for line in range(6))
    return next((one.group(1) for one in found if one), "")


def _rows(screen: Screen) -> list[str]:
    return [line for line in (screen.part(0, COLUMNS, number) for number in range(LINES)) if _STRIP.search(line)]


def _whole_list(screen: Screen) -> str:
    """All rows, as one may look like another; nothing while some of them are missing."""
    rows = _rows(screen)
    return "\n".join(rows) if len(rows) >= LINES - _AROUND else ""


def _cursor_line_text(screen: Screen) -> str:
    return next((line for line in _rows(screen) if line.startswith(">")), "")


def _detail(screen: Screen) -> str:
    return screen.part(0, COLUMNS, LINES - _DETAIL)
