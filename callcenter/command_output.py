"""What commands print: lines for people, or for other programs."""

import json
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callcenter.language import _

if TYPE_CHECKING:
    from collections.abc import Iterable

Json = Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))]


def print_lines(lines: "Iterable[dict[str, Any]]", json_wanted: bool) -> None:
    """A JSON object a line, or the same as columns to read."""
    if json_wanted:
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))
        return
    from callcenter.desk.list_table import print_table

    print_table(lines)
