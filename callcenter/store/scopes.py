"""Reading where what entries are about belongs: which services and regions, and whether it is over."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_ENDED = "('unplaced', 'cancelled', 'finished')"
_WANTED = "json_each(?) w"
_REQUESTS = f"""
    SELECT r.id, r.region, r.guardian_id, r.call_id, r.state IN {_ENDED}
    FROM {_WANTED} JOIN request r ON r.id = w.value
"""  # noqa: S608 - ours, no value
_SERVICES = f"""
    SELECT r.id, r.service FROM {_WANTED} JOIN request r ON r.id = w.value WHERE r.service IS NOT NULL
    UNION SELECT o.request_id, p.service FROM json_each(?) w JOIN offer o ON o.request_id = w.value
    JOIN provider p ON p.id = o.provider_id
"""  # noqa: S608 - ours, no value
_BELONGING = """
    SELECT w.value, r.id FROM json_each(?) w JOIN request r ON r.guardian_id = w.value
    UNION SELECT w.value, c.request_id FROM json_each(?) w JOIN call_request c ON c.call_id = w.value
    UNION SELECT w.value, c.request_id FROM json_each(?) w JOIN complaint c ON c.id = w.value
          WHERE c.request_id IS NOT NULL
"""
_OPEN = f"""
    SELECT w.value FROM json_each(?) w WHERE
        EXISTS (SELECT 1 FROM request WHERE guardian_id = w.value AND state NOT IN {_ENDED})
        OR EXISTS (SELECT 1 FROM call WHERE id = w.value AND ended_at IS NULL)
        OR EXISTS (SELECT 1 FROM callback WHERE id = w.value AND closed_at IS NULL)
        OR EXISTS (SELECT 1 FROM complaint WHERE id = w.value AND closed_at IS NULL)
"""  # noqa: S608 - ours, no value


class RequestPlace(NamedTuple):
    """Where a request belongs: its region, the services it was asked or offered for, its people; whether it is over."""

    region: str
    services: tuple[str, ...]
    guardian: str
    call: str | None
    over: bool


def request_places(connection: "Connection", requests: Iterable[str]) -> dict[str, RequestPlace]:
    """Where these requests belong; what is no request is left out."""
    wanted = json.dumps(list(requests))
    services: dict[str, list[str]] = {}
    for request, service in connection.execute(_SERVICES, (wanted, wanted)):
        services.setdefault(request, []).append(service)
    rows = connection.execute(_REQUESTS, (wanted,))
    return {row[0]: RequestPlace(row[1], tuple(services.get(row[0], ())), row[2], row[3], bool(row[4])) for row in rows}


def requests_about(connection: "Connection", subjects: Iterable[str]) -> dict[str, list[str]]:
    """The requests of these guardians, touched in these calls, or complained of in these complaints."""
    wanted = json.dumps(list(subjects))
    found: dict[str, list[str]] = {}
    for subject, request in connection.execute(_BELONGING, (wanted, wanted, wanted)):
        found.setdefault(subject, []).append(request)
    return found


def still_open(connection: "Connection", subjects: Iterable[str]) -> set[Any]:
    """Those of these guardians, calls, call-backs and complaints of whom something is still owed to somebody."""
    return {row[0] for row in connection.execute(_OPEN, (json.dumps(list(subjects)),))}
