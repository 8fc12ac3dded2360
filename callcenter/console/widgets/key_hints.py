"""The line of key hints at the bottom: as many whole hints as fit, those that cannot be taken now pale.

What is always there keeps its place at either end; between them stands what can be done now, and then the rest.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from callcenter.console.actions import Hint
from callcenter.console.presentation.cells import Cell, Pieces, length
from callcenter.console.presentation.room import staying
from callcenter.console.widgets.cell_lines import CellLines

GAP = Cell(" ")
_PLACES = ("first", "middle", "last")
# Above every rank.
_COMES_AND_GOES, _NOT_NOW = 100, 1000


def fitting(hints: Sequence[Hint], width: int) -> tuple[Hint, ...]:
    """The hints that fit into `width` cells, in the order of their places and of the registry.

    Of those in the middle what cannot be taken now goes first, then the highest rank, of equals the right one.
    """
    shown = sorted((hint for hint in hints if hint.rank), key=lambda hint: _PLACES.index(hint.place))
    widths = {hint.action: length(_cells(hint)) for hint in shown}
    return tuple(staying(shown, width, _importance, lambda kept: sum(widths[h.action] for h in kept) - 1))


def _importance(hint: Hint) -> int:
    if hint.place != "middle":
        return hint.rank
    return hint.rank + (_COMES_AND_GOES if hint.reason is None else _NOT_NOW)


def _cells(hint: Hint) -> Pieces:
    """A hint with the gap behind it."""
    enabled = hint.reason is None
    key, label = hint.keys[0], " " + hint.label
    return Cell(key, "key" if enabled else "key_off"), Cell(label, "normal" if enabled else "key_off"), GAP


def line(hints: Sequence[Hint], width: int = 0) -> Pieces:
    """The hints as cells, three a hint: its key, its label, the gap behind it; the last ones end at `width`."""
    pieces = [piece for hint in hints for piece in _cells(hint)][:-1]
    behind = next((number for number, hint in enumerate(hints) if hint.place == "last"), 0)
    if behind and (spare := width - length(pieces)) > 0:
        pieces[3 * behind - 1] = Cell(" " * (1 + spare))
    return tuple(pieces)


class KeyHints(CellLines):
    """Shows hints of the registry; a click on one is the same as its key."""

    @dataclass
    class ActionClicked(Message):
        """A hint was clicked; whether it can be taken now is for the receiver, as with a key."""

        action: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._hints: tuple[Hint, ...] = ()

    def show(self, hints: Sequence[Hint]) -> None:
        """These hints from now on."""
        if tuple(hints) != self._hints:
            self._hints = tuple(hints)
            self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line."""
        return (line(fitting(self._hints, width), width),)

    def on_click(self, event: events.Click) -> None:
        """The hint under the mouse is taken."""
        offset = event.get_content_offset(self)
        piece = self.piece_at(offset.x) if offset is not None else None
        shown = fitting(self._hints, self.size.width)
        if piece is not None and piece // 3 < len(shown) and piece % 3 != 2:
            self.post_message(self.ActionClicked(shown[piece // 3].action))
