"""Providers and their places."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Provider(SQLModel, table=True):
    """Who gives care: an institution or a home-visit carer. `record` is the whole record as JSON."""

    __tablename__: ClassVar[Any] = "provider"
    __table_args__: ClassVar[Any] = (
        Index("provider_where", "service", "lat", "lon"),
        Index("provider_region", "region"),
        KEYED,
    )
    id: str = Field(primary_key=True)
    service: str
    name: str
    region: str
    lat: float
    lon: float
    record: str


class Group(SQLModel, table=True):
    """An age band of a provider with a number of places; `places` is NULL while nobody knows it.

    `lowered_at` is when its places, or the hours in which there are any, last became fewer.
    """

    __tablename__: ClassVar[Any] = "provider_group"
    __table_args__: ClassVar[Any] = (
        Index("provider_group_provider", "provider_id", "position"),
        Index("provider_group_lowered", "lowered_at", sqlite_where=text("lowered_at IS NOT NULL")),
        KEYED,
    )
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
    lowered_at: int | None
