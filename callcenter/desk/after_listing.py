"""Incidents and complaints that somebody still has to see to, as plain lines; what was said of them is left out."""

from collections.abc import Iterator
from datetime import datetime
from typing import TYPE_CHECKING, Any

from callcenter.care.calendar import SEOUL
from callcenter.store import after, reads

if TYPE_CHECKING:
    from sqlite3 import Connection


def incidents(connection: "Connection") -> Iterator[dict[str, Any]]:
    """The incidents that no supervisor has taken over, the oldest first; `told` are codes of whom was told."""
    for row in after.open_incidents(connection):
        yield {
            "number": _number(connection, row.request_id),
            "what": row.what,
            "at": _local(row.at),
            "told": row.told.split(),
            "raised_by": row.operator,
        }


def complaints(connection: "Connection") -> Iterator[dict[str, Any]]:
    """The complaints that are not answered, the first that is due first; `number` is null for one of no request."""
    for row in after.open_complaints(connection):
        yield {
            "number": None if row.request_id is None else _number(connection, row.request_id),
            "owner": row.owner,
            "due": _local(row.due_at),
            "opened": _local(row.opened_at),
            "opened_by": row.operator,
        }


def _number(connection: "Connection", request_id: str) -> str | None:
    request = reads.request(connection, request_id)
    return None if request is None else request.number


def _local(at: int) -> str:
    return datetime.fromtimestamp(at, SEOUL).isoformat(timespec="minutes")
