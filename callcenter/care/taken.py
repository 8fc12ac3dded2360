"""What is taken of many groups over one stretch of time, as bits of half hours: read once, asked about many stays."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import reduce
from itertools import islice
from operator import and_
from typing import NamedTuple

from callcenter.care.places import Group, Places, Seat, free_beside, in_order_of_choice, numbers_beside, seat_children

Line = Mapping[int, int]
"""Of each place number that is taken at some time, bit no. i for the i-th slot."""
NOTHING_TAKEN: Line = {}


class Taken(NamedTuple):
    """The line of each group that has places taken; bits count from slot `first`, windows must not begin before it."""

    first: int
    lines: Mapping[str, Line]

    def mask(self, window: range) -> int:
        """The bits of a window."""
        return ((1 << len(window)) - 1) << (window.start - self.first)

    def free(self, group: Group, window: range) -> int | None:
        """As `places.free_count`: how many places are free over the whole window, None while unknown."""
        line = self.lines.get(group.id, NOTHING_TAKEN)
        return free_beside(len(self._busy(line, window)), self._here(line, window, group.places), group.places)

    def choose(self, groups: Iterable[Group], children: Mapping[str, int], window: range) -> tuple[Seat, ...] | None:
        """As `places.choose_places`: a place for every child of one household, or None when that is impossible."""
        ordered = in_order_of_choice(groups)
        numbers = {group.id: list(islice(self._numbers(group, window), len(children))) for group in ordered}
        return seat_children(ordered, children, numbers)

    def full(self, group_id: str, places: int | None) -> int:
        """The bits of slots in which surely no place is left of a group that has so many at the most."""
        line = self.lines.get(group_id, NOTHING_TAKEN)
        return reduce(and_, line.values()) if places is not None and 0 < places <= len(line) else 0

    def _numbers(self, group: Group, window: range) -> Iterator[int]:
        line = self.lines.get(group.id, NOTHING_TAKEN)
        return numbers_beside(self._busy(line, window), self._here(line, window, group.places), group.places)

    def _busy(self, line: Line, window: range) -> Sequence[int]:
        mask = self.mask(window)
        return [number for number, bits in line.items() if bits & mask]

    def _here(self, line: Line, window: range, places: Places) -> Sequence[int]:
        """How many are taken in each slot of the window, where places differ from slot to slot."""
        if places is None or isinstance(places, int):
            return ()
        first = window.start - self.first
        return [sum(bits >> slot & 1 for bits in line.values()) for slot in range(first, first + len(window))]
