"""Guardians and children, and what belongs to them."""

from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.reads.queue_rows import OPEN_STATES
from callcenter.store.reads.request_rows import RequestRow

if TYPE_CHECKING:
    from sqlite3 import Connection


class GuardianRow(NamedTuple):
    """A guardian."""

    id: str
    name: str
    phone: str
    relation: str
    language: str
    second_name: str = ""
    second_phone: str = ""
    address: str = ""
    reachable: str = ""


class ChildRow(NamedTuple):
    """A child; `needs` and `symptoms` are codes separated by spaces."""

    id: str
    guardian_id: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: str
    symptoms: str
    care_note: str
    sex: str = ""
    registration: str = ""


def guardian(connection: "Connection", guardian_id: str) -> GuardianRow | None:
    """The guardian, or None when unknown or erased."""
    row = connection.execute("SELECT * FROM guardian WHERE id = ?", (guardian_id,)).fetchone()
    return GuardianRow._make(row) if row else None


def guardians_by_phone(connection: "Connection", phone: str) -> list[GuardianRow]:
    """Who calls from this number: both parents may share one."""
    rows = connection.execute("SELECT * FROM guardian WHERE phone = ? AND phone <> '' ORDER BY id", (phone,))
    return [GuardianRow._make(row) for row in rows]


def children_of_guardian(connection: "Connection", guardian_id: str) -> list[ChildRow]:
    """The guardian's children, the oldest first."""
    rows = connection.execute("SELECT * FROM child WHERE guardian_id = ? ORDER BY birth, id", (guardian_id,))
    return [ChildRow._make(row) for row in rows]


def children_of_request(connection: "Connection", request_id: str) -> list[ChildRow]:
    """The children of a request in the order they were named."""
    sql = """SELECT c.* FROM request_child rc JOIN child c ON c.id = rc.child_id
             WHERE rc.request_id = ? ORDER BY rc.position"""
    return [ChildRow._make(row) for row in connection.execute(sql, (request_id,))]


def requests_of_guardian(connection: "Connection", guardian_id: str, limit: int) -> list[RequestRow]:
    """The guardian's requests, the newest first."""
    sql = "SELECT * FROM request WHERE guardian_id = ? ORDER BY opened_at DESC, id DESC LIMIT ?"
    return [RequestRow._make(row) for row in connection.execute(sql, (guardian_id, limit))]


def open_requests_of_guardian(connection: "Connection", guardian_id: str) -> list[RequestRow]:
    """The guardian's open requests, the oldest first."""
    found = requests_of_guardian(connection, guardian_id, 1000)
    return [row for row in reversed(found) if row.state in OPEN_STATES]


def subjects_of_guardian(connection: "Connection", guardian_id: str) -> list[str]:
    """The requests and calls that may hold personal facts of the guardian beside the guardian's own record."""
    sql = """SELECT id FROM request WHERE guardian_id = :id
             UNION SELECT call_id FROM request WHERE guardian_id = :id AND call_id IS NOT NULL
             UNION SELECT id FROM call WHERE guardian_id = :id
             UNION SELECT c.id FROM guardian g JOIN call c ON c.phone = g.phone WHERE g.id = :id AND g.phone <> ''
             UNION SELECT id FROM callback WHERE guardian_id = :id
             UNION SELECT b.id FROM guardian g JOIN callback b ON b.phone = g.phone
                   WHERE g.id = :id AND g.phone <> ''
             UNION SELECT id FROM complaint WHERE guardian_id = :id"""
    return [row[0] for row in connection.execute(sql, {"id": guardian_id})]
