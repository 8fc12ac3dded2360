"""The offers under way on one line: whose, to whom, by whom, since when, and how long it has left."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from callcenter.care.priority import clock
from callcenter.console.presentation import claims, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, length
from callcenter.console.presentation.flow import BETWEEN, cut
from callcenter.console.presentation.to_ring import CLOCK_LOOKS
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.offers_in_flight import InFlightRow
from callcenter.text import moments
from callcenter.text.moments import moment

_SIGNS: Mapping[str, str] = {"reserved": glyphs.HELD, "conditional": glyphs.UNKNOWN}


def strip(rows: Sequence[InFlightRow], reference: Reference, now: datetime, width: int) -> Pieces:
    """As many as fit whole, the first to run out first; behind them how many more there are."""
    line: Pieces = (Cell(" " + _("Trying {count}").format(count=len(rows)), "title"),)
    for number, row in enumerate(rows):
        piece = _piece(row, reference, now)
        left = len(rows) - number - 1
        more: Pieces = (Cell(f" +{left}", "soon"),) if left else ()
        if length((*line, BETWEEN, *piece, *more)) > width:
            return cut((*line, Cell(f" +{left + 1}", "soon")), width)
        line = (*line, BETWEEN, *piece)
    return line


def _piece(row: InFlightRow, reference: Reference, now: datetime) -> Pieces:
    due = moment(row.expires_at)
    look = CLOCK_LOOKS[clock("reservation" if row.state == "reserved" else "offer", due, now).state]
    sign = _SIGNS.get(row.state, "")
    name = words.short_provider(reference, row.provider) if row.provider else _("restricted")
    since = moments.clock(moment(row.made_at))
    return (
        Cell(f"{sign} " if sign else "", "soon"),
        Cell(row.number),
        Cell(f" {name}", "strong"),
        Cell(f" {row.operator} {since} ", "muted"),
        Cell(moments.countdown(due, now), look),
        *((Cell(f" {claim[0]}", claim[1]),) if (claim := claims.short(row.claim)) else ()),
    )
