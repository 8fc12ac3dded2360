"""Reading where what entries are about belongs: which services and regions, and whether it is over."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_ENDED = "('unplaced', 'cancelled', 'finished')"
_NAMED = "(SELECT value FROM json_each(:ids))"
_PLACES = f"""
    SELECT id, region, guardian_id, call_id, state IN {_ENDED} FROM request WHERE id IN {_NAMED}
"""  # noqa: S608 - ours, no value
_SERVICES = f"""
    SELECT id, service FROM request WHERE id IN {_NAMED} AND service IS NOT NULL
    UNION SELECT o.request_id, p.service FROM offer o JOIN provider p ON p.id = o.provider_id
    WHERE o.request_id IN {_NAMED}
"""  # noqa: S608 - ours, no value
_OPEN_GUARDIANS = f"""
    SELECT guardian_id FROM request WHERE guardian_id IN {_NAMED} AND state NOT IN {_ENDED}
    UNION SELECT guardian_id FROM callback WHERE guardian_id IN {_NAMED} AND closed_at IS NULL
"""  # noqa: S608 - ours, no value
_OF_GUARDIANS = f"""
    SELECT g.id, r.id FROM guardian g LEFT JOIN request r ON r.guardian_id = g.id WHERE g.id IN {_NAMED}
"""  # noqa: S608 - ours, no value
_REQUESTS_OF_CALL = """
    SELECT request_id FROM call_request WHERE call_id = :id UNION SELECT id FROM request WHERE call_id = :id
"""
_OVER = {
    "call": "SELECT ended_at IS NOT NULL FROM call WHERE id = ?",
    "callback": "SELECT closed_at IS NOT NULL FROM callback WHERE id = ?",
    "complaint": "SELECT closed_at IS NOT NULL FROM complaint WHERE id = ?",
}


class RequestPlace(NamedTuple):
    """Where a request belongs: its region, the services it was asked or offered for, its people; whether it is over."""

    region: str
    services: tuple[str, ...]
    guardian: str
    call: str | None
    over: bool


def request_places(connection: "Connection", subjects: Iterable[str]) -> dict[str, RequestPlace]:
    """Where requests belong: those of the subjects that are requests."""
    ids = {"ids": json.dumps(list(subjects))}
    services: dict[str, list[str]] = {}
    for request, service in connection.execute(_SERVICES, ids):
        services.setdefault(request, []).append(service)
    return {
        request: RequestPlace(region, tuple(services.get(request, ())), guardian, call, bool(over))
        for request, region, guardian, call, over in connection.execute(_PLACES, ids)
    }


def requests_of_guardians(connection: "Connection", subjects: Iterable[str]) -> dict[str, list[str]]:
    """The requests of each of the subjects that is a guardian."""
    found: dict[str, list[str]] = {}
    for guardian, request in connection.execute(_OF_GUARDIANS, {"ids": json.dumps(list(subjects))}):
        requests = found.setdefault(guardian, [])
        if request is not None:
            requests.append(request)
    return found


def open_guardians(connection: "Connection", guardians: Iterable[str]) -> set[str]:
    """Those of the guardians to whom something is still owed."""
    return {row[0] for row in connection.execute(_OPEN_GUARDIANS, {"ids": json.dumps(list(guardians))})}


def requests_of_call(connection: "Connection", call: str) -> list[str]:
    """The requests that were taken or touched in a call."""
    return [row[0] for row in connection.execute(_REQUESTS_OF_CALL, {"id": call})]


def over(connection: "Connection", subject: str) -> bool | None:
    """Whether a call, a call-back or a complaint is over; None when the subject is none of them."""
    for sql in _OVER.values():
        row = connection.execute(sql, (subject,)).fetchone()
        if row is not None:
            return bool(row[0])
    return None


def requests_of_complaint(connection: "Connection", complaint: str) -> list[str]:
    """The request that a complaint is about, if it is about one."""
    rows = connection.execute("SELECT request_id FROM complaint WHERE id = ? AND request_id IS NOT NULL", (complaint,))
    return [row[0] for row in rows]
