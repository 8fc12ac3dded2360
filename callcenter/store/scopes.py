"""Reading where what entries are about belongs: which services and regions, and whether it is over."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_ENDED = "('unplaced', 'cancelled', 'finished')"
_SERVICES = """
    SELECT service FROM request WHERE id = :request AND service IS NOT NULL
    UNION SELECT p.service FROM offer o JOIN provider p ON p.id = o.provider_id WHERE o.request_id = :request
"""
_GUARDIAN_OPEN = f"""
    SELECT 1 FROM request WHERE guardian_id = :id AND state NOT IN {_ENDED}
    UNION ALL SELECT 1 FROM callback WHERE guardian_id = :id AND closed_at IS NULL LIMIT 1
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


def request_place(connection: "Connection", request: str) -> RequestPlace | None:
    """Where the request belongs, or None when there is none with this identifier."""
    sql = f"SELECT region, guardian_id, call_id, state IN {_ENDED} FROM request WHERE id = ?"  # noqa: S608 - ours
    row = connection.execute(sql, (request,)).fetchone()
    if row is None:
        return None
    services = tuple(service for (service,) in connection.execute(_SERVICES, {"request": request}))
    return RequestPlace(row[0], services, row[1], row[2], bool(row[3]))


def requests_of_guardian(connection: "Connection", guardian: str) -> list[str]:
    """The guardian's requests."""
    return [row[0] for row in connection.execute("SELECT id FROM request WHERE guardian_id = ?", (guardian,))]


def requests_of_call(connection: "Connection", call: str) -> list[str]:
    """The requests that were taken or touched in a call."""
    return [row[0] for row in connection.execute(_REQUESTS_OF_CALL, {"id": call})]


def guardian_open(connection: "Connection", guardian: str) -> bool:
    """Whether something is still owed to the guardian."""
    return connection.execute(_GUARDIAN_OPEN, {"id": guardian}).fetchone() is not None


def is_guardian(connection: "Connection", subject: str) -> bool:
    """Whether the subject is a guardian."""
    return connection.execute("SELECT 1 FROM guardian WHERE id = ?", (subject,)).fetchone() is not None


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
