"""What each service says to a request, and when it would be possible, in lines of cells."""

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime

from callcenter.care.eligibility import Verdict
from callcenter.console.presentation import glyphs, queue, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit, length
from callcenter.console.presentation.flow import BETWEEN, cut, paragraph
from callcenter.desk.wording import ask_sentence, block_sentence
from callcenter.language import _
from callcenter.reference import Reference

_OUTCOMES: Mapping[str, tuple[str, StyleName]] = {
    "available": (glyphs.YES, "ok"),
    "ask": (glyphs.UNKNOWN, "soon"),
    "blocked": (glyphs.NO, "muted"),
}


def lines(
    verdicts: Iterable[Verdict], reference: Reference, now: datetime, width: int, takers: Collection[str] = ()
) -> list[Pieces]:
    """Each service: whether it can be booked, what it costs, or why not and when next, or what to ask.

    `takers` are services of which some provider takes the children, whatever holds for the others.
    """
    found: list[Pieces] = []
    verdicts = tuple(verdicts)
    names = {one.service: str(reference.services[one.service].short) for one in verdicts}
    room = max((length([Cell(name)]) for name in names.values()), default=0)
    for one in verdicts:
        sign, look = _OUTCOMES[one.outcome]
        head = (Cell(f"{sign} ", look), Cell(f"{fit(names[one.service], room)} ", "strong"))
        if one.outcome == "available":
            found.append(cut((*head, Cell(_("possible"), "ok"), Cell(f" {fee(one.fee)}", "muted")), width))
        elif one.outcome == "ask":
            asked = " ".join(ask_sentence(reference, ask, now) for ask in one.asks)
            found += paragraph(Cell(f"{sign} {fit(names[one.service], room)} ", look), Cell(asked, "soon"), width)
        elif one.service in takers:
            found.append(cut((Cell(f"{glyphs.YES} ", "ok"), head[1], *_some(one)), width))
        else:
            told = " ∙ ".join(words.block(block.code) for block in one.blocks)
            sentence = block_sentence(reference, one.blocks[0], now)
            # The whole sentence where there is room; else every reason in a word, which is never cut off.
            if len(one.blocks) == 1 and length((*head, Cell(sentence))) <= width:
                told = sentence
            found += _blocked(head, (Cell(told, "muted"),), one, now, width)
    return found


def fee(won: int | None) -> str:
    """A fee in few words; an unknown one is to be asked for."""
    if won is None:
        return _("fee to be asked")
    return _("{won} won").format(won=f"{won:,}") if won else _("free of charge")


def _some(verdict: Verdict) -> Pieces:
    told = ", ".join(words.block(block.code) for block in verdict.blocks)
    return (Cell(_("some can"), "ok"), BETWEEN, Cell(_("the others: {why}").format(why=told), "muted"))


def _blocked(head: Pieces, why: Pieces, verdict: Verdict, now: datetime, width: int) -> list[Pieces]:
    """The reason, and when it would be possible: on the same line where there is room, else below."""
    if verdict.next is None:
        return [cut((*head, *why), width)]
    start, end = verdict.next
    later = (Cell(_("next {when}").format(when=queue.when(start, end, now).text), "info"),)
    whole = (*head, *why, BETWEEN, *later)
    if length(whole) <= width:
        return [whole]
    return [cut((*head, *why), width), cut((Cell("  "), *later), width)]
