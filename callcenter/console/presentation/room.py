"""Which of several things stay when there is not room for all: whole ones, the more important first."""

from collections.abc import Callable, Sequence
from typing import TypeVar

T = TypeVar("T")


def staying(
    things: Sequence[T], room: int, importance: Callable[[T], int], needed: Callable[[Sequence[T]], int]
) -> list[T]:
    """The things that stay within `room` cells, in their order.

    The one with the highest `importance` number goes first, of equals the right one; those with 0 stay even when
    the room is too small. `needed` says how many cells some of them take side by side.
    """
    kept = list(range(len(things)))
    for index in sorted(kept, key=lambda index: (-importance(things[index]), -index)):
        if not importance(things[index]) or needed([things[number] for number in kept]) <= room:
            break
        kept.remove(index)
    return [things[number] for number in kept]
