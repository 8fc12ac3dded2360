"""How many: requests, children, and distinct children, at one stage of their way, in a time."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_COUNTED = """
    SELECT count(DISTINCT request_id), count(*), count(DISTINCT child_id) FROM pair
"""
_ASKED_FOR = """
    WITH pair AS (
        SELECT c.request_id, c.child_id FROM request r JOIN request_child c ON c.request_id = r.id
        WHERE r.opened_at >= :first AND r.opened_at < :until
    )
"""
_ENDED = """
    WITH pair AS (
        SELECT c.request_id, c.child_id FROM request_end e JOIN request_child c ON c.request_id = e.request_id
        WHERE e.event = :stage AND e.at >= :first AND e.at < :until
    )
"""
_CONFIRMED = """
    WITH pair AS (
        SELECT request_id, child_id FROM placement WHERE confirmed_at >= :first AND confirmed_at < :until
    )
"""
_ADMITTED = """
    WITH pair AS (
        SELECT request_id, child_id FROM placement WHERE admitted_at >= :first AND admitted_at < :until
    )
"""
_MISSED = """
    WITH pair AS (
        SELECT request_id, child_id FROM placement
        WHERE ending = :stage AND ended_at >= :first AND ended_at < :until
    )
"""
# At each stage the children of requests that came to it in the time, one pair of request and child each.
_PAIRS = {
    "received": _ASKED_FOR,
    "confirmed": _CONFIRMED,
    "admitted": _ADMITTED,
    "unplaced": _ENDED,
    "cancelled": _ENDED,
    "no_show": _MISSED,
}
STAGES = tuple(_PAIRS)


class Counts(NamedTuple):
    """The three numbers that are never mixed.

    `requests` 건, `children` 명 (연인원: a child once for each request), `people` 실인원 (a child once however often).
    """

    requests: int
    children: int
    people: int


def counts(connection: "Connection", stage: str, first: int, until: int) -> Counts:
    """The counts of a stage from `first` up to before `until`, seconds since 1970."""
    values = {"stage": stage, "first": first, "until": until}
    return Counts._make(connection.execute(_PAIRS[stage] + _COUNTED, values).fetchone())
