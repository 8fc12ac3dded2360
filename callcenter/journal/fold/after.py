"""How entries of how care went change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import tables
from callcenter.store.writes import insert_row, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _incident(connection: "Connection", entry: Entry, body: bodies.IncidentRaised) -> None:
    row = {
        "id": body.incident,
        "request_id": entry.subject,
        "child_id": body.child,
        "what": body.what,
        "at": body.at,
        "raised_at": entry.at // 1000,
        "operator": entry.actor,
        "said": body.said,
        "told": " ".join(body.told),
        "desk": desk_name(entry.desk),
    }
    insert_row(connection, tables.Incident, row)


def _acknowledged(connection: "Connection", entry: Entry, body: bodies.IncidentAcknowledged) -> None:
    values = {"acknowledged_at": entry.at // 1000, "acknowledged_by": entry.actor}
    update_rows(connection, tables.Incident, {"id": body.incident}, values)


def _cut_short(connection: "Connection", entry: Entry, body: bodies.CareCutShort) -> None:
    row = {"request_id": entry.subject, "why": body.why, "at": entry.at // 1000, "operator": entry.actor}
    put_rows(connection, tables.CutShort, [row])


def _satisfaction(connection: "Connection", entry: Entry, body: bodies.SatisfactionGiven) -> None:
    row = {"request_id": entry.subject, "at": entry.at // 1000, "operator": entry.actor, **body.model_dump()}
    put_rows(connection, tables.Satisfaction, [row])


def _complaint(connection: "Connection", entry: Entry, body: bodies.ComplaintOpened) -> None:
    row = {
        "id": entry.subject,
        "request_id": body.request,
        "guardian_id": body.guardian,
        "opened_at": entry.at // 1000,
        "operator": entry.actor,
        "said": body.said,
        "owner": body.owner,
        "due_at": body.due,
    }
    insert_row(connection, tables.Complaint, row)


def _handed_on(connection: "Connection", entry: Entry, body: bodies.ComplaintHandedOn) -> None:
    update_rows(connection, tables.Complaint, {"id": entry.subject}, {"owner": body.owner, "due_at": body.due})


def _complaint_closed(connection: "Connection", entry: Entry, body: bodies.ComplaintClosed) -> None:
    values = {"closed_at": entry.at // 1000, "closed_by": entry.actor, "how": body.how}
    update_rows(connection, tables.Complaint, {"id": entry.subject}, values)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.IncidentRaised: _incident,
    bodies.IncidentAcknowledged: _acknowledged,
    bodies.CareCutShort: _cut_short,
    bodies.SatisfactionGiven: _satisfaction,
    bodies.ComplaintOpened: _complaint,
    bodies.ComplaintHandedOn: _handed_on,
    bodies.ComplaintClosed: _complaint_closed,
}
