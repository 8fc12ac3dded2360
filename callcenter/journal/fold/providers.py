"""How entries about providers change the tables."""

import json
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from pydantic_core import to_json

from callcenter.care.provider_record import HOURS_COLUMNS
from callcenter.journal import bodies
from callcenter.journal.entry import Entry, canonical
from callcenter.store import tables
from callcenter.store.entries import groups_said
from callcenter.store.provider_times import record_of
from callcenter.store.writes import delete_rows, insert_row, insert_rows, is_beginning, put_rows, update_rows
from callcenter.text.name_patterns import sought

if TYPE_CHECKING:
    from sqlite3 import Connection

_NOTHING_SAID: Mapping[str, Any] = dict.fromkeys(
    ("places", "confirmed_at", "confirmed_by", "confirmed_how", "lowered_at")
)
_TIMES = (*HOURS_COLUMNS.values(), "valid_from", "valid_to")


def _provider_recorded(connection: "Connection", entry: Entry, body: bodies.ProviderRecorded) -> None:
    before: dict[str, dict[str, Any]] = {}
    moved = False
    known = None if is_beginning(connection, entry.subject) else record_of(connection, entry.subject)
    if known is not None:
        record = json.loads(known)
        moved = _moved(record, body.record)
        before = groups_said(connection, entry.subject)
        delete_rows(connection, tables.Provider, {"id": entry.subject})
        delete_rows(connection, tables.Group, {"provider_id": entry.subject})
        # By its place in the list: there is no other way to it that need not look through all of them.
        listed = {"region": record["region"], "name": record["name"], "provider_id": entry.subject}
        delete_rows(connection, tables.ListedGroup, listed)
    row = {
        "id": entry.subject,
        "service": body.service,
        "name": body.name,
        "region": body.region,
        "lat": body.lat,
        "lon": body.lon,
        "record": record_text(body.record),
    }
    insert_row(connection, tables.Provider, row)
    insert_rows(connection, tables.Group, _group_rows(entry, body, before, moved=moved))
    line = {"region": body.region, "name": body.name, "provider_id": entry.subject, "service": body.service}
    line["sought"] = sought(body.name)
    insert_rows(
        connection,
        tables.ListedGroup,
        [{**line, "position": position, "group_id": group.id} for position, group in enumerate(body.groups)],
    )


def _group_rows(
    entry: Entry, body: bodies.ProviderRecorded, before: Mapping[str, dict[str, Any]], *, moved: bool
) -> list[dict[str, Any]]:
    """The groups as recorded, with what the provider said of them `before`."""
    rows = []
    for position, group in enumerate(body.groups):
        # A record that does not know the places, or agrees, does not unsay what the provider said of them.
        said = before.get(group.id, _NOTHING_SAID)
        confirmed = said["confirmed_at"] is not None and group.places in (None, said["places"])
        now = said if confirmed else {**_NOTHING_SAID, "places": group.places}
        rows.append(
            {
                "id": group.id,
                "provider_id": entry.subject,
                "position": position,
                "label": group.label,
                "months_min": group.months_min,
                "months_max": group.months_max,
                "children_per_place": group.children_per_place,
                **now,
                "lowered_at": entry.at // 1000 if moved else _lowered(said, now["places"], entry),
            }
        )
    return rows


def record_text(record: dict[str, Any]) -> str:
    """The record as `canonical` writes it: one of texts alone and in order, as they are, in half of the time."""
    names = list(record)
    if names == sorted(names) and set(map(type, record.values())) <= {str}:
        return to_json(record).decode()
    return canonical(record)


def _places_confirmed(connection: "Connection", entry: Entry, body: bodies.PlacesConfirmed) -> None:
    said = groups_said(connection, entry.subject).get(body.group)
    if said is None:
        return
    values = {
        "places": body.places,
        "lowered_at": _lowered(said, body.places, entry),
        "confirmed_at": entry.at // 1000,
        "confirmed_by": entry.actor,
        "confirmed_how": body.how,
    }
    update_rows(connection, tables.Group, {"id": body.group, "provider_id": entry.subject}, values)


def _telephone_doubted(connection: "Connection", entry: Entry, body: bodies.TelephoneDoubted) -> None:
    row = {"provider_id": entry.subject, "number": body.number}
    put_rows(connection, tables.TelephoneDoubt, [{**row, "at": entry.at // 1000, "operator": entry.actor}])


def _moved(before: Mapping[str, Any], now: Mapping[str, Any]) -> bool:
    """Whether the record says another time in which the provider is there."""
    return any(before.get(column, "") != now.get(column, "") for column in _TIMES)


def _lowered(said: Mapping[str, Any], places: int | None, entry: Entry) -> int | None:
    """When the places last became fewer: now, where more were known, or none, and so any number may be taken."""
    fewer = places is not None and (said["places"] is None or places < said["places"])
    lowered: int | None = entry.at // 1000 if fewer and said is not _NOTHING_SAID else said["lowered_at"]
    return lowered


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.ProviderRecorded: _provider_recorded,
    bodies.PlacesConfirmed: _places_confirmed,
    bodies.TelephoneDoubted: _telephone_doubted,
}
