"""What came after, or went wrong on the way: all that the panel of one request tells besides its offers."""

from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.corrections import Step, steps
from callcenter.store import after, reads

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.desk.permission import Actor

_STEPS = 9


class Past(NamedTuple):
    """The no-shows of its guardian, and what was noted of a request; of the steps the newest."""

    no_shows: after.NoShows
    incidents: list[after.IncidentRow]
    complaints: list[after.ComplaintRow]
    satisfaction: after.SatisfactionRow | None
    cut_short: after.CutShortRow | None
    steps: list[Step]


def past_of(connection: "Connection", request_id: str, guardian_id: str, actor: "Actor | None") -> Past:
    """What came after a request that the actor may see."""
    return Past(
        after.no_shows(connection, guardian_id),
        seen_incidents(connection, request_id, actor),
        after.complaints(connection, request_id),
        after.satisfaction(connection, request_id),
        after.cut_short(connection, request_id),
        steps(connection, request_id, _STEPS),
    )


def seen_incidents(connection: "Connection", request_id: str, actor: "Actor | None") -> list[after.IncidentRow]:
    """The incidents of a request as the actor may see them: what happened only supervisors and who raised it read."""
    rows, here = after.incidents(connection, request_id), reads.desk(connection)
    name = here.name if here is not None else ""
    return [row if actor is not None and _may_read(row, actor, name) else _without_words(row) for row in rows]


def _may_read(row: after.IncidentRow, actor: "Actor", here: str) -> bool:
    return actor.role == "supervisor" or (actor.name, here) == (row.operator, row.desk)


def _without_words(row: after.IncidentRow) -> after.IncidentRow:
    return row._replace(what="", said="", child_id=None, told="")
