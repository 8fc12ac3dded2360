"""The command line at the bottom: opened with `/`, completed with Tab, with its history; it knows no command."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from callcenter.console.actions import bindings
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.completion import Completer, Completion, completed, narrowed, split
from callcenter.console.presentation.glyphs import PROMPT
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.ime_input import ImeInput


class CommandInput(ImeInput):
    """The field of the command line: one more Backspace than there are characters leaves it."""

    class LeftByBackspace(Message):
        """Backspace was pressed in the empty field."""

    def action_delete_left(self) -> None:
        """Delete a character, or leave when there is none."""
        if self.value:
            super().action_delete_left()
        else:
            self.post_message(self.LeftByBackspace())


class Prompt(CellLines):
    """The sign in front of the field."""

    DEFAULT_CSS = """
    Prompt { width: 2; }
    """

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return ((Cell(PROMPT, "key"),),)


class Suggestions(CellLines):
    """What the last word may become, the one that Tab put in first in its own look."""

    def __init__(self) -> None:
        super().__init__()
        self._offered: tuple[Completion, ...] = ()
        self._chosen: int | None = None

    def show(self, offered: Sequence[Completion], chosen: int | None = None) -> None:
        """These from now on; `chosen` is the number of the one that stands on the line."""
        self._offered, self._chosen = tuple(offered), chosen
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line; the one that was chosen is always on it."""
        pieces: list[Cell] = []
        # From the chosen one on, so that cycling beyond the edge of the screen stays in sight.
        start = self._chosen or 0
        for number in range(start, start + len(self._offered)):
            one = self._offered[number % len(self._offered)]
            pieces.append(Cell(one.text, "key" if number == self._chosen else "strong"))
            pieces.append(Cell(f" {one.hint}  " if one.hint else "  ", "muted"))
        return (tuple(pieces),)


class CommandLine(Vertical):
    """Hidden until `open`; posts `Entered` or `Left`, and gives the focus back to where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("command")]
    DEFAULT_CSS = """
    CommandLine {
        display: none;
        height: 2;
        background: $panel;
        & Horizontal { height: 1; }
        & Input, & Input:focus { border: none; height: 1; padding: 0; background: $panel; width: 1fr; }
    }
    """

    @dataclass
    class Entered(Message):
        """A command was entered: its text without the `/` and without blanks around it."""

        text: str

    class Left(Message):
        """The command line was closed without a command."""

    def __init__(self, completer: Completer, *, history: Sequence[str] = (), id: str | None = None) -> None:
        """A command line over a completer; `history` is oldest first."""
        super().__init__(id=id)
        self._completer = completer
        self._history = list(history)
        self._recalled: int | None = None
        self._typed = ""
        self._cycle: tuple[str, tuple[Completion, ...], int] | None = None
        self._written = ""
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Suggestions above, the prompt and the field below."""
        yield Suggestions()
        with Horizontal():
            yield Prompt()
            yield CommandInput()

    @property
    def history(self) -> tuple[str, ...]:
        """What was entered, oldest first, without repetitions in a row."""
        return tuple(self._history)

    def open(self, text: str = "") -> None:
        """Show the line with this text on it and take the focus."""
        self._focused_before = self.screen.focused
        self._recalled = self._cycle = None
        self.display = True
        self.screen.set_focus(self._field)
        self._write(text)
        self._suggest()

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "command.complete":
            self._complete()
        elif action == "command.leave":
            self._leave()
        else:
            self._recall(-1 if action == "command.older" else 1)

    @on(CommandInput.LeftByBackspace)
    def _leave(self) -> None:
        self._close()
        self.post_message(self.Left())

    @on(Input.Submitted)
    def _enter(self, event: Input.Submitted) -> None:
        event.stop()
        text = event.value.strip()
        if not text:
            self._leave()
            return
        if self._history[-1:] != [text]:
            self._history.append(text)
        self._close()
        self.post_message(self.Entered(text))

    @on(Input.Changed)
    def _typed_on(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._written:
            # Typed by hand: what Tab went through and what Up recalled is over.
            self._written = event.value
            self._recalled = self._cycle = None
            self._suggest()

    @property
    def _field(self) -> CommandInput:
        return self.query_one(CommandInput)

    def _close(self) -> None:
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached:
            self.screen.set_focus(before)
        else:
            self.screen.set_focus(None)

    def _write(self, text: str) -> None:
        self._written = text
        self._field.value = text
        self._field.cursor_position = len(text)

    def _suggest(self) -> None:
        offered = narrowed(split(self._written)[1], self._completer(self._written))
        self.query_one(Suggestions).show(offered)

    def _complete(self) -> None:
        """As far as it is certain; pressed again where it is not, each word that fits in turn."""
        if self._cycle is None:
            line = self._field.value
            offered = self._completer(line)
            done = completed(line, offered)
            head, word = split(line)
            left = narrowed(word, offered)
            if done != line or not left:
                self._write(done)
                self._suggest()
                return
            self._cycle = (head, left, -1)
        head, left, number = self._cycle
        number = (number + 1) % len(left)
        self._cycle = (head, left, number)
        self._write(head + left[number].text)
        self.query_one(Suggestions).show(left, number)

    def _recall(self, step: int) -> None:
        """Through the history; after the newest comes again what had been typed."""
        if self._recalled is None:
            self._typed = self._field.value
        at = len(self._history) if self._recalled is None else self._recalled
        at = min(max(at + step, 0), len(self._history))
        self._recalled, self._cycle = at, None
        self._write(self._history[at] if at < len(self._history) else self._typed)
        self._suggest()
