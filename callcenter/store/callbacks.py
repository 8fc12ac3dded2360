"""The call-backs that the desk owes: missed and dropped calls, and promises, those of requests among them."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care import callbacks
from callcenter.care.callbacks import PAUSE, TRIES, Step, Try
from callcenter.store.reads import TIMED

if TYPE_CHECKING:
    from sqlite3 import Connection


class OwedRow(NamedTuple):
    """A call-back as its table has it."""

    id: str
    kind: str
    phone: str
    guardian_id: str | None
    call_id: str
    calls: int
    due_at: int
    operator: str
    closed_at: int | None
    closed_why: str | None


class CallbackRow(NamedTuple):
    """A call-back that is owed: `id` is its own, or for the kind «request» that of the request.

    `due_at` is when to ring next, `promised_at` what was said or when the call was missed. `safety` is the danger
    that was raised in the call it is owed for, `taken_by` the operator of that call.
    """

    id: str
    kind: str
    number: str | None
    phone: str
    guardian_id: str | None
    name: str | None
    second_name: str
    second_phone: str
    call_id: str | None
    promised_at: int
    operator: str
    calls: int
    due_at: int
    safety: str | None
    taken_by: str
    tries: int
    last_tried_at: int | None
    last_result: str | None
    step: Step


# The page is made of what the indexes hold, before anything else is looked up.
_OWED = """
    WITH owed AS (
        SELECT id, kind, due_at AS promised_at FROM callback WHERE closed_at IS NULL
        UNION ALL
        SELECT id, 'request', promised_at FROM request
        WHERE state IN ('open', 'matching', 'offered', 'accepted') AND promised_at IS NOT NULL
    )
"""
_WAITING = """
    , page AS MATERIALIZED (
        SELECT * FROM timed WHERE due <= :until ORDER BY due, promised_at, id LIMIT :limit OFFSET :offset
    ), named AS (
        SELECT p.*, NULL AS number, b.phone, b.guardian_id, b.call_id, b.operator, b.calls
        FROM page p JOIN callback b ON b.id = p.id WHERE p.kind <> 'request'
        UNION ALL
        SELECT p.*, r.number, NULL, r.guardian_id, r.call_id, r.operator, 1
        FROM page p JOIN request r ON r.id = p.id WHERE p.kind = 'request'
    )
    SELECT n.id, n.kind, n.number, coalesce(n.phone, g.phone, ''), n.guardian_id, g.name, coalesce(g.second_name, ''),
           coalesce(g.second_phone, ''), n.call_id, n.promised_at, n.operator, n.calls, n.due, c.safety,
           coalesce(c.operator, '')
    FROM named n LEFT JOIN guardian g ON g.id = n.guardian_id LEFT JOIN call c ON c.id = n.call_id
    ORDER BY n.due, n.promised_at, n.id
"""
_COUNT = "SELECT count(*) FROM owed"
_FOREVER = 2**62


def waiting(
    connection: "Connection",
    *,
    until: datetime | None = None,
    pause: timedelta = PAUSE,
    limit_tries: int = TRIES,
    offset: int = 0,
    limit: int = 100,
) -> list[CallbackRow]:
    """A page of what is owed, the first that is due first; only what is due by `until`, if that is given."""
    values = {
        "pause": int(pause.total_seconds()),
        "until": _FOREVER if until is None else int(until.timestamp()),
        "limit": limit,
        "offset": offset,
    }
    rows = connection.execute(_OWED + TIMED + _WAITING, values).fetchall()
    made = tries(connection, [row[0] for row in rows])
    found = []
    for row in rows:
        tried = made.get(row[0], [])
        last = tried[-1] if tried else None
        seen = (len(tried), last.at if last else None, last.result if last else None)
        found.append(CallbackRow._make((*row, *seen, callbacks.step(tried, bool(row[7]), limit_tries))))
    return found


def count(connection: "Connection") -> int:
    """How many call-backs are owed, whenever they are due."""
    found: int = connection.execute(_OWED + _COUNT).fetchone()[0]
    return found


def tries(connection: "Connection", subjects: Iterable[str]) -> dict[str, list[Try]]:
    """The tries of these call-backs and requests in the order of time."""
    sql = """SELECT t.subject, t.whom, t.result, t.at FROM json_each(?) wanted
             JOIN callback_try t ON t.subject = wanted.value ORDER BY t.at, t.id"""
    found: dict[str, list[Try]] = {}
    for subject, whom, result, at in connection.execute(sql, (json.dumps(list(subjects)),)):
        found.setdefault(subject, []).append(Try(whom, result, at))
    return found


def owed(connection: "Connection", callback_id: str) -> OwedRow | None:
    """The call-back, closed or not, or None."""
    row = connection.execute("SELECT * FROM callback WHERE id = ?", (callback_id,)).fetchone()
    return OwedRow._make(row) if row else None


def owed_to(connection: "Connection", phone: str) -> list[OwedRow]:
    """The open call-backs of a number, the oldest first."""
    sql = "SELECT * FROM callback WHERE closed_at IS NULL AND phone = ? ORDER BY due_at, id"
    return [OwedRow._make(row) for row in connection.execute(sql, (phone,))]
