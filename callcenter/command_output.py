"""What commands print: lines for people, or for other programs."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callcenter.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Json = Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))]


def print_lines(lines: "Iterable[dict[str, Any]]", json_wanted: bool, fields: "Sequence[str] | None" = None) -> None:
    """A JSON object a line, or columns to read: of these fields, where some are for programs only."""
    if json_wanted:
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))
        return
    from callcenter.command_table import print_table

    print_table(lines, fields)
