"""What holds at every desk of many, at every moment, and what the centre and all desks agree on after quiet."""

from typing import TYPE_CHECKING, Any

from callcenter.care.lifecycle import OFFER, cared, settled
from callcenter.journal import history

if TYPE_CHECKING:
    from sqlite3 import Connection

_OPEN = "('" + "', '".join(sorted(OFFER.open)) + "')"
_KEYS = """(SELECT group_id, slot, place_no, offer_id FROM place_taken UNION ALL
            SELECT group_id, slot, place_no, offer_id FROM place_contested)"""
# Each finds the rows that break a rule.
_BREAKING = {
    "places that two confirmed offers were granted": f"""
        SELECT k.group_id, k.slot, k.place_no, group_concat(k.offer_id) FROM {_KEYS} k JOIN offer o ON o.id = k.offer_id
        WHERE o.claim = 'granted' AND o.state = 'accepted' AND o.confirmed_at IS NOT NULL
        GROUP BY k.group_id, k.slot, k.place_no HAVING count(DISTINCT k.offer_id) > 1""",
    "children whom two confirmed offers were granted": """
        SELECT s.request_id, s.child_id, group_concat(o.id) FROM offer o JOIN offer_seat s ON s.offer_id = o.id
        LEFT JOIN placement p ON p.request_id = s.request_id AND p.child_id = s.child_id
        WHERE o.claim = 'granted' AND o.state = 'accepted' AND o.confirmed_at IS NOT NULL AND p.ended_at IS NULL
        GROUP BY s.request_id, s.child_id HAVING count(*) > 1""",
    "places of offers that are over": f"""
        SELECT k.group_id, k.slot, k.offer_id FROM {_KEYS} k LEFT JOIN offer o ON o.id = k.offer_id
        WHERE o.state IS NULL OR o.state NOT IN {_OPEN}""",
    "contested places that nobody has": """
        SELECT c.group_id, c.slot, c.place_no, c.offer_id FROM place_contested c
        LEFT JOIN place_taken t ON t.group_id = c.group_id AND t.slot = c.slot AND t.place_no = c.place_no
        WHERE t.offer_id IS NULL OR t.offer_id >= c.offer_id""",
    "live offers without a place": f"""
        SELECT o.id FROM offer o WHERE o.state IN {_OPEN} AND NOT EXISTS
        (SELECT 1 FROM {_KEYS} k WHERE k.offer_id = o.id) AND EXISTS
        (SELECT 1 FROM offer_seat s LEFT JOIN placement p ON p.request_id = s.request_id AND p.child_id = s.child_id
         WHERE s.offer_id = o.id AND p.ended_at IS NULL)""",
    "placements whose offer was not accepted": """
        SELECT p.request_id, p.child_id FROM placement p LEFT JOIN offer o ON o.id = p.offer_id
        WHERE o.state IS NOT 'accepted'""",
}
_REQUESTS = "SELECT id, state FROM request ORDER BY id"
_CHILDREN = "SELECT child_id FROM request_child WHERE request_id = ?"
_OFFERED = """SELECT s.child_id FROM offer o JOIN offer_seat s ON s.offer_id = o.id
              WHERE o.request_id = ? AND o.state IN ('pending', 'conditional')"""
_PLACED = "SELECT child_id, admitted_at, ended_at, confirmed_at FROM placement WHERE request_id = ?"


def broken(connection: "Connection") -> dict[str, Any]:
    """Every rule that does not hold at this desk, with what was found; empty when all is well."""
    found: dict[str, Any] = {what: connection.execute(sql).fetchall() for what, sql in _BREAKING.items()}
    found["chains that do not hold"] = history.verify(connection)[1]
    found["requests in a state that is not that of their offers"] = [
        (request, state, fitting)
        for request, state in connection.execute(_REQUESTS).fetchall()
        if state not in (fitting := _states(connection, request))
    ]
    return {what: rows for what, rows in found.items() if rows}


def _states(connection: "Connection", request: str) -> set[str]:
    """The states that a request may have, from its offers and placements alone."""
    children = {row[0] for row in connection.execute(_CHILDREN, (request,))}
    offered = {row[0] for row in connection.execute(_OFFERED, (request,))}
    placed = connection.execute(_PLACED, (request,)).fetchall()
    begun = {child for child, admitted, _ended, _confirmed in placed if admitted is not None}
    over = {child for child, _admitted, ended, _confirmed in placed if ended is not None}
    # What was offered besides, by somebody who did not know, changes nothing of what the guardian was told.
    offered -= {child for child, _admitted, _ended, confirmed in placed if confirmed is not None}
    if begun or over:
        return {cared(children, begun, over)}
    if not offered and not placed:
        return {"open", "matching", "held", "unplaced", "cancelled"}
    state = settled(children, offered, {row[0] for row in placed})
    return {state, "confirmed"} if state == "accepted" else {state}
