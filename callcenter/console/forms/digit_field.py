"""A field of the form whose answer is a digit, or several: what can be answered stands there, and a key takes it."""

from collections.abc import Sequence
from typing import ClassVar

from textual import events
from textual.binding import Binding, BindingType
from textual.widget import Widget

from callcenter.console.forms.answers import Answer
from callcenter.console.forms.fields import FieldChanged, FieldDone, caption
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit_pieces, length
from callcenter.console.presentation.glyphs import CURSOR
from callcenter.console.widgets.cell_lines import CellLines

_MARGIN = 2
_MOST_LINES = 6


class DigitField(CellLines, can_focus=True):
    """A question answered by digit; its answers show below it while the cursor is here.

    With `multiple` a digit adds or removes an answer and the value is their codes separated by blanks; otherwise it is
    one code, and the answer takes the cursor on. Left, Right and Space reach the answers that have no digit. Without
    any answer nothing is asked.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("left", "point(-1)", show=False),
        Binding("right", "point(1)", show=False),
        Binding("space", "take", show=False),
        Binding("backspace,delete", "clear", show=False),
        Binding("enter", "done", show=False),
    ]
    DEFAULT_CSS = """
    DigitField:focus { background: $boost; }
    """

    def __init__(self, key: str, title: str, answers: Sequence[Answer], *, multiple: bool = False) -> None:
        super().__init__()
        self.key = key
        self._title = title
        self._answers = tuple(answers)
        self._multiple = multiple
        self._chosen: tuple[str, ...] = ()
        self._pointed: int | None = None
        self._wrong = False
        self._places: dict[tuple[int, int], int] = {}

    @property
    def raw(self) -> str:
        """The code or codes chosen."""
        return " ".join(self._chosen)

    @property
    def target(self) -> Widget:
        """What takes the focus."""
        return self

    def fill(self, raw: str) -> None:
        """Choose this code or these."""
        chosen = tuple(raw.split())
        if chosen != self._chosen:
            self._chosen = chosen
            self.redraw()
            self.post_message(FieldChanged(self.key))

    def offer(self, answers: Sequence[Answer]) -> None:
        """These answers from now on; what was chosen stays."""
        if tuple(answers) != self._answers:
            self._answers, self._pointed = tuple(answers), None
            self.redraw()

    def show_wrong(self, wrong: bool) -> None:
        """Mark the caption, or no more."""
        if wrong != self._wrong:
            self._wrong = wrong
            self.redraw()

    def lines(self, width: int) -> Sequence[Pieces]:
        """The caption with what is chosen; below it, while the cursor is here, the answers."""
        head = caption(self._title if self._answers else "", focused=self.has_focus, wrong=self._wrong)
        chosen = ", ".join(one.words for one in self._answers if one.code and one.code in self._chosen)
        found: list[Pieces] = [(head, Cell(f" {chosen}", "strong"))]
        if self.has_focus:
            found += self._answer_lines(width)
        if self.styles.height is None or self.styles.height.value != len(found):
            self.styles.height = len(found)
        return found

    def watch_has_focus(self, has_focus: bool) -> None:
        """Unfold the answers, or fold them again."""
        super().watch_has_focus(has_focus)
        self._pointed = None
        self.redraw()

    def on_resize(self, event: events.Resize) -> None:
        """Unfolded, it is kept in sight as a whole."""
        super().on_resize(event)
        if self.has_focus:
            self.call_after_refresh(self.scroll_visible, animate=False)

    def on_key(self, event: events.Key) -> None:
        """A digit gives its answer; one that stands for none does nothing, whatever it means elsewhere."""
        if event.character and event.character in "0123456789":
            event.stop()
            for one in self._answers:
                if one.digit == event.character:
                    self._take(one)
                    break

    def action_point(self, step: int) -> None:
        """To the next or the previous answer."""
        last = -1 if step > 0 else 0
        self._pointed = ((last if self._pointed is None else self._pointed) + step) % max(len(self._answers), 1)
        self.redraw()

    def action_take(self) -> None:
        """Take the answer pointed at."""
        if self._pointed is not None and self._pointed < len(self._answers):
            self._take(self._answers[self._pointed])

    def action_clear(self) -> None:
        """Choose nothing."""
        self.fill("")

    def action_done(self) -> None:
        """Enter goes on; where an answer is pointed at and a single one is wanted, it takes it first."""
        if self._pointed is not None and not self._multiple:
            self.action_take()
        else:
            self.post_message(FieldDone(self.key))

    def on_click(self, event: events.Click) -> None:
        """The answer under the mouse is taken."""
        offset = event.get_content_offset(self)
        if offset is not None and (number := self._places.get((offset.x, offset.y))) is not None:
            self._take(self._answers[number])

    def _take(self, answer: Answer) -> None:
        if not self._multiple:
            self.fill(answer.code)
            self.post_message(FieldDone(self.key))
        elif answer.code in self._chosen:
            self.fill(" ".join(code for code in self._chosen if code != answer.code))
        else:
            self.fill(" ".join((*self._chosen, answer.code)))

    def _pieces(self) -> list[Pieces]:
        """Each answer: its digit, its words, the gap behind it."""
        found: list[Pieces] = []
        for number, one in enumerate(self._answers):
            taken = one.code in self._chosen
            look: StyleName = "ok" if taken else "normal"
            pointed = number == self._pointed
            sign = CURSOR if pointed else "+" if taken else " "
            found.append(
                (
                    Cell(f"{sign}{one.digit or '-'} ", "key"),
                    Cell(one.words, "strong" if pointed else look),
                    Cell(" "),
                )
            )
        return found

    def _answer_lines(self, width: int) -> list[Pieces]:
        pieces = self._pieces()
        numbers = _packed(pieces, width)
        if len(numbers) > _MOST_LINES:
            # Two columns of cut words are better than answers out of sight.
            column = (width - _MARGIN) // 2
            pieces = [fit_pieces(one, column) for one in pieces]
            numbers = _packed(pieces, width)
        self._places = {}
        for y, line in enumerate(numbers, 1):
            x = _MARGIN
            for one in line:
                wide = length(pieces[one])
                self._places |= {(cell, y): one for cell in range(x, x + wide)}
                x += wide
        return [(Cell(" " * _MARGIN), *(cell for one in line for cell in pieces[one])) for line in numbers]


def _packed(pieces: Sequence[Pieces], width: int) -> list[list[int]]:
    """The numbers of the answers, as many on each line as fit behind the margin."""
    lines: list[list[int]] = []
    used = width
    for number, one in enumerate(pieces):
        wide = length(one)
        if used + wide > width and (not lines or lines[-1]):
            lines.append([])
            used = _MARGIN
        lines[-1].append(number)
        used += wide
    return lines
