"""Which of the open requests one provider could take together, told exactly as the places would be taken."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import NamedTuple

from callcenter.care.places import Group, Places, in_order_of_choice, least, numbers_beside, seat_children


class OpenPlaces(NamedTuple):
    """What a provider has: its groups, and the (slot, place number) pairs that are taken in each of them.

    `window` holds the slots of all requests; where a group's places differ from slot to slot, they are those of it.
    """

    groups: tuple[Group, ...]
    taken: Mapping[str, Collection[tuple[int, int]]]
    window: range = range(0)


class Stay(NamedTuple):
    """The slots of a request, and each of its children's age in whole months on the day."""

    window: range
    children: Mapping[str, int]


class _Offered(NamedTuple):
    """A group as it is over the stay of one request, and where it stands among the provider's groups."""

    at: int
    group: Group


# The slots in which each place number of each group is taken, as bits of a whole number; numbers count from 1.
_Lines = tuple[tuple[int, ...], ...]


class Capacity:
    """Answers whether a set of requests fits at one provider; sets are bit masks over the positions of the requests.

    A set fits when its requests, taken one after the other in their order, each find places as `choose_places` finds
    them. Of places that nobody has counted only one request is planned: how many more there are, its answer will tell.
    """

    def __init__(self, places: OpenPlaces, stays: Sequence[Stay]) -> None:
        self._places = places
        self._stays = stays
        self._origin = min((stay.window.start for stay in stays), default=0)
        self._empty = tuple(self._line(places.taken.get(group.id, ())) for group in places.groups)
        self._differ = any(not isinstance(group.places, int | None) for group in places.groups)
        self._offered: dict[range, list[_Offered]] = {}
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
        seats = self._seat_of_one(lines, stay) if len(stay.children) == 1 else self._seats(lines, stay)
        return None if seats is None else tuple(self._sat(lines, seats, self._mask(stay.window)))

    def _seat_of_one(self, lines: _Lines, stay: Stay) -> Sequence[tuple[int, int]] | None:
        """As `_seats`: the first group of the age with a free place."""
        (months,) = stay.children.values()
        for one in self._over(stay.window):
            if one.group.months_min <= months <= one.group.months_max:
                for number in self._free(one, lines, stay.window):
                    return ((one.at, number),)
        return None

    def _seats(self, lines: _Lines, stay: Stay) -> Sequence[tuple[int, int]] | None:
        """Positions of groups with the place numbers in them that the children of one request get."""
        offered = self._over(stay.window)
        numbers = {
            one.group.id: list(islice(self._free(one, lines, stay.window), len(stay.children))) for one in offered
        }
        room = sum(len(numbers[one.group.id]) * one.group.children_per_place for one in offered)
        groups = [one.group for one in offered]
        seats = seat_children(groups, stay.children, numbers) if room >= len(stay.children) else None
        if seats is None:
            return None
        position = {one.group.id: one.at for one in offered}
        return [(position[seat.group_id], seat.place_no) for seat in seats]

    def _over(self, window: range) -> list[_Offered]:
        """The groups with their places over the window, in the order of choice."""
        # Where places are the same in every slot the stay makes no difference.
        key = window if self._differ else range(0)
        if key not in self._offered:
            groups = self._places.groups
            if self._differ:
                groups = tuple(replace(group, places=self._places_over(group, window)) for group in groups)
            position = {group.id: at for at, group in enumerate(groups)}
            self._offered[key] = [_Offered(position[group.id], group) for group in in_order_of_choice(groups)]
        return self._offered[key]

    def _places_over(self, group: Group, window: range) -> Places:
        if group.places is None or isinstance(group.places, int):
            return group.places
        first = window.start - self._places.window.start
        here = tuple(group.places[first : first + len(window)])
        return here[0] if len(set(here)) == 1 else here

    def _free(self, one: _Offered, lines: _Lines, window: range) -> Iterator[int]:
        places, line, slots = one.group.places, lines[one.at], self._mask(window)
        if least(places) is None and line is not self._empty[one.at]:
            return iter(())
        here: Sequence[int] = ()
        if places is not None and not isinstance(places, int):
            first = window.start - self._origin
            here = [sum(taken >> slot & 1 for taken in line) for slot in range(first, first + len(window))]
        return numbers_beside({number for number, taken in enumerate(line, 1) if taken & slots}, here, places)

    def _mask(self, window: range) -> int:
        return ((1 << len(window)) - 1) << (window.start - self._origin)

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
