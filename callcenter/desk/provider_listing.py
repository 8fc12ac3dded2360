"""Whom to ring about places, closures and conflicts, as plain lines for other programs: one JSON object a line."""

import json
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from callcenter.care.calendar import SEOUL
from callcenter.desk.capacity_conflicts import capacity_conflicts
from callcenter.desk.to_confirm import to_confirm
from callcenter.reference import Reference
from callcenter.store import provider_times, reads
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

# A second after all others.
_NEVER = 1 << 40


def stale(
    connection: "Connection", reference: Reference, programs: Sequence[str], now: datetime
) -> Iterator[dict[str, Any]]:
    """Whom to ring to hear what is free; `minutes` since the oldest word is null where nobody ever asked."""
    for one in to_confirm(connection, reference, programs, now):
        record = json.loads(one.provider.record)
        yield {
            "id": one.provider.id,
            "name": one.provider.name,
            "region": one.provider.region,
            "phone": record["phone_day"] or record["phone_oncall"] or record["phone_night"] or None,
            "requests": one.wanted,
            "minutes": None if one.age.since is None else one.age.since // timedelta(minutes=1),
            "groups": [{"label": group.label, "places": group.places} for group in one.groups],
        }


def conflicts(connection: "Connection", reference: Reference, now: datetime) -> Iterator[dict[str, Any]]:
    """Where more is taken than there is; `requests` are receipt numbers, the last to be placed first."""
    for one in capacity_conflicts(connection, reference, now):
        yield {
            "provider": one.provider_id,
            "name": one.provider,
            "group": one.label,
            "start": _iso(one.start),
            "end": _iso(one.end),
            "taken": one.taken,
            "places": one.places,
            "requests": [number for _id, number in one.requests],
        }


def closures(connection: "Connection", now: datetime) -> Iterator[dict[str, Any]]:
    """The closures that are not over, the first to begin first."""
    for row in provider_times.closures(connection, None, int(now.timestamp()), _NEVER):
        provider = reads.provider(connection, row.provider_id)
        yield {
            "id": row.id,
            "provider": row.provider_id,
            "name": provider.name if provider else None,
            "start": _iso(moment(row.start_at)),
            "end": _iso(moment(row.end_at)),
            "reason": row.reason,
            "by": row.set_by,
        }


def _iso(at: datetime) -> str:
    return at.astimezone(SEOUL).isoformat(timespec="minutes")
