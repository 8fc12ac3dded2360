"""When providers are there: closures, rosters of carers, duty plans."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Closure(SQLModel, table=True):
    """A provider is closed from `start_at` up to `end_at`."""

    __tablename__: ClassVar[Any] = "closure"
    __table_args__: ClassVar[Any] = (Index("closure_provider", "provider_id", "end_at"), KEYED)
    id: str = Field(primary_key=True)
    provider_id: str
    start_at: int
    end_at: int
    reason: str
    set_at: int
    set_by: str


class Roster(SQLModel, table=True):
    """When a carer works: `week` is JSON, cells of hours by day of the week."""

    __tablename__: ClassVar[Any] = "roster"
    __table_args__: ClassVar[Any] = KEYED
    provider_id: str = Field(primary_key=True)
    week: str
    set_at: int
    set_by: str


class RosterDay(SQLModel, table=True):
    """When a carer works on one day (ISO date) that is not like the others; `hours` is a cell."""

    __tablename__: ClassVar[Any] = "roster_day"
    __table_args__: ClassVar[Any] = KEYED
    provider_id: str = Field(primary_key=True)
    day: str = Field(primary_key=True)
    hours: str
    set_at: int
    set_by: str


class DutyShift(SQLModel, table=True):
    """Who is on duty; `keepers` is a JSON list of names, an empty one says that nobody is."""

    __tablename__: ClassVar[Any] = "duty_shift"
    __table_args__: ClassVar[Any] = KEYED
    provider_id: str = Field(primary_key=True)
    start_at: int = Field(primary_key=True)
    end_at: int
    keepers: str
    set_at: int
    set_by: str
