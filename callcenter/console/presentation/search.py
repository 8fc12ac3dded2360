"""A line of what a search found: enough to tell one family's request from another's, and no more."""

import json

from rich.cells import cell_len

from callcenter.console.presentation import queue, words
from callcenter.console.presentation.cells import Cell, Row
from callcenter.console.presentation.columns import Column
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.search import FoundRow
from callcenter.text.masking import mask_name, mask_phone
from callcenter.text.moments import moment


def columns() -> tuple[Column, ...]:
    """The columns in the language in use; the narrowest screen has room for those without importance."""
    state = max(map(cell_len, words.short_states()))
    return (
        Column("number", _("Number"), 10),
        Column("state", _("State"), state),
        Column("guardian", _("Guardian"), 8, share=1),
        Column("phone", _("Telephone"), 13),
        Column("region", _("City"), 6, share=1),
        Column("day", _("Care on"), 10),
        Column("names", _("Child"), 8, share=1, importance=1),
        Column("ages", _("How old"), 10, share=1, importance=2),
    )


def row(found: FoundRow, reference: Reference) -> Row:
    """The cells under `columns`, names and number masked."""
    start = moment(found.start_at).date()
    cells = (
        Cell(found.number, "strong"),
        Cell(words.short_state(found.state), words.state_look(found.state)),
        Cell(_("restricted"), "urgent") if found.hidden else Cell(mask_name(found.guardian or "")),
        Cell("" if found.phone is None else mask_phone(found.phone), "muted"),
        Cell(words.region(reference, found.region)),
        Cell(start.isoformat(), "muted"),
        Cell(" ".join(map(mask_name, json.loads(found.names)))),
        queue.children(found.children, start, "muted"),
    )
    return Row(found.id, cells, hash(cells))
