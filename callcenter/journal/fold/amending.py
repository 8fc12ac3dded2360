"""How amendments change fields, and which of them are kept as the newest."""

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, canonical
from callcenter.store import tables
from callcenter.store.writes import delete_rows, insert_row, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _column_value(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def amend(
    connection: "Connection",
    entry: Entry,
    changes: dict[str, bodies.Change],
    model: type[SQLModel],
    key: str,
    prefix: str = "",
) -> None:
    """Set the fields, and keep as heads the amendments that no later one was based on."""
    for name, change in changes.items():
        field = prefix + name
        for base in change.base:
            where = {"subject": entry.subject, "field": field, "entry_id": base}
            delete_rows(connection, tables.FieldHead, where)
        head = {
            "subject": entry.subject,
            "field": field,
            "entry_id": entry.id,
            "value": canonical(change.value),
        }
        insert_row(connection, tables.FieldHead, head)
    values = {name: _column_value(change.value) for name, change in changes.items()}
    update_rows(connection, model, {"id": key}, values)
