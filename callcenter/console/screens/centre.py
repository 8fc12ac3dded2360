"""The window of the centre: how the line stands, what went wrong, what to do, and who works on what."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from callcenter.console.action import State
from callcenter.console.actions import bindings, hints
from callcenter.console.messages import CentreRead
from callcenter.console.presentation import centre
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.panel import Panel

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.centre_view import CentreView

CLOCK_SECONDS = 1.0


class CentreScreen(ModalScreen[None]):
    """Opened over the desk by `centre.open`; paints itself anew every second, for the line changes under it."""

    CSS_PATH = "centre.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("centre")]

    def __init__(self, desk: "DeskScreen", try_now: Callable[[], None]) -> None:
        super().__init__()
        self._desk = desk
        self._try_now = try_now
        self._view: CentreView | None = None

    def compose(self) -> ComposeResult:
        """What there is to know, scrolling where it is much, and the keys."""
        with Vertical():
            with VerticalScroll():
                yield Panel(id="centre-lines")
            yield Panel(id="centre-keys")

    def on_mount(self) -> None:
        """Paint, and go on painting."""
        self.query_one("#centre-keys", Panel).show(self._keys)
        self._look()
        self.set_interval(CLOCK_SECONDS, self._look)
        self.query_one(VerticalScroll).focus()

    def action_act(self, action: str) -> None:
        """Carry out an action of the registry."""
        if action == "centre.leave":
            self.dismiss()
        elif action == "centre.try_now":
            self._try_now()

    def _look(self) -> None:
        self._paint()
        self._desk.console_app.live.questions.look_at_centre(tuple(self._desk.link.work), self.post_message)

    def on_centre_read(self, event: CentreRead) -> None:
        """What waits for a person was read."""
        self._view = event.view
        self._paint()

    def _paint(self) -> None:
        link, seat, now, view = self._desk.link, self._desk.console_app.seat, self._desk.now, self._view
        self.query_one("#centre-lines", Panel).show(lambda width: centre.panel_lines(link, view, seat.desk, now, width))

    def _keys(self, width: int) -> Sequence[Pieces]:
        wanted = [one for one in hints(State(), "centre") if one.rank]
        return flowed([(Cell(one.keys[0], "key"), Cell(f" {one.label}")) for one in wanted], width)
