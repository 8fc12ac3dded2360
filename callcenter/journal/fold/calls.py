"""How entries about calls and call-backs change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import tables
from callcenter.store.writes import delete_rows, insert_row, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _call_opened(connection: "Connection", entry: Entry, body: bodies.CallOpened) -> None:
    at = entry.at // 1000
    row = {"id": entry.subject, "state": "talking", "operator": entry.actor, "opened_at": at, "answered_at": at}
    insert_row(
        connection, tables.Call, {**row, "direction": "in", "heard": "", "raised_by": "", "desk": desk_name(entry.desk)}
    )


def _call_rang(connection: "Connection", entry: Entry, body: bodies.CallRang) -> None:
    row = {"id": entry.subject, "state": "ringing", "operator": "", "opened_at": body.at, "heard": body.heard}
    system = {
        "direction": body.direction,
        "external_id": body.external_id,
        "extension": body.extension,
        "called": body.called,
        "raised_by": "",
        "desk": desk_name(entry.desk),
    }
    insert_row(connection, tables.Call, row | system)


def _call_taken(connection: "Connection", entry: Entry, body: bodies.CallTaken) -> None:
    values = {"operator": entry.actor, "state": body.state, "answered_at": body.answered}
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_moved(connection: "Connection", entry: Entry, body: bodies.CallMoved) -> None:
    values = {
        "state": body.state,
        "opened_at": body.opened,
        "answered_at": body.answered,
        "held_at": body.held,
        "hung_up_at": body.hung_up,
        "ended_at": body.ended,
        "outcome": body.outcome,
        "extension": body.extension,
        "heard": body.heard,
    }
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_joined(connection: "Connection", entry: Entry, body: bodies.CallJoined) -> None:
    if body.request is not None:
        row = {"call_id": entry.subject, "request_id": body.request}
        delete_rows(connection, tables.CallRequest, row)
        insert_row(connection, tables.CallRequest, row)
    if body.call is not None:
        update_rows(connection, tables.Call, {"id": entry.subject}, {"joined_call": body.call})


def _safety_raised(connection: "Connection", entry: Entry, body: bodies.SafetyRaised) -> None:
    update_rows(connection, tables.Call, {"id": entry.subject}, {"safety": body.what})
    # Whoever raises it again saw the record already.
    update_rows(connection, tables.Call, {"id": entry.subject, "raised_by": ""}, {"raised_by": entry.actor})


def _safety_reported(connection: "Connection", entry: Entry, body: bodies.SafetyReported) -> None:
    row = {"id": entry.id, "call_id": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.SafetyReport, row | body.model_dump())


def _callback_missed(connection: "Connection", entry: Entry, body: bodies.CallbackMissed) -> None:
    known = {"phone": body.phone, "guardian_id": body.guardian, "call_id": body.call, "calls": body.calls}
    if body.calls > 1 and update_rows(connection, tables.Callback, {"id": entry.subject}, known):
        return
    row = {"id": entry.subject, "kind": body.origin, "due_at": body.due, "operator": entry.actor}
    insert_row(connection, tables.Callback, row | known)


def _callback_promised(connection: "Connection", entry: Entry, body: bodies.CallbackPromised) -> None:
    promise = {"due_at": body.due, "operator": entry.actor}
    if update_rows(connection, tables.Callback, {"id": entry.subject}, promise):
        return
    row = {"id": entry.subject, "kind": "promised", "phone": body.phone, "guardian_id": body.guardian}
    insert_row(connection, tables.Callback, row | promise | {"call_id": body.call, "calls": 1})


def _callback_tried(connection: "Connection", entry: Entry, body: bodies.CallbackTried) -> None:
    row = {"id": entry.id, "subject": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.CallbackTry, row | body.model_dump())


def _callback_closed(connection: "Connection", entry: Entry, body: bodies.CallbackClosed) -> None:
    values = {"closed_at": entry.at // 1000, "closed_why": body.why}
    update_rows(connection, tables.Callback, {"id": entry.subject}, values)


def _caller_identified(connection: "Connection", entry: Entry, body: bodies.CallerIdentified) -> None:
    values = {"phone": body.phone, "guardian_id": body.guardian}
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_ended(connection: "Connection", entry: Entry, body: bodies.CallEnded) -> None:
    values = {"state": "ended", "ended_at": entry.at // 1000, "outcome": body.outcome, "topic": body.topic}
    update_rows(connection, tables.Call, {"id": entry.subject}, {**values, "agency": body.agency})


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.CallOpened: _call_opened,
    bodies.CallRang: _call_rang,
    bodies.CallTaken: _call_taken,
    bodies.CallMoved: _call_moved,
    bodies.CallJoined: _call_joined,
    bodies.SafetyRaised: _safety_raised,
    bodies.SafetyReported: _safety_reported,
    bodies.CallbackMissed: _callback_missed,
    bodies.CallbackPromised: _callback_promised,
    bodies.CallbackTried: _callback_tried,
    bodies.CallbackClosed: _callback_closed,
    bodies.CallerIdentified: _caller_identified,
    bodies.CallEnded: _call_ended,
}
