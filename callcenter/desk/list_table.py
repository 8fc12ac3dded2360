"""A listing as a table for people."""

import json
from collections.abc import Iterable
from typing import Any


def print_table(lines: Iterable[dict[str, Any]]) -> None:
    """Print the lines as columns under their fields; nested values as JSON."""
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    from callcenter.language import _
    from callcenter.text.sanitize import visible

    rows = list(lines)
    if not rows:
        print(_("There is nothing to list."))
        return
    table = Table(box=None, pad_edge=False)
    for field in rows[0]:
        table.add_column(field, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(_cell(value))) for value in row.values()))
    Console().print(table)


def _cell(value: object) -> str:
    if value is None:
        return "?"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
