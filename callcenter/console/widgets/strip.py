"""Lines between the alarms and the columns that are there only while there is something to tell."""

from collections.abc import Sequence

from callcenter.console.presentation.cells import Pieces
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.panel import Lines, nothing


class Strip(CellLines):
    """Never takes the focus; no line when there is nothing to tell."""

    DEFAULT_CSS = """
    Strip { display: none; height: auto; background: $boost; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._source: Lines = nothing
        self._height = 0

    def show(self, source: Lines, height: int) -> None:
        """These lines from now on, so many of them; `source` is asked again for every new width."""
        self._source = source
        if height != self._height:
            # A new height is a new layout of the screen, so it is set only when it is another one.
            self._height = height
            self.styles.height = height
            self.display = height > 0
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """The owner's lines."""
        return self._source(width)
