"""Where the list of providers has each group."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class ListedGroup(SQLModel, table=True):
    """A group in the order of the list: by region, by its provider's name, then as its provider names them.

    A window of the list, and a search through all of it, read this table alone. `sought` is the provider's name as
    `text.name_patterns` searches it.
    """

    __tablename__: ClassVar[Any] = "listed_group"
    __table_args__: ClassVar[Any] = KEYED
    region: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    provider_id: str = Field(primary_key=True)
    position: int = Field(primary_key=True)
    group_id: str
    service: str
    sought: str
