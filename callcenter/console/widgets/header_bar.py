"""The line at the top: parts with places of their own, so that neither a running clock nor another part moves one."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

from callcenter.console.presentation.cells import Cell, Pieces, fit_pieces, length
from callcenter.console.presentation.glyphs import SEPARATOR
from callcenter.console.presentation.room import staying
from callcenter.console.widgets.cell_lines import CellLines

BETWEEN = Cell(f" {SEPARATOR} ", "muted")
_FOR_FIGURES = 33
"""So much room what comes and goes has before anything of higher importance number stands at all."""
_MATTERS = 4


class Part(NamedTuple):
    """A part of the header: its cells and the width it keeps while its figures change (0: as long as its cells).

    With little room the highest `importance` number goes first; parts with 0 stay. Those at the `left` and at the
    `right` are always told of; those in the `middle` come and go in the room that is left. `widest` is what a part at
    the right may grow to, towards the middle.
    """

    id: str
    cells: Pieces
    width: int = 0
    importance: int = 0
    side: Literal["left", "middle", "right"] = "left"
    widest: int = 0


def fitting(parts: Sequence[Part], width: int) -> tuple[Part, ...]:
    """The parts that fit into `width` cells, in their order; of equally important ones the right one goes first.

    Which of the left and the right stand does not depend on what comes and goes in the middle, nor on how long the
    others are at the moment.
    """

    def lesser(part: Part) -> int:
        return part.importance if part.importance > _MATTERS else 0

    fixed: Sequence[Part] = [part for part in parts if part.side != "middle"]
    fixed = staying(fixed, width - _FOR_FIGURES, lesser, _at_their_widest)
    fixed = staying(fixed, width, lambda part: part.importance, _at_their_widest)
    middle = [part for part in parts if part.side == "middle"]
    middle = staying(middle, width, lambda part: part.importance, lambda some: length(line([*fixed, *some])))
    kept = {part.id for part in (*fixed, *middle)}
    return tuple(part for part in parts if part.id in kept)


def line(parts: Sequence[Part], width: int = 0) -> Pieces:
    """The parts side by side with separators, a blank at either end; those at the right end where `width` does."""
    before = _side_by_side([part for part in parts if part.side != "right"])
    behind = _side_by_side([part for part in parts if part.side == "right"])
    between = (BETWEEN,) if before and behind else ()
    gap = max(0, width - length(before) - length(between) - length(behind) - 2)
    return (Cell(" "), *before, Cell(" " * gap), *between, *behind, Cell(" "))


def _side_by_side(parts: Sequence[Part]) -> Pieces:
    pieces: list[Cell] = []
    for number, part in enumerate(parts):
        if number:
            pieces.append(BETWEEN)
        pieces += fit_pieces(part.cells, max(part.width, length(part.cells)))
    return tuple(pieces)


def _at_their_widest(parts: Sequence[Part]) -> int:
    grows = (part.widest - max(part.width, length(part.cells)) for part in parts)
    return length(line(parts)) + sum(more for more in grows if more > 0)


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
        return (line(fitting(self._parts, width), width),)
