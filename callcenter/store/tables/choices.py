"""Where an offer's provider stood in the list it was chosen from."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Choice(SQLModel, table=True):
    """An offer that was not simply the first of the list as asked: its rank and why, or what was changed for it."""

    __tablename__: ClassVar[Any] = "choice"
    __table_args__: ClassVar[Any] = (Index("choice_request", "request_id"), KEYED)
    offer_id: str = Field(primary_key=True)
    request_id: str
    rank: int
    why_not_first: str
    change: str
