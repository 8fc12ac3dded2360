"""Columns are laid out by the room alone."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.console.presentation.columns import Column, widths
from callcenter.console.presentation.room import staying

QUEUE = (
    Column("band", "", 1),
    Column("number", "No.", 10),
    Column("age", "Waits", 5, align="right", importance=1),
    Column("child", "Child", 12, share=2),
    Column("where", "Where", 8, share=1, importance=2),
)


@pytest.mark.parametrize(
    ("room", "expected"),
    [
        (40, (1, 10, 5, 12, 8)),
        (46, (1, 10, 5, 16, 10)),
        (41, (1, 10, 5, 13, 8)),
        (39, (1, 10, 5, 20, 0)),
        (30, (1, 10, 0, 17, 0)),
        (20, (1, 10, 0, 7, 0)),
        (5, (1, 3, 0, 0, 0)),
        (0, (0, 0, 0, 0, 0)),
    ],
)
def test_widths(room: int, expected: tuple[int, ...]) -> None:
    assert widths(QUEUE, room) == expected


@given(st.lists(st.tuples(st.integers(0, 20), st.integers(0, 3), st.integers(0, 2)), max_size=7), st.integers(0, 150))
def test_columns_never_take_more_than_the_room(made: list[tuple[int, int, int]], room: int) -> None:
    columns = [Column(str(n), "", width, share, "left", rank) for n, (width, share, rank) in enumerate(made)]
    given_widths = widths(columns, room)
    shown = [width for width in given_widths if width]
    assert sum(shown) + max(0, len(shown) - 1) <= room or not shown
    wanted = sum(column.width for column in columns) + max(0, len(columns) - 1)
    if room >= wanted and any(column.share for column in columns):
        assert sum(given_widths) + len(columns) - 1 == room


def test_the_least_important_goes_first_and_of_equals_the_right_one() -> None:
    ranks = {"a": 0, "b": 2, "c": 1, "d": 2}
    room = [staying("abcd", cells, ranks.__getitem__, len) for cells in (4, 3, 2, 1, 0)]
    assert ["".join(kept) for kept in room] == ["abcd", "abc", "ac", "a", "a"]
