"""Lines of cells that their owner works out for a width: the panels of the selected request."""

from collections.abc import Callable, Sequence

from callcenter.console.presentation.cells import Pieces
from callcenter.console.widgets.cell_lines import CellLines

Lines = Callable[[int], Sequence[Pieces]]


def nothing(width: int) -> Sequence[Pieces]:
    """No line."""
    return ()


class Panel(CellLines):
    """As high as the lines it shows, up to what the layout leaves it."""

    def __init__(self, *, fills: bool = False, stays: bool = False, id: str | None = None) -> None:
        """With `fills` the height is the layout's, not that of the lines; with `stays` it is never less than before."""
        super().__init__(id=id)
        self._stays = stays
        self._source: Lines = nothing
        self._fills = fills
        self._height = 0

    def show(self, source: Lines) -> None:
        """These lines from now on; `source` is asked again for every new width."""
        self._source = source
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """The owner's lines; the height follows them."""
        found = self._source(width)
        height = max(len(found), self._height) if self._stays else len(found)
        if not self._fills and self._height != height:
            # A new height is a new layout of the screen, so it is set only when it is another one.
            self._height = height
            self.styles.height = max(1, self._height)
        return found

    def fit_anew(self) -> None:
        """No higher than its lines from now on, however high it was."""
        self._height = 0
        self.redraw()
