"""How entries about messages change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import tables
from callcenter.store.writes import insert_row, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _queued(connection: "Connection", entry: Entry, body: bodies.MessageQueued) -> None:
    row = {
        "id": body.message,
        "desk": desk_name(entry.desk),
        "request_id": entry.subject,
        "offer_id": body.offer,
        "occasion": body.occasion,
        "receiver": body.receiver,
        "phone": body.phone,
        "language": body.language,
        "text": body.text,
        "state": "waiting",
        "operator": entry.actor,
        "made_at": entry.at // 1000,
        "not_before": body.not_before,
        "until": body.until,
        "about": body.about,
        "tries": 0,
    }
    insert_row(connection, tables.Message, row)


def _leaving(connection: "Connection", entry: Entry, body: bodies.MessageLeaving) -> None:
    _update(connection, entry, body.message, state="leaving", tries=body.tries)


def _sent(connection: "Connection", entry: Entry, body: bodies.MessageSent) -> None:
    _update(connection, entry, body.message, state="sent", result=body.result)


def _failed(connection: "Connection", entry: Entry, body: bodies.MessageFailed) -> None:
    if body.again is None:
        _update(connection, entry, body.message, state="failed", result=body.reason)
    else:
        _update(connection, entry, body.message, state="waiting", result=body.reason, not_before=body.again)


def _dropped(connection: "Connection", entry: Entry, body: bodies.MessageDropped) -> None:
    _update(connection, entry, body.message, state="dropped", result=body.why)


def _update(connection: "Connection", entry: Entry, message: str, **values: object) -> None:
    update_rows(connection, tables.Message, {"id": message}, {**values, "changed_at": entry.at // 1000})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.MessageQueued: _queued,
    bodies.MessageLeaving: _leaving,
    bodies.MessageSent: _sent,
    bodies.MessageFailed: _failed,
    bodies.MessageDropped: _dropped,
}
