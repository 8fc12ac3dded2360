"""Hours in cells: read, refused, written back."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.rules import Window
from callcenter.care.windows import read_window, read_windows, window_cell, windows_cell


@pytest.mark.parametrize(
    ("text", "windows"),
    [
        ("07:00-09:00 20:00-24:00", (Window(420, 540), Window(1200, 1440))),
        ("20:00-24:00 07:00-09:00", (Window(420, 540), Window(1200, 1440))),
        ("22:00-07:30", (Window(1320, 1890),)),
        ("07:30-07:30", (Window(450, 1890),)),
        ("09:00-12:00 12:00-13:00", (Window(540, 720), Window(720, 780))),
        ("closed", ()),
    ],
)
def test_hours_are_read(text: str, windows: tuple[Window, ...]) -> None:
    assert read_windows(text) == windows


@pytest.mark.parametrize(
    "text", ["", "7-9", "07:00", "25:00-26:00", "24:00-07:00", "closed 07:00-09:00", "07:00-09:00 08:00-10:00", "휴무"]
)
def test_other_texts_are_no_hours(text: str) -> None:
    assert read_windows(text) is None


@given(st.integers(0, 1439), st.integers(1, 1440))
def test_a_window_is_read_back(opens: int, length: int) -> None:
    window = Window(opens, opens + length)
    assert read_window(window_cell(window)) == window
    assert read_windows(windows_cell([window])) == (window,)


def test_no_windows_are_closed() -> None:
    assert windows_cell(()) == "closed"
