"""Guardians and their children, what they agreed to, and what they are found by."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Guardian(SQLModel, table=True):
    """Who asks for care. `phone` is E.164, a short code, or empty when withheld; so is that of the second contact.

    `reachable` is when to ring, as it was said."""

    __tablename__: ClassVar[Any] = "guardian"
    __table_args__: ClassVar[Any] = (Index("guardian_phone", "phone"), KEYED)
    id: str = Field(primary_key=True)
    name: str
    phone: str
    relation: str
    language: str
    second_name: str
    second_phone: str
    address: str
    reachable: str


class Child(SQLModel, table=True):
    """A child of a guardian. `birth` is an ISO date; `needs` and `symptoms` are codes separated by spaces.

    `sex` is girl, boy or empty; `registration` the number under which the child is registered in advance.
    """

    __tablename__: ClassVar[Any] = "child"
    __table_args__: ClassVar[Any] = (
        Index("child_guardian", "guardian_id"),
        Index("child_birth", "birth", "name"),
        KEYED,
    )
    id: str = Field(primary_key=True)
    guardian_id: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: str
    symptoms: str
    care_note: str
    sex: str
    registration: str


class Consent(SQLModel, table=True):
    """What a guardian agreed to last: `kind` is collect, sensitive or third_party. 동의: consent."""

    __tablename__: ClassVar[Any] = "consent"
    __table_args__: ClassVar[Any] = KEYED
    guardian_id: str = Field(primary_key=True)
    kind: str = Field(primary_key=True)
    at: int
    how: str
    who: str


class ErasedSubject(SQLModel, table=True):
    """A guardian who was erased, or a call or request about that guardian: what tells of people there is gone.

    `hlc` and `entry_id` are those of the erasure, `desk` the chain it was written in.
    """

    __tablename__: ClassVar[Any] = "erased_subject"
    __table_args__: ClassVar[Any] = (Index("erased_subject_guardian", "guardian_id"), KEYED)
    subject: str = Field(primary_key=True)
    entry_id: str = Field(primary_key=True)
    guardian_id: str
    hlc: int
    desk: str


class SearchKey(SQLModel, table=True):
    """What a guardian, or with `child_id` one of the children, is found by (`text.search_terms.Terms`).

    Its rows have row numbers, so that the many indexes on them are narrow. Most people lack most of a number.
    """

    __tablename__: ClassVar[Any] = "search_key"
    __table_args__: ClassVar[Any] = (
        Index("search_key_name", "name"),
        Index("search_key_given", "given"),
        Index("search_key_heads", "heads"),
        Index("search_key_given_heads", "given_heads"),
        Index("search_key_digits", "digits", sqlite_where=text("digits <> ''")),
        Index("search_key_tail", "tail", sqlite_where=text("tail <> ''")),
        Index("search_key_last_four", "last_four", sqlite_where=text("last_four <> ''")),
    )
    guardian_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    name: str
    given: str
    heads: str
    given_heads: str
    digits: str
    tail: str
    last_four: str
