"""The record of a call in words: when danger was raised, what the other agency was told, the notes."""

from collections.abc import Callable, Sequence
from datetime import datetime

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, length
from callcenter.console.presentation.flow import flowed, paragraph
from callcenter.desk.safety import AGENCIES, CallRecord
from callcenter.language import _, mark
from callcenter.store.calls import ReportRow
from callcenter.text import moments
from callcenter.text.moments import moment

DANGERS = {"emergency": mark("Emergency"), "abuse": mark("Suspected abuse")}


def danger(what: str) -> str:
    """The danger with whom to ring for it: «Suspected abuse 112»."""
    return f"{_(DANGERS[what])} {AGENCIES[what]}" if what in DANGERS else what


def lines(record: CallRecord, now: datetime, width: int) -> list[Pieces]:
    """All of the record, unmasked and uncut: it is read out to whoever rings about the case."""
    call = record.call

    def stamp(at: int) -> str:
        return moments.stamp(moment(at), now)

    head: list[Pieces] = [
        (Cell(_("Call of {time}").format(time=stamp(call.opened_at)), "title"),),
        (Cell(call.operator),),
        *((Cell(number, "strong"),) for number in record.numbers),
    ]
    found = flowed([chunk for chunk in head if chunk[0].text], width)
    for one in record.raised:
        found += _said(f"{glyphs.URGENT} {stamp(one.at)} {one.operator}: ", danger(one.what), "urgent", width)
    for report in record.reports:
        found += _report(report, stamp, width)
    if record.raised and not record.reports:
        found += _said("  ", _("No case number and nothing that was said is noted."), "soon", width)
    if record.notes:
        found.append((Cell(_("Notes of the call"), "title"),))
    for note in record.notes:
        found += _said(f"  {stamp(note.at)} {note.operator}: ", note.text, "note", width)
    return found


def _report(report: ReportRow, stamp: Callable[[int], str], width: int) -> list[Pieces]:
    agency = AGENCIES.get(report.what, report.what)
    number = _("Case number of {agency}").format(agency=agency) + f": {report.reference or glyphs.UNKNOWN}"
    found = _said(f"  {stamp(report.at)} {report.operator}: ", number, "strong", width)
    return found + (_said("    ", report.said, "note", width) if report.said else [])


def _said(head: str, text: str, look: StyleName, width: int) -> list[Pieces]:
    """Each line of a text under the beginning of the first."""
    first, *rest = text.splitlines() or [""]
    found = paragraph(Cell(head, "muted"), Cell(first, look), width)
    for line in rest:
        found += paragraph(Cell(" " * min(length((Cell(head),)), width // 2)), Cell(line, look), width)
    return found


def text(record: CallRecord, now: datetime, width: int) -> Sequence[str]:
    """The same lines without colours, for a command's output."""
    return ["".join(cell.text for cell in pieces).rstrip() for pieces in lines(record, now, width)]
