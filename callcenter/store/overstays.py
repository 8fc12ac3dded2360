"""Children who are still in a place after the end of their care: the place is not free while they are there."""

import json
from collections.abc import Iterator, Sequence
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


def staying(
    connection: "Connection", group_ids: Sequence[str] | None, first_slot: int, last_slot: int, at: int
) -> Iterator[TakenRow]:
    """The places in which children of these groups (None: of all) stay who should have been fetched by `at`.

    Nobody knows how long they stay, so their places count up to the half hour of `at` (seconds) and no further. The
    number may have been given to the next child meanwhile: then both are there.
    """
    last = min(last_slot, at // _SLOT_SECONDS)
    if last < first_slot:
        return
    groups = None if group_ids is None else json.dumps(list(group_ids))
    for of, number, offer, request, end in connection.execute(STILL_THERE, {"at": at, "groups": groups}):
        for slot in range(max(first_slot, -(-end // _SLOT_SECONDS)), last + 1):
            yield TakenRow(of, slot, number, offer, request)


def with_overstays(
    connection: "Connection",
    rows: list[TakenRow],
    group_ids: Sequence[str] | None,
    first_slot: int,
    last_slot: int,
    at: int,
) -> list[TakenRow]:
    """The taken places of these groups, and those of children who stay, moved up to a number of their own."""
    numbers = {(row.group_id, row.slot, row.place_no) for row in rows}
    more = []
    for row in staying(connection, group_ids, first_slot, last_slot, at):
        free = row.place_no
        while (row.group_id, row.slot, free) in numbers:
            free += 1
        numbers.add((row.group_id, row.slot, free))
        more.append(row._replace(place_no=free))
    return sorted([*rows, *more]) if more else rows


def full_of_overstays(connection: "Connection", slot: int, at: int) -> frozenset[str]:
    """The groups that have no place left in the slot because of them."""
    full = set()
    for one in {row.group_id for row in staying(connection, None, slot, slot, at)}:
        found = group(connection, one)
        rows = with_overstays(connection, taken(connection, [one], slot, slot), [one], slot, slot, at)
        if found is not None and found.places is not None and len(rows) >= found.places:
            full.add(one)
    return frozenset(full)
