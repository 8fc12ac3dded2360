"""Families and providers that are kept apart."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class NoContact(SQLModel, table=True):
    """The guardian's children are not placed with the provider. 연계 제한: no contact."""

    __tablename__: ClassVar[Any] = "no_contact"
    __table_args__: ClassVar[Any] = KEYED
    guardian_id: str = Field(primary_key=True)
    provider_id: str = Field(primary_key=True)
    reason: str
    set_at: int
    set_by: str
