"""Where more children are placed than there are places: nobody is thrown out, a person decides."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.places import slot_of, slot_start
from callcenter.desk.presence import Present, presences
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.lowered import lowered_groups, requests_of_offers

if TYPE_CHECKING:
    from sqlite3 import Connection

# A slot after all others.
_NEVER = 1 << 40


class Conflict(NamedTuple):
    """A group with more places taken than it has, from `start` to `end`.

    At the worst moment `taken` are taken of `places`. `requests` are those placed there then, as (id, receipt number),
    the last to be placed first; since `lowered_at` (epoch seconds) there are fewer places.
    """

    provider_id: str
    provider: str
    group_id: str
    label: str
    start: datetime
    end: datetime
    taken: int
    places: int
    requests: tuple[tuple[str, str], ...]
    lowered_at: int


def capacity_conflicts(connection: "Connection", reference: Reference, now: datetime) -> list[Conflict]:
    """Every group in which, from now on, more is taken than there is; unknown places are no conflict.

    Only groups are counted whose places, hours, closures, roster or duty were changed in the journal: whoever places a
    child counts the others.
    """
    first = slot_of(now)
    groups = lowered_groups(connection, first)
    if not groups:
        return []
    taken: dict[str, list[reads.TakenRow]] = {}
    for row in reads.taken(connection, [group.id for group in groups], first, _NEVER):
        taken.setdefault(row.group_id, []).append(row)
    window = range(first, 1 + max(row.slot for rows in taken.values() for row in rows))
    ids = dict.fromkeys(group.provider_id for group in groups)
    providers = {one: found for one in ids if (found := reads.provider(connection, one)) is not None}
    at = presences(connection, reference, list(providers.values()), window)
    conflicts = [
        _conflict(connection, providers[group.provider_id], group, at[group.provider_id], taken[group.id])
        for group in groups
    ]
    return [conflict for conflict in conflicts if conflict is not None]


def conflict_alarms(conflicts: Sequence[Conflict]) -> list[reads.AlarmRow]:
    """For each conflict the alarm of the request that was placed last."""
    return [
        reads.AlarmRow("places", *conflict.requests[0], conflict.lowered_at)
        for conflict in conflicts
        if conflict.requests
    ]


def _conflict(
    connection: "Connection",
    provider: reads.ProviderRow,
    group: reads.GroupRow,
    present: Present,
    taken: Sequence[reads.TakenRow],
) -> Conflict | None:
    here: dict[int, list[reads.TakenRow]] = {}
    for row in taken:
        here.setdefault(row.slot, []).append(row)
    capacity = dict(zip(present.window, present.capacity(group.places), strict=True))
    known = {slot: (len(rows), most) for slot, rows in here.items() if (most := capacity[slot]) is not None}
    over = {slot: (so_many, most) for slot, (so_many, most) in known.items() if so_many > most}
    if not over:
        return None
    offers = sorted({row.offer_id for slot in over for row in here[slot]})
    worst, places = max(over.values(), key=lambda one: one[0] - one[1])
    return Conflict(
        provider.id,
        provider.name,
        group.id,
        group.label,
        slot_start(min(over)),
        slot_start(max(over) + 1),
        worst,
        places,
        tuple(requests_of_offers(connection, offers)),
        group.lowered_at or 0,
    )
