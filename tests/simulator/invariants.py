"""What holds at every desk at every moment, asked of the file itself."""

from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from callcenter.care.calendar import SEOUL
from callcenter.care.child import months_at
from callcenter.care.lifecycle import OFFER, REQUEST
from callcenter.journal import history

if TYPE_CHECKING:
    from sqlite3 import Connection

# Each finds the rows that break a rule.
_BREAKING = {
    "groups with more children than places": """
        SELECT p.group_id, p.slot, count(*), g.places FROM place_taken p JOIN provider_group g ON g.id = p.group_id
        WHERE g.places IS NOT NULL GROUP BY p.group_id, p.slot HAVING count(*) > g.places""",
    "pending offers without a clock": "SELECT id FROM offer WHERE state = 'pending' AND expires_at <= made_at",
    "requests whose state does not fit what waits for an answer": """
        SELECT number, state FROM request r WHERE (state = 'offered') <>
        EXISTS (SELECT 1 FROM offer WHERE request_id = r.id AND state = 'pending')""",
    "requests whose state does not fit their children's places": """
        SELECT number, state FROM request r WHERE state IN ('accepted', 'confirmed') AND EXISTS
        (SELECT 1 FROM request_child c WHERE request_id = r.id AND NOT EXISTS
         (SELECT 1 FROM placement WHERE request_id = r.id AND child_id = c.child_id))""",
    "places of children whose offer was not accepted": """
        SELECT p.request_id FROM placement p LEFT JOIN offer o ON o.id = p.offer_id WHERE o.state IS NOT 'accepted'""",
    "places held by an offer that is over": """
        SELECT p.group_id FROM place_taken p LEFT JOIN offer o ON o.id = p.offer_id
        WHERE o.state IS NULL OR o.state NOT IN ('pending', 'accepted')""",
    "live offers without a place": """
        SELECT id FROM offer WHERE state IN ('pending', 'accepted')
        AND id NOT IN (SELECT offer_id FROM place_taken)""",
    "requests whose state does not fit who is in care": """
        SELECT number, state FROM request r WHERE (state = 'in_care') <> (
            EXISTS (SELECT 1 FROM placement WHERE request_id = r.id AND admitted_at IS NOT NULL)
            AND EXISTS (SELECT 1 FROM placement WHERE request_id = r.id AND ended_at IS NULL))""",
    "requests that are finished before every child is home": """
        SELECT number FROM request r WHERE state = 'finished' AND EXISTS
        (SELECT 1 FROM placement WHERE request_id = r.id AND ended_at IS NULL)""",
    "children who went before they came": "SELECT child_id FROM placement WHERE ended_at < admitted_at",
    "requests without a child": "SELECT number FROM request WHERE id NOT IN (SELECT request_id FROM request_child)",
    "requests without a guardian": "SELECT number FROM request WHERE guardian_id NOT IN (SELECT id FROM guardian)",
    "calls that nobody will end": """
        SELECT id FROM call WHERE operator = '박상담' AND state NOT IN ('ended', 'abandoned') AND opened_at <
        (SELECT max(opened_at) FROM call) - 600""",
    "missed calls that nobody owes": """
        SELECT id FROM call WHERE state = 'abandoned' AND phone <> ''
        AND phone NOT IN (SELECT phone FROM callback)""",
    "requests that end before they start": "SELECT number FROM request WHERE end_at <= start_at",
    "numbers that could be dialled": """
        SELECT phone FROM (SELECT phone FROM guardian UNION SELECT phone FROM call WHERE phone <> '' UNION
              SELECT phone FROM callback)
        WHERE phone NOT GLOB '+82100000[0-9][0-9][0-9][0-9]'""",
}
_SEATS = """
    SELECT c.birth, r.start_at, g.months_min, g.months_max FROM offer_seat s JOIN child c ON c.id = s.child_id
    JOIN request r ON r.id = s.request_id JOIN provider_group g ON g.id = s.group_id
"""


def broken(connection: "Connection") -> dict[str, Any]:
    """Every rule that does not hold, with what was found; empty when all is well."""
    ask = connection.execute
    found: dict[str, Any] = {what: ask(sql).fetchall() for what, sql in _BREAKING.items()}
    found["the journal's chain"] = history.verify(connection)[1]
    found["unknown states"] = {row[0] for row in ask("SELECT state FROM request")} - set(REQUEST.words)
    found["unknown offer states"] = {row[0] for row in ask("SELECT state FROM offer")} - set(OFFER.words)
    found["children of another age than their group"] = [
        row
        for row in ask(_SEATS)
        if not row[2] <= months_at(date.fromisoformat(row[0]), datetime.fromtimestamp(row[1], SEOUL).date()) <= row[3]
    ]
    return {what: rows for what, rows in found.items() if rows}
