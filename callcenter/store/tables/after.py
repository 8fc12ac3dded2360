"""How care went: incidents, satisfaction, complaints."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Incident(SQLModel, table=True):
    """Something that happened to a child in care; `told` are codes set apart by blanks. 사고: incident."""

    __tablename__: ClassVar[Any] = "incident"
    __table_args__: ClassVar[Any] = (
        Index("incident_open", "raised_at", sqlite_where=text("acknowledged_at IS NULL")),
        Index("incident_request", "request_id"),
        KEYED,
    )
    id: str = Field(primary_key=True)
    request_id: str
    child_id: str | None
    what: str
    at: int
    raised_at: int
    operator: str
    said: str
    told: str
    acknowledged_at: int | None
    acknowledged_by: str | None
    desk: str


class CutShort(SQLModel, table=True):
    """Why care of a request ended before it was to. 조기종료: cut short."""

    __tablename__: ClassVar[Any] = "cut_short"
    __table_args__: ClassVar[Any] = KEYED
    request_id: str = Field(primary_key=True)
    why: str
    at: int
    operator: str


class Satisfaction(SQLModel, table=True):
    """How content the guardian was with a request's care, 0 to 100; the last answer counts."""

    __tablename__: ClassVar[Any] = "satisfaction"
    __table_args__: ClassVar[Any] = KEYED
    request_id: str = Field(primary_key=True)
    score: int
    again: bool | None
    at: int
    operator: str


class Complaint(SQLModel, table=True):
    """A complaint and who follows it up by when. 민원: complaint."""

    __tablename__: ClassVar[Any] = "complaint"
    __table_args__: ClassVar[Any] = (
        Index("complaint_open", "due_at", sqlite_where=text("closed_at IS NULL")),
        Index("complaint_request", "request_id"),
        Index("complaint_guardian", "guardian_id"),
        KEYED,
    )
    id: str = Field(primary_key=True)
    request_id: str | None
    guardian_id: str | None
    opened_at: int
    operator: str
    said: str
    owner: str
    due_at: int
    closed_at: int | None
    closed_by: str | None
    how: str | None
