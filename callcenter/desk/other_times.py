"""Who of the providers that were looked at could take the children at another time."""

from collections.abc import Iterator, Mapping, Sequence, Set
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cached_property, reduce
from itertools import islice
from operator import and_
from typing import NamedTuple

from callcenter.care.availability import Presence
from callcenter.care.child import months_at
from callcenter.care.eligibility import Bookable
from callcenter.care.geography import distance_km
from callcenter.care.matching import Candidate
from callcenter.care.near_miss import STEPS, Asked
from callcenter.care.places import slots
from callcenter.care.taken import Taken
from callcenter.desk.facilities import facility_of, terms_of
from callcenter.desk.matches import Looked, Weighed
from callcenter.desk.presence import Present, presences
from callcenter.desk.provider_rules import rules_key
from callcenter.desk.providers_read import Here, ProvidersRead
from callcenter.desk.session import seconds
from callcenter.desk.weighing import candidate_at, groups_for
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import moment

# Rules that another time may keep; every other block stands whatever the time is.
OF_TIME = frozenset(
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


class _Near(NamedTuple):
    """A provider that another time may open, with what was read of it for the widest window.

    Those under the same rules whatever time is tried share `rules`. `groups` are those of the children's ages. Where
    bit no. i of `full` is set, no place of them is left in the i-th slot: a look that costs next to nothing.
    """

    row: reads.ProviderRow
    rules: Bookable
    groups: Sequence[reads.GroupRow]
    full: int
    present: Present
    record: reads.Record | None


class OtherTimes:
    """The providers that were looked at, at other times; what the times have in common is read at the first need."""

    def __init__(
        self,
        providers: ProvidersRead,
        reference: Reference,
        found: Weighed,
        asked: Asked,
        children: Sequence[reads.ChildRow],
        now: datetime,
    ) -> None:
        self._providers = providers
        self._reference = reference
        self._found = found
        self._asked = asked
        self._now = now
        self._births = {child.id: date.fromisoformat(child.birth) for child in children}

    def candidates(self, start: datetime, end: datetime) -> list[Candidate]:
        """Of each service the nearest few who can take the children then."""
        found: list[Candidate] = []
        for service, rows in self._rows.items():
            opened = {rules for rules in dict.fromkeys(rules for _row, rules in rows) if rules.at(start, end)}
            # Nothing is read of their places where the rules shut out all.
            if opened:
                found += islice(self._able(self._near[service], opened, start, end), _ENOUGH)
        return found

    def _able(
        self, near: Sequence[_Near], opened: Set[Bookable], start: datetime, end: datetime
    ) -> Iterator[Candidate]:
        window, day = slots(start, end), start.date()
        mask, months = self._taken.mask(window), self._months(day)
        for one in near:
            if one.rules not in opened or one.full & mask or not terms_of(one.row.record).holds_on(day.isoformat()):
                continue
            present = _narrowed(one.present, window)
            if present.absences(start, end):
                continue
            km, groups = distance_km(*self._here, one.row.lat, one.row.lon), groups_for(one.groups, months.values())
            found = candidate_at(one.row, km, groups, present, self._taken, months, one.record)
            free = found.places if found.free is None else found.free
            if not found.blocks and (free is None or free >= len(months)):
                yield found

    def _months(self, day: date) -> dict[str, int]:
        return {child: months_at(birth, day) for child, birth in self._births.items()}

    @property
    def _here(self) -> Here:
        home = self._reference.regions[self._asked.region]
        return home.lat, home.lon

    @cached_property
    def _days(self) -> list[date]:
        """The days on which care would begin at one of the times that are tried."""
        return sorted({(self._asked.start + timedelta(minutes=sign * max(STEPS))).date() for sign in (-1, 0, 1)})

    @cached_property
    def _window(self) -> range:
        """The slots of every time that is tried."""
        most = timedelta(minutes=max(STEPS))
        return slots(self._asked.start - most, self._asked.end + most)

    @cached_property
    def _rows(self) -> dict[str, list[tuple[reads.ProviderRow, Bookable]]]:
        """By service the providers that only rules of the time keep from taking the children, if any do."""
        return {looked.service.id: list(self._with_rules(looked)) for looked in self._found.looked}

    def _with_rules(self, looked: Looked) -> Iterator[tuple[reads.ProviderRow, Bookable]]:
        reference, service = self._reference, looked.service
        # Another time is asked for now.
        asked_at = moment(seconds(self._now))
        known: dict[tuple[object, ...], Bookable] = {}
        for row, blocks in looked.rows:
            if row.id in self._found.tried or any(block.code not in OF_TIME for block in blocks):
                continue
            facility = facility_of(row, self._here)
            key = tuple(rules_key(reference, service, facility, day) for day in self._days)
            if key not in known:
                needs = self._found.wanted.needs
                known[key] = Bookable(service, needs, asked_at, reference.calendar, reference.coverage, facility)
            yield row, known[key]

    @cached_property
    def _groups(self) -> dict[str, list[reads.GroupRow]]:
        """The groups of these providers that take one of the children on one of the days that are tried."""
        ages = {age for day in self._days for age in self._months(day).values()}
        ids = [row.id for rows in self._rows.values() for row, _rules in rows]
        known = self._providers.groups(ids)
        return {one: groups for one in ids if (groups := groups_for(known[one], ages))}

    @cached_property
    def _taken(self) -> Taken:
        groups = [group.id for rows in self._groups.values() for group in rows]
        return self._providers.taken(groups, self._window, int(self._now.timestamp()), self._found.wanted.request.id)

    @cached_property
    def _near(self) -> Mapping[str, list[_Near]]:
        """These providers by service, the nearest first."""
        rows = [row for rows in self._rows.values() for row, _rules in rows if row.id in self._groups]
        at = presences(self._providers.connection, self._reference, rows, self._window)
        records = self._providers.records([row.id for row in rows])

        def near(row: reads.ProviderRow, rules: Bookable) -> _Near:
            groups = self._groups[row.id]
            full = reduce(and_, (self._taken.full(group.id, group.places) for group in groups))
            return _Near(row, rules, groups, full, at[row.id], records[row.id])

        return {
            service: [near(row, rules) for row, rules in rows if row.id in self._groups]
            for service, rows in self._rows.items()
        }


def _narrowed(present: Present, window: range) -> Present:
    """The provider over a part of the window that was asked for."""
    first, length = window.start - present.window.start, len(window)
    most = present.at.most
    at = Presence(
        present.at.open >> first & ((1 << length) - 1), None if most is None else most[first : first + length]
    )
    return replace(present, window=window, at=at)
