"""How entries about the desk and its people change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import tables
from callcenter.store.writes import insert_row

if TYPE_CHECKING:
    from sqlite3 import Connection


def _desk_opened(connection: "Connection", entry: Entry, body: bodies.DeskOpened) -> None:
    row = {"id": entry.subject, "name": body.name, "programs": " ".join(body.programs)}
    insert_row(connection, tables.Desk, row)


def _operator_added(connection: "Connection", entry: Entry, body: bodies.OperatorAdded) -> None:
    row = {"id": entry.subject, "name": body.name, "role": body.role, "desk": desk_name(entry.desk)}
    insert_row(connection, tables.Operator, row)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.DeskOpened: _desk_opened,
    bodies.OperatorAdded: _operator_added,
}
