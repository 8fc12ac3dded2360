"""Widgets whose lines are asked for at every frame and change at few.

The compositor asks every widget on the screen for all its lines whenever one line anywhere changed.
"""

from collections.abc import Sequence

from rich.style import Style
from textual.color import Color
from textual.containers import Horizontal, Vertical
from textual.geometry import Region
from textual.strip import Strip
from textual.widget import Widget


class KeptFrame(Widget):
    """Hands out the lines of the last frame as they are while nothing on it changed."""

    _frame: tuple[Region, list[Strip]] | None = None

    def _set_dirty(self, *regions: Region) -> None:
        # Every way in which Textual has a widget painted again ends here.
        self._frame = None
        super()._set_dirty(*regions)

    def render_lines(self, crop: Region) -> list[Strip]:
        """The lines of the last frame, or new ones."""
        if self._frame is None or self._frame[0] != crop:
            self._frame = crop, self._render_frame(crop)
        return self._frame[1]

    def _render_frame(self, crop: Region) -> list[Strip]:
        return super().render_lines(crop)


class KeptLines(KeptFrame):
    """Draws again only the lines that changed: of a widget with no style around them but blanks at their sides."""

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._strip_of: dict[int, Strip] = {}
        self._ground: tuple[Style, Color] | None = None

    @property
    def ground(self) -> tuple[Style, Color]:
        """The widget's own style and what is behind it, kept: working them out walks the whole tree above."""
        if self._ground is None:
            self._ground = self.rich_style, self.background_colors[1]
        return self._ground

    def notify_style_update(self) -> None:
        """Colours changed."""
        super().notify_style_update()
        self._ground = None

    def _set_dirty(self, *regions: Region) -> None:
        if not regions:
            self._strip_of.clear()
        for region in regions:
            for y in region.line_range:
                self._strip_of.pop(y, None)
        super()._set_dirty(*regions)

    def _render_frame(self, crop: Region) -> list[Strip]:
        width = self.outer_size.width
        if missing := [y for y in crop.line_range if y not in self._strip_of]:
            self._draw_lines(missing, width)
        lines = [self._strip_of[y] for y in crop.line_range]
        return lines if crop.column_span == (0, width) else [line.crop(crop.x, crop.right) for line in lines]

    def _draw_lines(self, lines: Sequence[int], width: int) -> None:
        (style, background), sides, filters = self.ground, self.gutter, self.get_line_filters()
        left, right = Strip.blank(sides.left, style), Strip.blank(sides.right, style)
        for y in lines:
            drawn = self.render_line(y)
            # One that covers the sides too stays the same object, which keeps how it was filtered, cut and written.
            if drawn.cell_length != width:
                drawn = drawn.adjust_cell_length(width - sides.width, style)
                if sides.width:
                    drawn = Strip.join([left, drawn, right])
            for line_filter in filters:
                drawn = drawn.apply_filter(line_filter, background)
            self._strip_of[y] = drawn


class Columns(Horizontal):
    """What stands side by side and covers it whole."""

    BLANK = True


class Column(KeptFrame, Vertical):
    """What stands one below the other, with a line at its side."""

    def _render_frame(self, crop: Region) -> list[Strip]:
        # Its own lines are all alike, and what stands on it covers most of them.
        return super()._render_frame(Region(crop.x, crop.y, crop.width, min(1, crop.height))) * crop.height
