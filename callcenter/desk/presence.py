"""When providers are there over a window of slots, read from the desk: what screens, matches and offers count on."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Protocol, TypeVar

from callcenter.care.availability import (
    NO_TIMES,
    Closed,
    DutyPlan,
    Openings,
    Presence,
    Roster,
    Shift,
    Times,
    absences,
    capacity,
    day_of,
    presence,
)
from callcenter.care.calendar import Calendar
from callcenter.care.places import Group, slot_of, slot_start
from callcenter.care.rulings import Block
from callcenter.care.windows import read_windows
from callcenter.desk.facilities import facility_of, terms_of
from callcenter.reference import Reference
from callcenter.store import provider_times, reads
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
HOLIDAY = "holiday"


@dataclass(frozen=True, slots=True)
class Present:
    """A provider over a window: what it told of when it is there, and how that turns out."""

    window: range
    times: Times
    at: Presence
    calendar: Calendar

    def capacity(self, places: int | None) -> tuple[int | None, ...]:
        """How many places a group that has so many has in each slot of the window; None when unknown."""
        return capacity(places, self.window, self.at)

    def shut(self, slot: int) -> bool:
        """Whether nobody takes children in this slot of the window, whatever places there are."""
        return self.at.shut(slot - self.window.start)

    def group(self, row: reads.GroupRow) -> Group:
        """The group with the places it has in each slot of the window."""
        throughout = self.at.most is None and self.at.open == (1 << len(self.window)) - 1
        places = row.places if throughout else self.capacity(row.places)
        return Group(row.id, row.months_min, row.months_max, places, row.children_per_place)

    def absences(self, start: datetime, end: datetime) -> tuple[Block, ...]:
        """Why it is not there for the whole of the care from `start` to `end`; none where it is."""
        return absences(start, end, self.times, self.at, self.calendar)


def presences(
    connection: "Connection", reference: Reference, providers: Sequence[reads.ProviderRow], window: range
) -> dict[str, Present]:
    """Each of the providers over the window, by its identifier."""
    if not providers:
        return {}
    calendar = reference.calendar
    openings = _openings(calendar)
    told = times_of(connection, [provider.id for provider in providers], window)
    found: dict[str, Present] = {}
    # Most have told nothing, and are open like the others of their service in their region.
    alike: dict[tuple[object, ...], Present] = {}
    for provider in providers:
        service = reference.services[provider.service]
        own = terms_of(provider.record).own.hours
        times = told.get(provider.id, NO_TIMES)
        alone = times is not NO_TIMES or calendar.closes(provider.id) or service.has_rules_for(provider.id)
        key = (provider.service, provider.region, own, provider.id if alone else "")
        if key not in alike:
            opened = openings.mask(service, facility_of(provider), window)
            duty = service.rules_on(day_of(window.start), provider.region, provider.id).duty
            at = presence(window, opened, times, duty.children_per_keeper if duty else None, calendar)
            alike[key] = Present(window, times, at, calendar)
        found[provider.id] = alike[key]
    return found


@lru_cache(maxsize=4)
def _openings(calendar: Calendar) -> Openings:
    return Openings(calendar)


def times_of(connection: "Connection", provider_ids: Sequence[str], window: range) -> dict[str, Times]:
    """What these providers have told of when they are there, as far as it touches the window.

    Who has told nothing is left out.
    """
    start, end = (int(slot_start(slot).timestamp()) for slot in (window.start, window.stop))
    # A carer's hours can run past midnight into the first day.
    first = (day_of(window.start) - timedelta(days=1)).isoformat()
    closed = _by_provider(provider_times.closures(connection, provider_ids, start, end))
    days = _by_provider(provider_times.roster_days(connection, provider_ids, first, day_of(window.stop).isoformat()))
    weeks = {row.provider_id: row.week for row in provider_times.rosters(connection, provider_ids)}
    plans = provider_times.plans(connection, provider_ids)
    shifts = _by_provider(provider_times.shifts(connection, [plan.provider_id for plan in plans], start, end))
    reach = {plan.provider_id: plan for plan in plans}
    return {
        provider: Times(
            tuple(_closed(row) for row in closed.get(provider, ())),
            roster_of(weeks[provider], days.get(provider, ())) if provider in weeks else None,
            _plan(reach[provider], shifts.get(provider, ())) if provider in reach else None,
        )
        for provider in {*closed, *weeks, *reach}
    }


def roster_of(week: str, days: Iterable[provider_times.RosterDayRow]) -> Roster:
    """The roster in its rows: `week` is JSON, cells of hours by day of the week; a day that is not named is off."""
    cells: dict[str, str] = json.loads(week)
    windows = {day: read_windows(cell) or () for day, cell in cells.items()}
    return Roster(
        tuple(windows.get(day, ()) for day in WEEKDAYS),
        windows.get(HOLIDAY),
        tuple((date.fromisoformat(row.day), read_windows(row.hours) or ()) for row in days),
    )


class _OfProvider(Protocol):
    @property
    def provider_id(self) -> str: ...


_Row = TypeVar("_Row", bound=_OfProvider)


def _by_provider(rows: Iterable[_Row]) -> Mapping[str, list[_Row]]:
    found: dict[str, list[_Row]] = {}
    for row in rows:
        found.setdefault(row.provider_id, []).append(row)
    return found


def _closed(row: provider_times.ClosureRow) -> Closed:
    return Closed(slot_of(moment(row.start_at)), slot_of(moment(row.end_at)), row.reason)


def _plan(plan: provider_times.PlanRow, shifts: Iterable[provider_times.ShiftRow]) -> DutyPlan:
    return DutyPlan(
        slot_of(moment(plan.start_at)),
        slot_of(moment(plan.end_at)),
        tuple(
            Shift(slot_of(moment(row.start_at)), slot_of(moment(row.end_at)), tuple(json.loads(row.keepers)))
            for row in shifts
        ),
    )
