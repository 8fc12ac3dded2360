"""A provider's evening in two lines: the hours, and below them what each half hour is."""

from collections.abc import Sequence
from datetime import datetime

from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.evening import ruler, strip
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.desk.slot_states import SlotState


class TimeStrip(CellLines):
    """Shows the half hours of one provider; lists put `evening.strip` into a column instead."""

    DEFAULT_CSS = """
    TimeStrip { height: 2; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._states: tuple[SlotState, ...] = ()
        self._first: datetime | None = None

    def show(self, states: Sequence[SlotState], first: datetime) -> None:
        """These consecutive half hours, the first of which begins at `first`."""
        self._states, self._first = tuple(states), first
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """The ruler and the strip; empty until the first `show`."""
        if self._first is None:
            return ()
        return ((Cell(ruler(len(self._states), self._first), "title"),), strip(self._states, self._first))
