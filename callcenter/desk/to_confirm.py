"""Whom to ring next to hear what is free: by how many of tonight's requests need them, and how old their word is."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.freshness import Age, age
from callcenter.care.priority import cutoffs
from callcenter.desk.matches import weigh
from callcenter.desk.provider_rules import verdicts_of
from callcenter.desk.providers_read import ProvidersRead
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

# In the order of the queue: as many as are looked at while somebody waits for the list.
_REQUESTS = 60
_LOOKED_AT = 400
_WAITING = ("open", "matching")


class ToConfirm(NamedTuple):
    """A provider whose places nobody confirmed lately; `wanted` requests of tonight could go to it.

    `groups` are its groups with an old word or none, `age` is that of the oldest of them.
    """

    provider: reads.ProviderRow
    groups: tuple[reads.GroupRow, ...]
    wanted: int
    age: Age


def to_confirm(
    connection: "Connection", reference: Reference, programs: Sequence[str], now: datetime, limit: int = 50
) -> list[ToConfirm]:
    """The providers to ring, the most wanted first, then those never confirmed, then the oldest word.

    What is looked at are the requests that wait for a provider and begin within a day, the first of the queue, each
    with the matches that would be shown for it.
    """
    return with_old_word(connection, reference, wanted_tonight(connection, reference, programs, now), now)[:limit]


def with_old_word(
    connection: "Connection", reference: Reference, wanted: Mapping[str, int], now: datetime
) -> list[ToConfirm]:
    """Those of the wanted providers that have an old word or none, in the order of `to_confirm`."""
    rows = {row.id: row for row in reads.providers_of(connection, list(wanted))}
    stale: dict[str, list[reads.GroupRow]] = {}
    for group in reads.groups_of(connection, list(rows)):
        if _age(group, reference, now).state != "fresh":
            stale.setdefault(group.provider_id, []).append(group)
    found = [
        ToConfirm(rows[provider], tuple(groups), wanted[provider], _oldest(groups, reference, now))
        for provider, groups in stale.items()
    ]
    return sorted(found, key=_order)


def wanted_tonight(
    connection: "Connection", reference: Reference, programs: Sequence[str], now: datetime, most: int = _REQUESTS
) -> "Counter[str]":
    """How many of the first `most` requests that wait each provider could take."""
    cuts = cutoffs(now)
    queue = reads.queue(connection, cuts, 0, _LOOKED_AT)
    waiting = [row for row in queue if row.state in _WAITING and row.start_at <= cuts.today]
    wanted: Counter[str] = Counter()
    providers = ProvidersRead(connection)
    for row in waiting[:most]:
        request = reads.request(connection, row.id)
        children = reads.children_of_request(connection, row.id)
        if request is None or not children:
            continue
        verdicts = verdicts_of(reference, programs, request, children, now, find_next=False)
        ranking = weigh(providers, reference, verdicts, request, [children], now).matches.ranking
        wanted.update(match.candidate.provider_id for match in ranking.matches)
    return wanted


def _age(group: reads.GroupRow, reference: Reference, now: datetime) -> Age:
    confirmed = None if group.confirmed_at is None else moment(group.confirmed_at)
    return age(confirmed, now, reference.weights.fresh_hours)


def _oldest(groups: Sequence[reads.GroupRow], reference: Reference, now: datetime) -> Age:
    return min((_age(group, reference, now) for group in groups), key=_age_order)


def _order(one: ToConfirm) -> tuple[int, tuple[bool, float], str]:
    return -one.wanted, _age_order(one.age), one.provider.id


def _age_order(one: Age) -> tuple[bool, float]:
    return one.since is not None, 0.0 if one.since is None else -one.since.total_seconds()
