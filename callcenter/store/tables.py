"""The tables of a desk's database, defined once; all but `entry`, `fold` and `draft` are folded from the journal.

Times are UTC: milliseconds since 1970 in `entry.at`, seconds everywhere else.
"""

from typing import Any, ClassVar

from sqlalchemy import Index, Table, text
from sqlalchemy.dialects import sqlite
from sqlalchemy.schema import CreateIndex, CreateTable, DropTable
from sqlmodel import Field, SQLModel

_KEYED = {"sqlite_with_rowid": False}


class Entry(SQLModel, table=True):
    """A journal entry. `body` and `salt` are NULL once the person in it was erased."""

    __tablename__: ClassVar[Any] = "entry"
    __table_args__: ClassVar[Any] = (
        Index("entry_desk_seq", "desk", "seq", unique=True),
        Index("entry_order", "hlc", "id"),
        Index("entry_subject", "subject", "hlc", "id"),
    )
    id: str = Field(primary_key=True)
    desk: str
    seq: int
    hlc: int
    at: int
    actor: str
    kind: str
    subject: str
    version: int
    body: str | None
    salt: bytes | None
    body_digest: bytes
    prev: bytes
    digest: bytes


class Fold(SQLModel, table=True):
    """How the folded tables were made: one row, the version of the fold's code."""

    __tablename__: ClassVar[Any] = "fold"
    version: int = Field(primary_key=True)


class Draft(SQLModel, table=True):
    """What an operator typed and has not saved: neither journalled nor folded, for it is no fact yet."""

    __tablename__: ClassVar[Any] = "draft"
    __table_args__: ClassVar[Any] = _KEYED
    id: str = Field(primary_key=True)
    operator: str
    call_id: str | None
    request_id: str | None
    saved_at: int
    body: str


class Desk(SQLModel, table=True):
    """A desk and the programs it serves, separated by spaces."""

    __tablename__: ClassVar[Any] = "desk"
    __table_args__: ClassVar[Any] = _KEYED
    id: str = Field(primary_key=True)
    name: str
    programs: str


class Operator(SQLModel, table=True):
    """One of the desk's people: an operator or a supervisor."""

    __tablename__: ClassVar[Any] = "operator"
    __table_args__: ClassVar[Any] = _KEYED
    id: str = Field(primary_key=True)
    name: str
    role: str


class Guardian(SQLModel, table=True):
    """Who asks for care. `phone` is E.164, a short code, or empty when withheld; so is that of the second contact."""

    __tablename__: ClassVar[Any] = "guardian"
    __table_args__: ClassVar[Any] = (Index("guardian_phone", "phone"), _KEYED)
    id: str = Field(primary_key=True)
    name: str
    phone: str
    relation: str
    language: str
    second_name: str
    second_phone: str


class Child(SQLModel, table=True):
    """A child of a guardian. `birth` is an ISO date; `needs` and `symptoms` are codes separated by spaces."""

    __tablename__: ClassVar[Any] = "child"
    __table_args__: ClassVar[Any] = (
        Index("child_guardian", "guardian_id"),
        Index("child_birth", "birth", "name"),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    guardian_id: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: str
    symptoms: str
    care_note: str


class Consent(SQLModel, table=True):
    """What a guardian agreed to last: `kind` is collect, sensitive or third_party. 동의: consent."""

    __tablename__: ClassVar[Any] = "consent"
    __table_args__: ClassVar[Any] = _KEYED
    guardian_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    at: int
    how: str
    who: str


class SearchKey(SQLModel, table=True):
    """What a guardian, or with `child_id` one of the children, is found by (`text.search_terms.Terms`).

    Its rows have row numbers, so that the many indexes on them are narrow. Most people lack most of a number.
    """

    __tablename__: ClassVar[Any] = "search_key"
    __table_args__: ClassVar[Any] = (
        Index("search_key_name", "name"),
        Index("search_key_given", "given"),
        Index("search_key_heads", "heads"),
        Index("search_key_given_heads", "given_heads"),
        Index("search_key_digits", "digits", sqlite_where=text("digits <> ''")),
        Index("search_key_tail", "tail", sqlite_where=text("tail <> ''")),
        Index("search_key_last_four", "last_four", sqlite_where=text("last_four <> ''")),
    )
    guardian_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    name: str
    given: str
    heads: str
    given_heads: str
    digits: str
    tail: str
    last_four: str


class Call(SQLModel, table=True):
    """A telephone call; `phone` is NULL until it is known, empty when withheld; `operator` is empty until taken.

    `opened_at` is when it first rang. `external_id` is the telephone system's name for it, `heard` the states that
    the system told of (see `journal.bodies.CallMoved`). `joined_call` is the call that was cut off before this one.
    `safety` is the danger that restricts who sees it: emergency or abuse; `raised_by` who raised it first, empty until
    then.
    """

    __tablename__: ClassVar[Any] = "call"
    __table_args__: ClassVar[Any] = (
        Index("call_state", "state", "opened_at"),
        Index("call_phone", "phone", "opened_at"),
        Index("call_opened", "opened_at"),
        Index("call_external", "external_id", "opened_at", sqlite_where=text("external_id IS NOT NULL")),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    state: str
    operator: str
    opened_at: int
    ended_at: int | None
    phone: str | None
    guardian_id: str | None
    outcome: str | None
    topic: str | None
    direction: str
    external_id: str | None
    extension: str | None
    called: str | None
    heard: str
    answered_at: int | None
    held_at: int | None
    hung_up_at: int | None
    joined_call: str | None
    agency: str | None
    safety: str | None
    raised_by: str


class CallRequest(SQLModel, table=True):
    """A request that a call touched without having made it."""

    __tablename__: ClassVar[Any] = "call_request"
    __table_args__: ClassVar[Any] = (Index("call_request_request", "request_id"), _KEYED)
    call_id: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)


class SafetyReport(SQLModel, table=True):
    """What another agency was told in a call; `reference` is its number of the case, empty while unknown."""

    __tablename__: ClassVar[Any] = "safety_report"
    __table_args__: ClassVar[Any] = (Index("safety_report_call", "call_id"), _KEYED)
    id: str = Field(primary_key=True)
    call_id: str
    at: int
    operator: str
    what: str
    reference: str
    said: str


class Callback(SQLModel, table=True):
    """A call-back that is owed to a number and belongs to no request; a request keeps its own promise.

    `kind` is missed, dropped or promised; `call_id` the last of so many `calls` that it is owed for. 콜백: call-back.
    """

    __tablename__: ClassVar[Any] = "callback"
    __table_args__: ClassVar[Any] = (
        Index("callback_open", "due_at", "kind", sqlite_where=text("closed_at IS NULL")),
        Index("callback_phone", "phone", sqlite_where=text("closed_at IS NULL")),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    kind: str
    phone: str
    guardian_id: str | None
    call_id: str
    calls: int
    due_at: int
    operator: str
    closed_at: int | None
    closed_why: str | None


class CallbackTry(SQLModel, table=True):
    """Somebody rang back; `subject` is the call-back or the request that the promise belongs to."""

    __tablename__: ClassVar[Any] = "callback_try"
    __table_args__: ClassVar[Any] = (Index("callback_try_subject", "subject", "at"), _KEYED)
    id: str = Field(primary_key=True)
    subject: str
    at: int
    operator: str
    whom: str
    result: str


class Request(SQLModel, table=True):
    """A request for care of one or more children of one guardian.

    `asked_at` is when the time and place asked for were last said: booking cut-offs are measured from it.
    """

    __tablename__: ClassVar[Any] = "request"
    __table_args__: ClassVar[Any] = (
        Index("request_number", "number", unique=True),
        # All that the order of the queue, its figures and its alarms ask for, so that they never read the rows.
        Index(
            "request_queue",
            "state",
            "opened_at",
            "urgency",
            "promised_at",
            "start_at",
            "held_until",
            "number",
        ),
        # With what a search asks for, so that it never reads the rows.
        Index("request_guardian", "guardian_id", "opened_at", "region", "state"),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    number: str
    state: str
    urgency: str
    region: str
    residence: str | None
    service: str | None
    channel: str
    guardian_id: str
    call_id: str | None
    start_at: int
    end_at: int
    reason: str
    opened_at: int
    asked_at: int
    operator: str
    promised_at: int | None
    held_until: int | None
    offer_id: str | None
    ended_reason: str | None
    changed_at: int


class Application(SQLModel, table=True):
    """Which request an application from outside became, by its identifier there; `digest` is of what it said.

    One desk takes an application once. Two desks that were each sent it hold two requests until a person decides.
    """

    __tablename__: ClassVar[Any] = "application"
    __table_args__: ClassVar[Any] = _KEYED
    external_id: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    digest: str


class RequestChild(SQLModel, table=True):
    """Which children a request is for, in the order they were named."""

    __tablename__: ClassVar[Any] = "request_child"
    __table_args__: ClassVar[Any] = (Index("request_child_child", "child_id"), _KEYED)
    request_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    child_id: str


class FieldHead(SQLModel, table=True):
    """The newest amendments of a field; two rows for one field are a conflict that a person decides."""

    __tablename__: ClassVar[Any] = "field_head"
    __table_args__: ClassVar[Any] = _KEYED
    subject: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    entry_id: str = Field(primary_key=True)
    value: str


class Note(SQLModel, table=True):
    """A note somebody wrote to a call or a request."""

    __tablename__: ClassVar[Any] = "note"
    __table_args__: ClassVar[Any] = (Index("note_subject", "subject"), _KEYED)
    id: str = Field(primary_key=True)
    subject: str
    at: int
    operator: str
    text: str


class Provider(SQLModel, table=True):
    """Who gives care: an institution or a home-visit carer. `record` is the whole record as JSON."""

    __tablename__: ClassVar[Any] = "provider"
    __table_args__: ClassVar[Any] = (
        Index("provider_where", "service", "lat", "lon"),
        Index("provider_region", "region"),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    service: str
    name: str
    region: str
    lat: float
    lon: float
    record: str


class Group(SQLModel, table=True):
    """An age band of a provider with a number of places; `places` is NULL while nobody knows it."""

    __tablename__: ClassVar[Any] = "provider_group"
    __table_args__: ClassVar[Any] = (Index("provider_group_provider", "provider_id", "position"), _KEYED)
    id: str = Field(primary_key=True)
    provider_id: str
    position: int
    label: str
    months_min: int
    months_max: int
    children_per_place: int
    places: int | None
    confirmed_at: int | None
    confirmed_by: str | None
    confirmed_how: str | None


class Offer(SQLModel, table=True):
    """A request offered to a provider; it holds its places while it is pending or accepted."""

    __tablename__: ClassVar[Any] = "offer"
    __table_args__: ClassVar[Any] = (
        Index("offer_request", "request_id", "made_at"),
        Index("offer_provider", "provider_id", "made_at"),
        Index("offer_state", "state", "expires_at"),
        _KEYED,
    )
    id: str = Field(primary_key=True)
    request_id: str
    provider_id: str
    state: str
    places_known: bool
    operator: str
    made_at: int
    expires_at: int
    answered_at: int | None
    answer: str | None
    free_said: int | None
    confirmed_at: int | None


class PlaceTaken(SQLModel, table=True):
    """A place that is taken in a half-hour slot: a key that exists once."""

    __tablename__: ClassVar[Any] = "place_taken"
    __table_args__: ClassVar[Any] = (Index("place_taken_offer", "offer_id"), _KEYED)
    group_id: str = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    place_no: int = Field(primary_key=True)
    offer_id: str
    request_id: str


class OfferSeat(SQLModel, table=True):
    """Which child of an offer goes to which place."""

    __tablename__: ClassVar[Any] = "offer_seat"
    __table_args__: ClassVar[Any] = _KEYED
    offer_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    request_id: str
    group_id: str
    place_no: int


FOLDED: tuple[type[SQLModel], ...] = (
    Desk,
    Operator,
    Guardian,
    Child,
    Consent,
    SearchKey,
    Call,
    CallRequest,
    SafetyReport,
    Callback,
    CallbackTry,
    Request,
    Application,
    RequestChild,
    FieldHead,
    Note,
    Provider,
    Group,
    Offer,
    OfferSeat,
    PlaceTaken,
)


def table(model: type[SQLModel]) -> Table:
    """The SQLAlchemy table behind a model."""
    found = SQLModel.metadata.tables[str(model.__tablename__)]
    assert isinstance(found, Table)
    return found


def schema() -> list[str]:
    """The DDL of a new database, tables before their indexes."""
    return _definitions((Entry, Fold, Draft, *FOLDED))


def folded_schema() -> tuple[list[str], list[str]]:
    """The DDL that drops whatever was folded and makes its tables anew; then, for when they are full, the rest.

    A fold looks rows up by few of the indexes; the others are made faster in one go at the end.
    """
    drops = [str(DropTable(table(model), if_exists=True).compile(dialect=sqlite.dialect())) for model in FOLDED]
    made = [_table_ddl(model) for model in FOLDED]
    indexes = [index for model in FOLDED for index in _indexes(model)]
    first = [_index_ddl(index) for index in indexes if index.name in FOLD_LOOKS_UP]
    return [*drops, *made, *first], [_index_ddl(index) for index in indexes if index.name not in FOLD_LOOKS_UP]


FOLD_LOOKS_UP = frozenset(
    {"child_guardian", "note_subject", "provider_group_provider", "offer_request", "place_taken_offer"}
)


def _definitions(models: tuple[type[SQLModel], ...]) -> list[str]:
    return [ddl for model in models for ddl in (_table_ddl(model), *map(_index_ddl, _indexes(model)))]


def _indexes(model: type[SQLModel]) -> list[Index]:
    return sorted(table(model).indexes, key=lambda index: str(index.name))


def _table_ddl(model: type[SQLModel]) -> str:
    return str(CreateTable(table(model)).compile(dialect=sqlite.dialect()))


def _index_ddl(index: Index) -> str:
    return str(CreateIndex(index).compile(dialect=sqlite.dialect()))
