"""The queue of open requests with its figures, and the clocks that run out."""

import json
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.callbacks import PAUSE
from callcenter.care.lifecycle import REQUEST
from callcenter.care.priority import Cutoffs
from callcenter.store.reads.desk_rows import HERE

if TYPE_CHECKING:
    from sqlite3 import Connection

OPEN_STATES = tuple(sorted(REQUEST.open))
STUCK_SECONDS = 90
"""After so long a message that should have left is somebody's to look at: the gateway's process may be down."""


class QueueRow(NamedTuple):
    """A request as the queue shows it. `children` is `birth/school` of each, separated by spaces."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    service: str | None
    channel: str
    opened_at: int
    start_at: int
    end_at: int
    reason: str
    promised_at: int | None
    held_until: int | None
    changed_at: int
    guardian: str | None
    children: str
    offer_expires_at: int | None
    provider: str | None
    band: int
    claim: str = ""
    """How far the places of the offer under way are this desk's own; "" without one, and once people have decided."""
    hidden: bool = False
    """Whether its content was left out for who looks."""


class QueueFigures(NamedTuple):
    """The header's figures of the queue, and of the calls from outside that nobody has taken yet."""

    open: int
    urgent: int
    talking: int
    oldest_opened_at: int | None
    ringing: int = 0
    ringing_since: int | None = None


class AlarmRow(NamedTuple):
    """A request or a call-back whose clock has run out or soon will.

    `kind` is offer, again (a provider is to be rung again), conditional, reserved, promise, hold, conflict (its place
    was refused), crossed (two desks worked on it at once) or message (one was not sent) of a request, whose receipt
    number is `number`; or missed, dropped or promised of a call-back, and `number` is the telephone number as it is
    stored, empty where the call is restricted.
    """

    kind: str
    subject: str
    number: str
    due: int


# `care.priority.band` says the same in Python; a test holds the two together.
_BANDED = """
    WITH banded AS (
        SELECT r.id, r.opened_at, CASE WHEN r.urgency IN ('emergency', 'abuse') THEN 0
                         WHEN r.promised_at IS NOT NULL AND r.promised_at <= :overdue THEN 1
                         WHEN r.urgency = 'urgent' OR r.start_at <= :soon THEN 2
                         WHEN r.start_at <= :today THEN 3
                         ELSE 4 END AS band
        FROM request r WHERE r.state IN (SELECT value FROM json_each(:open))
    )
"""
_QUEUE = """
    SELECT q.id, q.number, q.state, q.urgency, q.region, q.service, q.channel, q.opened_at, q.start_at, q.end_at,
           q.reason, q.promised_at, q.held_until, q.changed_at,
           (SELECT name FROM guardian WHERE id = q.guardian_id),
           coalesce((SELECT group_concat(c.birth || '/' || coalesce(c.school, ''), ' ')
                     FROM request_child rc JOIN child c ON c.id = rc.child_id WHERE rc.request_id = q.id), ''),
           o.expires_at,
           (SELECT name FROM provider WHERE id = o.provider_id),
           page.band,
           CASE WHEN o.decided <> '' THEN '' ELSE coalesce(o.claim, '') END
    FROM (SELECT * FROM banded ORDER BY band, opened_at, id LIMIT :limit OFFSET :offset) page
    JOIN request q ON q.id = page.id
    LEFT JOIN offer o ON o.id = (SELECT id FROM offer WHERE request_id = q.id
                                 AND state IN ('reserved', 'pending', 'conditional', 'accepted')
                                 ORDER BY state = 'reserved', state = 'accepted', made_at, id LIMIT 1)
    ORDER BY page.band, page.opened_at, page.id
"""
_POSITION = """
    SELECT count(*) FROM banded b, (SELECT band, opened_at, id FROM banded WHERE id = :id) me
    WHERE (b.band, b.opened_at, b.id) < (me.band, me.opened_at, me.id)
"""
_FIGURES = f"""
    SELECT count(*), sum(band <= 2), (SELECT count(*) FROM call WHERE state = 'talking' AND +desk = {HERE}),
           min(opened_at),
           (SELECT count(*) FROM call WHERE state = 'ringing' AND direction = 'in' AND +desk = {HERE}),
           (SELECT min(opened_at) FROM call WHERE state = 'ringing' AND direction = 'in' AND +desk = {HERE})
    FROM banded
"""  # noqa: S608 - ours, no value
# `care.callbacks.next_due` says the same in Python; a test holds the two together.
TIMED = """
    , timed AS MATERIALIZED (
        SELECT o.*, coalesce((SELECT max(t.at) + :pause FROM callback_try t
                              WHERE t.subject = o.id AND t.at >= o.promised_at), o.promised_at) AS due
        FROM owed o
    )
"""
_OVERDUE = """
    WITH owed AS (
        SELECT 'promise' AS kind, id, number, promised_at FROM request
        WHERE promised_at <= :until AND state IN ('open', 'matching', 'offered', 'accepted')
        UNION ALL
        SELECT b.kind, b.id, CASE WHEN c.safety IS NULL THEN b.phone ELSE '' END, b.due_at
        FROM callback b LEFT JOIN call c ON c.id = b.call_id WHERE b.closed_at IS NULL AND b.due_at <= :until
    )
"""
_ALARMS = """
    SELECT CASE WHEN o.state = 'pending' AND o.ring_again THEN 'again' WHEN o.state = 'pending' THEN 'offer'
                ELSE o.state END, r.id, r.number, o.expires_at
    FROM offer o JOIN request r ON r.id = o.request_id
    WHERE o.state IN ('reserved', 'pending', 'conditional') AND o.expires_at <= :until
    UNION ALL
    SELECT kind, id, number, due FROM timed WHERE due <= :until
    UNION ALL
    SELECT 'hold', r.id, r.number, r.held_until FROM request r WHERE r.state = 'held' AND r.held_until <= :until
    UNION ALL
    SELECT 'message', r.id, r.number, m.changed_at FROM message m JOIN request r ON r.id = m.request_id
    WHERE m.state = 'failed'
    UNION
    SELECT 'message', r.id, r.number, m.not_before FROM message m JOIN request r ON r.id = m.request_id
    WHERE m.state IN ('waiting', 'leaving') AND m.not_before <= :stuck
    ORDER BY 4, 3
"""


def queue(connection: "Connection", cutoffs: Cutoffs, offset: int, limit: int) -> list[QueueRow]:
    """A page of the open requests, the most urgent band first, the oldest first in it."""
    values = _banded(cutoffs, limit=limit, offset=offset)
    return [QueueRow(*row) for row in connection.execute(_BANDED + _QUEUE, values)]


def open_requests(connection: "Connection", cutoffs: Cutoffs) -> list[QueueRow]:
    """Every open request in the order of the queue."""
    return queue(connection, cutoffs, 0, -1)


def queue_position(connection: "Connection", cutoffs: Cutoffs, request: str) -> int:
    """How many open requests stand before this one."""
    position: int = connection.execute(_BANDED + _POSITION, _banded(cutoffs, id=request)).fetchone()[0]
    return position


def queue_figures(connection: "Connection", cutoffs: Cutoffs) -> QueueFigures:
    """How many are open and urgent, since when the oldest waits; how many calls talk and ring, and since when."""
    opened, urgent, *others = connection.execute(_BANDED + _FIGURES, _banded(cutoffs)).fetchone()
    return QueueFigures(opened, urgent or 0, *others)


def alarms(connection: "Connection", until: int, pause: timedelta = PAUSE) -> list[AlarmRow]:
    """Clocks that run out up to `until`: offers, call-backs, holds; the oldest first. A try silences for a pause."""
    values = {"until": until, "pause": int(pause.total_seconds()), "stuck": until - STUCK_SECONDS}
    return [AlarmRow._make(row) for row in connection.execute(_OVERDUE + TIMED + _ALARMS, values)]


def _banded(cutoffs: Cutoffs, **values: object) -> dict[str, object]:
    return {
        "open": json.dumps(OPEN_STATES),
        "overdue": cutoffs.overdue,
        "soon": cutoffs.soon,
        "today": cutoffs.today,
        **values,
    }
