"""Lines of cells drawn straight to the screen: the ground of header, lane, hints and strips."""

from collections.abc import Iterable, Mapping, Sequence

from rich.cells import cell_len
from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.geometry import Region
from textual.strip import Strip

from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit_pieces
from callcenter.console.theme import LOOKS
from callcenter.console.widgets.kept_lines import KeptLines


def segments(pieces: Iterable[Cell], base: Style, looks: Mapping[StyleName, Style]) -> list[Segment]:
    """One segment a piece, its look laid over the line's own style."""
    return [Segment(piece.text, base + looks[piece.style]) for piece in pieces]


def piece_under(pieces: Sequence[Cell], x: int) -> int | None:
    """The number of the piece that covers cell `x` of a line, or None behind the last one."""
    end = 0
    for number, piece in enumerate(pieces):
        end += cell_len(piece.text)
        if x < end:
            return number
    return None


class CellLines(KeptLines):
    """A few lines of cells; after a change only the lines that differ are painted again.

    A subclass says in `lines` what stands on it at a width and calls `redraw` when that changed.
    """

    ALLOW_SELECT = False
    DEFAULT_CSS = """
    CellLines { height: 1; width: 1fr; }
    """

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._drawn: tuple[Pieces, ...] = ()
        self._fitted = 0
        """How many cells wide the drawn lines are."""
        self._looks: dict[StyleName, Style] = {}

    def lines(self, width: int) -> Sequence[Pieces]:
        """What stands on the lines when they are `width` cells wide."""
        raise NotImplementedError

    def redraw(self) -> None:
        """Work the lines out again and paint those that changed."""
        width = self.size.width
        if not width:
            return
        self._fitted = width
        before, self._drawn = self._drawn, tuple(fit_pieces(line, width) for line in self.lines(width))
        lines = range(max(len(before), len(self._drawn)))
        if changed := [y for y in lines if self._line(before, y) != self._line(self._drawn, y)]:
            self.refresh(*(Region(0, y, width, 1) for y in changed))

    def render_line(self, y: int) -> Strip:
        """The strip of line `y`."""
        base, _behind = self.ground
        if not self._looks:
            self._looks = {name: base + look for name, look in LOOKS[self.app.current_theme.dark].items()}
        looks, line = self._looks, self._line(self._drawn, y)
        if not line:
            return Strip.blank(self._fitted, base)
        # Every line was fitted to the width, so its length need not be measured again.
        return Strip([Segment(piece.text, looks[piece.style]) for piece in line], self._fitted)

    def notify_style_update(self) -> None:
        """Colours changed."""
        super().notify_style_update()
        self._looks = {}

    def piece_at(self, x: int, y: int = 0) -> int | None:
        """The number of the piece under a cell of the content, for clicks."""
        return piece_under(self._line(self._drawn, y), x)

    def on_resize(self, event: events.Resize) -> None:
        """The lines are worked out for the new width."""
        self.redraw()

    @staticmethod
    def _line(lines: Sequence[Pieces], y: int) -> Pieces:
        return lines[y] if y < len(lines) else ()
