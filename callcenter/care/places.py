"""Half-hour slots and places: which numbers are free over a window, and which child gets which place."""

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count, islice
from typing import NamedTuple

from callcenter.errors import CallcenterError
from callcenter.language import mark

SLOT = timedelta(minutes=30)
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


Places = int | None | Sequence[int | None]
"""How many places a group has: a number, None when unknown, or either for each slot of the window asked about."""


class CareTimesError(CallcenterError):
    """A time of care that ends before it begins, or at once. Values: start, end."""

    code = "care_times"
    sentence = mark("The end must lie after the start. Please enter the times again.")


@dataclass(frozen=True, slots=True)
class Group:
    """An age band of one provider, in whole months with both ends inside, and its places.

    `places` is None while nobody has told us how many there are; where it differs from slot to slot of the window
    asked about, it is given for each of them. A place takes one child, or at a home-visit carer up to
    `children_per_place` children of one household.
    """

    id: str
    months_min: int
    months_max: int
    places: Places
    children_per_place: int = 1


class Seat(NamedTuple):
    """The place one child gets: numbers count from 1 within the group."""

    child_id: str
    group_id: str
    place_no: int


class PlaceKey(NamedTuple):
    """One place for one half hour: exists at most once in the store, which is what makes it taken."""

    group_id: str
    slot: int
    place_no: int


def slot_of(instant: datetime) -> int:
    """Half hours since 1970-01-01 UTC in which the instant lies; a datetime without zone is a TypeError."""
    return (instant - _EPOCH) // SLOT


def slot_start(slot: int) -> datetime:
    """The instant (UTC) at which the slot begins."""
    return _EPOCH + slot * SLOT


def slots(start: datetime, end: datetime) -> range:
    """Every slot the time of care touches: 20:10 to 22:40 takes 20:00 to 23:00."""
    if end <= start:
        raise CareTimesError(start=start.isoformat(), end=end.isoformat())
    return range(slot_of(start), -((_EPOCH - end) // SLOT))


def free_numbers(taken: Collection[tuple[int, int]], window: range, places: Places) -> Iterator[int]:
    """Place numbers of one group that nobody has in any slot of the window, lowest first.

    `taken` are the group's (slot, place number) pairs. A child keeps its number for the whole stay, so a
    number taken in one slot is out. Without a known number of places the numbers never end. A number beyond
    the places still holds a child, from when there were more or nobody knew, and so uses one of them up.
    """
    return numbers_beside(_busy(taken, window), _taken_here(taken, window, places), places)


def numbers_beside(busy: Collection[int], here: Sequence[int], places: Places) -> Iterator[int]:
    """As `free_numbers`, where the `busy` numbers are taken, and so many places `here` in each slot of the window.

    `here` is looked at only where places differ from slot to slot.
    """
    numbers = (number for number in count(1) if number not in busy)
    free = free_beside(len(busy), here, places)
    return numbers if free is None else islice(numbers, free)


def free_count(taken: Collection[tuple[int, int]], window: range, places: Places) -> int | None:
    """How many places of one group are free over the whole window; None while its places are unknown.

    Where no place is left in some slot there is none, whatever is unknown of the others.
    """
    return free_beside(len(_busy(taken, window)), _taken_here(taken, window, places), places)


def _taken_here(taken: Iterable[tuple[int, int]], window: range, places: Places) -> Sequence[int]:
    if places is None or isinstance(places, int):
        return ()
    here = [0] * len(window)
    for slot, _number in taken:
        if slot in window:
            here[slot - window.start] += 1
    return here


def free_beside(busy: int, here: Sequence[int], places: Places) -> int | None:
    """As `free_count`, where so many numbers are `busy` in the window; `here` as in `numbers_beside`."""
    if places is None:
        return None
    if isinstance(places, int):
        return max(0, places - busy)
    left = [None if most is None else most - so_many for most, so_many in zip(places, here, strict=True)]
    known = [free for free in left if free is not None]
    if known and min(known) <= 0:
        return 0
    if len(known) < len(left):
        return None
    # A child keeps its number for the whole stay, which is one of the numbers there are in the best of the slots.
    return max(0, min(min(known), max(most for most in places if most is not None) - busy))


def least(places: Places) -> int | None:
    """How many places a group has throughout the window; None when it is unknown and could be more than none."""
    if places is None or isinstance(places, int):
        return places
    known = [most for most in places if most is not None]
    return min(known) if len(known) == len(places) or 0 in known else None


def choose_places(
    groups: Iterable[Group],
    children: Mapping[str, int],
    window: range,
    taken: Mapping[str, Collection[tuple[int, int]]],
) -> tuple[Seat, ...] | None:
    """A place for every child of one household at one provider, or None when that is impossible.

    `children` gives each child's age in whole months at the date, `taken` each group's (slot, number) pairs.
    Siblings share places where a group allows it. The order of groups and children does not matter.
    """
    ordered = in_order_of_choice(groups)
    numbers = {
        group.id: list(islice(free_numbers(taken.get(group.id, ()), window, group.places), len(children)))
        for group in ordered
    }
    return seat_children(ordered, children, numbers)


def in_order_of_choice(groups: Iterable[Group]) -> list[Group]:
    """Known places before unknown ones, and the narrowest band first: wide bands stay free for other ages."""
    return sorted(groups, key=lambda group: (_unknown(group), group.months_max - group.months_min, group.id))


def seat_children(
    ordered: Sequence[Group], children: Mapping[str, int], numbers: Mapping[str, Sequence[int]]
) -> tuple[Seat, ...] | None:
    """As `choose_places`, for groups in the order of choice and the free place numbers that each of them offers."""
    inside = _distribute(ordered, children, {group.id: len(numbers[group.id]) for group in ordered})
    if inside is None:
        return None
    seats = (
        Seat(child, group.id, numbers[group.id][position // group.children_per_place])
        for group in ordered
        for position, child in enumerate(sorted(inside[group.id]))
    )
    return tuple(sorted(seats))


def keys(seats: Iterable[Seat], window: range) -> tuple[PlaceKey, ...]:
    """The keys these seats take, each once: siblings in one place take its keys together."""
    places = dict.fromkeys((seat.group_id, seat.place_no) for seat in seats)
    return tuple(PlaceKey(group_id, slot, number) for group_id, number in places for slot in window)


def _unknown(group: Group) -> bool:
    return group.places is None or (not isinstance(group.places, int) and None in group.places)


def _busy(taken: Iterable[tuple[int, int]], window: range) -> set[int]:
    return {number for slot, number in taken if slot in window}


def _distribute(
    groups: Sequence[Group], children: Mapping[str, int], free: Mapping[str, int]
) -> dict[str, list[str]] | None:
    """The children of each group, by augmenting paths: exact, so None is returned only when nothing fits."""
    inside: dict[str, list[str]] = {group.id: [] for group in groups}

    def enter(child: str, seen: set[str]) -> bool:
        fitting = [
            group
            for group in groups
            if group.id not in seen and group.months_min <= children[child] <= group.months_max
        ]
        for group in fitting:
            if len(inside[group.id]) < free[group.id] * group.children_per_place:
                inside[group.id].append(child)
                return True
        for group in fitting:
            if group.id in seen:
                continue
            seen.add(group.id)
            for other in inside[group.id]:
                if enter(other, seen):
                    inside[group.id].remove(other)
                    inside[group.id].append(child)
                    return True
        return False

    if all(enter(child, set()) for child in sorted(children)):
        return inside
    return None
