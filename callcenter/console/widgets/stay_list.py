"""The list of care: the keys of every list, and those that go on with the child under the cursor."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from callcenter.console.actions import bindings
from callcenter.console.widgets.line_list import LineList


class StayList(LineList):
    """Posts `Wanted` for what is to be done with the line under the cursor, and `Left` to go back to the queue."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("stays")]

    @dataclass
    class Wanted(Message):
        """This action of the registry for this line."""

        action: str
        key: str

    class Left(Message):
        """Back to the queue."""

    came_from: Widget | None = None
    """What had the focus before the list was opened."""

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "stay.leave":
            self.post_message(self.Left())
        elif action.startswith("stay."):
            if self.cursor_key is not None:
                self.post_message(self.Wanted(action, self.cursor_key))
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click does what Enter does."""
        self.action_act("stay.next")
