"""The list of call-backs: the keys of every list, and those that ring back and leave it."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from callcenter.console.actions import bindings
from callcenter.console.widgets.line_list import LineList


class CallbackList(LineList):
    """Posts `RingWanted` for the row under the cursor and `Left` to go back to the queue."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("callbacks")]

    @dataclass
    class RingWanted(Message):
        """This call-back is to be rung now."""

        callback: str

    class Left(Message):
        """Back to the queue."""

    came_from: Widget | None = None
    """What had the focus before the list was opened."""

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "callback.leave":
            self.post_message(self.Left())
        elif action == "callback.ring":
            if self.cursor_key is not None:
                self.post_message(self.RingWanted(self.cursor_key))
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click rings as Enter does."""
        self.action_act("callback.ring")
