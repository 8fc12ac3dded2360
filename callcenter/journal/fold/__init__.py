"""Folding: how each kind of entry changes the tables that screens and reports read.

A fold touches rows of its own subject only, so that a late entry makes only its own subject fold again.
"""

from functools import partial
from typing import TYPE_CHECKING, NamedTuple

from sqlmodel import SQLModel

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold import (
    after,
    calls,
    care,
    choices,
    claims,
    corrections,
    desks,
    messages,
    no_contact,
    offers,
    people,
    provider_times,
    providers,
    requests,
)
from callcenter.journal.fold.corrections import is_correction, taken_out
from callcenter.journal.fold.crossing import CONCERNED, before_cancelling, in_vain
from callcenter.journal.fold.settling import settle
from callcenter.journal.parking import REFUSED, all_or_nothing, fold_or_park
from callcenter.store import entries as rows
from callcenter.store import tables
from callcenter.store.placements import give_back_all, unseat_all
from callcenter.store.writes import Gathering, delete_rows

if TYPE_CHECKING:
    from sqlite3 import Connection

# Rows by the column that names their subject; `fold_again` empties these, and the seats and places of offers.
OWNED: tuple[tuple[type[SQLModel], str], ...] = (
    (tables.Desk, "id"),
    (tables.Operator, "id"),
    (tables.Guardian, "id"),
    (tables.Child, "guardian_id"),
    (tables.Consent, "guardian_id"),
    (tables.ErasedSubject, "guardian_id"),
    (tables.SearchKey, "guardian_id"),
    (tables.NoContact, "guardian_id"),
    (tables.Call, "id"),
    (tables.CallRequest, "call_id"),
    (tables.SafetyReport, "call_id"),
    (tables.Callback, "id"),
    (tables.CallbackTry, "subject"),
    (tables.Request, "id"),
    (tables.Application, "request_id"),
    (tables.RequestChild, "request_id"),
    (tables.RequestEnd, "request_id"),
    (tables.FieldHead, "subject"),
    (tables.Note, "subject"),
    (tables.Provider, "id"),
    (tables.Group, "provider_id"),
    (tables.TelephoneDoubt, "provider_id"),
    (tables.ListedGroup, "provider_id"),
    (tables.Closure, "provider_id"),
    (tables.Roster, "provider_id"),
    (tables.RosterDay, "provider_id"),
    (tables.DutyShift, "provider_id"),
    (tables.Offer, "request_id"),
    (tables.Acknowledgement, "request_id"),
    (tables.Placement, "request_id"),
    (tables.Crossed, "request_id"),
    (tables.Choice, "request_id"),
    (tables.Screening, "request_id"),
    (tables.HandOver, "request_id"),
    (tables.PickupBar, "guardian_id"),
    (tables.ReleaseNotice, "request_id"),
    (tables.Incident, "request_id"),
    (tables.CutShort, "request_id"),
    (tables.Satisfaction, "request_id"),
    (tables.Complaint, "id"),
    (tables.Correction, "subject"),
    (tables.Message, "request_id"),
)

_HANDLERS = {
    **desks.HANDLERS,
    **providers.HANDLERS,
    **provider_times.HANDLERS,
    **people.HANDLERS,
    **no_contact.HANDLERS,
    **calls.HANDLERS,
    **requests.HANDLERS,
    **offers.HANDLERS,
    **choices.HANDLERS,
    **care.HANDLERS,
    **after.HANDLERS,
    **corrections.HANDLERS,
    **messages.HANDLERS,
    **claims.HANDLERS,
}


def fold(connection: "Connection", entry: Entry, body: bodies.Body | None = None, *, shared: bool = False) -> None:
    """Apply one entry to the tables. An erased entry, or one of an unknown kind or version, changes nothing.

    `shared` says that its subject was written to by other chains too, up to this entry.
    """
    model = bodies.KINDS.get(entry.kind)
    if entry.body is None or model is None or model.version != entry.version:
        return
    handler = _HANDLERS.get(model)
    if handler is None:
        return
    # What `model_validate_json` calls: its own checks of how it is called cost a fifth of it.
    body = body or model.__pydantic_validator__.validate_json(entry.body)
    if not shared or model not in CONCERNED:
        handler(connection, entry, body)
    elif not in_vain(connection, entry, body):
        if isinstance(body, bodies.RequestMoved) and body.event == "cancelled":
            before_cancelling(connection, entry, body)
        handler(connection, entry, body)
        settle(connection, entry, body)


def fold_again(connection: "Connection", subject: str, until: tuple[int, str] | None = None) -> None:
    """Empty the subject's rows and fold its entries once more, but for those that were corrected.

    `until` is the clock and identifier of the last entry that counts, without one all do. What cannot be folded is
    parked.
    """
    if isinstance(connection, Gathering):
        connection = connection.written()
    rows.unpark_folds(connection, REFUSED, subject)
    found = [Entry._make(row) for row in rows.of_subject(connection, subject)]
    if until is not None:
        found = [entry for entry in found if (entry.hlc, entry.id) <= until]
    out = taken_out(found)
    chains: dict[str, str | None] = {}
    left = [one for one in [in_turn(chains, entry) for entry in found] if one.entry.id not in out]

    def all_of_them() -> None:
        _empty(connection, subject)
        for one in left:
            fold(connection, one.entry, shared=one.is_shared)

    if all_or_nothing(connection, all_of_them) is not None:
        _empty(connection, subject)
        for one in left:
            fold_or_park(connection, one.entry, partial(fold, connection, one.entry, shared=one.is_shared))


class InTurn(NamedTuple):
    """An entry in its turn: whether it is the first about its subject, and whether several chains wrote to that."""

    entry: Entry
    is_first: bool
    is_shared: bool


def in_turn(chains: dict[str, str | None], entry: Entry) -> InTurn:
    """The next entry; `chains` has the one chain of each subject, None for several, and learns of the entry."""
    is_first = entry.subject not in chains
    before = chains.setdefault(entry.subject, entry.desk)
    if before != entry.desk:
        chains[entry.subject] = None
    return InTurn(entry, is_first, before != entry.desk)


def _empty(connection: "Connection", subject: str) -> None:
    give_back_all(connection, subject)
    unseat_all(connection, subject)
    for model, column in OWNED:
        delete_rows(connection, model, {column: subject})


def take_in(
    connection: "Connection", entry: Entry, body: bodies.Body | None = None, *, shared: bool | None = None
) -> None:
    """Apply an entry that is written already, in its turn: a correction folds its subject again up to itself.

    As it was done it is done again: what others took in the time between has to find its place free. `shared` is
    looked up where it is not known.
    """
    if is_correction(entry):
        fold_again(connection, entry.subject, (entry.hlc, entry.id))
        return
    if shared is None:
        concerned = bodies.KINDS.get(entry.kind) in CONCERNED
        shared = concerned and rows.is_of_several(connection, entry.subject, entry.desk)
    fold(connection, entry, body, shared=shared)
