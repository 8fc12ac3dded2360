"""The plan of the whole queue as a list: the keys of every list, and those that take its rows and leave it."""

from dataclasses import dataclass
from typing import ClassVar

from textual.binding import BindingType
from textual.message import Message
from textual.widget import Widget

from callcenter.console.actions import bindings
from callcenter.console.widgets.line_list import LineList


class PlanList(LineList):
    """Posts `TakeWanted` for the row under the cursor, `TakeAllWanted`, and `Left` to go back to the queue."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("plan")]

    @dataclass
    class TakeWanted(Message):
        """The offer of this request is to be made as planned."""

        request_id: str

    class TakeAllWanted(Message):
        """All of the plan is to be taken."""

    class Left(Message):
        """Back to the queue."""

    came_from: Widget | None = None
    """What had the focus before the plan was opened."""

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "plan.leave":
            self.post_message(self.Left())
        elif action == "plan.take_all":
            self.post_message(self.TakeAllWanted())
        elif action == "plan.take":
            if self.cursor_key is not None:
                self.post_message(self.TakeWanted(self.cursor_key))
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click takes the row as Enter does."""
        self.action_act("plan.take")
