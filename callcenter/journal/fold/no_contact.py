"""How entries about families and providers that are kept apart change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.store import tables
from callcenter.store.writes import delete_rows, put_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _no_contact_set(connection: "Connection", entry: Entry, body: bodies.NoContactSet) -> None:
    row = {
        "guardian_id": entry.subject,
        "provider_id": body.provider,
        "reason": body.reason,
        "set_at": entry.at // 1000,
        "set_by": entry.actor,
    }
    put_rows(connection, tables.NoContact, [row])


def _no_contact_lifted(connection: "Connection", entry: Entry, body: bodies.NoContactLifted) -> None:
    delete_rows(connection, tables.NoContact, {"guardian_id": entry.subject, "provider_id": body.provider})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.NoContactSet: _no_contact_set,
    bodies.NoContactLifted: _no_contact_lifted,
}
