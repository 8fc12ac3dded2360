"""From a typed character's bytes to what it says, in a real terminal, on a full desk, and to the draft on the disk.

The echo is the first change of the line after a key. The answer is measured at the keys that change it, in
`typed_answer`. Durable is when another connection, which looks every half millisecond, reads the draft with the whole
line in it: a commit is seen by others after it is on the disk.
"""

import json
from bisect import bisect_right
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from pathlib import Path
from random import Random
from threading import Event, Thread
from time import perf_counter, sleep
from typing import NamedTuple

from sqlcipher3 import dbapi2

from callcenter.console.presentation.glyphs import CURSOR
from callcenter.language import _
from callcenter.store.drafts import drafts
from callcenter.store.engine import data_version, open_reader
from tests.bench import empty_input
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, FilledDesks
from tests.bench.start import first_row
from tests.bench.terminal import COLUMNS, LINES, Piece, Screen, changes, terminal
from tests.bench.typed_answer import FORM, answer, type_switches

FRAME_MS, DURABLE_MS = 16.7, 10.0
_NEW, _CLEAR = b"\x1bOQ", b"\x15"
_SEED = 17
_WAIT = 0.25
_LOOK_SECONDS = 0.0005
_DRAFT_BYTES, _RAW_PAUSE = 800, 0.02
_REGIONS = ("수원", "성남", "화성", "용인", "부천", "고양", "평택", "안양")
_AGES = ("8세초2", "14개월", "다섯살", "190301", "7살+16개월", "초3", "2019년생")
_TIMES = ("오늘 20-23", "내일 7시~10시", "오늘 저녁 8시부터 11시", "모레 19-22", "토 9-13")
_REASONS = ("야근", "입원", "출장", "경조사")
_NEEDS = ("땅콩알레르기", "천식", "밥은 먹었어요", "기침")
_NAMES = ("김지영님", "박민수님", "이서연님")


class Key(NamedTuple):
    """A character that was typed, when, and the line as it stands with it."""

    at: float
    line: str


def run(desks: FilledDesks) -> list[Figure]:
    """The echo, the answer and the durable draft of some hundred keys, at the 99th percentile."""
    lines = _lines(1 if desks.quick else 6)
    raw = _raw(desks, 12 if desks.quick else 150)
    raw_commit = _raw_commit(desks.folder / "raw-draft.db", 12 if desks.quick else 300)
    path = desks.copy()
    kept: dict[str, float] = {}
    ended = Event()
    watch = Thread(target=_look, args=(path, kept, ended))
    with terminal(["-m", "tests.bench.open_evening", str(path)], path.parent) as opened:
        opened.read_until(first_row(path, EVENING))
        opened.read_for(3.0)
        opened.press(_NEW)
        opened.read_for(2.0)
        # The first answer loads what every later one uses; it is told apart.
        for character in "수원 8세 20-23":
            opened.press(character.encode())
            opened.read_for(_WAIT)
        opened.read_for(3.0)
        watch.start()
        try:
            keys: list[Key] = []
            rng = Random(_SEED)
            for line in lines:
                opened.press(_CLEAR)
                opened.read_for(1.0)
                for number, character in enumerate(line, 1):
                    keys.append(Key(opened.press(character.encode()), line[:number]))
                    opened.read_for(_WAIT + rng.random() * _WAIT / 4)
            opened.read_for(1.0)
            switched = type_switches(opened, 1 if desks.quick else 8)
        finally:
            ended.set()
            watch.join()
        pieces = opened.pieces
    return [
        _echo(keys, pieces, raw),
        replace(answer(switched, pieces), raw=raw, raw_what=_RAW),
        _durable(keys, kept, raw_commit),
    ]


def _lines(count: int) -> list[str]:
    """Made-up calls, their words in any order."""
    rng = Random(_SEED)
    found = []
    for _number in range(count):
        words = [rng.choice(words) for words in (_REGIONS, _AGES, _TIMES, _REASONS, _NEEDS, _NAMES)]
        words.append(f"010-0000-{rng.randrange(10_000):04}")
        rng.shuffle(words)
        found.append(" ".join(words))
    return found


def _raw(desks: FilledDesks, count: int) -> float:
    """What Textual and this machine need for a key in an Input, at the 99th percentile, in the same terminal."""
    with terminal([str(Path(empty_input.__file__))], desks.folder) as opened:
        opened.read_until(empty_input.MARK.encode())
        opened.read_for(1.0)
        keys = []
        for number in range(count):
            keys.append(Key(opened.press(b"%d" % (number % 10)), ""))
            opened.read_for(_WAIT / 2)
        seen = changes(opened.pieces, lambda screen: [screen.part(0, COLUMNS, line) for line in range(3)])
    return percentile(_first_after(keys, [at for at, _look in seen]), 0.99)


def _raw_commit(path: Path, count: int) -> float:
    """What this disk needs for one row of a draft's size, synced, at the 99th percentile; a pause after each."""
    taken = []
    with closing(dbapi2.connect(str(path), isolation_level=None)) as connection:
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("CREATE TABLE draft (id VARCHAR PRIMARY KEY, body VARCHAR) WITHOUT ROWID")
        for number in range(count):
            body = f"{number}".rjust(_DRAFT_BYTES)
            began = perf_counter()
            connection.execute("INSERT OR REPLACE INTO draft VALUES ('one', ?)", (body,))
            taken.append((perf_counter() - began) * 1000)
            sleep(_RAW_PAUSE)
    return percentile(taken, 0.99)


def _look(path: Path, kept: dict[str, float], ended: Event) -> None:
    """Note when each line could first be read from the draft."""
    with closing(open_reader(path)) as connection:
        before = -1
        while not ended.wait(_LOOK_SECONDS):
            version = data_version(connection)
            if version == before:
                continue
            before, at = version, perf_counter()
            for row in drafts(connection):
                kept.setdefault(json.loads(row.body)["raw"].get("line", ""), at)


def _echo(keys: Sequence[Key], pieces: Sequence[Piece], raw: float) -> Figure:
    # A blank at the end of the line looks like none.
    shown = [at for at, _line in changes(pieces, _typed)]
    taken = _first_after([key for key in keys if not key.line.endswith(" ")], shown, keys)
    return replace(_figure("the typed character stands in the line", taken, FRAME_MS), raw=raw, raw_what=_RAW)


def _durable(keys: Sequence[Key], kept: dict[str, float], raw: float) -> Figure:
    taken = []
    missed = 0
    for key in keys:
        at = kept.get(key.line)
        if at is None or at < key.at:
            # A line that began as an earlier one did was on the disk then already; what may not be kept never is.
            missed += at is None
        else:
            taken.append((at - key.at) * 1000)
    if len(taken) < len(keys) / 2:
        raise AssertionError(f"only {len(taken)} of {len(keys)} lines were found in a draft")
    found = _figure("the draft is on the disk", taken, DURABLE_MS)
    note = f"{found.note}; {missed} never seen as a line of their own"
    return replace(found, raw=raw, raw_what="one row of its size committed by the driver alone, synced", note=note)


_RAW = "a key in an Input of an empty Textual app"


def _turns(keys: Sequence[Key]) -> list[tuple[Key, float]]:
    """Each key with when the next one was pressed, or a second later."""
    following = [key.at for key in keys[1:]] + [keys[-1].at + 1.0]
    return [(key, min(until, key.at + 1.0)) for key, until in zip(keys, following, strict=True)]


def _first_after(keys: Sequence[Key], seen: Sequence[float], every: Sequence[Key] = ()) -> list[float]:
    """Milliseconds until the first change after each key; one without any before the next counts as until then."""
    ends = {key.at: until for key, until in _turns(every or keys)}
    taken = []
    for key in keys:
        number = bisect_right(seen, key.at)
        at = seen[number] if number < len(seen) else ends[key.at]
        taken.append((min(at, ends[key.at]) - key.at) * 1000)
    return taken


def _figure(what: str, taken: Sequence[float], target: float) -> Figure:
    if not taken:
        raise AssertionError(f"{what}: no key painted anything")
    note = f"p50 {median(taken):.1f}, p90 {percentile(taken, 0.9):.1f} ms, {len(taken)} keys"
    return Figure("typing", f"{what}, p99", percentile(taken, 0.99), "ms", target=target, note=note)


# What to look at on the screen


def _row(screen: Screen, matching: Callable[[str], bool]) -> int:
    return next((line for line in range(LINES) if matching(screen.part(FORM, COLUMNS, line))), -1)


def _typed(screen: Screen) -> str:
    caption = _("One line")
    line = _row(screen, lambda text: text.lstrip(f" |{CURSOR}").startswith(caption))
    return screen.part(FORM, COLUMNS, line) if line >= 0 else ""
