"""What is read of when providers are there: closures, rosters of carers, duty plans. Times are epoch seconds, UTC."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ClosureRow(NamedTuple):
    """A closure, from `start_at` up to `end_at`."""

    id: str
    provider_id: str
    start_at: int
    end_at: int
    reason: str
    set_at: int
    set_by: str


class RosterRow(NamedTuple):
    """The weekly roster of a carer; `week` is JSON, cells of hours by day of the week."""

    provider_id: str
    week: str
    set_at: int
    set_by: str


class RosterDayRow(NamedTuple):
    """A day (ISO date) on which a carer works other hours."""

    provider_id: str
    day: str
    hours: str
    set_at: int
    set_by: str


class ShiftRow(NamedTuple):
    """Who is on duty; `keepers` is a JSON list of names."""

    provider_id: str
    start_at: int
    end_at: int
    keepers: str
    set_at: int
    set_by: str


class PlanRow(NamedTuple):
    """From when until when a duty plan is known."""

    provider_id: str
    start_at: int
    end_at: int


def closures(
    connection: "Connection", provider_ids: Sequence[str] | None, start_at: int, end_at: int
) -> list[ClosureRow]:
    """The closures of these providers, or of all, that touch the time, the first to begin first."""
    if provider_ids is None:
        sql = "SELECT * FROM closure WHERE end_at > ? AND start_at < ? ORDER BY start_at, id"
        rows = connection.execute(sql, (start_at, end_at))
    else:
        sql = """SELECT c.* FROM json_each(?) wanted JOIN closure c ON c.provider_id = wanted.value
                 WHERE c.end_at > ? AND c.start_at < ? ORDER BY c.start_at, c.id"""
        rows = connection.execute(sql, (json.dumps(list(provider_ids)), start_at, end_at))
    return [ClosureRow._make(row) for row in rows]


def closure(connection: "Connection", closure_id: str) -> ClosureRow | None:
    """The closure, or None."""
    row = connection.execute("SELECT * FROM closure WHERE id = ?", (closure_id,)).fetchone()
    return ClosureRow._make(row) if row else None


def rosters(connection: "Connection", provider_ids: Sequence[str]) -> list[RosterRow]:
    """The rosters of those of these providers that have one."""
    sql = "SELECT r.* FROM json_each(?) wanted JOIN roster r ON r.provider_id = wanted.value"
    return [RosterRow._make(row) for row in connection.execute(sql, (json.dumps(list(provider_ids)),))]


def roster_days(connection: "Connection", provider_ids: Sequence[str], first: str, last: str) -> list[RosterDayRow]:
    """Their single days from the first to the last (ISO dates), in order."""
    sql = """SELECT d.* FROM json_each(?) wanted JOIN roster_day d ON d.provider_id = wanted.value
             WHERE d.day BETWEEN ? AND ? ORDER BY d.provider_id, d.day"""
    rows = connection.execute(sql, (json.dumps(list(provider_ids)), first, last))
    return [RosterDayRow._make(row) for row in rows]


def plans(connection: "Connection", provider_ids: Sequence[str]) -> list[PlanRow]:
    """How far the duty plans reach of those of these providers that have one."""
    sql = """SELECT s.provider_id, min(s.start_at), max(s.end_at)
             FROM json_each(?) wanted JOIN duty_shift s ON s.provider_id = wanted.value GROUP BY s.provider_id"""
    return [PlanRow._make(row) for row in connection.execute(sql, (json.dumps(list(provider_ids)),))]


def shifts(connection: "Connection", provider_ids: Sequence[str], start_at: int, end_at: int) -> list[ShiftRow]:
    """The shifts of these providers that touch the time, the first to begin first."""
    sql = """SELECT s.* FROM json_each(?) wanted JOIN duty_shift s ON s.provider_id = wanted.value
             WHERE s.end_at > ? AND s.start_at < ? ORDER BY s.start_at, s.provider_id"""
    rows = connection.execute(sql, (json.dumps(list(provider_ids)), start_at, end_at))
    return [ShiftRow._make(row) for row in rows]


def record_of(connection: "Connection", provider_id: str) -> str | None:
    """The provider's record as JSON."""
    row = connection.execute("SELECT record FROM provider WHERE id = ?", (provider_id,)).fetchone()
    return row[0] if row else None


def delete_shifts(connection: "Connection", provider_id: str, start_at: int, end_at: int) -> None:
    """Take out the shifts that begin from one moment up to another."""
    sql = "DELETE FROM duty_shift WHERE provider_id = ? AND start_at >= ? AND start_at < ?"
    connection.execute(sql, (provider_id, start_at, end_at))
