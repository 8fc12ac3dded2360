"""The record of a call in which danger was raised, to be read; it is restricted, so the window closes by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, ClassVar

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical, VerticalScroll
from textual.screen import ModalScreen

from callcenter.console.action import State
from callcenter.console.actions import bindings, hints
from callcenter.console.presentation import danger_record
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.panel import Panel

if TYPE_CHECKING:
    from datetime import datetime

    from callcenter.desk.safety import CallRecord

OPEN_SECONDS = 180
"""Long enough to read it out to whoever rings about the case."""


class RecordScreen(ModalScreen[None]):
    """Opened over the desk once the journal says who reads; nothing in it is masked."""

    CSS_PATH = "record.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("record")]

    def __init__(self, record: "CallRecord", now: "datetime") -> None:
        super().__init__()
        self._record = record
        self._now = now

    def compose(self) -> ComposeResult:
        """The record, scrolling where it is long, and the keys."""
        with Vertical():
            with VerticalScroll():
                yield Panel(id="record-lines")
            yield Panel(id="record-keys")

    def on_mount(self) -> None:
        """Paint, and begin to count."""
        record, now = self._record, self._now
        self.query_one("#record-lines", Panel).show(lambda width: danger_record.lines(record, now, width))
        self.query_one("#record-keys", Panel).show(self._keys)
        self.query_one(VerticalScroll).focus()
        self.set_timer(OPEN_SECONDS, self._leave)

    def action_act(self, action: str) -> None:
        """Carry out an action of the registry."""
        if action == "record.leave":
            self.dismiss()

    def _leave(self) -> None:
        # Not handed to the timer itself: a screen must not wait for its own end.
        if self.is_current:
            self.dismiss()

    def _keys(self, width: int) -> Sequence[Pieces]:
        wanted = [one for one in hints(State(), "record") if one.rank]
        return flowed([(Cell(one.keys[0], "key"), Cell(f" {one.label}")) for one in wanted], width)
