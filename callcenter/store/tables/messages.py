"""Messages to providers and guardians, and how far each is."""

from typing import Any, ClassVar

from sqlalchemy import Index
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Message(SQLModel, table=True):
    """A text to one receiver, sent by the desk that wrote it: waiting, leaving, sent, failed or dropped. 문자: message.

    `changed_at` is when it came to its state, None while it never left its first; `result` says how, or why not.
    """

    __tablename__: ClassVar[Any] = "message"
    __table_args__: ClassVar[Any] = (
        Index("message_request", "request_id", "made_at"),
        Index("message_state", "state", "not_before"),
        KEYED,
    )
    id: str = Field(primary_key=True)
    desk: str
    request_id: str
    offer_id: str | None
    occasion: str
    receiver: str
    phone: str
    language: str
    text: str
    state: str
    operator: str
    made_at: int
    not_before: int
    until: int
    about: int | None
    tries: int
    changed_at: int | None
    result: str | None
