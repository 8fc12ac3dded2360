"""From the last key of a word that changes what is asked to what can be said of it, painted in a real terminal.

Lines are typed up to a word, then that word is typed in one meaning after the other: an age, an hour, a region, a
sibling, a need. Whoever listens to a parent types so, and with each last key of such a word another answer belongs on
the screen: the verdicts of the services, the number of matches and the sentence to say. Each of these keys counts, from
its write to the terminal until the last change of all three before the next key; one whose answer has not come by
then, or that changed nothing, counts with all of that time.
"""

from bisect import bisect_right
from collections.abc import Sequence
from functools import cache
from random import Random
from typing import NamedTuple

from callcenter.language import _
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import data
from tests.bench.terminal import COLUMNS, LINES, Piece, Screen, Terminal, changes

ANSWER_MS = 33.0
FORM = 38
"""The cells from here on are right of the queue."""
_CLEAR, _BACK = b"\x15", b"\x7f"
_WAIT = 0.3
_BETWEEN = 0.1
"""Within a word: as fast as somebody types who listens."""
_SEED = 23
SWITCHES = (
    ("수원 20-23 야근 ", ("8세", "9세", "14개월", "초2", "12세", "다섯살")),
    ("김지영님 8세초2 수원 야근 20-2", ("3", "2", "1")),
    ("9세 010-0000-1234 오늘 20-23 ", ("수원", "성남", "화성", "용인", "부천", "평택")),
    ("안양 8세 야근 ", ("20-23", "내일 7-10", "21-24", "토 9-13")),
    ("성남 오늘 20-23 8세", ("+14개월", "+7세")),
    ("고양 모레 19-22 7세 ", ("기침", "구토")),
)
"""Lines but for their last word, with the meanings of that word."""


class Typed(NamedTuple):
    """The last key of a word: when it was written, and when the next key was."""

    at: float
    until: float


def type_switches(opened: Terminal, rounds: int) -> list[Typed]:
    """Type each of the lines with each meaning of its last word so many times; returns the last key of each."""
    rng, found = Random(_SEED), []

    def press(key: bytes, wait: float) -> float:
        at = opened.press(key)
        opened.read_for(wait + rng.random() * wait / 4)
        return at

    for begin, meanings in SWITCHES:
        press(_CLEAR, _WAIT)
        for character in begin:
            press(character.encode(), _BETWEEN)
        for meaning in meanings * rounds:
            opened.read_for(_WAIT)
            for character in meaning[:-1]:
                press(character.encode(), _BETWEEN)
            at = press(meaning[-1].encode(), _WAIT)
            found.append(Typed(at, press(_BACK, _BETWEEN)))
            for _character in meaning[1:]:
                press(_BACK, _BETWEEN)
    return found


def answer(keys: Sequence[Typed], pieces: Sequence[Piece]) -> Figure:
    """How long the answers took, at the 99th percentile."""
    seen = [at for at, _look in changes(pieces, answered)]
    taken, unanswered = [], 0
    for key in keys:
        last = bisect_right(seen, key.until) - 1
        came = last >= 0 and seen[last] >= key.at
        unanswered += not came
        taken.append(((seen[last] if came else key.until) - key.at) * 1000)
    note = f"p50 {median(taken):.1f}, p90 {percentile(taken, 0.9):.1f}, worst {max(taken):.1f} ms, {len(keys)} keys"
    return Figure(
        "typing",
        "read, verdicts, matches and sentence painted, p99",
        percentile(taken, 0.99),
        "ms",
        target=ANSWER_MS,
        note=f"{note}; {unanswered} changed nothing",
    )


def answered(screen: Screen) -> tuple[str, ...]:
    """The form's title with the number of matches, and all from the verdicts down to the sentence to say."""
    title = row(screen, _("New request"))
    first = next((line for line in range(LINES) if _begins_a_verdict(screen, line)), -1)
    # Before there is a verdict, only what comes with it counts: clocks run elsewhere on the screen.
    lines = [title, *range(first, LINES - 1)] if first >= 0 else [title]
    return tuple(screen.part(FORM, COLUMNS, line).rstrip() for line in lines)


def row(screen: Screen, text: str) -> int:
    """The first line of the form with this text; -1 where there is none."""
    return next((line for line in range(LINES) if text in screen.part(FORM, COLUMNS, line)), -1)


def _begins_a_verdict(screen: Screen, line: int) -> bool:
    return screen.part(FORM, COLUMNS, line).lstrip(" |")[1:].lstrip().startswith(_services())


@cache
def _services() -> tuple[str, ...]:
    """What the lines of the verdicts begin with, behind their sign."""
    return tuple(str(service.short) for service in data().services.values())
