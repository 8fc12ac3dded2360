"""Requests, and what was said about them."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Request(SQLModel, table=True):
    """A request for care of one or more children of one guardian.

    `asked_at` is when the time and place asked for were last said: booking cut-offs are measured from it.
    `care_place` is home or facility; `handover` who brings and who fetches the children, as the guardian said it.
    """

    __tablename__: ClassVar[Any] = "request"
    __table_args__: ClassVar[Any] = (
        # Not unique: a file that was copied gives numbers twice before anybody notices.
        Index("request_number", "number"),
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
        KEYED,
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
    ended_reason: str | None
    changed_at: int
    care_place: str | None
    handover: str | None


class RequestEnd(SQLModel, table=True):
    """How a request ended without care: unplaced or cancelled, why, by whom; `late` and `fee` by the service's rule."""

    __tablename__: ClassVar[Any] = "request_end"
    __table_args__: ClassVar[Any] = (Index("request_end_at", "at"), KEYED)
    request_id: str = Field(primary_key=True)
    event: str
    at: int
    reason: str | None
    by: str | None
    late: bool | None
    fee: int | None


class Application(SQLModel, table=True):
    """Which request an application from outside became, by its identifier there; `digest` is of what it said.

    One desk takes an application once. Two desks that were each sent it hold two requests until a person decides.
    """

    __tablename__: ClassVar[Any] = "application"
    __table_args__: ClassVar[Any] = (Index("application_request", "request_id"), KEYED)
    external_id: str = Field(primary_key=True)
    request_id: str = Field(primary_key=True)
    digest: str


class RequestChild(SQLModel, table=True):
    """Which children a request is for, in the order they were named."""

    __tablename__: ClassVar[Any] = "request_child"
    __table_args__: ClassVar[Any] = (Index("request_child_child", "child_id"), KEYED)
    request_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    child_id: str


class FieldHead(SQLModel, table=True):
    """The newest amendments of a field; two rows for one field are a conflict that a person decides."""

    __tablename__: ClassVar[Any] = "field_head"
    __table_args__: ClassVar[Any] = KEYED
    subject: str = Field(primary_key=True)
    field: str = Field(primary_key=True)
    entry_id: str = Field(primary_key=True)
    value: str


class Note(SQLModel, table=True):
    """A note somebody wrote to a call or a request."""

    __tablename__: ClassVar[Any] = "note"
    __table_args__: ClassVar[Any] = (Index("note_subject", "subject"), KEYED)
    id: str = Field(primary_key=True)
    subject: str
    at: int
    operator: str
    text: str
