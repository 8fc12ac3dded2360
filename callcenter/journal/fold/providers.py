"""How entries about providers change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, canonical
from callcenter.store import tables
from callcenter.store.entries import confirmed_groups
from callcenter.store.reads import has_provider
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _provider_recorded(connection: "Connection", entry: Entry, body: bodies.ProviderRecorded) -> None:
    confirmed: dict[str, dict[str, object]] = {}
    if has_provider(connection, entry.subject):
        confirmed = confirmed_groups(connection, entry.subject)
        delete_rows(connection, tables.Provider, {"id": entry.subject})
        delete_rows(connection, tables.Group, {"provider_id": entry.subject})
    row = {
        "id": entry.subject,
        "service": body.service,
        "name": body.name,
        "region": body.region,
        "lat": body.lat,
        "lon": body.lon,
        "record": canonical(body.record),
    }
    insert_row(connection, tables.Provider, row)
    rows = []
    for position, group in enumerate(body.groups):
        # A record that does not know the places, or agrees, does not unsay what the provider said of them.
        said = confirmed.get(group.id, {})
        known = said if group.places in (None, said.get("places")) else {}
        rows.append(
            {
                "id": group.id,
                "provider_id": entry.subject,
                "position": position,
                "label": group.label,
                "months_min": group.months_min,
                "months_max": group.months_max,
                "children_per_place": group.children_per_place,
                "places": group.places,
                "confirmed_at": None,
                "confirmed_by": None,
                "confirmed_how": None,
                **known,
            }
        )
    insert_rows(connection, tables.Group, rows)


def _places_confirmed(connection: "Connection", entry: Entry, body: bodies.PlacesConfirmed) -> None:
    values = {
        "places": body.places,
        "confirmed_at": entry.at // 1000,
        "confirmed_by": entry.actor,
        "confirmed_how": body.how,
    }
    update_rows(connection, tables.Group, {"id": body.group, "provider_id": entry.subject}, values)


def _telephone_doubted(connection: "Connection", entry: Entry, body: bodies.TelephoneDoubted) -> None:
    row = {"provider_id": entry.subject, "number": body.number}
    put_rows(connection, tables.TelephoneDoubt, [{**row, "at": entry.at // 1000, "operator": entry.actor}])


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.ProviderRecorded: _provider_recorded,
    bodies.PlacesConfirmed: _places_confirmed,
    bodies.TelephoneDoubted: _telephone_doubted,
}
