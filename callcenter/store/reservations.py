"""Places that are kept for a while, and which of the taken places a request can still have."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from callcenter.store.overstays import with_overstays
from callcenter.store.reads import TakenRow

if TYPE_CHECKING:
    from sqlite3 import Connection


def blocking(
    connection: "Connection", group_ids: Sequence[str], first_slot: int, last_slot: int, at: int, request_id: str = ""
) -> list[TakenRow]:
    """The places of these groups that cannot be had at `at`, in the slots from first to last.

    Places that are only kept block nobody once their time is over, and never the request that is named; those of
    children who are still there after their time do.
    """
    sql = """SELECT p.* FROM json_each(:groups) wanted JOIN place_taken p ON p.group_id = wanted.value
             WHERE p.slot BETWEEN :first AND :last
             AND NOT EXISTS (SELECT 1 FROM offer o WHERE o.id = p.offer_id AND o.state = 'reserved'
                             AND (o.request_id = :request OR o.expires_at <= :at))
             ORDER BY p.group_id, p.slot, p.place_no"""
    groups = json.dumps(list(group_ids))
    values = {"groups": groups, "first": first_slot, "last": last_slot, "request": request_id, "at": at}
    rows = [TakenRow._make(row) for row in connection.execute(sql, values)]
    return with_overstays(connection, rows, group_ids, first_slot, last_slot, at)


def kept_in(
    connection: "Connection", places: Iterable[tuple[str, int]], first_slot: int, last_slot: int
) -> dict[str, str]:
    """Which reservations keep one of these (group, place number) in the slots from first to last: offer to request."""
    sql = """SELECT DISTINCT p.offer_id, p.request_id FROM place_taken p JOIN offer o ON o.id = p.offer_id
             WHERE p.group_id = ? AND p.place_no = ? AND p.slot BETWEEN ? AND ? AND o.state = 'reserved'"""
    found: dict[str, str] = {}
    for group, place in dict.fromkeys(places):
        found |= dict(connection.execute(sql, (group, place, first_slot, last_slot)).fetchall())
    return found


def kept_for_call(connection: "Connection", call_id: str) -> dict[str, str]:
    """The reservations that were made for a caller: offer to request."""
    sql = "SELECT id, request_id FROM offer WHERE call_id = ? AND state = 'reserved' ORDER BY made_at, id"
    return dict(connection.execute(sql, (call_id,)).fetchall())
