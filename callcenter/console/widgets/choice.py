"""A chooser at the bottom: numbered options found by digit, arrow or first consonants; a note."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal, NamedTuple

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Input

from callcenter.console.actions import bindings, by_id, key_names
from callcenter.console.presentation.cells import Cell, Pieces, Row
from callcenter.console.presentation.columns import Column
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.ime_input import ImeInput
from callcenter.console.widgets.line_list import LineList
from callcenter.language import _
from callcenter.text.hangul import matches
from callcenter.text.resident_numbers import ResidentNumber, without_resident_numbers


class Typed(NamedTuple):
    """What was typed last, for which option, and where the focus was before it was asked for."""

    option: "Option"
    note: str
    focused_before: Widget | None


DIGITS = "1234567890"
LINES = 10
COLUMNS = (Column("digit", "", 1), Column("label", "", 12, share=2), Column("hint", "", 0, share=3))


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; `note` says whether a sentence goes with it: one that is «offered» is asked for on Tab."""

    id: str
    label: str
    hint: str = ""
    note: Literal["none", "offered", "optional", "required"] = "none"


class ChoiceInput(ImeInput):
    """The field of a choice: digits choose at once until it takes a note."""

    def __init__(self, is_open: Callable[[], bool], take: Callable[[int], object]) -> None:
        """`take` is told the place of the option whose digit was pressed while the choice `is_open`."""
        # What is asked for once more is gone on with, not typed over.
        super().__init__(select_on_focus=False)
        self._is_open = is_open
        self._take = take
        self.takes_note = False

    def on_key(self, event: events.Key) -> None:
        """Digits are the numbers of the options, unless a note is written."""
        if not self._is_open():
            # It was under way to this field while the key before it closed the choice: it is for what comes next.
            event.stop()
            event.prevent_default()
            self.app.post_message(events.Key(event.key, event.character))
        elif not self.takes_note and event.character and event.character in DIGITS:
            event.stop()
            event.prevent_default()
            # Not by a message: the next key must find the choice closed.
            self._take(DIGITS.index(event.character))


class ChoiceTitle(CellLines):
    """What is chosen, and what is asked for next."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: Pieces = ()

    def show(self, title: str, ask: str, look: Literal["muted", "urgent"] = "muted") -> None:
        """The title, and behind it what to do."""
        self._pieces = (Cell(f" {title}  ", "strong"), Cell(ask, look))
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return (self._pieces,)


class Choice(Vertical):
    """Hidden until `open`; posts `Made` or `Left`, and gives the focus back to where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    DEFAULT_CSS = """
    Choice {
        display: none;
        height: auto;
        background: $panel;
        & Input, & Input:focus { border: none; height: 1; padding: 0 2; background: $boost; width: 1fr; }
    }
    """

    @dataclass
    class Made(Message):
        """An option was taken in the choice of this name, with its note ("" without one)."""

        name: str
        option: str
        note: str

    @dataclass
    class Left(Message):
        """The choice of this name was left without taking an option."""

        name: str

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._choice = ""
        self._title = ""
        self._options: tuple[Option, ...] = ()
        self._asked = 0
        self._taken: Option | None = None
        self._with_note = False
        self._focused_before: Widget | None = None
        self._typed: Typed | None = None

    @property
    def asks(self) -> str:
        """The name of the choice that is open, or was last."""
        return self._choice

    def compose(self) -> ComposeResult:
        """The title, the options, the field for finding one or for the note."""
        yield ChoiceTitle()
        options = LineList(COLUMNS, choosable=False)
        options.can_focus = False
        yield options
        yield ChoiceInput(lambda: self.display, self._take_numbered)

    def open(self, name: str, title: str, options: Sequence[Option]) -> None:
        """Ask this; `name` comes back in the message."""
        if not self.display:
            self._focused_before = self.screen.focused
        self._choice, self._title, self._options, self._taken = name, title, tuple(options), None
        self._typed = None
        self._with_note = False
        self._asked += 1
        # Said anew each time: the language may have changed since.
        self._list.set_columns(COLUMNS, _("Nothing fits."))
        self._list.styles.height = min(len(self._options), LINES)
        self._field.takes_note = False
        self._field.value = ""
        self.display = True
        self.screen.set_focus(self._field)
        self._say_how()
        self._find("")

    def write(self, name: str, title: str, *, needed: bool) -> None:
        """Ask for a line of text with nothing to choose before it; what was written comes back as the note."""
        option = Option("", "", note="required" if needed else "optional")
        self.open(name, title, (option,))
        self._list.styles.height = 0
        self._take(option)

    def again(self, why: str) -> bool:
        """What was typed is refused: ask for it once more, with the text and the reason; False when nothing was."""
        typed, self._typed = self._typed, None
        if typed is None or self.display:
            return False
        self._focused_before = typed.focused_before
        self.display = True
        self._take(typed.option)
        self._field.value = typed.note
        self._field.cursor_position = len(typed.note)
        self.screen.set_focus(self._field)
        self.query_one(ChoiceTitle).show(self._asked_for(typed.option), why, "urgent")
        return True

    def forget(self) -> None:
        """What was typed has done its work."""
        self._typed = None

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "choice.leave":
            name = self._choice
            self._close()
            self.forget()
            self.post_message(self.Left(name))
        elif action == "choice.note":
            self._with_note = not self._with_note and any(option.note == "offered" for option in self._options)
            if not self._field.takes_note:
                self._say_how()
        elif not self._field.takes_note:
            self._list.action_act("list.up" if action == "choice.up" else "list.down")

    def _say_how(self) -> None:
        leave, note = ("/".join(key_names(by_id(action))) for action in ("choice.leave", "choice.note"))
        how = _("Number or first consonants, Enter takes it, {leave} leaves").format(leave=leave)
        if self._with_note:
            how = _("Number or first consonants; then the note")
        elif any(option.note == "offered" for option in self._options):
            how += ", " + _("{key} adds a note").format(key=note)
        self.query_one(ChoiceTitle).show(self._title, how)

    def _take_numbered(self, number: int) -> None:
        if number < len(self._options):
            self._take(self._options[number])

    @on(LineList.Chosen)
    def _take_clicked(self, event: LineList.Chosen) -> None:
        event.stop()
        if not self._field.takes_note:
            self._take_key(event.key)

    @on(LineList.Highlighted)
    @on(LineList.PageWanted)
    def _keep_inside(self, event: Message) -> None:
        event.stop()

    @on(Input.Changed)
    def _find_typed(self, event: Input.Changed) -> None:
        event.stop()
        if not self._field.takes_note:
            self._find(event.value)

    @on(Input.Submitted)
    def _take_highlighted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._taken is not None:
            self._finish(self._taken, event.value.strip())
        elif self._list.cursor_key is not None:
            self._take_key(self._list.cursor_key)

    @property
    def _list(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _field(self) -> ChoiceInput:
        return self.query_one(ChoiceInput)

    def _find(self, text: str) -> None:
        """Only the options that what was typed finds, each with its own digit."""
        rows = [
            Row(option.id, (Cell(digit, "key"), Cell(option.label), Cell(option.hint, "muted")), self._asked)
            for digit, option in zip(DIGITS.ljust(len(self._options)), self._options, strict=False)
            if matches(text, option.label)
        ]
        self._list.set_total(len(rows))
        self._list.set_page(0, rows)
        self._list.action_act("list.first")
        # Hidden until now, the list has no line that it could see change.
        self._list.refresh()

    def _take_key(self, key: str) -> None:
        self._take(next(option for option in self._options if option.id == key))

    def _take(self, option: Option) -> None:
        if option.note == "none" or (option.note == "offered" and not self._with_note):
            self._finish(option, "")
            return
        self._taken = option
        self._field.takes_note = True
        self._field.value = ""
        ask = _("Note, then Enter") if option.note == "required" else _("Note if there is one, then Enter")
        if option.hint and option.note != "offered":
            # It says what is to be written, which may be no note at all.
            ask = f"{option.hint} (Enter)"
        if not option.label:
            ask = _("Type it, then Enter") if option.note == "required" else _("Enter; nothing if it is not known yet")
        self.query_one(ChoiceTitle).show(self._asked_for(option), ask)

    def _asked_for(self, option: Option) -> str:
        between = " " if self._title.endswith("?") else ": "
        return between.join(filter(None, (self._title, option.label)))

    def _finish(self, option: Option, note: str) -> None:
        if option.note == "required" and not note:
            self.query_one(ChoiceTitle).show(self._asked_for(option), _("Please write a few words first."), "urgent")
            return
        allowed = without_resident_numbers(note)
        if allowed != note:
            self._field.value = allowed
            self._field.cursor_position = len(allowed)
            self.query_one(ChoiceTitle).show(self._asked_for(option), str(ResidentNumber()), "urgent")
            return
        name = self._choice
        self._typed = Typed(option, note, self._focused_before) if note else None
        self._close()
        self.post_message(self.Made(name, option.id, note))

    def _close(self) -> None:
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached:
            self.screen.set_focus(before)
        else:
            self.screen.set_focus(None)
