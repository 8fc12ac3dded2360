"""What is read of telephone calls beside a single one: by number, by the telephone system's name, of a day."""

import json
from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.reads import HERE, OPEN_CALLS, OPEN_STATES, CallRow, RequestRow

if TYPE_CHECKING:
    from sqlite3 import Connection

# A telephone system may begin to count its calls anew; no call lasts so long.
_SAME_NAME_SECONDS = 86_400


# A plus sign before a column keeps SQLite from going by the index of that column: a number has few calls, a state many.


class ReportRow(NamedTuple):
    """What another agency was told in a call; `reference` is its number of the case."""

    id: str
    call_id: str
    at: int
    operator: str
    what: str
    reference: str
    said: str


def call_by_external_id(connection: "Connection", external_id: str, at: int) -> CallRow | None:
    """The call that this desk's telephone system names so and that was on around this time, or None."""
    sql = f"""SELECT * FROM call WHERE external_id = ? AND opened_at BETWEEN ? AND ? AND +desk = {HERE}
             ORDER BY opened_at DESC, id DESC LIMIT 1"""  # noqa: S608 - ours, no value
    row = connection.execute(sql, (external_id, at - _SAME_NAME_SECONDS, at + _SAME_NAME_SECONDS)).fetchone()
    return CallRow._make(row) if row else None


def cut_off(connection: "Connection", phone: str, since: int, but: str) -> CallRow | None:
    """The last call of this number at this desk, other than one, that was cut off at or after `since`, or None.

    A call that somebody still writes up counts too: the line is dead, and why it died was not said yet.
    """
    sql = f"""SELECT * FROM call WHERE phone = ? AND phone <> '' AND id <> ? AND hung_up_at >= ? AND +desk = {HERE}
             AND (+state = 'wrap_up' OR (+state = 'ended' AND outcome = 'dropped')) ORDER BY opened_at DESC LIMIT 1"""  # noqa: S608 - ours, no value
    row = connection.execute(sql, (phone, but, since)).fetchone()
    return CallRow._make(row) if row else None


def went_on(connection: "Connection", call: CallRow) -> bool:
    """Whether the caller of a call that was cut off is on the line again, or was."""
    sql = """SELECT 1 FROM call WHERE phone = ? AND id <> ? AND (joined_call = ? OR +state IN ('talking', 'held'))
             AND state NOT IN ('ringing', 'abandoned') LIMIT 1"""
    return connection.execute(sql, (call.phone, call.id, call.id)).fetchone() is not None


def open_calls(connection: "Connection") -> list[CallRow]:
    """The calls of this desk that are not over, those that ring first, then the oldest."""
    sql = f"""SELECT * FROM call WHERE state IN (SELECT value FROM json_each(?)) AND +desk = {HERE}
             ORDER BY CASE state WHEN 'ringing' THEN 0 WHEN 'talking' THEN 1 WHEN 'held' THEN 2 ELSE 3 END,
                      opened_at, id"""  # noqa: S608 - ours, no value
    return [CallRow._make(row) for row in connection.execute(sql, (json.dumps(OPEN_CALLS),))]


def ended_calls(connection: "Connection", since: int, offset: int, limit: int) -> list[CallRow]:
    """A page of this desk's calls since then that are over, the newest first."""
    sql = f"""SELECT * FROM call WHERE opened_at >= ? AND state IN ('ended', 'abandoned') AND +desk = {HERE}
             ORDER BY opened_at DESC, id DESC LIMIT ? OFFSET ?"""  # noqa: S608 - ours, no value
    return [CallRow._make(row) for row in connection.execute(sql, (since, limit, offset))]


def calls_of_number(connection: "Connection", phone: str, limit: int, but: str = "") -> list[CallRow]:
    """The last calls of this number other than one, the newest first."""
    sql = "SELECT * FROM call WHERE phone = ? AND phone <> '' AND id <> ? ORDER BY opened_at DESC, id DESC LIMIT ?"
    return [CallRow._make(row) for row in connection.execute(sql, (phone, but, limit))]


def missed_calls(connection: "Connection", phone: str, since: int, but: str = "") -> int:
    """How many calls of this number, other than one, nobody answered since then."""
    sql = """SELECT count(*) FROM call WHERE phone = ? AND phone <> '' AND opened_at >= ? AND id <> ?
             AND +state = 'abandoned' AND direction = 'in'"""
    count: int = connection.execute(sql, (phone, since, but)).fetchone()[0]
    return count


def open_requests_of_number(connection: "Connection", phone: str, limit: int) -> list[RequestRow]:
    """The open requests of all guardians with this number, the newest first."""
    # CROSS JOIN: first the guardians, then their requests, never every open request of the desk.
    sql = """SELECT r.* FROM guardian g CROSS JOIN request r ON r.guardian_id = g.id
             WHERE g.phone = ? AND g.phone <> '' AND +r.state IN (SELECT value FROM json_each(?))
             ORDER BY r.opened_at DESC, r.id DESC LIMIT ?"""
    rows = connection.execute(sql, (phone, json.dumps(OPEN_STATES), limit))
    return [RequestRow._make(row) for row in rows]


def calls_of_request(connection: "Connection", request_id: str) -> list[CallRow]:
    """The calls that made or touched a request, the oldest first."""
    sql = """SELECT c.* FROM call c JOIN (SELECT call_id AS id FROM request WHERE id = :id UNION
                                          SELECT call_id FROM call_request WHERE request_id = :id) touched
             ON touched.id = c.id ORDER BY c.opened_at, c.id"""
    return [CallRow._make(row) for row in connection.execute(sql, {"id": request_id})]


def is_joined(connection: "Connection", call_id: str, request_id: str) -> bool:
    """Whether the call is known to have touched the request."""
    sql = "SELECT 1 FROM call_request WHERE call_id = ? AND request_id = ?"
    return connection.execute(sql, (call_id, request_id)).fetchone() is not None


def reports(connection: "Connection", call_id: str) -> list[ReportRow]:
    """What other agencies were told in a call, the oldest first."""
    rows = connection.execute("SELECT * FROM safety_report WHERE call_id = ? ORDER BY at, id", (call_id,))
    return [ReportRow._make(row) for row in rows]
