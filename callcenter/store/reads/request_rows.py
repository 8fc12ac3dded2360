"""Requests, their receipt numbers, notes and amendments."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_LAST_OF_THREE_DIGITS = 999


class RequestRow(NamedTuple):
    """A request with everything its own table knows."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    residence: str | None
    service: str | None
    channel: str
    guardian_id: str
    call_id: str | None
    start_at: int
    end_at: int
    reason: str
    opened_at: int
    asked_at: int
    operator: str
    promised_at: int | None
    held_until: int | None
    ended_reason: str | None
    changed_at: int
    care_place: str | None = None
    handover: str | None = None


class NoteRow(NamedTuple):
    """A note."""

    id: str
    subject: str
    at: int
    operator: str
    text: str


def request(connection: "Connection", request_id: str) -> RequestRow | None:
    """The request, or None."""
    row = connection.execute("SELECT * FROM request WHERE id = ?", (request_id,)).fetchone()
    return RequestRow._make(row) if row else None


def request_by_number(connection: "Connection", number: str) -> RequestRow | None:
    """The request with this receipt number, or None."""
    row = connection.execute("SELECT * FROM request WHERE number = ?", (number,)).fetchone()
    return RequestRow._make(row) if row else None


def last_number(connection: "Connection", prefix: str, after: int = 0) -> int:
    """The highest counter of a receipt number that begins so, of those above `after`; `after` itself without one.

    Numbers are given one after another from there, and have three digits or more.
    """
    found = after
    if after < _LAST_OF_THREE_DIGITS:
        sql = """SELECT number FROM request WHERE number BETWEEN :prefix || '000' AND :prefix || '999'
                 AND length(number) = length(:prefix) + 3 ORDER BY number DESC LIMIT 1"""
        row = connection.execute(sql, {"prefix": prefix}).fetchone()
        found = max(after, int(row[0].removeprefix(prefix))) if row else after
        if found < _LAST_OF_THREE_DIGITS:
            return found
    # Text sorts A-1121-1000 before A-1121-999: the rest is found by steps that double, then halve.
    step = 1
    while _is_number(connection, f"{prefix}{found + step}"):
        found, step = found + step, step * 2
    while step := step // 2:
        if _is_number(connection, f"{prefix}{found + step}"):
            found += step
    return found


def _is_number(connection: "Connection", number: str) -> bool:
    return connection.execute("SELECT 1 FROM request WHERE number = ?", (number,)).fetchone() is not None


def notes(connection: "Connection", subject: str) -> list[NoteRow]:
    """The notes to a call or a request, the oldest first."""
    rows = connection.execute("SELECT * FROM note WHERE subject = ? ORDER BY at, id", (subject,))
    return [NoteRow._make(row) for row in rows]


def heads(connection: "Connection", subject: str) -> list[tuple[str, str, str]]:
    """The newest amendments of a subject: field, entry, value as JSON; two of one field are a conflict."""
    sql = "SELECT field, entry_id, value FROM field_head WHERE subject = ? ORDER BY field, entry_id"
    return connection.execute(sql, (subject,)).fetchall()
