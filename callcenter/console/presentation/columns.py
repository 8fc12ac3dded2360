"""How wide the columns of a list are: worked out from the list's width alone, so that content never moves them."""

from collections.abc import Sequence
from typing import NamedTuple

from callcenter.console.presentation.cells import Align
from callcenter.console.presentation.room import staying

GAP = 1


class Column(NamedTuple):
    """A column: its title, its least width in cells, and its share of the room that is left (0: fixed).

    On a narrow screen columns with an `importance` above 0 are left out, the highest number first;
    those with 0 always stay.
    """

    id: str
    title: str
    width: int
    share: int = 0
    align: Align = "left"
    importance: int = 0


def widths(columns: Sequence[Column], room: int) -> tuple[int, ...]:
    """The width in cells of each column in `room` cells with a gap between two; 0 for one that is left out."""
    kept = staying(columns, room, lambda column: column.importance, _needed)
    spare = max(0, room - _needed(kept))
    shares = sum(column.share for column in kept)
    given = {column.id: column.width + spare * column.share // max(shares, 1) for column in kept}
    growing = [column.id for column in kept if column.share]
    for column_id in growing[: spare - sum(given[column.id] - column.width for column in kept)]:
        given[column_id] += 1
    return _clipped([given.get(column.id, 0) for column in columns], room)


def _needed(columns: Sequence[Column]) -> int:
    return sum(column.width for column in columns) + GAP * max(0, len(columns) - 1)


def _clipped(given: Sequence[int], room: int) -> tuple[int, ...]:
    """Where even the columns that always stay are too many, the right ones get what is left."""
    clipped: list[int] = []
    left = room
    for width in given:
        taken = max(0, min(width, left))
        clipped.append(taken)
        left -= taken + GAP if taken else 0
    return tuple(clipped)
