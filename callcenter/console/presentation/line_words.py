"""The words of the line as they were understood, side by side: what is asked, what is kept as a note, what clashes."""

from collections.abc import Collection, Sequence
from datetime import date, datetime

from callcenter.console.presentation import words as said
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.flow import flowed
from callcenter.console.presentation.glyphs import NO, UNKNOWN
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text.intake_line import BLOT, Choice, Word
from callcenter.text.moments import day, span, stamp
from callcenter.text.spoken_ages import written_children
from callcenter.text.spoken_numbers import WITHHELD
from callcenter.text.spoken_times import Span


def lines(
    words: Sequence[Word],
    reference: Reference,
    now: datetime,
    width: int,
    *,
    asked: Collection[int] = (),
    replaced: Collection[int] = (),
    clashing: Collection[int] = (),
) -> list[Pieces]:
    """The words; those at the starts `asked` are still to be asked about, those `replaced` were corrected later.

    At the starts `clashing` a field holds something else, typed by hand.
    """
    return flowed([_piece(word, reference, now, asked, replaced, clashing) for word in words], width)


def meaning(word: Word | Choice, reference: Reference, now: datetime) -> str:
    """What a word or one of its choices was understood to be, in the language in use."""
    value = word.value
    if isinstance(value, Span):
        return span(value.start, value.end, now) if value.end else _("from {time}").format(time=stamp(value.start, now))
    if isinstance(value, tuple):
        return written_children(value)
    if isinstance(value, date):
        return day(value, now)
    text = str(value)
    match word.kind:
        case "region":
            region = str(reference.regions[text].name)
            return f"{region} ({_plain(word.area)})" if isinstance(word, Word) and word.area else region
        case "reason":
            return str(reference.reasons[text].words)
        case "need":
            return f"{reference.abilities[text].words} ({_plain(word.text)})"
        case "symptom":
            return str(reference.symptoms[text].words)
        case "relation":
            return said.relation(text)
        case "urgency":
            return said.urgency(text)
        case "guardian":
            return _("guardian {name}").format(name=text)
        case "child_name":
            return _("child {name}").format(name=text)
        case "phone" if text == WITHHELD:
            return _("number withheld")
        case "note":
            return _("note: {text}").format(text=text)
    return text


def _piece(
    word: Word,
    reference: Reference,
    now: datetime,
    asked: Collection[int],
    replaced: Collection[int],
    clashing: Collection[int],
) -> Pieces:
    if word.kind == "refused":
        return (Cell(f"{NO} {_plain(word.text)}", "urgent"),)
    if word.choices or word.start in asked:
        return (Cell(f"{UNKNOWN} {_plain(word.text)}", "soon"),)
    text = meaning(word, reference, now)
    if word.start in replaced:
        return (Cell(f"({text})", "muted"),)
    if word.start in clashing:
        return (Cell(f"{NO} {text}", "urgent"),)
    look: StyleName = "muted" if word.kind in ("note", "day", "name") else "ok"
    return (Cell(text, look),)


def _plain(text: str) -> str:
    return text.strip(" +,;").replace(BLOT, "*")
