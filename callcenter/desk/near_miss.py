"""Nobody can take the children as asked: what one soft change would give, out of what was read for the matches."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.availability import Presence
from callcenter.care.child import months_at
from callcenter.care.geography import between_km, distance_km
from callcenter.care.matching import Candidate, Match, rank
from callcenter.care.near_miss import STEPS, Asked, Change, Miss, nearest_misses, time_changes
from callcenter.care.places import slots
from callcenter.care.programs import Service
from callcenter.desk.facilities import facility_of, terms_of
from callcenter.desk.matches import (
    HOPELESS,
    NEAREST,
    Taken,
    Wanted,
    Weighed,
    box,
    candidate_at,
    candidates,
    children_months,
    needs_of,
    rules_key,
    shared_blocks,
    taken_by_group,
    verdict_as_asked,
    weighed,
)
from callcenter.desk.presence import Present, presences
from callcenter.desk.session import seconds
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.reservations import blocking
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

# Rules that another time may keep; every other block stands whatever the time is.
_OF_TIME = frozenset(
    {
        "closed_day",
        "outside_admission",
        "outside_hours",
        "too_long",
        "too_short",
        "too_many_days",
        "in_the_past",
        "cutoff_passed",
        "notice_too_short",
    }
)
_ENOUGH = 5
_FURTHER = 100
_NEIGHBOURS = 3
_IN_REGION_KM = 15.0
_IN_REGION = 60
_WIDEST_KM = 60.0


def asked_of(request: reads.RequestRow) -> Asked:
    """What of the request a change can touch."""
    start, end = moment(request.start_at), moment(request.end_at)
    return Asked(start, end, request.region, request.residence, request.service)


def misses(
    connection: "Connection",
    reference: Reference,
    programs: Sequence[str],
    found: Weighed,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> tuple[Miss, ...]:
    """The changes that cost the family least and would give a place, each with the best provider there is then.

    Of a request that holds places already only what does not touch those is proposed.
    """
    search = _Search(connection, reference, programs, found, children, now)
    return nearest_misses(search.changes(), reference.weights.changes, search.find)


_Rules = tuple[object, ...]


class _Near(NamedTuple):
    """A provider that another time may open, with what was read of it for the widest window.

    `groups` are those of the children's ages, each with a mask of the slots that every taken number is taken in; `like`
    is the same for all that are under the same rules.
    """

    row: reads.ProviderRow
    like: _Rules
    km: float
    groups: Sequence[tuple[reads.GroupRow, tuple[int, ...]]]
    present: Present
    record: reads.Record | None

    def full(self, mask: int, children: int) -> bool:
        """Whether there are surely too few places in the slots of the mask: a look that costs next to nothing."""
        free = 0
        for group, busy in self.groups:
            if group.places is None:
                return False
            free += (group.places - sum(1 for one in busy if one & mask)) * group.children_per_place
        return free < children


class _Search:
    """Tries one change after the other; what they have in common is read at the first that needs it."""

    def __init__(
        self,
        connection: "Connection",
        reference: Reference,
        programs: Sequence[str],
        found: Weighed,
        children: Sequence[reads.ChildRow],
        now: datetime,
    ) -> None:
        self._connection = connection
        self._reference = reference
        self._programs = programs
        self._found = found
        self._children = children
        self._now = now
        self._request = found.wanted.request
        self._asked = asked_of(self._request)

    def changes(self) -> list[Change]:
        """Every change that can be asked for."""
        request, reference = self._request, self._reference
        home = reference.regions.get(request.region)
        if home is None:
            return []
        made = [Change("wider")] if any(looked.more for looked in self._found.looked) else []
        if request.service is not None:
            others = (one for one in reference.services.values() if one.program in self._programs)
            made += [Change("service", code=one.id) for one in others if one.id != request.service]
        if reads.live_offers(self._connection, request.id):
            return made
        limits = [
            block.values["most"]
            for verdict in self._found.matches.verdicts
            for block in verdict.blocks
            if block.code == "too_long"
        ]
        longest = max((limit for limit in limits if isinstance(limit, timedelta)), default=None)
        made += time_changes(self._asked, self._now, longest)
        if self._not_served():
            near = sorted(home.neighbours, key=lambda code: between_km(reference.regions, home.code, code))
            made += [Change("region", code=code) for code in near[:_NEIGHBOURS]]
        return made

    def find(self, change: Change) -> Match | None:
        """The best match with the change; no rule is weaker with it than without."""
        if change.kind in ("shift", "start", "end"):
            return self._at_another_time(change)
        if change.kind == "service":
            return self._with_another_service(change)
        if change.kind == "wider":
            return self._further_away()
        return self._in_another_region(change)

    def changed(self, change: Change) -> reads.RequestRow:
        """The request as it would be; another time or place is asked for now, and other wishes as before."""
        asked = change.applied(self._asked)
        wish = self._request._replace(
            start_at=seconds(asked.start),
            end_at=seconds(asked.end),
            region=asked.region,
            residence=asked.residence,
            service=asked.service,
        )
        anew = change.kind not in ("service", "wider")
        return wish._replace(asked_at=seconds(self._now)) if anew else wish

    def _wanted(self, request: reads.RequestRow) -> Wanted:
        return Wanted(
            request,
            needs_of(request, self._children),
            [children_months(request, self._children)],
            self._found.wanted.apart,
        )

    def _best(self, candidates: Sequence[Candidate]) -> Match | None:
        found = rank(candidates, len(self._children), self._reference.weights, self._now, self._found.tried, limit=1)
        return found.matches[0] if found.matches else None

    # Another time

    def _at_another_time(self, change: Change) -> Match | None:
        request = self.changed(change)
        wanted = self._wanted(request)
        asked = change.applied(self._asked)
        window = slots(asked.start, asked.end)
        mask = ((1 << len(window)) - 1) << (window.start - self._window.start)
        day, here = asked.start.date(), self._here
        found: list[Candidate] = []
        for looked in self._found.looked:
            blocks_at = shared_blocks(self._reference, looked.service, wanted, self._now, here)
            opened = {like for like, row in self._likes.get(looked.service.id, {}).items() if not blocks_at(row)}
            if not opened:
                # Before anything is read of them: where the rules shut out all, no place matters.
                continue
            able = 0
            for near in self._near[looked.service.id]:
                if near.like not in opened or near.full(mask, len(self._children)):
                    continue
                candidate = self._candidate(near, asked, window, wanted.ages[0], day)
                if candidate is not None:
                    found.append(candidate)
                    able += 1
                    if able == _ENOUGH:
                        break
        return self._best(found)

    def _candidate(
        self, near: _Near, asked: Asked, window: range, months: Mapping[str, int], day: date
    ) -> Candidate | None:
        """The provider as the ranking sees it at the other time; None where it cannot take the children."""
        present = _narrowed(near.present, window)
        if not terms_of(near.row.record).holds_on(day.isoformat()) or present.absences(asked.start, asked.end):
            return None
        ages = months.values()
        groups = [group for group, _busy in near.groups if _takes(group, ages)]
        found = candidate_at(near.row, near.km, groups, present, self._taken, months, near.record)
        free = found.places if found.free is None else found.free
        return None if found.blocks or (free is not None and free < len(months)) else found

    @property
    def _here(self) -> tuple[float, float]:
        home = self._reference.regions[self._request.region]
        return home.lat, home.lon

    @cached_property
    def _window(self) -> range:
        """The slots of every time that is tried."""
        most = timedelta(minutes=max(STEPS))
        return slots(self._asked.start - most, self._asked.end + most)

    @cached_property
    def _rows(self) -> list[tuple[str, reads.ProviderRow]]:
        """The providers, with their services, that only rules of the time keep from taking the children, if any do."""
        return [
            (looked.service.id, row)
            for looked in self._found.looked
            for row, blocks in looked.rows
            if row.id not in self._found.tried and all(block.code in _OF_TIME for block in blocks)
        ]

    @cached_property
    def _groups(self) -> dict[str, list[reads.GroupRow]]:
        """The groups of these providers that take one of the children on one of the days that are tried."""
        births = [date.fromisoformat(child.birth) for child in self._children]
        ages = {months_at(birth, day) for birth in births for day in self._days}
        found: dict[str, list[reads.GroupRow]] = {}
        for group in reads.groups_of(self._connection, [row.id for _service, row in self._rows]):
            if _takes(group, ages):
                found.setdefault(group.provider_id, []).append(group)
        return found

    @cached_property
    def _days(self) -> list[date]:
        """The days on which care would begin at one of the times that are tried."""
        return sorted({(self._asked.start + timedelta(minutes=sign * max(STEPS))).date() for sign in (-1, 0, 1)})

    @cached_property
    def _taken(self) -> Taken:
        groups = [group.id for rows in self._groups.values() for group in rows]
        first, last, at = self._window[0], self._window[-1], int(self._now.timestamp())
        return taken_by_group(blocking(self._connection, groups, first, last, at, self._request.id))

    @cached_property
    def _near(self) -> Mapping[str, list[_Near]]:
        """These providers by service, the nearest first."""
        rows = [row for _service, row in self._rows if row.id in self._groups]
        at = presences(self._connection, self._reference, rows, self._window)
        records = reads.records_of(self._connection, [row.id for row in rows])
        here, first = self._here, self._window.start
        found: dict[str, list[_Near]] = {looked.service.id: [] for looked in self._found.looked}
        for service, row in self._rows:
            if row.id in self._groups:
                groups = [(group, _masks(self._taken.get(group.id, ()), first)) for group in self._groups[row.id]]
                km = distance_km(*here, row.lat, row.lon)
                like = self._rules_of(service, row)
                found[service].append(_Near(row, like, km, groups, at[row.id], records.get(row.id)))
        return found

    @cached_property
    def _likes(self) -> Mapping[str, Mapping[_Rules, reads.ProviderRow]]:
        """By service: of all these providers that are under the same rules, one."""
        found: dict[str, dict[_Rules, reads.ProviderRow]] = {}
        for service, row in self._rows:
            found.setdefault(service, {}).setdefault(self._rules_of(service, row), row)
        return found

    def _rules_of(self, service: str, row: reads.ProviderRow) -> _Rules:
        """The same for providers of a service that have the same blocks whatever time is tried."""
        facility, known = facility_of(row, self._here), self._reference.services[service]
        kept_apart = row.id in self._found.wanted.apart
        return kept_apart, *(rules_key(self._reference, known, facility, day) for day in self._days)

    # Another service, another place

    def _with_another_service(self, change: Change) -> Match | None:
        request = self.changed(change)
        service = self._reference.services[change.code]
        needs = needs_of(request, self._children)
        verdict = verdict_as_asked(self._reference, service, request, needs, self._now, find_next=False)
        if any(block.code in HOPELESS for block in verdict.blocks):
            return None
        found, _looked = candidates(self._connection, self._reference, service, self._wanted(request), self._now)
        return self._best(found)

    def _further_away(self) -> Match | None:
        """The best of those next to everybody who was looked at."""
        wanted, here = self._wanted(self._request), self._here
        found: list[Candidate] = []
        for looked in self._found.looked:
            if looked.more:
                seen = {row.id for row, _blocks in looked.rows}
                rows = reads.providers_near(
                    self._connection, looked.service.id, *here, box(here[0], _WIDEST_KM), NEAREST + _FURTHER
                )
                found += self._weighed(looked.service, [row for row in rows if row.id not in seen], wanted, here)
        return self._best(found)

    def _in_another_region(self, change: Change) -> Match | None:
        wanted = self._wanted(self.changed(change))
        region = self._reference.regions[change.code]
        there = region.lat, region.lon
        found: list[Candidate] = []
        for service in self._not_served():
            request = wanted.request
            verdict = verdict_as_asked(self._reference, service, request, wanted.needs, self._now, find_next=False)
            if any(block.code not in _OF_TIME for block in verdict.blocks):
                continue
            rows = reads.providers_near(self._connection, service.id, *there, box(there[0], _IN_REGION_KM), _IN_REGION)
            found += self._weighed(service, [row for row in rows if row.region == region.code], wanted, there)
        return self._best(found)

    def _weighed(
        self, service: Service, rows: Sequence[reads.ProviderRow], wanted: Wanted, asked_at: tuple[float, float]
    ) -> list[Candidate]:
        """The providers as the ranking sees them, for care asked for at a place; the way is the family's own."""
        blocks_at = shared_blocks(self._reference, service, wanted, self._now, asked_at)
        day = wanted.needs[0].start.date().isoformat()
        further = [(row, blocks_at(row)) for row in rows if terms_of(row.record).holds_on(day)]
        return weighed(self._connection, self._reference, wanted, further, self._here, self._now)

    def _not_served(self) -> list[Service]:
        """The services that the request may be for and that its own region does not have."""
        return [
            self._reference.services[verdict.service]
            for verdict in self._found.matches.verdicts
            if self._request.service in (None, verdict.service)
            and any(block.code == "region_not_served" for block in verdict.blocks)
        ]


def _narrowed(present: Present, window: range) -> Present:
    """The provider over a part of the window that was asked for."""
    first, length = window.start - present.window.start, len(window)
    most = present.at.most
    at = Presence(
        present.at.open >> first & ((1 << length) - 1), None if most is None else most[first : first + length]
    )
    return replace(present, window=window, at=at)


def _masks(taken: Iterable[tuple[int, int]], first: int) -> tuple[int, ...]:
    """Of each number that is taken, bit no. i for slot no. i from the first on."""
    masks: dict[int, int] = {}
    for slot, number in taken:
        masks[number] = masks.get(number, 0) | 1 << (slot - first)
    return tuple(masks.values())


def _takes(group: reads.GroupRow, ages: Iterable[int]) -> bool:
    return any(group.months_min <= age <= group.months_max for age in ages)
