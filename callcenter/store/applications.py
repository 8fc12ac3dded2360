"""What is read when an application comes from outside, or is asked about from there."""

import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.reads import OPEN_STATES, ChildRow, GuardianRow

if TYPE_CHECKING:
    from sqlite3 import Connection

_GUARDIAN_COLUMNS = len(GuardianRow._fields)
_TAKEN = """
    SELECT a.external_id, a.request_id, a.digest, q.number, q.state
    FROM json_each(?) wanted JOIN application a ON a.external_id = wanted.value JOIN request q ON q.id = a.request_id
    ORDER BY q.opened_at, q.id
"""
_FAMILIES = """
    SELECT g.*, c.* FROM json_each(?) wanted
    JOIN guardian g ON g.phone = wanted.value JOIN child c ON c.guardian_id = g.id
    WHERE g.phone <> '' ORDER BY g.id, c.birth, c.id
"""
_OVERLAPPING = """
    SELECT DISTINCT r.number FROM json_each(?) wanted
    JOIN request_child rc ON rc.child_id = wanted.value JOIN request r ON r.id = rc.request_id
    WHERE r.state IN (SELECT value FROM json_each(?)) AND r.start_at < ? AND r.end_at > ? ORDER BY r.opened_at, r.id
"""
_STANDING = """
    SELECT a.external_id, q.number, q.state, q.opened_at, q.changed_at, q.start_at, q.end_at,
           (SELECT group_concat(DISTINCT p.name) FROM placement l JOIN provider p ON p.id = l.provider_id
            WHERE l.request_id = q.id AND l.confirmed_at IS NOT NULL)
    FROM application a JOIN request q ON q.id = a.request_id
    WHERE a.external_id = ? ORDER BY q.opened_at, q.id LIMIT 1
"""


class ApplicationRow(NamedTuple):
    """An application from outside, and the request it became."""

    external_id: str
    request_id: str
    digest: str
    number: str
    state: str


class StandingRow(NamedTuple):
    """Where the request of an application stands; `provider` is named once the guardian was told and agreed."""

    external_id: str
    number: str
    state: str
    opened_at: int
    changed_at: int
    start_at: int
    end_at: int
    provider: str | None


class Member(NamedTuple):
    """A child we know beside its guardian."""

    guardian: GuardianRow
    child: ChildRow


def taken(connection: "Connection", external_ids: Iterable[str]) -> dict[str, ApplicationRow]:
    """What the applications of these identifiers became, the first request of each if several desks took it."""
    found: dict[str, ApplicationRow] = {}
    for row in connection.execute(_TAKEN, (json.dumps([*external_ids]),)):
        found.setdefault(row[0], ApplicationRow._make(row))
    return found


def families_by_phone(connection: "Connection", phones: Iterable[str]) -> dict[str, list[Member]]:
    """Every child of everybody who has one of these numbers, by the number."""
    found: dict[str, list[Member]] = {}
    for row in connection.execute(_FAMILIES, (json.dumps([*phones]),)):
        guardian, child = GuardianRow._make(row[:_GUARDIAN_COLUMNS]), ChildRow._make(row[_GUARDIAN_COLUMNS:])
        found.setdefault(guardian.phone, []).append(Member(guardian, child))
    return found


def overlapping_requests(connection: "Connection", children: Sequence[str], start: int, end: int) -> list[str]:
    """The numbers of open requests for one of these children at an overlapping time, the oldest first."""
    if not children:
        return []
    values = (json.dumps(list(children)), json.dumps(OPEN_STATES), end, start)
    return [row[0] for row in connection.execute(_OVERLAPPING, values)]


def standing(connection: "Connection", external_id: str) -> StandingRow | None:
    """Where the application stands, or None; of the first request if several desks took it."""
    row = connection.execute(_STANDING, (external_id,)).fetchone()
    return StandingRow._make(row) if row else None
