"""The tables of a desk's database, defined once; all but those of `kept` are folded from the journal.

Times are UTC: milliseconds since 1970 in `entry.at`, seconds everywhere else.
"""

from sqlalchemy import Index, Table
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable
from sqlmodel import SQLModel

from callcenter.store.tables.after import Complaint, CutShort, Incident, Satisfaction
from callcenter.store.tables.calls import Call, Callback, CallbackTry, CallRequest, SafetyReport
from callcenter.store.tables.care import HandOver, PickupBar, ReleaseNotice, Screening
from callcenter.store.tables.choices import Choice
from callcenter.store.tables.contested import TRIGGERS
from callcenter.store.tables.corrections import Correction
from callcenter.store.tables.desks import Desk, Operator
from callcenter.store.tables.kept import NOTE_EMPTIED, Draft, Emptied, Entry, Fold, Here, Joined, Parked
from callcenter.store.tables.listing import ListedGroup
from callcenter.store.tables.messages import Message
from callcenter.store.tables.no_contact import NoContact
from callcenter.store.tables.offers import (
    Acknowledgement,
    Crossed,
    Offer,
    OfferSeat,
    PlaceContested,
    Placement,
    PlaceTaken,
)
from callcenter.store.tables.people import Child, Consent, ErasedSubject, Guardian, SearchKey
from callcenter.store.tables.provider_times import Closure, DutyShift, Roster, RosterDay
from callcenter.store.tables.providers import Group, Provider, TelephoneDoubt
from callcenter.store.tables.requests import Application, FieldHead, Note, Request, RequestChild, RequestEnd

__all__ = [
    "FOLDED",
    "FOLD_LOOKS_UP",
    "Acknowledgement",
    "Application",
    "Call",
    "CallRequest",
    "Callback",
    "CallbackTry",
    "Child",
    "Choice",
    "Closure",
    "Complaint",
    "Consent",
    "Correction",
    "Crossed",
    "CutShort",
    "Desk",
    "Draft",
    "DutyShift",
    "Emptied",
    "Entry",
    "ErasedSubject",
    "FieldHead",
    "Fold",
    "Group",
    "Guardian",
    "HandOver",
    "Here",
    "Incident",
    "Joined",
    "ListedGroup",
    "Message",
    "NoContact",
    "Note",
    "Offer",
    "OfferSeat",
    "Operator",
    "Parked",
    "PickupBar",
    "PlaceContested",
    "PlaceTaken",
    "Placement",
    "Provider",
    "ReleaseNotice",
    "Request",
    "RequestChild",
    "RequestEnd",
    "Roster",
    "RosterDay",
    "SafetyReport",
    "Satisfaction",
    "Screening",
    "SearchKey",
    "TelephoneDoubt",
    "folded_schema",
    "schema",
    "table",
]

FOLDED: tuple[type[SQLModel], ...] = (
    Desk,
    Operator,
    Guardian,
    Child,
    Consent,
    ErasedSubject,
    SearchKey,
    NoContact,
    Call,
    CallRequest,
    SafetyReport,
    Callback,
    CallbackTry,
    Request,
    Application,
    RequestChild,
    RequestEnd,
    FieldHead,
    Note,
    Provider,
    Group,
    TelephoneDoubt,
    ListedGroup,
    Closure,
    Roster,
    RosterDay,
    DutyShift,
    Offer,
    OfferSeat,
    Acknowledgement,
    Placement,
    PlaceContested,
    PlaceTaken,
    Crossed,
    Choice,
    Screening,
    HandOver,
    PickupBar,
    ReleaseNotice,
    Incident,
    CutShort,
    Satisfaction,
    Complaint,
    Correction,
    Message,
)


def table(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model."""
    found = SQLModel.metadata.tables[str(model.__tablename__)]
    assert isinstance(found, Table)
    return found


def schema() -> list[str]:
    """The DDL of a new database, tables before their indexes."""
    return [*_definitions((Entry, Fold, Here, Parked, Joined, Emptied, Draft, *FOLDED)), NOTE_EMPTIED, *TRIGGERS]


def folded_schema() -> tuple[list[str], list[str]]:
    """The DDL that drops whatever was folded and makes its tables anew; then, for when they are full, the rest.

    A fold looks rows up by few of the indexes; the others are made faster in one go at the end.
    """
    drops = [str(DropTable(table(model), if_exists=True).compile(dialect=sqlite.dialect())) for model in FOLDED]
    made = [_table_ddl(model) for model in FOLDED]
    indexes = [index for model in FOLDED for index in _indexes(model)]
    first = [_index_ddl(index) for index in indexes if index.name in FOLD_LOOKS_UP]
    return [*drops, *made, *first, *TRIGGERS], [
        _index_ddl(index) for index in indexes if index.name not in FOLD_LOOKS_UP
    ]


FOLD_LOOKS_UP = frozenset(
    {
        "child_guardian",
        "acknowledgement_request",
        "application_request",
        "choice_request",
        "correction_subject",
        "crossed_offer",
        "crossed_request",
        "note_subject",
        "provider_group_provider",
        "offer_request",
        "place_contested_offer",
        "place_contested_request",
        "place_taken_offer",
        "placement_offer",
    }
)


def _definitions(models: tuple[type[SQLModel], ...]) -> list[str]:
    return [ddl for model in models for ddl in (_table_ddl(model), *map(_index_ddl, _indexes(model)))]


def _indexes(model: type[SQLModel]) -> list[Index]:
    return sorted(table(model).indexes, key=lambda index: str(index.name))


def _table_ddl(model: type[SQLModel]) -> str:
    return str(CreateTable(table(model)).compile(dialect=sqlite.dialect()))


def _index_ddl(index: Index) -> str:
    return str(CreateIndex(index).compile(dialect=sqlite.dialect()))
