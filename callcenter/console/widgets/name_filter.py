"""A line to type a part of a name on, while the list below it follows; leaving it empties it."""

from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widgets import Input

from callcenter.console.actions import bindings
from callcenter.console.widgets.ime_input import ImeInput


class NameFilter(Vertical):
    """Hidden until `open`; posts `Typed` with every change, `Moved` for up and down, `Left` when it is done."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    DEFAULT_CSS = """
    NameFilter {
        display: none;
        height: 1;
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; background: $boost; width: 1fr; }
    }
    """

    @dataclass
    class Typed(Message):
        """The name is to have this in it from now on."""

        text: str

        def can_replace(self, message: Message) -> bool:
            """Only the newest text counts."""
            return isinstance(message, NameFilter.Typed)

    @dataclass
    class Moved(Message):
        """The cursor of the list is to go this way: an action of a list."""

        action: str

    class Left(Message):
        """The line is gone; the list has the keys again."""

    def compose(self) -> ComposeResult:
        """The field."""
        yield ImeInput()

    @property
    def is_open(self) -> bool:
        """Whether it is shown."""
        return bool(self.display)

    def open(self, text: str, hint: str) -> None:
        """Go on with this text; `hint` stands where none is."""
        self.display = True
        field = self.query_one(ImeInput)
        field.placeholder = hint
        field.value = text
        field.cursor_position = len(text)
        field.focus()

    def close(self, *, emptied: bool) -> None:
        """Give the keys back, with what was typed or without."""
        if emptied:
            self.post_message(self.Typed(""))
        self.display = False
        self.post_message(self.Left())

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "choice.leave":
            self.close(emptied=True)
        elif action == "choice.note":
            self.close(emptied=False)
        else:
            self.post_message(self.Moved("list.up" if action == "choice.up" else "list.down"))

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if self.display:
            self.post_message(self.Typed(event.value))

    @on(Input.Submitted)
    def _entered(self, event: Input.Submitted) -> None:
        event.stop()
        self.close(emptied=False)
