"""How entries about when providers are there change the tables."""

import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, canonical
from callcenter.store import tables
from callcenter.store.provider_times import delete_shifts, record_of
from callcenter.store.writes import delete_rows, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _hours_set(connection: "Connection", entry: Entry, body: bodies.HoursSet) -> None:
    record = record_of(connection, entry.subject)
    if record is None:
        return
    changed = canonical(json.loads(record) | body.hours)
    update_rows(connection, tables.Provider, {"id": entry.subject}, {"record": changed})
    _lowered(connection, entry)


def _closure_set(connection: "Connection", entry: Entry, body: bodies.ClosureSet) -> None:
    row = {
        "id": body.closure,
        "provider_id": entry.subject,
        "start_at": body.start,
        "end_at": body.end,
        "reason": body.reason,
        **_set(entry),
    }
    put_rows(connection, tables.Closure, [row])
    _lowered(connection, entry)


def _closure_lifted(connection: "Connection", entry: Entry, body: bodies.ClosureLifted) -> None:
    delete_rows(connection, tables.Closure, {"id": body.closure, "provider_id": entry.subject})


def _roster_set(connection: "Connection", entry: Entry, body: bodies.RosterSet) -> None:
    if body.week is None:
        delete_rows(connection, tables.Roster, {"provider_id": entry.subject})
        return
    row = {"provider_id": entry.subject, "week": canonical(body.week), **_set(entry)}
    put_rows(connection, tables.Roster, [row])
    _lowered(connection, entry)


def _roster_day_set(connection: "Connection", entry: Entry, body: bodies.RosterDaySet) -> None:
    if body.hours is None:
        delete_rows(connection, tables.RosterDay, {"provider_id": entry.subject, "day": body.day})
    else:
        row = {"provider_id": entry.subject, "day": body.day, "hours": body.hours, **_set(entry)}
        put_rows(connection, tables.RosterDay, [row])
    _lowered(connection, entry)


def _duty_set(connection: "Connection", entry: Entry, body: bodies.DutySet) -> None:
    delete_shifts(connection, entry.subject, body.start, body.end)
    rows = [
        {
            "provider_id": entry.subject,
            "start_at": shift.start,
            "end_at": shift.end,
            "keepers": canonical(shift.keepers),
            **_set(entry),
        }
        for shift in body.shifts
    ]
    put_rows(connection, tables.DutyShift, rows)
    _lowered(connection, entry)


def _set(entry: Entry) -> dict[str, object]:
    return {"set_at": entry.at // 1000, "set_by": entry.actor}


def _lowered(connection: "Connection", entry: Entry) -> None:
    """Places taken before may be more than there are now; only those of such groups have to be counted again."""
    update_rows(connection, tables.Group, {"provider_id": entry.subject}, {"lowered_at": entry.at // 1000})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.HoursSet: _hours_set,
    bodies.ClosureSet: _closure_set,
    bodies.ClosureLifted: _closure_lifted,
    bodies.RosterSet: _roster_set,
    bodies.RosterDaySet: _roster_day_set,
    bodies.DutySet: _duty_set,
}
