"""What lists and lines are made of: a cell is a text and the name of its look; the theme says what the look is."""

from collections.abc import Iterable
from functools import lru_cache
from typing import Literal, NamedTuple

from rich.cells import cell_len, set_cell_size

from callcenter.console.presentation.glyphs import CUT, plain
from callcenter.text.sanitize import visible

StyleName = Literal[
    "normal",
    "strong",
    "muted",
    "title",
    "urgent",
    "soon",
    "ok",
    "info",
    "note",
    "key",
    "key_off",
    "danger_alarm",
    "warning_alarm",
    "notice_alarm",
    "free",
    "taken",
    "held",
    "closed",
    "unknown",
]
Align = Literal["left", "right"]


class Cell(NamedTuple):
    """A piece of text on one line, never markup, drawn in the look of that name.

    `shorter` stands instead where the text does not fit: the first of these that does.
    """

    text: str
    style: StyleName = "normal"
    shorter: tuple[str, ...] = ()


Pieces = tuple[Cell, ...]


class Row(NamedTuple):
    """A line of a list: its key, one cell (or several pieces side by side) a column, and a version.

    The version grows whenever a cell changes: the list repaints a line only when its version or place changed.
    """

    key: str
    cells: tuple[Cell | Pieces, ...]
    version: int = 0


def shown(text: str) -> str:
    """The text as it can stand on one line: no control character, no line end, no sign of ambiguous width."""
    return plain(visible(text.replace("\n", " ")))


@lru_cache(4096)
def fit(text: str, width: int, align: Align = "left") -> str:
    """The text in exactly `width` cells: padded, or cut between two glyphs with the cut sign at the end."""
    text = shown(text)
    spare = width - cell_len(text)
    if spare >= 0:
        return " " * spare + text if align == "right" else text + " " * spare
    if width <= len(CUT):
        return CUT[: max(width, 0)]
    head = set_cell_size(text, width - len(CUT))
    # Where the border falls inside a wide glyph rich puts a blank, which belongs behind the cut sign.
    return head + CUT if text.startswith(head) else head[:-1] + CUT + " "


def fit_cell(cell: Cell, width: int, align: Align = "left") -> str:
    """The cell's text, or what is shorter, in exactly `width` cells; where nothing fits the shortest is cut."""
    if not cell.shorter:
        return fit(cell.text, width, align)
    told = (cell.text, *cell.shorter)
    return fit(next((one for one in told if _cells(one) <= width), told[-1]), width, align)


def fit_pieces(pieces: Iterable[Cell], width: int) -> Pieces:
    """The pieces in exactly `width` cells: the one that crosses the border is cut, what follows is left out."""
    fitted: list[Cell] = []
    left = width
    for piece in pieces:
        if left <= 0:
            break
        taken = min(_cells(piece.text), left)
        fitted.append(Cell(fit(piece.text, taken), piece.style))
        left -= taken
    if left > 0:
        fitted.append(Cell(" " * left))
    return tuple(fitted)


def length(pieces: Iterable[Cell]) -> int:
    """How many cells the pieces take side by side."""
    return sum(_cells(piece.text) for piece in pieces)


# What is laid out is measured again and again: the same words with every key, and each part of a line it may leave.
@lru_cache(8192)
def _cells(text: str) -> int:
    return cell_len(shown(text))
