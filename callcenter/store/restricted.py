"""Which requests a call in which danger was raised made or touched."""

import json
from collections.abc import Collection
from typing import TYPE_CHECKING

from callcenter.store.reads import CallRow

if TYPE_CHECKING:
    from sqlite3 import Connection

# CROSS JOIN: the requests decide where to look, by the keys of each; a desk has many calls.
_RESTRICTED = """
    SELECT wanted.value, c.*
    FROM json_each(:requests) wanted CROSS JOIN request r ON r.id = wanted.value CROSS JOIN call c ON c.id = r.call_id
    WHERE c.safety IS NOT NULL
    UNION ALL
    SELECT wanted.value, c.*
    FROM json_each(:requests) wanted CROSS JOIN call_request t ON t.request_id = wanted.value
         CROSS JOIN call c ON c.id = t.call_id
    WHERE c.safety IS NOT NULL
"""
_SUBJECTS = """
    SELECT id FROM call WHERE safety IS NOT NULL
    UNION SELECT r.id FROM call c JOIN request r ON r.call_id = c.id WHERE c.safety IS NOT NULL
    UNION SELECT t.request_id FROM call c JOIN call_request t ON t.call_id = c.id WHERE c.safety IS NOT NULL
"""


def restricted_calls(connection: "Connection", requests: Collection[str]) -> list[tuple[str, CallRow]]:
    """Each restricted call of these requests, with the request that it made or touched."""
    rows = connection.execute(_RESTRICTED, {"requests": json.dumps(list(requests))})
    return [(row[0], CallRow._make(row[1:])) for row in rows]


def restricted_subjects(connection: "Connection") -> set[str]:
    """Every restricted call and every request that one made or touched; looks through the whole desk."""
    return {row[0] for row in connection.execute(_SUBJECTS)}
