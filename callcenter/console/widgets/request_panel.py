"""The selected request, its matches, and the reasons on one widget: dividing its lines costs no layout."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName, fit_cell, fit_pieces
from callcenter.console.presentation.columns import GAP, Column, widths
from callcenter.console.presentation.glyphs import CURSOR
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.panel import Lines, nothing

GUTTER = 2
FEWEST_MATCHES = 3
MOST_MATCHES = 9
"""As many as there are digits to choose them by."""


class RequestPanel(CellLines):
    """Facts of the request above, its matches in the middle, why these and why not others below."""

    DEFAULT_CSS = """
    RequestPanel { height: 1fr; }
    """

    @dataclass
    class MatchClicked(Message):
        """A match was clicked."""

        key: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._columns: tuple[Column, ...] = ()
        self._detail: Lines = nothing
        self._reasons: Lines = nothing
        self._rest: Lines = nothing
        self._matches: tuple[Row, ...] = ()
        self._chosen: str | None = None
        self._none = ""
        self._fewest = FEWEST_MATCHES
        self._first = 0

    def show(
        self,
        detail: Lines,
        columns: Sequence[Column],
        matches: Sequence[Row],
        chosen: str | None,
        reasons: Lines,
        rest: Lines,
        none: str,
        *,
        fewest: int = FEWEST_MATCHES,
    ) -> None:
        """These facts, matches, reasons for the chosen one and for the rest; `none` is said where there is no match.

        `fewest` matches are shown however little room there is.
        """
        self._columns = tuple(columns)
        self._detail, self._matches, self._chosen = detail, tuple(matches), chosen
        self._reasons, self._rest, self._none, self._fewest = reasons, rest, none, fewest
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """The facts first, then the matches and why the chosen one, whatever the room, then what else fits."""
        height = self.size.height
        detail, reasons, rest = list(self._detail(width)), list(self._reasons(width)), list(self._rest(width))
        given = widths(self._columns, width - GUTTER)
        found = [self._match(row, given) for row in self._matches[:MOST_MATCHES]]
        if not found and self._none:
            found = [(Cell(self._none, "muted"),)]
        room = height - len(detail) - len(reasons) - min(len(rest), 1)
        shown = max(min(len(found), self._fewest), min(len(found), room))
        above = detail[: max(0, height - shown - len(reasons))]
        self._first = len(above)
        return [*above, *found[:shown], *reasons, *rest][:height]

    def on_click(self, event: events.Click) -> None:
        """A click on a match chooses it."""
        offset = event.get_content_offset(self)
        number = offset.y - self._first if offset is not None else -1
        if 0 <= number < min(len(self._matches), MOST_MATCHES):
            self.post_message(self.MatchClicked(self._matches[number].key))

    def _match(self, row: Row, given: Sequence[int]) -> Pieces:
        chosen = row.key == self._chosen
        pieces: list[Cell] = [Cell(CURSOR.ljust(GUTTER) if chosen else " " * GUTTER, "key")]
        for column, room, cell in zip(self._columns, given, row.cells, strict=True):
            if not room:
                continue
            if len(pieces) > 1:
                pieces.append(Cell(" " * GAP))
            if isinstance(cell, Cell):
                look: StyleName = "strong" if chosen and cell.style in ("normal", "muted") else cell.style
                pieces.append(Cell(fit_cell(cell, room, column.align), look))
            else:
                pieces += fit_pieces(cell, room)
        return tuple(pieces)
