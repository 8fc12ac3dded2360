"""The least that takes what is typed: a Textual app with an Input, what typing in our own is measured against."""

from textual.app import App, ComposeResult
from textual.widgets import Input

MARK = "ready"


class Empty(App[None]):
    """One Input with the focus on an otherwise empty screen."""

    def compose(self) -> ComposeResult:
        """The Input; its placeholder says that it is painted."""
        yield Input(placeholder=MARK)


if __name__ == "__main__":
    Empty().run()
