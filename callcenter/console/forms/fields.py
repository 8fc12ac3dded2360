"""A field of the form: a line with its caption, its value is a text that is typed; and what every field tells."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from textual import on
from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit
from callcenter.console.presentation.glyphs import CURSOR, NO
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.ime_input import ImeInput
from callcenter.console.widgets.kept_lines import KeptFrame

CAPTION = 12
"""Cells of a caption, the sign before it included."""


@dataclass
class FieldChanged(Message):
    """What stands in a field is another now."""

    field: str


@dataclass
class FieldDone(Message):
    """The operator is done with a field and wants the next one."""

    field: str


def caption(text: str, *, focused: bool, wrong: bool) -> Cell:
    """The caption in its width: a cursor sign where the cursor is, a cross where something is wrong."""
    sign = CURSOR if focused else NO if wrong else " "
    look: StyleName = "urgent" if wrong else "key" if focused else "muted"
    return Cell(fit(f"{sign} {text}", CAPTION), look)


class Caption(CellLines):
    """The caption of a text field."""

    DEFAULT_CSS = f"""
    Caption {{ width: {CAPTION}; }}
    """

    def __init__(self, text: str) -> None:
        super().__init__()
        self._text = text
        self._focused = self._wrong = False

    def show(self, *, focused: bool | None = None, wrong: bool | None = None) -> None:
        """What is given from now on."""
        self._focused = self._focused if focused is None else focused
        self._wrong = self._wrong if wrong is None else wrong
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return ((caption(self._text, focused=self._focused, wrong=self._wrong),),)


class TextField(Horizontal, KeptFrame):
    """A caption and a text."""

    DEFAULT_CSS = """
    TextField {
        height: 1;
        & Input, & Input:focus { border: none; height: 1; padding: 0 1; width: 1fr; background: $boost; }
        & Input:focus { background: $primary 20%; }
    }
    """

    def __init__(self, key: str, title: str, *, stands_in: Callable[[str], bool] = lambda _raw: False) -> None:
        """`stands_in` tells of a text that the field holds only until the right one is typed over it."""
        super().__init__()
        self.key = key
        self._stands_in = stands_in
        self._caption = Caption(title)
        # Typing into a field that was filled before adds to it: a number is often only completed.
        self._input = ImeInput(select_on_focus=False)

    def compose(self) -> ComposeResult:
        """One line."""
        yield self._caption
        yield self._input

    @property
    def raw(self) -> str:
        """What stands in the field."""
        return self._input.value

    def fill(self, raw: str) -> None:
        """Put this into the field, the caret behind it."""
        if self._input.value != raw:
            self._input.value = raw
            self._input.cursor_position = len(raw)

    def show_blank(self, meant: str) -> None:
        """Show what a blank means."""
        self._input.placeholder = meant

    def show_wrong(self, wrong: bool) -> None:
        """Mark the caption, or no more."""
        self._caption.show(wrong=wrong)

    @property
    def target(self) -> Widget:
        """What takes the focus."""
        return self._input

    @on(Input.Changed)
    def _changed(self, event: Input.Changed) -> None:
        event.stop()
        self.post_message(FieldChanged(self.key))

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        self.post_message(FieldDone(self.key))

    def on_descendant_focus(self) -> None:
        """The caption says where the cursor is."""
        self._caption.show(focused=True)
        if self._stands_in(self.raw):
            self._input.select_all()

    def on_descendant_blur(self) -> None:
        """The cursor went elsewhere."""
        self._caption.show(focused=False)
