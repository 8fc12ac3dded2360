"""The requests that may be the one being typed, below the form, and the keys that decide."""

from collections.abc import Callable, Sequence
from datetime import datetime

from callcenter.console.actions import by_id, key_names
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import cut
from callcenter.console.presentation.glyphs import SOON
from callcenter.console.widgets.panel import Panel
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.duplicates import DuplicateRow
from callcenter.text.masking import mask_name
from callcenter.text.moments import moment, span


class DuplicatePanel(Panel):
    """One line a request; not there while there is none."""

    DEFAULT_CSS = """
    DuplicatePanel { display: none; background: $panel; max-height: 5; }
    """

    def __init__(self, reference: Reference, clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._reference = reference
        self._clock = clock
        self.rows: tuple[DuplicateRow, ...] = ()

    def show_rows(self, rows: Sequence[DuplicateRow]) -> None:
        """These from now on."""
        if tuple(rows) != self.rows:
            self.rows = tuple(rows)
            self.display = bool(rows)
            self.paint()

    def paint(self) -> None:
        """The rows again, in the language in use."""
        most = 4 if self.app.size.height >= 34 else 2 if self.app.size.height >= 28 else 1
        rows = self.rows

        def lines(width: int) -> Sequence[Pieces]:
            join, different = (key_names(by_id(action))[0] for action in ("form.join", "form.different"))
            told = _("Asked for already?")
            keys = _("{join} join, {different} different").format(join=join, different=different)
            head = (Cell(f" {SOON} {told} ", "soon"), Cell(keys, "key"))
            return [cut(head, width), *(cut(self._row_line(row), width) for row in rows[:most])]

        self.show(lines)

    def _row_line(self, row: DuplicateRow) -> Pieces:
        now = self._clock()
        when = span(moment(row.start_at), moment(row.end_at), now)
        why = _("same child") if "child" in row.why else _("same number")
        region = self._reference.regions.get(row.region)
        where = str(region.name) if region else row.region
        return (
            Cell(f"   {row.number} ", "strong"),
            Cell(f"{words.state(row.state)} ", words.state_look(row.state)),
            Cell(f"{when} {where} {mask_name(row.guardian)} "),
            Cell(why, "muted"),
        )
