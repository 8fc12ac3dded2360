"""The least a Textual app can be: what starting our own, and painting after a key, is measured against."""

from typing import ClassVar

from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.widgets import Static

MARK = "ready"


class Empty(App[None]):
    """One word on an otherwise empty screen, and the number of times that a key was pressed."""

    BINDINGS: ClassVar[list[BindingType]] = [("down", "count", ""), ("up", "count", "")]
    pressed = 0

    def compose(self) -> ComposeResult:
        """The word that says that it is painted."""
        yield Static(MARK)

    def action_count(self) -> None:
        """Paint the next number."""
        self.pressed += 1
        self.query_one(Static).update(f"{MARK} {self.pressed}")


if __name__ == "__main__":
    Empty().run()
