"""Requests that may be the same as one being taken: of the same number or the same child, found by indexes only."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.care.lifecycle import REQUEST

if TYPE_CHECKING:
    from sqlite3 import Connection

_OPEN = json.dumps(sorted(REQUEST.open))
_MOST_OF_A_GUARDIAN = 50
_MOST_CHILDREN = 50
_SHOWN = 5
# A number or a child with very many requests (an institution's) is looked at from its newest on.
_FOUND = """
    WITH found(request_id, why) AS (
        SELECT * FROM (
            SELECT r.id, 'number' FROM guardian g JOIN request r ON r.guardian_id = g.id
            WHERE g.phone = :phone AND g.phone <> '' ORDER BY r.opened_at DESC LIMIT :most
        )
        UNION ALL
        SELECT * FROM (
            SELECT rc.request_id, 'child' FROM json_each(:children) said
            JOIN child c ON c.birth = said.value ->> 0 AND c.name = said.value ->> 1
            JOIN request_child rc ON rc.child_id = c.id LIMIT :most
        )
    )
    SELECT r.id, r.number, r.state, r.urgency, r.region, r.start_at, r.end_at, r.opened_at, r.operator,
           coalesce((SELECT name FROM guardian WHERE id = r.guardian_id), ''),
           group_concat(DISTINCT found.why)
    FROM found JOIN request r ON r.id = found.request_id
    WHERE r.state IN (SELECT value FROM json_each(:open)) OR r.opened_at >= :since
    GROUP BY r.id ORDER BY r.state IN (SELECT value FROM json_each(:open)) DESC, r.opened_at DESC LIMIT :shown
"""

Why = Literal["number", "child"]


class DuplicateRow(NamedTuple):
    """A request that may be the same one; `why` says by what it was found."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    start_at: int
    end_at: int
    opened_at: int
    operator: str
    guardian: str
    why: frozenset[Why]


def alike(connection: "Connection", phone: str, children: Iterable[tuple[str, str]], since: int) -> list[DuplicateRow]:
    """Open requests, and those opened since, of this number or of a child of this birth date (ISO) and name.

    Open ones come first, then the newest. An empty number or name is nobody's.
    """
    named = [(birth, name) for birth, name in children if birth and name]
    if not phone and not named:
        return []
    values = {
        "phone": phone,
        "children": json.dumps(named[:_MOST_CHILDREN]),
        "open": _OPEN,
        "since": since,
        "most": _MOST_OF_A_GUARDIAN,
        "shown": _SHOWN,
    }
    rows = connection.execute(_FOUND, values)
    return [DuplicateRow._make((*row[:-1], frozenset(row[-1].split(",")))) for row in rows]
