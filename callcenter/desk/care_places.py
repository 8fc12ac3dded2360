"""The places of children in care: what one gives back that leaves early, what one takes on that stays longer."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from callcenter.care.places import free_numbers, slot_of
from callcenter.store import reads
from callcenter.store.offer_places import offer_places, offer_seats
from callcenter.store.stays import StayRow

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.bodies import PlaceSpan


def left_over(connection: "Connection", row: StayRow, over: Collection[str], at: int) -> "list[PlaceSpan]":
    """What a child's places are still taken for after it left at a moment, as far as no sibling is still in them.

    The half hour in which it left stays taken, and so does the first of all.
    """
    from callcenter.journal.bodies import PlaceSpan

    taken = offer_places(connection, row.offer_id)
    seats = offer_seats(connection, row.offer_id)
    used = {seat for child, seat in seats.items() if child not in over}
    own = seats.get(row.child_id)
    mine = [one for one in taken if not used or ((one[0], one[2]) == own and own not in used)]
    first = max(slot_of(datetime.fromtimestamp(at, UTC)), min((one[1] for one in taken), default=0)) + 1
    spans: dict[tuple[str, int], list[int]] = {}
    for group, slot, number in mine:
        if slot >= first:
            spans.setdefault((group, number), []).append(slot)
    return [
        PlaceSpan(offer=row.offer_id, group=group, place=number, first_slot=min(slots), last_slot=max(slots))
        for (group, number), slots in sorted(spans.items())
    ]


def taken_on(
    connection: "Connection", offer_id: str, children: Iterable[str], further: range
) -> "list[PlaceSpan] | None":
    """Places in the children's groups for the slots that follow, their own numbers where those are free, else others.

    None when a group has none left.
    """
    from callcenter.journal.bodies import PlaceSpan

    seats = offer_seats(connection, offer_id)
    wanted = sorted({seats[child] for child in children if child in seats})
    found: list[PlaceSpan] = []
    for group_id in sorted({group for group, _number in wanted}):
        group = reads.group(connection, group_id)
        rows = reads.taken(connection, [group_id], further[0], further[-1])
        own = [number for one, number in wanted if one == group_id]
        known = group.places if group is not None else None
        numbers = _numbers([(row.slot, row.place_no) for row in rows], own, further, known)
        if numbers is None:
            return None
        found += [
            PlaceSpan(offer=offer_id, group=group_id, place=number, first_slot=further[0], last_slot=further[-1])
            for number in numbers
        ]
    return found


def _numbers(taken: list[tuple[int, int]], own: list[int], further: range, places: int | None) -> list[int] | None:
    """A free number for each of one's own, the same where it can be; None when there are too few."""
    busy = {number for _slot, number in taken}
    if places is not None and len(busy) + len(own) > places:
        return None
    chosen = [number for number in own if number not in busy]
    others = free_numbers([*taken, *((further[0], number) for number in chosen)], further, None)
    return [*chosen, *(next(others) for _one in range(len(own) - len(chosen)))]
