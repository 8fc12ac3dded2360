"""The page of the queue that the console shows, read in one go with the header's figures and the clocks that run out.

The first paint waits for this module, so what only the threads need is imported where they ask for it.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.care.callbacks import PAUSE
from callcenter.care.priority import Cutoffs, cutoffs
from callcenter.desk.permission import Actor
from callcenter.desk.restricted import hidden
from callcenter.reference import Reference
from callcenter.store import reads

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.store.offers_in_flight import InFlightRow


class QueueView(NamedTuple):
    """A page of the queue with the figures of the header and the clocks that run out."""

    offset: int
    rows: list[reads.QueueRow]
    figures: reads.QueueFigures
    alarms: list[reads.AlarmRow]
    calls: list[reads.CallRow]
    cursor_index: int | None = None
    """Where the request under the cursor stands now, when that is outside this page."""
    in_flight: "Sequence[InFlightRow]" = ()
    """Whom everybody at the desk is trying just now."""


def first_view(connection: "Connection", now: datetime, actor: Actor | None, limit: int) -> QueueView:
    """The top of the queue as the first paint shows it; the rest of a view is read right after it."""
    cuts = cutoffs(now)
    return QueueView(
        0,
        shown_queue(connection, reads.queue(connection, cuts, 0, limit), actor),
        reads.queue_figures(connection, cuts),
        [],
        reads.calls_of_operator(connection, actor.name if actor else ""),
    )


def queue_view(
    connection: "Connection",
    now: datetime,
    actor: Actor | None,
    offset: int,
    limit: int,
    cursor: str | None = None,
    *,
    pause: timedelta = PAUSE,
    reference: Reference | None = None,
) -> QueueView:
    """The page of the queue from `offset` on, and what the header and the lane need.

    `cursor` is a request; `pause` is how long a try to call back silences its alarm. With `reference` those are
    among the alarms who were placed where there are fewer places now.
    """
    from callcenter.store import after

    cuts, until = cutoffs(now), int(now.timestamp())
    over: list[reads.AlarmRow] = []
    if reference is not None:
        from callcenter.desk.capacity_conflicts import capacity_conflicts, conflict_alarms

        over = conflict_alarms(capacity_conflicts(connection, reference, now))
    rows = shown_queue(connection, reads.queue(connection, cuts, offset, limit), actor)
    return QueueView(
        offset,
        rows,
        reads.queue_figures(connection, cuts),
        _conflict_alarms(connection, actor)
        + after.alarms(connection, until)
        + reads.alarms(connection, until, pause)
        + over,
        reads.calls_of_operator(connection, actor.name if actor else ""),
        None if cursor is None or any(row.id == cursor for row in rows) else _position(connection, cuts, cursor),
        _in_flight(connection, actor),
    )


def _conflict_alarms(connection: "Connection", actor: Actor | None) -> list[reads.AlarmRow]:
    from callcenter.store.conflicts import refused_offers
    from callcenter.store.crossed import crossed

    if not (refused_offers(connection) or crossed(connection)):
        return []
    # What decides conflicts is much to load, and there is hardly ever one to show.
    from callcenter.desk.conflicts import conflict_alarms

    return conflict_alarms(connection, actor)


def _in_flight(connection: "Connection", actor: Actor | None) -> "list[InFlightRow]":
    """The offers under way; of a request that the actor may not see, only that there is one."""
    from callcenter.store.offers_in_flight import in_flight

    rows = in_flight(connection)
    unseen = hidden(connection, [row.request_id for row in rows], actor)
    return [row._replace(provider=None) if row.request_id in unseen else row for row in rows]


def _position(connection: "Connection", cuts: Cutoffs, request_id: str) -> int | None:
    found = reads.request(connection, request_id)
    if found is None or found.state not in reads.OPEN_STATES:
        return None
    return reads.queue_position(connection, cuts, request_id)


def shown_queue(connection: "Connection", rows: Sequence[reads.QueueRow], actor: Actor | None) -> list[reads.QueueRow]:
    """The rows as the actor may see them; a hidden one keeps its place, number, city, times and clocks."""
    unseen = hidden(connection, [row.id for row in rows], actor)
    nothing: dict[str, Any] = {"urgency": "normal", "service": None, "reason": "", "guardian": None, "children": ""}
    return [row._replace(**nothing, provider=None, hidden=True) if row.id in unseen else row for row in rows]
