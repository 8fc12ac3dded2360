"""Care itself: what was seen at the door, who was handed a child, who must not be, and which provider must be told.

When care of a child began and ended stands in its `placement`.
"""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Screening(SQLModel, table=True):
    """A child as it was at the door: who brought it, its temperature in tenths of a degree. 입실 확인: screening."""

    __tablename__: ClassVar[Any] = "screening"
    __table_args__: ClassVar[Any] = (Index("screening_request", "request_id"), KEYED)
    id: str = Field(primary_key=True)
    request_id: str
    child_id: str
    at: int
    operator: str
    brought_by: str
    brought_name: str
    code_word: bool | None
    temperature: int | None
    symptoms: str
    disinfected: bool | None


class HandOver(SQLModel, table=True):
    """To whom a child was given at the end, and by what they were known. 인계: hand-over."""

    __tablename__: ClassVar[Any] = "hand_over"
    __table_args__: ClassVar[Any] = (Index("hand_over_request", "request_id"), KEYED)
    id: str = Field(primary_key=True)
    request_id: str
    child_id: str
    at: int
    operator: str
    by: str
    name: str
    identified: str


class PickupBar(SQLModel, table=True):
    """Somebody to whom a child must not be given, and why. 인계 제한: bar."""

    __tablename__: ClassVar[Any] = "pickup_bar"
    __table_args__: ClassVar[Any] = (Index("pickup_bar_child", "child_id"), KEYED)
    guardian_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    why: str
    at: int


class ReleaseNotice(SQLModel, table=True):
    """A provider whose yes the desk gave back, and which must be told so; `told_at` once it was. 기관 통보: notice."""

    __tablename__: ClassVar[Any] = "release_notice"
    __table_args__: ClassVar[Any] = (
        Index("release_notice_open", "since", sqlite_where=text("told_at IS NULL")),
        Index("release_notice_request", "request_id"),
        KEYED,
    )
    offer_id: str = Field(primary_key=True)
    request_id: str
    provider_id: str
    since: int
    told_at: int | None
    told_by: str | None
