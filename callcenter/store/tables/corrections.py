"""Entries that were wrong."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Correction(SQLModel, table=True):
    """Which entry was taken out by which, who said so and why; two desks may both have. 정정: correction."""

    __tablename__: ClassVar[Any] = "correction"
    __table_args__: ClassVar[Any] = (Index("correction_subject", "subject"), KEYED)
    entry_id: str = Field(primary_key=True)
    correction_id: str = Field(primary_key=True)
    subject: str
    at: int
    operator: str
    reason: str
