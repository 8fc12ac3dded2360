"""What every command is given: where the desk's database lies, the language, the settings behind both."""

import os
from contextlib import closing, contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from callcenter import language, settings
from callcenter.language import _

if TYPE_CHECKING:
    from collections.abc import Iterator
    from sqlite3 import Connection

    from callcenter.desk.permission import Actor
    from callcenter.desk.session import Desk
    from callcenter.reference import Reference
    from callcenter.settings import Settings

Db = Annotated[Path | None, typer.Option("--db", help=_("The desk's database."), show_default=False)]
Operator = Annotated[str | None, typer.Option(help=_("Who acts: one of the desk's people."), show_default=False)]
Force = Annotated[bool, typer.Option("--force", help=_("Replace a file that is there; the old one is kept."))]
Lang = Annotated[
    Literal["ko", "en"] | None, typer.Option("--lang", help=_("The language: ko or en."), show_default=False)
]


def settings_of(context: typer.Context, db: Path | None = None, lang: str | None = None) -> "Settings":
    """The settings with the flags of the command, which go before those in front of it."""
    front: dict[str, Any] = context.find_root().obj or {}
    found = settings.load(os.environ, db=db or front.get("db"), lang=lang or front.get("lang"))
    language.use(found.lang)
    return found


def reference_of(found: "Settings") -> "Reference":
    """The reference data, with what the desk's supervisor has overridden."""
    from callcenter import reference

    return reference.load(reference.data_folder(), found.config, found.fresh_hours)


def clock() -> datetime:
    """The time of the machine's clock."""
    return datetime.now(UTC)


@contextmanager
def reading(found: "Settings") -> "Iterator[Connection]":
    """The desk's database, open to read."""
    from callcenter.desk.reading import open_to_read
    from callcenter.store.engine import explaining

    with closing(open_to_read(found.db, lambda: reference_of(found))) as connection, explaining(found.db):
        yield connection


@contextmanager
def acting(
    context: typer.Context, operator: str | None, db: Path | None, lang: str | None
) -> "Iterator[tuple[Desk, Actor]]":
    """The desk, open to write, and who acts: without a name a supervisor, who may do everything."""
    from callcenter.desk.accounts import actor_named
    from callcenter.desk.session import open_desk

    found = settings_of(context, db, lang)
    with closing(open_desk(found.db, reference_of(found))) as desk:
        yield desk, actor_named(desk.connection, operator_of(context, operator), "supervisor")


def operator_of(context: typer.Context, operator: str | None) -> str | None:
    """Who acts: as the command says, or what stands in front of it."""
    named: str | None = operator or context.find_root().obj["operator"]
    return named
