"""The lines under the alarms: the operator's own calls and those that ring; no line when there are none."""

from collections.abc import Sequence

from textual import events
from textual.message import Message

from callcenter.console.presentation.cells import Pieces
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.panel import Lines, nothing


class CallStrip(CellLines):
    """Never takes the focus; a click on it is the key that takes the oldest call."""

    DEFAULT_CSS = """
    CallStrip { display: none; height: auto; background: $boost; }
    """

    class Clicked(Message):
        """A line of the strip was clicked."""

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

    def on_click(self, event: events.Click) -> None:
        """As the key does."""
        event.stop()
        self.post_message(self.Clicked())
