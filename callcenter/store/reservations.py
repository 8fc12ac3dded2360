"""Places that are kept for a while, and which of the taken places a request can still have."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from callcenter.store.overstays import staying, with_overstays
from callcenter.store.reads import TakenRow

if TYPE_CHECKING:
    from sqlite3 import Connection

# A taken half hour as one number: the place number, then the slot in so many bits, enough for a hundred years.
_SLOT_BITS = 21
_SLOTS = (1 << _SLOT_BITS) - 1
_NONE = "[]"


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


def taken_by_group(rows: Iterable[TakenRow]) -> dict[str, list[tuple[int, int]]]:
    """The taken (slot, place number) pairs of each group."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        taken.setdefault(row.group_id, []).append((row.slot, row.place_no))
    return taken


def lines_taken(
    connection: "Connection", group_ids: Sequence[str], window: range, at: int, request_id: str = ""
) -> dict[str, dict[int, int]]:
    """As `blocking`, for many groups: of each place number that is taken, bit no. i for the window's i-th slot.

    Groups of which nothing is taken are left out.
    """
    # One row for each group: a row for each half hour of each place costs ten times as much.
    sql = f"""SELECT wanted.value, (
                  SELECT json_group_array(p.place_no << {_SLOT_BITS} | p.slot - :first) FROM place_taken p
                  WHERE p.group_id = wanted.value AND p.slot BETWEEN :first AND :last AND p.offer_id NOT IN (
                      SELECT id FROM offer WHERE state = 'reserved' AND (request_id = :request OR expires_at <= :at)
                  )
              ) FROM json_each(:groups) wanted"""  # noqa: S608 - ours, no value
    groups = json.dumps(list(group_ids))
    values = {"groups": groups, "first": window[0], "last": window[-1], "request": request_id, "at": at}
    found: dict[str, dict[int, int]] = {}
    for group_id, held in connection.execute(sql, values):
        if held != _NONE:
            line = found.setdefault(group_id, {})
            for place in json.loads(held):
                number = place >> _SLOT_BITS
                line[number] = line.get(number, 0) | 1 << (place & _SLOTS)
    for row in staying(connection, group_ids, window[0], window[-1], at):
        line, number, bit = found.setdefault(row.group_id, {}), row.place_no, 1 << (row.slot - window[0])
        while line.get(number, 0) & bit:
            number += 1
        line[number] = line.get(number, 0) | bit
    return found


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
