"""The providers around a request: their evening half hour by half hour, what is free, and how fresh that is."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from rich.cells import cell_len

from callcenter.console.presentation import evening, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, Row, fit
from callcenter.console.presentation.columns import GAP, Column
from callcenter.desk.around import SLOTS, AroundRow
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text import moments

_NAME_CELLS = 11
_STRIP_CELLS = SLOTS + SLOTS // 2 - 1
_PLACES_CELLS = 5
_AGE_CELLS = 5
_GUTTER = 2

COLUMNS: tuple[Column, ...] = (
    Column("name", "", _NAME_CELLS),
    Column("strip", "", _STRIP_CELLS),
    Column("places", "", _PLACES_CELLS, align="right"),
    Column("age", "", _AGE_CELLS, align="right", importance=1),
    Column("by", "", 8, share=1, importance=2),
)
"""Name, strip, free places, age of the confirmation, who gave it; fixed widths for the ruler's sake.

With 46 cells there is room for the age, with 55 for the name.
"""


def ruler(rows: Sequence[AroundRow], width: int) -> Pieces:
    """The line above a list of so many cells: hours over the strips, titles over the columns; empty without rows."""
    if not rows:
        return ()
    titles = (
        fit(_("Around"), _GUTTER + _NAME_CELLS),
        fit(evening.ruler(len(rows[0].states), rows[0].first), _STRIP_CELLS),
        fit(_("Free"), _PLACES_CELLS, "right"),
        fit(_("Age"), _AGE_CELLS, "right"),
    )
    line = (" " * GAP).join(titles)
    by = " " * GAP + _("Confirmed by")
    return (Cell(line + by if cell_len(line + by) <= width else line, "title"),)


def row(row: AroundRow, reference: Reference, now: datetime, fresh: timedelta) -> Row:
    """The cells under `columns`; a confirmation older than `fresh` is marked."""
    cells = (
        Cell(words.short_provider(reference, row.name)),
        evening.strip(row.states, row.first),
        Cell("?", "soon") if row.places is None else Cell(f"{row.free}/{row.places}", "ok" if row.free else "muted"),
        _age(row, now, fresh),
        _by(row),
    )
    return Row(row.provider_id, cells, hash(cells))


def _age(row: AroundRow, now: datetime, fresh: timedelta) -> Cell:
    """Hours and minutes since the confirmation, with a sign when that is long ago."""
    if row.confirmed_at is None:
        return Cell("-", "muted")
    age = moments.age(row.confirmed_at, now).strip()
    old = now - row.confirmed_at >= fresh
    return Cell(f"{glyphs.SOON}{age}", "soon") if old else Cell(age, "muted")


def _by(row: AroundRow) -> Cell:
    if row.places is None:
        return Cell(_("places unknown"), "soon")
    if row.confirmed_at is None:
        return Cell(_("never confirmed"), "muted")
    return Cell(row.confirmed_by or "", "muted")
