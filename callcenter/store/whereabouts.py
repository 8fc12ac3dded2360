"""What says where the children of requests stand."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import WAITING
from callcenter.care.whereabouts import ChildFacts

if TYPE_CHECKING:
    from sqlite3 import Connection

# A place that is only kept asks nobody anything: the child waits.
_UNDECIDED = json.dumps(sorted(WAITING))
_FACTS = """
    SELECT c.request_id, c.child_id, r.state, r.start_at, r.end_at, r.promised_at, r.held_until,
           (SELECT min(o.expires_at) FROM offer o JOIN offer_seat s ON s.offer_id = o.id
            WHERE o.request_id = r.id AND o.state IN (SELECT value FROM json_each(:undecided))
            AND s.child_id = c.child_id),
           p.accepted_at, p.confirmed_at, p.held_at, p.admitted_at, p.ended_at
    FROM json_each(:requests) wanted JOIN request r ON r.id = wanted.value JOIN request_child c ON c.request_id = r.id
    LEFT JOIN placement p ON p.request_id = c.request_id AND p.child_id = c.child_id
    ORDER BY c.request_id, c.position
"""


def child_facts(connection: "Connection", requests: Collection[str]) -> list[ChildFacts]:
    """The facts of every child of these requests, in the order the children were named."""
    values = {"requests": json.dumps(list(requests)), "undecided": _UNDECIDED}
    return [ChildFacts._make(row) for row in connection.execute(_FACTS, values)]
