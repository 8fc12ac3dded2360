"""The calls in which danger was raised: when, by whom, and which requests they made or touched."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.reads import CallRow

if TYPE_CHECKING:
    from sqlite3 import Connection


class RaisedRow(NamedTuple):
    """That danger was raised: at which second, by whom, and which one."""

    at: int
    operator: str
    what: str


def danger_calls(connection: "Connection", since: int) -> list[CallRow]:
    """Every call opened since then in which danger was raised, the newest first."""
    sql = "SELECT * FROM call WHERE opened_at >= ? AND safety IS NOT NULL ORDER BY opened_at DESC, id DESC"
    return [CallRow._make(row) for row in connection.execute(sql, (since,))]


def raised_in(connection: "Connection", call_id: str) -> list[RaisedRow]:
    """Each time that danger was raised in the call, the first first; the call itself keeps only the last one."""
    sql = """SELECT at / 1000, actor, coalesce(json_extract(body, '$.what'), '') FROM entry
             WHERE subject = ? AND kind = 'safety.raised' ORDER BY hlc, id"""
    return [RaisedRow._make(row) for row in connection.execute(sql, (call_id,))]


def numbers_of_calls(connection: "Connection", calls: Iterable[str]) -> dict[str, list[str]]:
    """The receipt numbers of the requests that each of the calls made or touched; looks through all requests."""
    sql = """SELECT call_id, number FROM request WHERE call_id IN (SELECT value FROM json_each(:calls))
             UNION SELECT t.call_id, r.number FROM call_request t JOIN request r ON r.id = t.request_id
             WHERE t.call_id IN (SELECT value FROM json_each(:calls)) ORDER BY 1, 2"""
    found: dict[str, list[str]] = {}
    for call_id, number in connection.execute(sql, {"calls": json.dumps(list(calls))}):
        found.setdefault(call_id, []).append(number)
    return found
