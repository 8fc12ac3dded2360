"""How corrections change the tables: which entries they take out, and where that is written down."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.store import tables
from callcenter.store.writes import insert_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


_KIND, _VERSION = bodies.EntryCorrected.kind, bodies.EntryCorrected.version


def is_correction(entry: Entry) -> bool:
    """Whether the entry corrects others, in words that this program knows."""
    return entry.kind == _KIND and entry.version == _VERSION


def taken_out(entries: Iterable[Entry]) -> set[str]:
    """The entries that these correct; a correction itself is never taken out."""
    bodies_of = (entry.body for entry in entries if is_correction(entry) and entry.body is not None)
    return {one for body in bodies_of for one in bodies.EntryCorrected.model_validate_json(body).entries}


def _corrected(connection: "Connection", entry: Entry, body: bodies.EntryCorrected) -> None:
    facts = {"correction_id": entry.id, "subject": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    rows = [{"entry_id": one, **facts, "reason": body.reason} for one in dict.fromkeys(body.entries)]
    insert_rows(connection, tables.Correction, rows)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.EntryCorrected: _corrected,
}
