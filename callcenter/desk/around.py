"""The providers around a request, half hour by half hour: what is free, taken, held, closed or unknown."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.geography import distance_km
from callcenter.care.places import least, slot_of, slot_start, slots
from callcenter.desk.facilities import takes_part
from callcenter.desk.needs import children_months
from callcenter.desk.presence import Present, presences
from callcenter.desk.providers_read import box
from callcenter.desk.slot_states import SlotState, states
from callcenter.desk.view import RequestView
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.overstays import with_overstays
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

SLOTS = 10
_WITHIN_KM = (8.0, 40.0)
_NEAREST = 16


class AroundRow(NamedTuple):
    """A provider near the request: its half hours from `first` on, and its places over the time asked for."""

    provider_id: str
    name: str
    service: str
    region: str
    km: float
    first: datetime
    states: tuple[SlotState, ...]
    free: int | None
    places: int | None
    confirmed_at: datetime | None
    confirmed_by: str | None


def around(
    connection: "Connection", reference: Reference, programs: Sequence[str], view: RequestView | None, now: datetime
) -> list[AroundRow]:
    """The nearest providers of the services for the children's ages, from an hour before the start asked for."""
    here = reference.regions.get(view.request.region) if view else None
    if view is None or here is None:
        return []
    request = view.request
    months = children_months(view.request, view.children).values()
    first = slot_of(moment(request.start_at).replace(minute=0)) - 2
    window = range(first, first + SLOTS)
    day = moment(request.start_at).date()
    services = [service for service in reference.services.values() if service.program in programs]
    near = [
        provider
        for service in services
        for provider in _nearest(connection, service.id, here.lat, here.lon)
        if takes_part(provider, day)
    ]
    groups: dict[str, list[reads.GroupRow]] = {}
    for group in reads.groups_of(connection, [provider.id for provider in near]):
        if any(group.months_min <= age <= group.months_max for age in months):
            groups.setdefault(group.provider_id, []).append(group)
    ids = [group.id for found in groups.values() for group in found]
    taken: dict[str, list[reads.TakenRow]] = {}
    held = reads.taken(connection, ids, window[0], window[-1])
    for row in with_overstays(connection, held, ids, window[0], window[-1], int(now.timestamp())):
        taken.setdefault(row.group_id, []).append(row)
    pending = reads.pending_among(connection, {row.offer_id for found in taken.values() for row in found})
    shown = [provider for provider in near if provider.id in groups]
    now_shown = presences(connection, reference, shown, window)
    when_asked = presences(connection, reference, shown, slots(moment(request.start_at), moment(request.end_at)))
    rows = [
        _row(
            provider,
            groups[provider.id],
            taken,
            pending,
            now_shown[provider.id],
            when_asked[provider.id],
            distance_km(here.lat, here.lon, provider.lat, provider.lon),
        )
        for provider in shown
    ]
    return sorted(rows, key=lambda row: (row.km, row.provider_id))


def _nearest(connection: "Connection", service: str, lat: float, lon: float) -> list[reads.ProviderRow]:
    """The nearest of a service: those of the small box where it has enough, as what lies outside is further away."""
    for km in _WITHIN_KM:
        near = reads.providers_near(connection, service, lat, lon, box(lat, km), _NEAREST)
        if len(near) == _NEAREST and distance_km(lat, lon, near[-1].lat, near[-1].lon) <= km:
            break
    return near


def _sum(several: Sequence[int | None]) -> int | None:
    known = [places for places in several if places is not None]
    return sum(known) if len(known) == len(several) else None


def _row(
    provider: reads.ProviderRow,
    groups: Sequence[reads.GroupRow],
    taken: dict[str, list[reads.TakenRow]],
    pending: set[str],
    shown: Present,
    asked: Present,
    km: float,
) -> AroundRow:
    places = _sum([least(asked.group(group).places) for group in groups])
    capacity = tuple(map(_sum, zip(*(shown.capacity(group.places) for group in groups), strict=True)))
    by_slot: dict[int, list[reads.TakenRow]] = {}
    busy: set[tuple[str, int]] = set()
    for group in groups:
        for row in taken.get(group.id, ()):
            by_slot.setdefault(row.slot, []).append(row)
            if row.slot in asked.window:
                busy.add((row.group_id, row.place_no))
    confirmed = [group for group in groups if group.confirmed_at is not None]
    oldest = min(confirmed, key=lambda group: group.confirmed_at or 0) if confirmed else None
    return AroundRow(
        provider.id,
        provider.name,
        provider.service,
        provider.region,
        km,
        slot_start(shown.window.start),
        states(shown, capacity, by_slot, pending),
        None if places is None else max(0, places - len(busy)),
        places,
        moment(oldest.confirmed_at) if oldest and oldest.confirmed_at else None,
        oldest.confirmed_by if oldest else None,
    )
