"""Which of the open requests one provider could take together, told exactly as the places would be taken."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice
from typing import NamedTuple

from callcenter.care.places import Group, in_order_of_choice, numbers_beside, seat_children


class OpenPlaces(NamedTuple):
    """What a provider has: its groups, and the (slot, place number) pairs that are taken in each of them."""

    groups: tuple[Group, ...]
    taken: Mapping[str, Collection[tuple[int, int]]]


class Stay(NamedTuple):
    """The slots of a request, and each of its children's age in whole months on the day."""

    window: range
    children: Mapping[str, int]


# The slots in which each place number of each group is taken, as bits of a whole number; numbers count from 1.
_Lines = tuple[tuple[int, ...], ...]


class Capacity:
    """Answers whether a set of requests fits at one provider; sets are bit masks over the positions of the requests.

    A set fits when its requests, taken one after the other in their order, each find places as `choose_places` finds
    them. Of places that nobody has counted only one request is planned: how many more there are, its answer will tell.
    """

    def __init__(self, places: OpenPlaces, stays: Sequence[Stay]) -> None:
        self._groups = in_order_of_choice(places.groups)
        self._stays = stays
        self._origin = min((stay.window.start for stay in stays), default=0)
        self._empty = tuple(self._line(places.taken.get(group.id, ())) for group in self._groups)
        self._known: dict[int, _Lines | None] = {0: self._empty}
        self._fits: dict[int, bool] = {}

    def fits(self, members: int) -> bool:
        """Whether the requests at the bits of `members` fit together."""
        answer = self._fits.get(members)
        if answer is None:
            answer = self._fits[members] = self._after(members) is not None
        return answer

    def _after(self, members: int) -> _Lines | None:
        if members not in self._known:
            last = members.bit_length() - 1
            before = self._after(members & ~(1 << last))
            self._known[members] = None if before is None else self._with(before, self._stays[last])
        return self._known[members]

    def _with(self, lines: _Lines, stay: Stay) -> _Lines | None:
        slots = ((1 << len(stay.window)) - 1) << (stay.window.start - self._origin)
        seats = self._seat_of_one(lines, stay, slots) if len(stay.children) == 1 else self._seats(lines, stay, slots)
        return None if seats is None else tuple(self._sat(lines, seats, slots))

    def _seat_of_one(self, lines: _Lines, stay: Stay, slots: int) -> Sequence[tuple[int, int]] | None:
        """As `_seats`: the first group of the age with a free place."""
        (months,) = stay.children.values()
        for at, group in enumerate(self._groups):
            if group.months_min <= months <= group.months_max:
                for number in self._free(at, lines, slots):
                    return ((at, number),)
        return None

    def _seats(self, lines: _Lines, stay: Stay, slots: int) -> Sequence[tuple[int, int]] | None:
        """Positions of groups with the place numbers in them that the children of one request get."""
        numbers = {
            group.id: list(islice(self._free(at, lines, slots), len(stay.children)))
            for at, group in enumerate(self._groups)
        }
        room = sum(len(numbers[group.id]) * group.children_per_place for group in self._groups)
        seats = seat_children(self._groups, stay.children, numbers) if room >= len(stay.children) else None
        if seats is None:
            return None
        position = {group.id: at for at, group in enumerate(self._groups)}
        return [(position[seat.group_id], seat.place_no) for seat in seats]

    def _free(self, at: int, lines: _Lines, slots: int) -> Iterator[int]:
        group, line = self._groups[at], lines[at]
        if group.places is None and line is not self._empty[at]:
            return iter(())
        return numbers_beside({number for number, taken in enumerate(line, 1) if taken & slots}, group.places)

    def _sat(self, lines: _Lines, seats: Sequence[tuple[int, int]], slots: int) -> Iterator[tuple[int, ...]]:
        for at, line in enumerate(lines):
            numbers = {number for position, number in seats if position == at}
            if not numbers:
                yield line
                continue
            longer = [*line, *(0 for _ in range(max(numbers) - len(line)))]
            for number in numbers:
                longer[number - 1] |= slots
            yield tuple(longer)

    def _line(self, taken: Collection[tuple[int, int]]) -> tuple[int, ...]:
        line = [0] * max((number for _slot, number in taken), default=0)
        for slot, number in taken:
            if slot >= self._origin:
                line[number - 1] |= 1 << (slot - self._origin)
        return tuple(line)
