"""How entries about requests change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.amending import amend
from callcenter.journal.fold.moving import move, release_request
from callcenter.store import tables
from callcenter.store.placements import let_go
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


_ASKED = frozenset({"region", "start_at", "end_at"})


def _note_added(connection: "Connection", entry: Entry, body: bodies.NoteAdded) -> None:
    row = {"id": entry.id, "subject": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.Note, {**row, "text": body.text})


def _request_opened(connection: "Connection", entry: Entry, body: bodies.RequestOpened) -> None:
    at = entry.at // 1000
    row = {
        "id": entry.subject,
        "number": body.number,
        "state": body.state,
        "urgency": body.urgency,
        "region": body.region,
        "residence": body.residence,
        "service": body.service,
        "channel": body.channel,
        "guardian_id": body.guardian,
        "call_id": body.call,
        "start_at": body.start,
        "end_at": body.end,
        "reason": body.reason,
        "opened_at": at,
        "asked_at": at,
        "operator": entry.actor,
        "promised_at": body.promised,
        "changed_at": at,
        "care_place": body.care_place,
    }
    insert_row(connection, tables.Request, row)
    children = [
        {"request_id": entry.subject, "position": position, "child_id": child}
        for position, child in enumerate(body.children)
    ]
    insert_rows(connection, tables.RequestChild, children)


def _handover_told(connection: "Connection", entry: Entry, body: bodies.HandoverTold) -> None:
    update_rows(connection, tables.Request, {"id": entry.subject}, {"handover": body.text})


def _application_received(connection: "Connection", entry: Entry, body: bodies.ApplicationReceived) -> None:
    insert_row(connection, tables.Application, {"request_id": entry.subject, **body.model_dump()})


def _request_amended(connection: "Connection", entry: Entry, body: bodies.RequestAmended) -> None:
    amend(connection, entry, body.changes, tables.Request, entry.subject)
    at = entry.at // 1000
    asked = {} if _ASKED.isdisjoint(body.changes) else {"asked_at": at}
    update_rows(connection, tables.Request, {"id": entry.subject}, {"changed_at": at, **asked})


def _request_moved(connection: "Connection", entry: Entry, body: bodies.RequestMoved) -> None:
    ended_reason = body.reason if body.event in ("cancelled", "unplaced") else None
    move(connection, entry, body.state, held_until=body.until, ended_reason=ended_reason)
    if body.event in ("held", "unplaced"):
        let_go(connection, entry.subject)
    elif body.event == "cancelled":
        release_request(connection, entry)
    if body.event in ("cancelled", "unplaced"):
        facts = body.model_dump(include={"event", "reason", "by", "late", "fee"})
        put_rows(connection, tables.RequestEnd, [{"request_id": entry.subject, "at": entry.at // 1000, **facts}])
    elif body.event == "reopened":
        delete_rows(connection, tables.RequestEnd, {"request_id": entry.subject})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.NoteAdded: _note_added,
    bodies.RequestOpened: _request_opened,
    bodies.HandoverTold: _handover_told,
    bodies.ApplicationReceived: _application_received,
    bodies.RequestAmended: _request_amended,
    bodies.RequestMoved: _request_moved,
}
