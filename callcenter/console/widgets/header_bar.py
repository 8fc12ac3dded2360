"""The line at the top: parts of fixed width, so that a running clock moves nothing."""

from collections.abc import Sequence
from typing import NamedTuple

from callcenter.console.presentation.cells import Cell, Pieces, fit_pieces, length
from callcenter.console.presentation.glyphs import SEPARATOR
from callcenter.console.presentation.room import staying
from callcenter.console.widgets.cell_lines import CellLines

BETWEEN = Cell(f" {SEPARATOR} ", "muted")


class Part(NamedTuple):
    """A part of the header: its cells and the width it keeps while its figures change (0: as long as its cells).

    With little room the highest `importance` number goes first; parts with 0 stay.
    """

    id: str
    cells: Pieces
    width: int = 0
    importance: int = 0


def fitting(parts: Sequence[Part], width: int) -> tuple[Part, ...]:
    """The parts that fit into `width` cells, in their order; of equally important ones the right one goes first."""
    return tuple(staying(parts, width, lambda part: part.importance, lambda kept: length(line(kept))))


def line(parts: Sequence[Part]) -> Pieces:
    """The parts side by side with separators, a blank at either end."""
    pieces: list[Cell] = [Cell(" ")]
    for number, part in enumerate(parts):
        if number:
            pieces.append(BETWEEN)
        pieces += fit_pieces(part.cells, max(part.width, length(part.cells)))
    return (*pieces, Cell(" "))


class HeaderBar(CellLines):
    """Desk, call, queue and clock figures on one line."""

    DEFAULT_CSS = """
    HeaderBar { background: $panel; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._parts: tuple[Part, ...] = ()

    def show(self, parts: Sequence[Part]) -> None:
        """These parts from now on."""
        if tuple(parts) != self._parts:
            self._parts = tuple(parts)
            self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return (line(fitting(self._parts, width)),)
