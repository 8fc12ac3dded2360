"""What every command is given: where the desk's database lies, the language, the settings behind both."""

import os
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from callcenter import language, settings
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.reference import Reference
    from callcenter.settings import Settings

Db = Annotated[Path | None, typer.Option("--db", help=_("The desk's database."), show_default=False)]
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

    return reference.load(reference.data_folder(), found.config)


def clock() -> datetime:
    """The time of the machine's clock."""
    return datetime.now(UTC)
