"""From a key's byte to the painted screen, in a real terminal, on a full desk: alone, and while rows change."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from random import Random
from time import perf_counter, sleep

from callcenter.console.presentation.glyphs import CURSOR
from callcenter.desk.matches import matches
from callcenter.desk.queue_view import queue_view
from callcenter.desk.view import request_view
from callcenter.store.engine import open_reader, open_writer
from callcenter.store.transactions import writing
from tests.bench import empty_app
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, PROGRAMS, SUPERVISOR, FilledDesks, data
from tests.bench.start import first_row
from tests.bench.terminal import COLUMNS, LINES, ROOT, Screen, Terminal, changes, terminal

FRAME_MS = 16.7
DOWN, UP, PLACE, UNDO = b"\x1b[B", b"\x1b[A", b"\x1b[15~", b"\x1b[20~"
ROWS_CHANGING, TIMES_A_SECOND = 20, 10
_SEED = 3
_PANEL = 38
"""The cells from here on are right of the queue."""
_NUMBER = re.compile(r"A-\d{4}-\d{3,}")
_WAIT = 0.2
_SETTLED = 0.8


def run(desks: FilledDesks) -> list[Figure]:
    """The 99th percentile of each key, on a desk that is alone and on one whose rows change."""
    raw = empty_key(desks)
    figures: list[Figure] = []
    commits: list[Figure] = []
    for busy in (False, True):
        path = desks.copy()
        rows = _placeable_rows(path)
        row = first_row(path, EVENING)
        with _changing(path, busy=busy):
            with console(path) as opened:
                opened.read_until(row)
                opened.read_for(3.0)
                figures += _moves(opened, 15 if desks.quick else 200, busy=busy)
                figures += _places(opened, rows, 4 if desks.quick else 40, busy=busy)
            commits.append(_bare_commits(path, 15 if desks.quick else 200, busy=busy))
    return [replace(figure, raw=raw, raw_what="a key in an empty Textual app") for figure in figures] + commits


def empty_key(desks: FilledDesks) -> float:
    """What Textual and this machine need for a key, at the 99th percentile, in the same terminal."""
    pressed = []
    with terminal([str(Path(empty_app.__file__))], desks.folder) as opened:
        opened.read_until(empty_app.MARK.encode())
        opened.read_for(1.0)
        for _ in range(15 if desks.quick else 200):
            pressed.append(opened.press(DOWN))
            opened.read_for(_WAIT / 2)
        return after_keys("raw", pressed, changes(opened.pieces, lambda screen: screen.part(0, COLUMNS, 0))).value


def _bare_commits(path: Path, count: int, *, busy: bool) -> Figure:
    """What no placing can do without: one row in a transaction, waited for and begun as the console does."""
    rng = Random(_SEED)
    taken: list[float] = []
    with closing(open_writer(path)) as connection:
        with writing(connection):
            connection.execute("CREATE TABLE bare (body BLOB)")
        for _ in range(count):
            sleep(_WAIT * rng.random())
            began = perf_counter()
            with writing(connection):
                connection.execute("INSERT INTO bare VALUES (zeroblob(2000))")
            taken.append((perf_counter() - began) * 1000)
    what = f"one row committed to the same file in a transaction of its own, {_when(busy)}, p99"
    note = f"p50 {median(taken):.1f}, p90 {percentile(taken, 0.9):.1f} ms, {count} commits"
    return Figure("key", what, percentile(taken, 0.99), "ms", note=note)


@contextmanager
def console(path: Path) -> Iterator[Terminal]:
    """The console on a desk's file, in a terminal."""
    command = ["-m", "tests.bench.open_evening", str(path)]
    with terminal(command, path.parent) as opened:
        yield opened


@contextmanager
def _changing(path: Path, *, busy: bool) -> Iterator[None]:
    """The other process, when there is to be one."""
    if not busy:
        yield
        return
    command = [sys.executable, "-m", "tests.bench.changing", str(path), str(ROWS_CHANGING), str(TIMES_A_SECOND)]
    other = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT, env={**os.environ, "PYTHONPATH": str(ROOT)})
    assert other.stdout is not None
    try:
        other.stdout.readline()
        yield
        if other.poll() is not None:
            raise AssertionError("the other process has ended, so nothing was changing")
    finally:
        other.kill()
        other.communicate()


def _placeable_rows(path: Path) -> list[int]:
    """Which of the first rows have a match to place with."""
    with closing(open_reader(path)) as connection:
        found = []
        for index, row in enumerate(queue_view(connection, EVENING, SUPERVISOR, 0, ROWS_CHANGING).rows):
            view = request_view(connection, row.id)
            if view is None or row.state not in ("open", "matching"):
                continue
            best = matches(connection, data(), PROGRAMS, view.request, view.children, EVENING).ranking.matches
            if best:
                found.append(index)
    if not found:
        raise AssertionError("none of the first rows can be placed")
    return found


def _moves(opened: Terminal, count: int, *, busy: bool) -> list[Figure]:
    """Up and down over the first rows: the cursor first, then the request on the panel."""
    rng = Random(_SEED)
    opened.press(DOWN)
    opened.read_for(2.0)
    pressed = []
    for number in range(count):
        down = number // (ROWS_CHANGING - 2) % 2 == 0
        pressed.append(opened.press(DOWN if down else UP))
        opened.read_for(_WAIT + rng.random() * _WAIT / 4)
    opened.read_for(_SETTLED)
    when = _when(busy)
    return [
        after_keys(f"cursor moved, {when}", pressed, changes(opened.pieces, _cursor_line)),
        after_keys(f"request shown, {when}", pressed, changes(opened.pieces, _shown_number)),
    ]


def _places(opened: Terminal, rows: Sequence[int], count: int, *, busy: bool) -> list[Figure]:
    """Place with F5 and take it back with F9, going round the rows that have a match."""
    at = _cursor_row(opened)
    pressed = []
    for number in range(count + 1):
        row = rows[number % len(rows)]
        for _ in range(abs(row - at)):
            opened.press(DOWN if row > at else UP)
            opened.read_for(0.05)
        at = row
        opened.read_for(_SETTLED)
        placed = opened.press(PLACE)
        # The first write loads what every later one uses; it is told apart.
        opened.read_for(_SETTLED if number else 3.0)
        if number:
            pressed.append(placed)
        opened.press(UNDO)
        opened.read_for(_SETTLED)
    when = _when(busy)
    said = changes(opened.pieces, _status)
    # A row that was changed meanwhile may be refused; then there is no new state to be shown.
    placed_keys = [key for key in pressed if any(key <= at < key + _SETTLED and "F9" in str(text) for at, text in said)]
    if len(placed_keys) < len(pressed) / 2:
        raise AssertionError(f"only {len(placed_keys)} of {len(pressed)} requests were placed")
    return [
        after_keys(f"placed and said so, {when}", placed_keys, said),
        after_keys(f"placed and the new state shown, {when}", placed_keys, changes(opened.pieces, _title)),
    ]


def _when(busy: bool) -> str:
    return f"{ROWS_CHANGING} rows changing {TIMES_A_SECOND} times a second" if busy else "idle"


def after_keys(what: str, pressed: Sequence[float], seen: Sequence[tuple[float, object]], bench: str = "key") -> Figure:
    """The first change after each key; a key without one before the next counts as the whole time until then."""
    taken: list[float] = []
    missed = 0
    for number, key in enumerate(pressed):
        until = pressed[number + 1] if number + 1 < len(pressed) else key + 2 * _SETTLED
        at = next((when for when, _look in seen if key <= when < until), None)
        missed += at is None
        taken.append(((at or until) - key) * 1000)
    if missed == len(pressed):
        raise AssertionError(f"{what}: no key painted anything")
    note = f"p50 {median(taken):.1f}, p90 {percentile(taken, 0.9):.1f} ms, {len(taken)} keys"
    return Figure(
        bench,
        f"{what}, p99",
        percentile(taken, 0.99),
        "ms",
        target=FRAME_MS,
        note=note + (f", {missed} not painted before the next" if missed else ""),
    )


# What to look at on the screen


def _cursor_line(screen: Screen) -> int:
    return next((line for line in range(LINES) if screen.part(0, 1, line) == CURSOR), -1)


def _title(screen: Screen) -> str:
    """The panel's first line, with the number and the state of the request that is shown."""
    return screen.part(_PANEL, COLUMNS, _queue_top(screen))


def _queue_top(screen: Screen) -> int:
    """Where the queue's captions stand, and beside them the title of the request: lanes above come and go."""
    return next((line for line in range(LINES) if screen.part(2, _PANEL, line).split()[:1] == ["대기"]), 0)


def _shown_number(screen: Screen) -> str:
    found = _NUMBER.search(_title(screen))
    return found.group() if found else ""


def _status(screen: Screen) -> str:
    return screen.part(0, COLUMNS, LINES - 2)


def _cursor_row(opened: Terminal) -> int:
    """On which row of the queue the cursor stands now."""
    screen = Screen()
    for piece in opened.pieces:
        screen.write(piece.written)
    return _cursor_line(screen) - _queue_top(screen) - 1
