"""A drawn line of a list, kept from frame to frame with what Textual made of it."""

from collections.abc import Iterable, Sequence

from rich.segment import Segment
from textual.color import Color
from textual.filter import LineFilter
from textual.strip import Strip


class ListLine(Strip):
    """Its last segment lies under the scroll bar, where it is cut: the others need not be measured for that."""

    __slots__ = ["_parts", "_passed"]

    def __init__(self, segments: Sequence[Segment], length: int, covered: int) -> None:
        """`covered` are the cells of the last segment, out of `length` in all."""
        super().__init__(segments, length)
        self._parts = (Strip(self._segments[:-1], length - covered), Strip(self._segments[-1:], covered))
        self._passed: tuple[LineFilter, Color] | None = None

    def apply_filter(self, filter: LineFilter, background: Color) -> Strip:
        """The line itself where the filter leaves its segments as they are."""
        if self._passed == (filter, background):
            return self
        shown = filter.apply(self._segments, background)
        if shown is not self._segments:
            return Strip(shown, self.cell_length)
        self._passed = filter, background
        return self

    def divide(self, cuts: Iterable[int]) -> Sequence[Strip]:
        """The pieces between these cells."""
        asked = list(cuts)
        at_the_bar = asked == [self._parts[0].cell_length, self.cell_length]
        return self._parts if at_the_bar else super().divide(asked)
