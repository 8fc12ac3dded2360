"""The verdict of each service in lines of cells, the possible ones first: what may be promised while it is asked."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime
from typing import Final, Literal

from rich.cells import cell_len

from callcenter.care.eligibility import Outcome, Verdict
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit
from callcenter.console.presentation.glyphs import NO, UNKNOWN, YES
from callcenter.console.presentation.lines import broken
from callcenter.desk.wording import ask_sentence, block_sentence, fee_sentence
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.text.moments import span

_ASKED: Final = {"school": mark("which school?"), "registered": mark("registered?"), "birth": mark("born on?")}
_Shown = Outcome | Literal["some"]
_SHOWN: Final[dict[_Shown, tuple[str, StyleName, str]]] = {
    "available": (YES, "ok", mark("can")),
    "some": (YES, "ok", mark("some can")),
    "ask": (UNKNOWN, "soon", mark("ask")),
    "blocked": (NO, "muted", mark("cannot")),
}


def verdict_lines(
    reference: Reference, verdicts: Iterable[Verdict], takers: Collection[str], now: datetime, width: int, most: int
) -> list[Pieces]:
    """The verdicts one below the other; each has at most `most` lines, the last of which is cut where more is said.

    `takers` are services of which some provider takes the children, whatever holds for the others.
    """
    shown: list[tuple[_Shown, Verdict]] = [
        ("some", replace(one, next=None)) if one.outcome == "blocked" and one.service in takers else (one.outcome, one)
        for one in verdicts
    ]
    shown.sort(key=lambda one: list(_SHOWN).index(one[0]))
    names = [str(reference.services[one.service].short) for _outcome, one in shown]
    room = max(map(cell_len, names), default=0)
    return [
        line
        for (outcome, one), name in zip(shown, names, strict=True)
        for line in _lines(reference, outcome, one, fit(name, room), now, width, most)
    ]


def _lines(
    reference: Reference, outcome: _Shown, verdict: Verdict, name: str, now: datetime, width: int, most: int
) -> list[Pieces]:
    glyph, look, word = _SHOWN[outcome]
    head = (Cell(f"{glyph} ", look), Cell(f"{name} ", "strong"), Cell(f"{_(word)} ", look))
    indent = sum(cell_len(piece.text) for piece in head)
    told = _briefly(verdict) if most == 1 else _in_full(reference, verdict, now)
    said = broken(_("the others: {why}").format(why=told) if outcome == "some" else told, max(width - indent, 8))
    if len(said) > most:
        # Handed over longer than the line, so that the cut is seen.
        said = [*said[: most - 1], " ".join(said[most - 1 :])]
    beneath = (Cell(" " * indent),)
    text_look: StyleName = "normal" if verdict.outcome == "ask" else "muted"
    return [(*(beneath if number else head), Cell(text, text_look)) for number, text in enumerate(said)]


def _briefly(verdict: Verdict) -> str:
    """What fits on one line of a narrow screen."""
    if verdict.outcome == "available":
        return _("fee not known") if verdict.fee is None else _("{fee} won").format(fee=f"{verdict.fee:,}")
    if verdict.outcome == "ask":
        return ", ".join(_(_ASKED[ask.field]) for ask in verdict.asks)
    return ", ".join(words.block(block.code) for block in verdict.blocks)


def _in_full(reference: Reference, verdict: Verdict, now: datetime) -> str:
    if verdict.outcome == "available":
        return fee_sentence(reference, verdict.fee)
    if verdict.outcome == "ask":
        return " ".join(ask_sentence(reference, ask, now) for ask in verdict.asks)
    said = [block_sentence(reference, block, now) for block in verdict.blocks]
    if verdict.next is not None:
        said.insert(0, _("Earliest {when}.").format(when=span(*verdict.next, now)))
    return " ".join(said)
