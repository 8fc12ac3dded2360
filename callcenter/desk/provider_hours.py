"""When providers are there, as they tell it: own hours, closures, a carer's roster, the duty plan of a care room."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import NamedTuple

from callcenter.care.own_rules import OwnHours, Windows
from callcenter.care.places import CareTimesError
from callcenter.care.provider_record import hours_cells
from callcenter.care.windows import windows_cell
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.presence import HOLIDAY, WEEKDAYS
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import provider_times, reads


class ReasonMissing(CallcenterError):
    """A closure without a reason: nobody could tell a guardian why."""

    code = "reason_missing"
    sentence = mark("Say why the provider is closed.")


class UnknownDay(CallcenterError):
    """A roster names a day that is none of the week. Values: found, allowed."""

    code = "unknown_day"
    sentence = mark("{found} is no day of a roster. Use: {allowed}.")


class EmptyPlan(CallcenterError):
    """A duty plan without a single shift says nothing."""

    code = "empty_plan"
    sentence = mark("The duty plan has no shift. Give each shift its start, its end and who is on duty.")


class SeveralGroups(CallcenterError):
    """Those on duty cannot be counted for several groups at once. Values: provider."""

    code = "several_groups"
    sentence = mark("{provider} has several groups. A duty plan is for a provider with one group.")


class NewShift(NamedTuple):
    """Who is on duty from `start` to `end`; without keepers nobody is."""

    start: datetime
    end: datetime
    keepers: tuple[str, ...]


@requires("provider.write")
def set_hours(desk: Desk, actor: Actor, now: datetime, provider_id: str, hours: OwnHours) -> None:
    """Give a provider opening hours of its own; for a kind of day that has None its service's hold again."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        _provider(desk, provider_id)
        chain.append(provider_id, bodies.HoursSet(hours=hours_cells(hours)))


@requires("closure.set")
def close_provider(
    desk: Desk, actor: Actor, now: datetime, provider_id: str, start: datetime, end: datetime, reason: str
) -> str:
    """Close a provider (휴원) from `start` up to `end`; returns the closure's id. Whoever is placed there stays.

    Raises `CareTimesError`, `ReasonMissing`, `NotFound`.
    """
    from callcenter.journal import bodies

    if end <= start:
        raise CareTimesError(start=start.isoformat(), end=end.isoformat())
    why = kept_text(reason)
    if not why:
        raise ReasonMissing
    with desk.writing(actor.name, now) as chain:
        _provider(desk, provider_id)
        closure = chain.new_id()
        body = bodies.ClosureSet(closure=closure, start=seconds(start), end=seconds(end), reason=why)
        chain.append(provider_id, body)
    return closure


@requires("closure.set")
def lift_closure(desk: Desk, actor: Actor, now: datetime, closure_id: str) -> str:
    """Take a closure back; returns the provider's id."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        closure = provider_times.closure(desk.connection, closure_id)
        if closure is None:
            raise NotFound(what=_("The closure"))
        chain.append(closure.provider_id, bodies.ClosureLifted(closure=closure_id))
    return closure.provider_id


@requires("roster.set")
def set_roster(desk: Desk, actor: Actor, now: datetime, provider_id: str, week: Mapping[str, Windows] | None) -> None:
    """Say on which days of the week a carer works, and when; None takes the roster away.

    Days are mon to sun, those not named are off; `holiday` is for public holidays, which without it are days like
    others. Single days that were set stay. Raises `UnknownDay`, `NotFound`.
    """
    from callcenter.journal import bodies

    days = (*WEEKDAYS, HOLIDAY)
    for day in week or ():
        if day not in days:
            raise UnknownDay(found=day, allowed=", ".join(days))
    cells = None if week is None else {day: windows_cell(windows) for day, windows in week.items()}
    with desk.writing(actor.name, now) as chain:
        _provider(desk, provider_id)
        chain.append(provider_id, bodies.RosterSet(week=cells))


@requires("roster.set")
def set_roster_day(desk: Desk, actor: Actor, now: datetime, provider_id: str, day: date, hours: Windows | None) -> None:
    """Say when a carer works on one day, () for a day off; None makes it a day like others."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        _provider(desk, provider_id)
        cell = None if hours is None else windows_cell(hours)
        chain.append(provider_id, bodies.RosterDaySet(day=day.isoformat(), hours=cell))


@requires("duty.set")
def set_duty(desk: Desk, actor: Actor, now: datetime, provider_id: str, shifts: Sequence[NewShift]) -> None:
    """Plan who of the keepers (돌봄지킴이) is on duty when.

    The shifts take the place of those planned before that begin between the first start and the last end of these.
    Raises `EmptyPlan`, `CareTimesError`, `SeveralGroups`, `NotFound`.
    """
    from callcenter.journal import bodies

    if not shifts:
        raise EmptyPlan
    for shift in shifts:
        if shift.end <= shift.start:
            raise CareTimesError(start=shift.start.isoformat(), end=shift.end.isoformat())
    planned = [
        bodies.ShiftBody(start=seconds(shift.start), end=seconds(shift.end), keepers=_names(shift.keepers))
        for shift in sorted(shifts, key=lambda one: one.start)
    ]
    with desk.writing(actor.name, now) as chain:
        provider = _provider(desk, provider_id)
        if len(reads.groups_of(desk.connection, [provider_id])) > 1:
            raise SeveralGroups(provider=provider.name)
        last = max(shift.end for shift in planned)
        chain.append(provider_id, bodies.DutySet(start=planned[0].start, end=last, shifts=planned))


def _names(keepers: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(filter(None, (kept_text(name) for name in keepers))))


def _provider(desk: Desk, provider_id: str) -> reads.ProviderRow:
    provider = reads.provider(desk.connection, provider_id)
    if provider is None:
        raise NotFound(what=_("The provider"))
    return provider
