"""Breaking a sentence into lines: at blanks, and inside a word only where it is longer than a line."""

from rich.cells import cell_len, chop_cells

from callcenter.console.presentation.cells import shown


def broken(text: str, room: int) -> list[str]:
    """Lines of at most `room` cells."""
    lines = [""]
    for word in shown(text).split():
        for piece in chop_cells(word, room) if cell_len(word) > room else (word,):
            joined = f"{lines[-1]} {piece}" if lines[-1] else piece
            if cell_len(joined) <= room:
                lines[-1] = joined
            else:
                lines.append(piece)
    return lines
