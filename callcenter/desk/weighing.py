"""Providers as the ranking sees them: how far they are, what they have free for the children, how they answered."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from functools import lru_cache
from math import inf

from callcenter.care.eligibility import Block
from callcenter.care.geography import distance_km
from callcenter.care.matching import Candidate
from callcenter.care.places import least, slots
from callcenter.care.taken import Taken
from callcenter.desk.needs import Wanted
from callcenter.desk.presence import Present, presences
from callcenter.desk.providers_read import Here, ProvidersRead
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import moment

NO_GROUP = "no_group"

BlockedRow = tuple[reads.ProviderRow, tuple[Block, ...]]
"""A provider with the rules that block it."""
_Groups = Sequence[reads.GroupRow]


def weighed(
    providers: ProvidersRead,
    reference: Reference,
    wanted: Wanted,
    near: Sequence[BlockedRow],
    here: Here,
    now: datetime,
) -> list[Candidate]:
    """The providers as the ranking sees them; where a rule blocks one already, its places are not looked up."""
    able = _Able(providers, reference, wanted, [provider for provider, blocks in near if not blocks], now)
    found: list[Candidate] = []
    for provider, blocks in near:
        km = distance_km(*here, provider.lat, provider.lon)
        found.append(_out(provider, km, blocks) if blocks else able.candidate(provider, km))
    return found


class _Able:
    """Providers that no rule blocks, with what was read of them."""

    def __init__(
        self,
        providers: ProvidersRead,
        reference: Reference,
        wanted: Wanted,
        rows: Sequence[reads.ProviderRow],
        now: datetime,
    ) -> None:
        ids = [row.id for row in rows]
        every_age = {age for months in wanted.ages for age in months.values()}
        known = providers.groups(ids)
        self._records = providers.records(ids)
        self._groups = {one: groups_for(known[one], every_age) for one in ids}
        self._start, self._end = moment(wanted.request.start_at), moment(wanted.request.end_at)
        window = slots(self._start, self._end)
        self._at = presences(providers.connection, reference, rows, window)
        fitting = [group.id for groups in self._groups.values() for group in groups]
        self._taken = providers.taken(fitting, window, int(now.timestamp()), wanted.request.id)
        self._groups_at = _groups_at_ages(wanted.ages)

    def candidate(self, provider: reads.ProviderRow, km: float) -> Candidate:
        """The provider at that one of the ages the children may have at which it is least able."""
        present, record = self._at[provider.id], self._records[provider.id]
        away = present.absences(self._start, self._end)
        if away:
            return _out(provider, km, away)
        at_ages = [
            candidate_at(provider, km, groups, present, self._taken, months, record)
            for months, groups in self._groups_at(self._groups[provider.id])
        ]
        return min(at_ages, key=_ability)


def _out(provider: reads.ProviderRow, km: float, blocks: tuple[Block, ...]) -> Candidate:
    return Candidate(provider.id, provider.name, provider.region, km, None, None, None, 0, 0, None, blocks)


def groups_for(groups: _Groups, ages: Iterable[int]) -> list[reads.GroupRow]:
    """Those of the groups that take a child of one of the ages, in whole months."""
    return [group for group in groups if any(group.months_min <= age <= group.months_max for age in ages)]


def _groups_at_ages(ages: Sequence[Mapping[str, int]]) -> Callable[[_Groups], list[tuple[Mapping[str, int], _Groups]]]:
    """Gives the ages and for each the groups that take one of the children; ages alike in that are given once."""

    @lru_cache
    def fits(least: int, most: int) -> tuple[tuple[bool, ...], ...]:
        """Which of the children are in the band, at each of the ages."""
        return tuple(tuple(least <= age <= most for age in months.values()) for months in ages)

    def groups_at(groups: _Groups) -> list[tuple[Mapping[str, int], _Groups]]:
        bands = [fits(group.months_min, group.months_max) for group in groups]
        if all(one == band[0] for band in bands for one in band):
            return [(ages[0], groups)]
        return [
            (months, [group for group, band in zip(groups, bands, strict=True) if any(band[at])])
            for at, months in enumerate(ages)
        ]

    return groups_at


def _ability(candidate: Candidate) -> tuple[bool, float]:
    """How well it can take the children: not where a rule blocks, else by its free places, unknown ones last."""
    return not candidate.blocks, inf if candidate.free is None else candidate.free


def _group_blocks(groups: _Groups, months: Mapping[str, int]) -> tuple[Block, ...]:
    """A block when a child is in no age band of the provider, whatever is free."""
    without = [age for age in months.values() if not any(g.months_min <= age <= g.months_max for g in groups)]
    return (Block(NO_GROUP, {"months": min(without)}),) if without else ()


def candidate_at(
    provider: reads.ProviderRow,
    km: float,
    groups: _Groups,
    present: Present,
    taken: Taken,
    months: Mapping[str, int],
    record: reads.Record | None,
) -> Candidate:
    """Places and free places count children: a home-visit carer's one place is for several of one household."""
    places: int | None = 0
    free: int | None = 0
    window = present.window
    here = [present.group(group) for group in groups]
    for group in here:
        empty = taken.free(group, window)
        most = least(group.places)
        if most is None or empty is None:
            places = free = None
            break
        places = (places or 0) + most * group.children_per_place
        free = (free or 0) + empty * group.children_per_place
    if free and len(months) > 1 and taken.choose(here, months, window) is None:
        # Places enough in number, but not in the age bands of these siblings.
        free = 0
    confirmed = [group.confirmed_at for group in groups if group.confirmed_at is not None]
    return Candidate(
        provider_id=provider.id,
        name=provider.name,
        region=provider.region,
        km=km,
        places=places,
        free=free,
        confirmed_at=moment(min(confirmed)) if confirmed else None,
        offered=record.offered if record else 0,
        accepted=record.accepted if record else 0,
        last_offered_at=moment(record.last_offered_at) if record and record.last_offered_at else None,
        blocks=_group_blocks(groups, months),
    )
