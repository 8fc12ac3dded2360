"""Folding: how each kind of entry changes the tables that screens and reports read.

A fold touches rows of its own subject only, so that a late entry makes only its own subject fold again.
"""

from typing import TYPE_CHECKING

from sqlmodel import SQLModel

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold import calls, care, desks, offers, people, providers, requests
from callcenter.store import tables

if TYPE_CHECKING:
    from sqlite3 import Connection

# Rows by the column that names their subject; `fold_again` empties these and no others.
OWNED: tuple[tuple[type[SQLModel], str], ...] = (
    (tables.Desk, "id"),
    (tables.Operator, "id"),
    (tables.Guardian, "id"),
    (tables.Child, "guardian_id"),
    (tables.Consent, "guardian_id"),
    (tables.SearchKey, "guardian_id"),
    (tables.Call, "id"),
    (tables.CallRequest, "call_id"),
    (tables.SafetyReport, "call_id"),
    (tables.Callback, "id"),
    (tables.CallbackTry, "subject"),
    (tables.Request, "id"),
    (tables.Application, "request_id"),
    (tables.RequestChild, "request_id"),
    (tables.FieldHead, "subject"),
    (tables.Note, "subject"),
    (tables.Provider, "id"),
    (tables.Group, "provider_id"),
    (tables.Offer, "request_id"),
    (tables.OfferSeat, "request_id"),
    (tables.Placement, "request_id"),
    (tables.PlaceTaken, "request_id"),
    (tables.Screening, "request_id"),
    (tables.HandOver, "request_id"),
    (tables.PickupBar, "guardian_id"),
    (tables.ReleaseNotice, "request_id"),
)

_HANDLERS = {
    **desks.HANDLERS,
    **providers.HANDLERS,
    **people.HANDLERS,
    **calls.HANDLERS,
    **requests.HANDLERS,
    **offers.HANDLERS,
    **care.HANDLERS,
}


def fold(connection: "Connection", entry: Entry, body: bodies.Body | None = None) -> None:
    """Apply one entry to the tables. An erased entry, or one of an unknown kind or version, changes nothing."""
    model = bodies.KINDS.get(entry.kind)
    if entry.body is None or model is None or model.version != entry.version:
        return
    handler = _HANDLERS.get(model)
    if handler is not None:
        handler(connection, entry, body or model.model_validate_json(entry.body))
