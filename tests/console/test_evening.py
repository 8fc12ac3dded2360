"""The half-hour strip of an evening."""

from datetime import UTC, datetime, timedelta

import pytest

from callcenter.console.presentation.cells import Cell, StyleName
from callcenter.console.presentation.evening import SIGNS, ruler, strip
from callcenter.desk.slot_states import SlotState
from callcenter.text.moments import SEOUL

SIX = datetime(2026, 11, 21, 18, 0, tzinfo=SEOUL)


def drawn(states: list[SlotState], first: datetime) -> str:
    return "".join(cell.text for cell in strip(states, first))


def test_every_state_has_its_sign_and_its_look() -> None:
    states: list[SlotState] = ["free", "taken", "held", "closed", "unknown", "unknown"]
    assert strip(states, SIX) == (
        Cell("◦", "free"),
        Cell("▬", "taken"),
        Cell(" "),
        Cell("◊", "held"),
        Cell("x", "closed"),
        Cell(" "),
        Cell("??", "unknown"),
    )


@pytest.mark.parametrize(
    ("first", "count", "expected"),
    [
        (SIX, 4, "18 19"),
        (SIX.astimezone(UTC), 4, "18 19"),
        (SIX + timedelta(minutes=30), 4, ": 19 :"),
        (SIX + timedelta(hours=5), 4, "23 00"),
        (SIX, 0, ""),
    ],
)
def test_the_ruler_stands_over_the_strip(first: datetime, count: int, expected: str) -> None:
    assert ruler(count, first) == expected
    assert len(drawn(["free"] * count, first)) == len(expected)


@pytest.mark.parametrize("state", SIGNS)
def test_each_state_is_a_look_of_the_theme(state: SlotState) -> None:
    look: StyleName = state
    assert strip([state], SIX) == (Cell(SIGNS[state], look),)
