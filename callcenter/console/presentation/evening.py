"""The half-hour strip of a provider's evening: one cell a half hour, a blank between hours, a ruler above."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from itertools import groupby

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.desk.slot_states import SlotState
from callcenter.text.moments import SEOUL

HALF_HOUR = timedelta(minutes=30)
SIGNS: dict[SlotState, str] = {
    "free": glyphs.FREE,
    "taken": glyphs.TAKEN,
    "held": glyphs.HELD,
    "closed": glyphs.CLOSED,
    "unknown": glyphs.UNKNOWN,
}


def strip(states: Sequence[SlotState], first: datetime) -> Pieces:
    """The states of consecutive half hours from `first` on; neighbours of one state and hour are one piece."""
    return _strip(tuple(states), first)


# Lists of providers have many lines and few different evenings.
@lru_cache(maxsize=1024)
def _strip(states: tuple[SlotState, ...], first: datetime) -> Pieces:
    pieces: list[Cell] = []
    hours = groupby(enumerate(states), key=lambda slot: _hour(first, slot[0]))
    for number, (_hour_number, slots) in enumerate(hours):
        if number:
            pieces.append(Cell(" "))
        for state, run in groupby(state for _index, state in slots):
            look: StyleName = state
            pieces.append(Cell(SIGNS[state] * len(list(run)), look))
    return tuple(pieces)


def ruler(count: int, first: datetime) -> str:
    """The hours of the day over a strip of `count` half hours: two digits each, a colon over a lone half hour."""
    hours = groupby(range(count), key=lambda index: _hour(first, index))
    return " ".join(
        f"{_hour_of_day(first, slots[0]):02}" if len(slots) == 2 else ":"
        for _number, group in hours
        if (slots := list(group))
    )


def _hour(first: datetime, index: int) -> int:
    return int((first + index * HALF_HOUR).timestamp()) // 3600


def _hour_of_day(first: datetime, index: int) -> int:
    return (first + index * HALF_HOUR).astimezone(SEOUL).hour
