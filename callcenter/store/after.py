"""What is known of how care went: no-shows of a guardian, incidents, satisfaction, complaints."""

from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.reads import AlarmRow

if TYPE_CHECKING:
    from sqlite3 import Connection


class NoShows(NamedTuple):
    """How often a guardian's children did not come, and when last; a flag, never a ban. 노쇼: no-show."""

    times: int
    last_at: int | None


class IncidentRow(NamedTuple):
    """Something that happened to a child in care; `told` are codes set apart by blanks."""

    id: str
    request_id: str
    child_id: str | None
    what: str
    at: int
    raised_at: int
    operator: str
    said: str
    told: str
    acknowledged_at: int | None
    acknowledged_by: str | None
    desk: str


class CutShortRow(NamedTuple):
    """Why care ended before it was to."""

    request_id: str
    why: str
    at: int
    operator: str


class SatisfactionRow(NamedTuple):
    """How content a guardian was."""

    request_id: str
    score: int
    again: bool | None
    at: int
    operator: str


class Satisfaction(NamedTuple):
    """How many answered, the mean of their scores (0 to 100, None of nobody), who would ask again and who would not."""

    answered: int
    mean: float | None
    again: int
    never: int


class ComplaintRow(NamedTuple):
    """A complaint and who follows it up."""

    id: str
    request_id: str | None
    guardian_id: str | None
    opened_at: int
    operator: str
    said: str
    owner: str
    due_at: int
    closed_at: int | None
    closed_by: str | None
    how: str | None


_NO_SHOWS = """
    SELECT count(DISTINCT r.id), max(p.ended_at) FROM request r CROSS JOIN placement p ON p.request_id = r.id
    WHERE r.guardian_id = ? AND p.ending = 'no_show'
"""
_ALARMS = """
    SELECT 'incident', i.request_id, r.number, i.raised_at FROM incident i JOIN request r ON r.id = i.request_id
    WHERE i.acknowledged_at IS NULL AND i.raised_at <= :until
    UNION ALL
    SELECT 'complaint', coalesce(r.id, c.id), coalesce(r.number, ''), c.due_at
    FROM complaint c LEFT JOIN request r ON r.id = c.request_id
    WHERE c.closed_at IS NULL AND c.due_at <= :until
    ORDER BY 4, 3
"""


def no_shows(connection: "Connection", guardian_id: str) -> NoShows:
    """How often the guardian's children did not come: a request counts once, however many children it has."""
    return NoShows._make(connection.execute(_NO_SHOWS, (guardian_id,)).fetchone())


def incidents(connection: "Connection", request_id: str) -> list[IncidentRow]:
    """The incidents of a request, the first first."""
    rows = connection.execute("SELECT * FROM incident WHERE request_id = ? ORDER BY raised_at, id", (request_id,))
    return [IncidentRow._make(row) for row in rows]


def open_incidents(connection: "Connection") -> list[IncidentRow]:
    """Every incident that no supervisor has taken over, the first first."""
    rows = connection.execute("SELECT * FROM incident WHERE acknowledged_at IS NULL ORDER BY raised_at, id")
    return [IncidentRow._make(row) for row in rows]


def cut_short(connection: "Connection", request_id: str) -> CutShortRow | None:
    """Why care of the request ended before it was to, or None."""
    row = connection.execute("SELECT * FROM cut_short WHERE request_id = ?", (request_id,)).fetchone()
    return CutShortRow._make(row) if row else None


def satisfaction(connection: "Connection", request_id: str) -> SatisfactionRow | None:
    """How content the guardian was with a request, or None when nobody asked."""
    row = connection.execute("SELECT * FROM satisfaction WHERE request_id = ?", (request_id,)).fetchone()
    return SatisfactionRow._make(row) if row else None


def satisfaction_of(connection: "Connection", first: int, until: int) -> Satisfaction:
    """How content those were who answered from `first` up to before `until`."""
    sql = """SELECT count(*), avg(score), coalesce(sum(again = 1), 0), coalesce(sum(again = 0), 0)
             FROM satisfaction WHERE at >= ? AND at < ?"""
    return Satisfaction._make(connection.execute(sql, (first, until)).fetchone())


def complaint(connection: "Connection", complaint_id: str) -> ComplaintRow | None:
    """The complaint, or None."""
    row = connection.execute("SELECT * FROM complaint WHERE id = ?", (complaint_id,)).fetchone()
    return ComplaintRow._make(row) if row else None


def complaints(connection: "Connection", request_id: str) -> list[ComplaintRow]:
    """The complaints about a request, the first first."""
    rows = connection.execute("SELECT * FROM complaint WHERE request_id = ? ORDER BY opened_at, id", (request_id,))
    return [ComplaintRow._make(row) for row in rows]


def open_complaints(connection: "Connection") -> list[ComplaintRow]:
    """Every complaint that is not answered, the first that is due first."""
    rows = connection.execute("SELECT * FROM complaint WHERE closed_at IS NULL ORDER BY due_at, id")
    return [ComplaintRow._make(row) for row in rows]


def alarms(connection: "Connection", until: int) -> list[AlarmRow]:
    """Incidents that no supervisor has taken over, and complaints whose time is over; the oldest first."""
    return [AlarmRow._make(row) for row in connection.execute(_ALARMS, {"until": until})]
