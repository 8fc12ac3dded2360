"""Pieces laid out on lines: as many side by side as fit, sentences under their head, nothing wider than asked."""

from collections.abc import Sequence

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, fit, length
from callcenter.console.presentation.lines import broken

BETWEEN = Cell(f" {glyphs.DOT} ", "muted")
_INDENT = 2


def flowed(chunks: Sequence[Pieces], width: int) -> list[Pieces]:
    """The chunks one after the other, as many on a line as fit whole; one longer than a line is cut."""
    found: list[Pieces] = []
    for chunk in filter(None, chunks):
        joined = (*found[-1], BETWEEN, *chunk) if found else chunk
        if found and length(joined) <= width:
            found[-1] = joined
        else:
            found.append(cut(chunk, width))
    return found


def cut(pieces: Pieces, width: int) -> Pieces:
    """The pieces as they are where they fit, else cut at the width."""
    fitting: list[Cell] = []
    left = width
    for piece in pieces:
        taken = length((piece,))
        if taken > left:
            return (*fitting, Cell(fit(piece.text, left), piece.style)) if left > 0 else tuple(fitting)
        fitting.append(piece)
        left -= taken
    return tuple(fitting)


def paragraph(head: Cell, text: Cell, width: int) -> list[Pieces]:
    """The whole text behind its head, further lines under its beginning; below a head that takes half the line."""
    indent = length((head,))
    if indent > width // 2:
        below = broken(text.text, max(width - _INDENT, _INDENT))
        return [cut((head,), width), *((Cell(" " * _INDENT), Cell(line, text.style)) for line in below)]
    return [
        (Cell(" " * indent) if number else head, Cell(line, text.style))
        for number, line in enumerate(broken(text.text, width - indent))
    ]
