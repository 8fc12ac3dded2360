"""The help: the keys of the place the operator is in, by group, why one does nothing now, and what the signs mean."""

from collections.abc import Sequence
from typing import ClassVar

from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import VerticalScroll
from textual.screen import ModalScreen

from callcenter.console.action import SCOPES, Scope, State
from callcenter.console.actions import Hint, by_group, hints
from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, fit
from callcenter.console.presentation.lines import broken
from callcenter.console.widgets.panel import Panel
from callcenter.language import _, mark

_KEYS = 17
_LABEL = 17
_LEGEND: tuple[tuple[str, str], ...] = (
    (glyphs.URGENT, mark("first of all: an emergency, suspected abuse")),
    (glyphs.SOON, mark("soon, or overdue")),
    (glyphs.CURSOR, mark("the line under the cursor")),
    (glyphs.YES, mark("can be booked")),
    (glyphs.NO, mark("cannot be booked; on a form: missing or wrong")),
    (glyphs.FREE, mark("half hour with a free place")),
    (glyphs.TAKEN, mark("half hour that is full")),
    (glyphs.HELD, mark("half hour held by an offer; in the queue: another desk works on it")),
    (glyphs.CLOSED, mark("half hour in which it is closed")),
    (glyphs.UNKNOWN, mark("places not known, or a fact to ask for; in the queue: a desk that was not heard of")),
)


class HelpScreen(ModalScreen[None]):
    """Closed by the key that opened it, by Escape, F10, q or Enter; scrolls by the keys of a list."""

    CSS_PATH = "help.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape,f10,q,enter,f1,question_mark", "close", show=False),
    ]

    def __init__(self, state: State, *scopes: Scope) -> None:
        """The keys of these scopes, as things stand."""
        super().__init__()
        self._state = state
        self._scopes = scopes

    def compose(self) -> ComposeResult:
        """A title that stays, and what scrolls below it."""
        yield Panel(fills=True, id="help-title")
        with VerticalScroll():
            yield Panel(id="help-keys")

    def on_mount(self) -> None:
        """Written out for the width there is."""
        title = Cell(_(" Keys here   Esc, F10 or Enter closes"), "title")
        self.query_one("#help-title", Panel).show(lambda width: ((title,),))
        self.query_one("#help-keys", Panel).show(self._lines)
        self.query_one(VerticalScroll).focus()

    def action_close(self) -> None:
        """Back to where the operator was."""
        self.dismiss()

    def _lines(self, width: int) -> list[Pieces]:
        found: list[Pieces] = []
        for scope in self._scopes:
            for title, members in by_group(hints(self._state, scope)).items():
                found += [(), (Cell(f" {_(SCOPES[scope])}: {title}", "title"),)]
                found += [line for hint in members for line in help_lines(hint, width)]
        found += [(), (Cell(_(" Signs"), "title"),)]
        found += [(Cell(f"   {glyph}".ljust(6), "key"), Cell(_(meaning))) for glyph, meaning in _LEGEND]
        return found[1:]


def help_lines(hint: Hint, width: int) -> Sequence[Pieces]:
    """An action with its keys, its name, what it does, and below it why it cannot be taken now."""
    off = hint.reason is not None
    head = (
        Cell(fit(f"   {', '.join(hint.keys)}", _KEYS), "key_off" if off else "key"),
        Cell(fit(hint.label, _LABEL), "key_off" if off else "strong"),
    )
    indent = Cell(" " * (_KEYS + _LABEL))
    room = max(width - _KEYS - _LABEL - 1, 8)
    lines: list[Pieces] = [
        (*((indent,) if number else head), Cell(text, "muted"))
        for number, text in enumerate(broken(hint.tooltip, room))
    ]
    if hint.reason is not None:
        lines += [(indent, Cell(text, "soon")) for text in broken(hint.reason, room)]
    return lines
