"""Providers, their groups, the places that are taken, and how each answered so far."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class ProviderRow(NamedTuple):
    """A provider; `record` is its whole record as JSON."""

    id: str
    service: str
    name: str
    region: str
    lat: float
    lon: float
    record: str


class GroupRow(NamedTuple):
    """A group of a provider."""

    id: str
    provider_id: str
    position: int
    label: str
    months_min: int
    months_max: int
    children_per_place: int
    places: int | None
    confirmed_at: int | None
    confirmed_by: str | None
    confirmed_how: str | None
    lowered_at: int | None = None


class TakenRow(NamedTuple):
    """A taken place."""

    group_id: str
    slot: int
    place_no: int
    offer_id: str
    request_id: str


class Record(NamedTuple):
    """How a provider answered so far."""

    offered: int
    accepted: int
    last_offered_at: int | None


# The index has all that is asked for.
_NEAR = """
    SELECT id, (lat - :lat) * (lat - :lat) + (lon - :lon) * (lon - :lon) * :squeeze AS apart FROM provider
    WHERE service = :service AND lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east
    ORDER BY apart, id LIMIT :limit
"""


def providers(connection: "Connection", *, region: str | None = None) -> list[ProviderRow]:
    """Every provider, or those of a region, by region and name."""
    sql = "SELECT * FROM provider WHERE :region IS NULL OR region = :region ORDER BY region, name, id"
    return [ProviderRow._make(row) for row in connection.execute(sql, {"region": region})]


def provider(connection: "Connection", provider_id: str) -> ProviderRow | None:
    """The provider, or None."""
    row = connection.execute("SELECT * FROM provider WHERE id = ?", (provider_id,)).fetchone()
    return ProviderRow._make(row) if row else None


def providers_near(
    connection: "Connection", service: str, lat: float, lon: float, degrees: tuple[float, float], limit: int
) -> list[str]:
    """The nearest providers of a service in a box of ± degrees (latitude, longitude) around a point."""
    rows: list[tuple[str, float]] = []
    # Where there are many in the half of it, most of the box would be sorted for nothing.
    for part in (0.5, 1.0):
        high, wide = (part * half for half in degrees)
        values: dict[str, Any] = {
            "service": service,
            "lat": lat,
            "lon": lon,
            "south": lat - high,
            "north": lat + high,
            "west": lon - wide,
            "east": lon + wide,
            # A degree of longitude is shorter than one of latitude; SQL here has no cosine.
            "squeeze": (high / wide) ** 2,
            "limit": limit,
        }
        rows = connection.execute(_NEAR, values).fetchall()
        if len(rows) == limit and rows[-1][1] <= high**2:
            # Whoever is outside is further away.
            break
    return [row[0] for row in rows]


def providers_of(connection: "Connection", ids: Sequence[str]) -> list[ProviderRow]:
    """The providers with these identifiers, in no order."""
    sql = "SELECT p.* FROM json_each(?) wanted CROSS JOIN provider p ON p.id = wanted.value"
    return [ProviderRow._make(row) for row in connection.execute(sql, (json.dumps(list(ids)),))]


def groups_of(connection: "Connection", provider_ids: Sequence[str]) -> list[GroupRow]:
    """The groups of these providers."""
    sql = """SELECT g.* FROM json_each(?) wanted JOIN provider_group g ON g.provider_id = wanted.value
             ORDER BY g.provider_id, g.position"""
    return [GroupRow._make(row) for row in connection.execute(sql, (json.dumps(list(provider_ids)),))]


def group(connection: "Connection", group_id: str) -> GroupRow | None:
    """The group, or None."""
    row = connection.execute("SELECT * FROM provider_group WHERE id = ?", (group_id,)).fetchone()
    return GroupRow._make(row) if row else None


def taken(connection: "Connection", group_ids: Sequence[str], first_slot: int, last_slot: int) -> list[TakenRow]:
    """The places of these groups that are taken in the slots from first to last."""
    sql = """SELECT p.* FROM json_each(?) wanted JOIN place_taken p ON p.group_id = wanted.value
             WHERE p.slot BETWEEN ? AND ? ORDER BY p.group_id, p.slot, p.place_no"""
    return [
        TakenRow._make(row) for row in connection.execute(sql, (json.dumps(list(group_ids)), first_slot, last_slot))
    ]


def records_of(connection: "Connection", provider_ids: Sequence[str]) -> dict[str, Record]:
    """How these providers answered: offers answered, those accepted, and when the last one was made.

    Busy, a wrong number, and a condition that the guardian did not want are no refusals.
    """
    # An offer that the guardian's cancelling ended has no answer, and says nothing of the provider.
    sql = """SELECT o.provider_id,
                    coalesce(sum(o.answer NOT IN ('busy', 'wrong_number', 'conditional', 'condition_refused')), 0),
                    coalesce(sum(o.answer = 'accepted'), 0), max(o.made_at)
             FROM json_each(?) wanted JOIN offer o ON o.provider_id = wanted.value
             WHERE o.state NOT IN ('reserved', 'pending', 'conditional', 'released', 'undone') GROUP BY o.provider_id"""
    rows = connection.execute(sql, (json.dumps(list(provider_ids)),))
    return {row[0]: Record._make(row[1:]) for row in rows}
