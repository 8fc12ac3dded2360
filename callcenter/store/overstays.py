"""Children who are still in a place after the end of their care: the place is not free while they are there."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.care.places import SLOT
from callcenter.store.reads import TakenRow, group, taken

if TYPE_CHECKING:
    from sqlite3 import Connection

_SLOT_SECONDS = int(SLOT.total_seconds())
STILL_THERE = """
    SELECT DISTINCT s.group_id, s.place_no, p.offer_id, p.request_id, r.end_at
    FROM request r JOIN placement p ON p.request_id = r.id
    JOIN offer_seat s ON s.offer_id = p.offer_id AND s.child_id = p.child_id
    WHERE r.state = 'in_care' AND p.admitted_at IS NOT NULL AND p.ended_at IS NULL AND r.end_at <= :at
          AND (:groups IS NULL OR s.group_id IN (SELECT value FROM json_each(:groups)))
"""
"""Place and offer of the children in these groups (JSON; NULL: in all) who should have been fetched by `:at`."""


def with_overstays(
    connection: "Connection",
    rows: list[TakenRow],
    group_ids: Sequence[str] | None,
    first_slot: int,
    last_slot: int,
    at: int,
) -> list[TakenRow]:
    """The taken places of these groups (None: of all), and those of children who should have been fetched by `at`.

    Nobody knows how long they stay, so their places count up to the half hour of `at` (seconds) and no further. Where
    the place has been given to the next child meanwhile both are there: the number of the one who stayed is moved up.
    """
    now_slot = at // _SLOT_SECONDS
    last = min(last_slot, now_slot)
    if last < first_slot:
        return rows
    groups = None if group_ids is None else json.dumps(list(group_ids))
    found = connection.execute(STILL_THERE, {"at": at, "groups": groups}).fetchall()
    if not found:
        return rows
    numbers = {(row.group_id, row.slot, row.place_no) for row in rows}
    more = []
    for of, number, offer, request, end in found:
        for slot in range(max(first_slot, -(-end // _SLOT_SECONDS)), last + 1):
            free = number
            while (of, slot, free) in numbers:
                free += 1
            numbers.add((of, slot, free))
            more.append(TakenRow(of, slot, free, offer, request))
    return sorted([*rows, *more])


def full_of_overstays(connection: "Connection", slot: int, at: int) -> frozenset[str]:
    """The groups that have no place left in the slot because of them."""
    staying = {row.group_id for row in with_overstays(connection, [], None, slot, slot, at)}
    full = set()
    for one in staying:
        found = group(connection, one)
        rows = with_overstays(connection, taken(connection, [one], slot, slot), [one], slot, slot, at)
        if found is not None and found.places is not None and len(rows) >= found.places:
            full.add(one)
    return frozenset(full)
