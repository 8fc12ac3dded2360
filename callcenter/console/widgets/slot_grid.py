"""A list whose cursor stands on one half hour of a row; its cells are worked out only for lines that are painted."""

from collections.abc import Callable

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.message import Message
from textual.strip import Strip

from callcenter.console.presentation.cells import Cell, Pieces, Row
from callcenter.console.widgets.line_list import LineList

Cells = Callable[[str, bool], tuple[Cell | Pieces, ...]]
"""The cells of a key, on the first line in sight or on another."""
_CURSOR = Style(reverse=True, bold=True)


class SlotGrid(LineList):
    """The rows handed in bear no cells: `cells` gives those of a key when its line is painted."""

    page, margin = 96, 34

    class Clicked(Message):
        """The mouse was pressed in this cell of a line, after the cursor has moved to that line."""

        def __init__(self, cell: int) -> None:
            super().__init__()
            self.cell = cell

    def __init__(self, cells: Cells, *, empty: str = "", id: str | None = None) -> None:
        """A grid without columns until `set_columns`."""
        super().__init__((), empty=empty, choosable=False, id=id)
        self._cells = cells
        self._cursor_cell = 0

    def point(self, cell: int) -> None:
        """The cursor's half hour stands in this cell of its line from now on."""
        if cell != self._cursor_cell:
            self._cursor_cell = cell
            self._repaint(self._cursor)

    def forget_lines(self) -> None:
        """Every line looks different from what was drawn, though its row is the same."""
        self._strips.clear()
        self.refresh()

    def on_click(self, event: events.Click) -> None:
        """Besides the line, the half hour."""
        super().on_click(event)
        offset = event.get_content_offset(self)
        if offset is not None and offset.y >= self._header:
            self.post_message(self.Clicked(offset.x))

    def render_line(self, y: int) -> Strip:
        """The strip of line `y`, with the half hour under the cursor in reverse."""
        index = self.scroll_offset.y + y - self._header
        row = self._row(index)
        if row is None:
            return super().render_line(y)
        # What stands on the first line tells what scrolled away above it, and is another's when the list moves.
        on_top = y == self._header
        strip = self._draw(row, self._look_of(index), on_top=True) if on_top else super().render_line(y)
        if index != self._cursor:
            return strip
        at = self._cursor_cell
        under = strip.crop(at, at + 1)
        shown = [Segment(one.text, (one.style or Style()) + _CURSOR) for one in under]
        return Strip([*strip.crop(0, at), *shown, *strip.crop(at + 1, strip.cell_length)], strip.cell_length)

    def _draw(self, row: Row, look: str, *, on_top: bool = False) -> Strip:
        return super()._draw(Row(row.key, self._cells(row.key, on_top), row.version), look)
