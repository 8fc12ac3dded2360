"""The line of key hints at the bottom: as many whole hints as fit, those that cannot be taken now pale."""

from collections.abc import Sequence
from dataclasses import dataclass

from textual import events
from textual.message import Message

from callcenter.console.actions import Hint
from callcenter.console.presentation.cells import Cell, Pieces, length
from callcenter.console.presentation.room import staying
from callcenter.console.widgets.cell_lines import CellLines

GAP = Cell(" ")


def fitting(hints: Sequence[Hint], width: int) -> tuple[Hint, ...]:
    """The hints that fit into `width` cells, in their order; the highest rank, of equals the right one, goes first."""
    shown = [hint for hint in hints if hint.rank]
    widths = {hint.action: length(_cells(hint)) for hint in shown}
    return tuple(staying(shown, width, lambda hint: hint.rank, lambda kept: sum(widths[h.action] for h in kept) - 1))


def _cells(hint: Hint) -> Pieces:
    """A hint with the gap behind it."""
    enabled = hint.reason is None
    key, label = hint.keys[0], " " + hint.label
    return Cell(key, "key" if enabled else "key_off"), Cell(label, "normal" if enabled else "key_off"), GAP


def line(hints: Sequence[Hint]) -> Pieces:
    """The hints as cells, three a hint: its key, its label, the gap behind it."""
    return tuple(piece for hint in hints for piece in _cells(hint))[:-1]


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
        return (line(fitting(self._hints, width)),)

    def on_click(self, event: events.Click) -> None:
        """The hint under the mouse is taken."""
        offset = event.get_content_offset(self)
        piece = self.piece_at(offset.x) if offset is not None else None
        shown = fitting(self._hints, self.size.width)
        if piece is not None and piece // 3 < len(shown) and piece % 3 != 2:
            self.post_message(self.ActionClicked(shown[piece // 3].action))
