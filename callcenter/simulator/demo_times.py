"""When the demo's providers are there, read from `data/demo`: rosters, closures, and who takes turns on duty."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path

from callcenter.care.calendar import SEOUL
from callcenter.care.own_rules import Windows
from callcenter.care.windows import read_windows
from callcenter.datafile.mistakes import Mistake
from callcenter.datafile.rows import Row, read_rows
from callcenter.desk.permission import Actor
from callcenter.desk.presence import HOLIDAY, WEEKDAYS
from callcenter.desk.provider_hours import NewShift, close_provider, set_duty, set_roster
from callcenter.desk.session import Desk
from callcenter.language import _

_SHIFT = timedelta(hours=8)
_AT_ONCE = 2
_PLANNED = timedelta(days=14)
_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class DemoClosure:
    """A provider that is closed at some hours, so many days after the demo begins."""

    provider: str
    days: int
    hours: Windows
    reason: str


@dataclass(frozen=True, slots=True)
class DemoTimes:
    """Rosters and keepers by provider, and the closures."""

    rosters: Mapping[str, Mapping[str, Windows]]
    closures: tuple[DemoClosure, ...]
    keepers: Mapping[str, tuple[str, ...]]


def load_times(folder: Path, providers: Collection[str], mistakes: list[Mistake]) -> DemoTimes:
    """Read the files; what is wrong is added to `mistakes`."""
    days = (*WEEKDAYS, HOLIDAY)
    rosters = {
        row.one_of("provider", providers): {day: _hours(row, day) for day in days if day in WEEKDAYS or row.text(day)}
        for row in read_rows(folder / "rosters.csv", ("provider", *days), mistakes)
    }
    closures = tuple(
        DemoClosure(
            row.one_of("provider", providers),
            int(row.number("days", 0, 13) or 0),
            _hours(row, "hours"),
            row.text("reason", required=True),
        )
        for row in read_rows(folder / "closures.csv", ("provider", "days", "hours", "reason"), mistakes)
    )
    keepers: dict[str, tuple[str, ...]] = {}
    for row in read_rows(folder / "keepers.csv", ("provider", "name"), mistakes):
        provider = row.one_of("provider", providers)
        keepers[provider] = (*keepers.get(provider, ()), row.text("name", required=True))
    return DemoTimes(rosters, closures, keepers)


def tell_times(desk: Desk, actor: Actor, founded: datetime, now: datetime, times: DemoTimes) -> None:
    """Let the desk know all of it since it was founded, with duty planned for two weeks from `now` on."""
    for provider, week in times.rosters.items():
        set_roster(desk, actor, founded, provider, week)
    for provider, keepers in times.keepers.items():
        set_duty(desk, actor, founded, provider, _turns(keepers, founded, now + _PLANNED))
    midnight = datetime.combine(now.astimezone(SEOUL).date(), time(), SEOUL)
    for closure in times.closures:
        day = midnight + closure.days * _ONE_DAY
        for opens, closes in closure.hours:
            start, end = day + timedelta(minutes=opens), day + timedelta(minutes=closes)
            close_provider(desk, actor, founded, closure.provider, start, end, closure.reason)


def _turns(keepers: tuple[str, ...], first: datetime, until: datetime) -> list[NewShift]:
    """Shifts of eight hours, two keepers each, in turn."""
    start = datetime.combine(first.astimezone(SEOUL).date(), time(), SEOUL)
    shifts: list[NewShift] = []
    while start < until:
        turn = _AT_ONCE * len(shifts)
        there = tuple(keepers[(turn + one) % len(keepers)] for one in range(_AT_ONCE))
        shifts.append(NewShift(start, start + _SHIFT, there))
        start += _SHIFT
    return shifts


def _hours(row: Row, field: str) -> Windows:
    found = read_windows(row.text(field))
    if found is None:
        row.refuse(field, _("hours like 07:00-09:00 20:00-24:00, or closed"))
    return found or ()
