"""The desk and its people."""

from typing import Any, ClassVar

from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Desk(SQLModel, table=True):
    """A desk and the programs it serves, separated by spaces."""

    __tablename__: ClassVar[Any] = "desk"
    __table_args__: ClassVar[Any] = KEYED
    id: str = Field(primary_key=True)
    name: str
    programs: str


class Operator(SQLModel, table=True):
    """One of the desk's people: an operator or a supervisor."""

    __tablename__: ClassVar[Any] = "operator"
    __table_args__: ClassVar[Any] = KEYED
    id: str = Field(primary_key=True)
    name: str
    role: str
    desk: str
