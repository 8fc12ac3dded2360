"""The search at the bottom: results change while it is typed; Enter goes to a request, leaving moves nothing."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar, Literal

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Input

from callcenter.console.actions import bindings, by_id, key_names
from callcenter.console.presentation.cells import Cell, Pieces, Row
from callcenter.console.presentation.columns import Column
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.console.widgets.ime_input import ImeInput
from callcenter.console.widgets.line_list import LineList
from callcenter.language import _, ngettext

LINES = 10
LOOKED_SECONDS = 2.0
"""Found people who stood on the screen so long were looked at, whether or not one was chosen."""

Go = Literal["", "first", "exact"]


class SearchTitle(CellLines):
    """What can be typed, then how many were found."""

    def __init__(self) -> None:
        super().__init__()
        self._pieces: Pieces = ()

    def show(self, *pieces: Cell) -> None:
        """These from now on."""
        self._pieces = pieces
        self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return (self._pieces,)


class SearchLine(Vertical):
    """Hidden until `open`; the host answers `Typed` with `show`; the focus goes back to where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("choice")]
    DEFAULT_CSS = f"""
    SearchLine {{
        display: none;
        height: auto;
        background: $panel;
        & LineList {{ height: {LINES}; }}
        & Input, & Input:focus {{ border: none; height: 1; padding: 0 2; background: $boost; width: 1fr; }}
    }}
    """

    @dataclass
    class Typed(Message):
        """This is searched for now."""

        text: str

        def can_replace(self, message: Message) -> bool:
            """Only the newest text counts."""
            return isinstance(message, SearchLine.Typed)

    @dataclass
    class Opened(Message):
        """The operator goes to this request."""

        request_id: str

    @dataclass
    class Looked(Message):
        """So many found requests were looked at."""

        hits: int

    def __init__(self, columns: Sequence[Column], *, id: str | None = None) -> None:
        """A search whose results stand in these columns."""
        super().__init__(id=id)
        self._columns = tuple(columns)
        self._text = ""
        self._found_for = ""
        self._go: Go = ""
        self._unnoted = 0
        self._resting: Timer | None = None
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """The title, what was found, the field."""
        yield SearchTitle()
        found = LineList(self._columns, choosable=False)
        found.can_focus = False
        yield found
        yield ImeInput()

    def open(self, text: str, columns: Sequence[Column], go: Go = "") -> None:
        """Search for this; with `go` «exact» go on at once when it is one receipt number."""
        if not self.display:
            self._focused_before = self.screen.focused
        # Said anew each time: the language may have changed since.
        self._list.set_columns(columns, "")
        self.display = True
        self.screen.set_focus(self._field)
        self._go, self._found_for = go, ""
        self._field.value = text
        self._field.cursor_position = len(text)
        self._search(text)

    def show(self, text: str, rows: Sequence[Row], *, more: bool, exact: str | None) -> None:
        """What was found for this text, unless something else is typed by now."""
        if not self.display or text != self._text:
            return
        self._found_for = text
        self._list.set_total(len(rows))
        self._list.set_page(0, rows)
        self._list.action_act("list.first")
        self._say(len(rows), more)
        self._wait_for_looking(len(rows))
        go, self._go = self._go, ""
        if go == "first" and rows:
            self._open(rows[0].key)
        elif go == "exact" and exact is not None:
            self._open(exact)

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "choice.leave":
            self._close()
        else:
            self._list.action_act("list.up" if action == "choice.up" else "list.down")

    @on(Input.Changed)
    def _find_typed(self, event: Input.Changed) -> None:
        event.stop()
        if event.value != self._text:
            self._go = ""
            self._search(event.value)

    @on(Input.Submitted)
    def _take_highlighted(self, event: Input.Submitted) -> None:
        event.stop()
        if self._found_for != self._text:
            # Enter was quicker than the search: it goes to the first one that is found.
            self._go = "first"
        elif self._list.cursor_key is not None:
            self._open(self._list.cursor_key)

    @on(LineList.Chosen)
    def _take_clicked(self, event: LineList.Chosen) -> None:
        event.stop()
        self._open(event.key)

    @on(LineList.Highlighted)
    @on(LineList.PageWanted)
    def _keep_inside(self, event: Message) -> None:
        event.stop()

    @property
    def _list(self) -> LineList:
        return self.query_one(LineList)

    @property
    def _field(self) -> ImeInput:
        return self.query_one(ImeInput)

    @property
    def _title(self) -> SearchTitle:
        return self.query_one(SearchTitle)

    def _search(self, text: str) -> None:
        self._text = text
        if text.strip():
            self.post_message(self.Typed(text))
            return
        self._found_for = text
        self._list.set_total(0)
        leave = "/".join(key_names(by_id("choice.leave")))
        what = _("Name, first consonants, last four digits, receipt number, city; {leave} leaves").format(leave=leave)
        self._title.show(Cell(f" {_('Search')}  ", "strong"), Cell(what, "muted"))

    def _say(self, found: int, more: bool) -> None:
        head = Cell(f" {_('Search')}  ", "strong")
        if more:
            self._title.show(head, Cell(_("{count} shown, there may be more: type more.").format(count=found), "soon"))
        elif found:
            told = ngettext("{count} request found.", "{count} requests found.", found).format(count=found)
            self._title.show(head, Cell(told, "ok"))
        else:
            self._title.show(head, Cell(_("Nothing found."), "muted"))

    def _wait_for_looking(self, hits: int) -> None:
        self._unnoted = hits
        if self._resting is not None:
            self._resting.stop()
        self._resting = self.set_timer(LOOKED_SECONDS, self._looked) if hits else None

    def _looked(self) -> None:
        if self._unnoted:
            self.post_message(self.Looked(self._unnoted))
        self._unnoted = 0

    def _open(self, request_id: str) -> None:
        self._close()
        self.post_message(self.Opened(request_id))

    def _close(self) -> None:
        self._looked()
        self._text = self._found_for = self._go = ""
        self._list.set_total(0)
        self._field.value = ""
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached:
            self.screen.set_focus(before)
        else:
            self.screen.set_focus(None)
