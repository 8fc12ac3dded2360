"""Calls, dangers reported in them, and call-backs that are owed."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Call(SQLModel, table=True):
    """A telephone call; `phone` is NULL until it is known, empty when withheld; `operator` is empty until taken.

    `opened_at` is when it first rang. `external_id` is the telephone system's name for it, `heard` the states that
    the system told of (see `journal.bodies.CallMoved`). `joined_call` is the call that was cut off before this one.
    `safety` is the danger that restricts who sees it: emergency or abuse; `raised_by` who raised it first, empty until
    then. `desk` is where it rang.
    """

    __tablename__: ClassVar[Any] = "call"
    __table_args__: ClassVar[Any] = (
        Index("call_state", "state", "opened_at"),
        Index("call_phone", "phone", "opened_at"),
        Index("call_opened", "opened_at"),
        Index("call_external", "external_id", "opened_at", sqlite_where=text("external_id IS NOT NULL")),
        KEYED,
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
    desk: str


class CallRequest(SQLModel, table=True):
    """A request that a call touched without having made it."""

    __tablename__: ClassVar[Any] = "call_request"
    __table_args__: ClassVar[Any] = (Index("call_request_request", "request_id"), KEYED)
    call_id: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)


class SafetyReport(SQLModel, table=True):
    """What another agency was told in a call; `reference` is its number of the case, empty while unknown."""

    __tablename__: ClassVar[Any] = "safety_report"
    __table_args__: ClassVar[Any] = (Index("safety_report_call", "call_id"), KEYED)
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
        KEYED,
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
    __table_args__: ClassVar[Any] = (Index("callback_try_subject", "subject", "at"), KEYED)
    id: str = Field(primary_key=True)
    subject: str
    at: int
    operator: str
    whom: str
    result: str
