"""A listing as a table for people: words for codes, the hour for a moment, a line for each."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from callcenter.care.lifecycle import CALL, REQUEST
from callcenter.console.presentation import callbacks, words
from callcenter.language import _, mark
from callcenter.reference import Reference, data_folder
from callcenter.text.sanitize import visible

_HEADINGS: Mapping[str, str] = {
    "actor": mark("Who"),
    "at": mark("At"),
    "behind": mark("To fetch"),
    "by": mark("Who"),
    "calls": mark("Calls"),
    "channel": mark("Channel"),
    "children": mark("Child"),
    "conflicts": mark("Conflicts"),
    "connections": mark("Connections"),
    "desk": mark("Desk name"),
    "direction": mark("Direction"),
    "due_at": mark("Due"),
    "due": mark("Due"),
    "end": mark("End"),
    "entries": mark("Entries"),
    "for": mark("For"),
    "groups": mark("Groups: places"),
    "guardian": mark("Guardian"),
    "kind": mark("Kind"),
    "last_result": mark("Last try"),
    "name": mark("Name"),
    "number": mark("Number"),
    "opened_at": mark("Since"),
    "operator": mark("Operator"),
    "parked": mark("Set aside"),
    "people": mark("Distinct children"),
    "phone": mark("Phone"),
    "places": mark("Places"),
    "promised_at": mark("Promised"),
    "provider": mark("Provider"),
    "reason": mark("Reason"),
    "region": mark("City"),
    "remark": mark("Remark"),
    "requests": mark("Requests"),
    "restricted": mark("Restricted"),
    "role": mark("Role"),
    "seen": mark("Last heard of"),
    "serves": mark("Serves"),
    "service": mark("Service"),
    "start": mark("Start"),
    "state": mark("State"),
    "step": mark("Whom"),
    "tries": mark("Tries"),
    "waiting": mark("To send"),
    "words": mark("Stage"),
}
_DIRECTIONS = {"in": mark("incoming"), "out": mark("outgoing")}
_MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d.*")
# Wide enough for every line: what goes into a pipe is searched, and has no edge to be folded at.
_PIPED_CELLS = 1000


def print_table(lines: Iterable[Mapping[str, Any]], fields: Sequence[str] | None = None) -> None:
    """Print these fields of the lines, all unless given, as columns."""
    rows = list(lines)
    if not rows:
        print(_("There is nothing to list."))
        return
    shown = fields or list(rows[0])
    said = _said(Reference(data_folder()))
    table = Table(box=None, pad_edge=False)
    for field in shown:
        table.add_column(_(_HEADINGS[field]) if field in _HEADINGS else field, overflow="fold")
    for row in rows:
        table.add_row(*(Text(visible(_cell(said, field, row[field]))) for field in shown))
    Console(width=None if sys.stdout.isatty() else _PIPED_CELLS).print(table)


def _said(reference: Reference) -> Mapping[str, Callable[[str], str]]:
    states = dict[str, str]((*CALL.words.items(), *REQUEST.words.items()))
    kinds = {code: word for code, (word, _look) in callbacks.KINDS.items()}
    steps = {code: word for code, (word, _look) in callbacks.STEPS.items()}
    return {
        "channel": words.channel,
        "direction": lambda code: _(_DIRECTIONS[code]),
        "kind": lambda code: _(kinds.get(code, code)),
        "last_result": words.try_result,
        "region": lambda code: words.region(reference, code),
        "role": words.role,
        "school": words.school,
        "step": lambda code: _(steps.get(code, code)),
        "state": lambda code: _(states.get(code, code)),
    }


def _cell(said: Mapping[str, Callable[[str], str]], field: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list):
        return ", ".join(_cell(said, field, one) for one in value)
    if isinstance(value, dict):
        if field == "groups":
            return f"{value['label']}: {'?' if value['places'] is None else value['places']}"
        return " ".join(_cell(said, name, one) for name, one in value.items() if one is not None)
    text = str(value)
    if _MOMENT.fullmatch(text):
        return text[:16].replace("T", " ")
    return said[field](text) if field in said else text
