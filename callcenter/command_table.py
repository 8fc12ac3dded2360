"""A listing as a table for people: words for codes, the hour for a moment, a line for each."""

import re
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from rich.console import Console
from rich.table import Table
from rich.text import Text

from callcenter.care.lifecycle import CALL, REQUEST
from callcenter.console.presentation import after, callbacks, matches, messages, words
from callcenter.language import _, mark
from callcenter.reference import Reference, data_folder
from callcenter.text.moments import SEOUL, duration
from callcenter.text.sanitize import visible

_HEADINGS: Mapping[str, str] = {
    "actor": mark("Who"),
    "again": mark("Would ask again"),
    "answered": mark("Answered"),
    "at": mark("At"),
    "behind": mark("To fetch"),
    "by": mark("Who"),
    "calls": mark("Calls"),
    "change": mark("Changed"),
    "changed_at": mark("Last change"),
    "channel": mark("Channel"),
    "checked": mark("Checked"),
    "children": mark("Child"),
    "conflicts": mark("Conflicts"),
    "connections": mark("Connections"),
    "desk": mark("Desk name"),
    "direction": mark("Direction"),
    "due": mark("Due"),
    "due_at": mark("Due"),
    "end": mark("End"),
    "entries": mark("Entries"),
    "erased": mark("Erased"),
    "for": mark("For"),
    "free": mark("Free"),
    "group": mark("Group"),
    "groups": mark("Groups: places"),
    "guardian": mark("Guardian"),
    "id": mark("ID"),
    "kind": mark("Kind"),
    "km": mark("Distance in km"),
    "last_result": mark("Last try"),
    "made_at": mark("Made"),
    "mean": mark("Mean score"),
    "minutes": mark("Since checked"),
    "name": mark("Name"),
    "never": mark("Would not"),
    "number": mark("Number"),
    "occasion": mark("About"),
    "opened": mark("Since"),
    "opened_at": mark("Since"),
    "opened_by": mark("Who"),
    "operator": mark("Operator"),
    "owner": mark("Whose"),
    "parked": mark("Set aside"),
    "people": mark("Distinct children"),
    "phone": mark("Phone"),
    "places": mark("Places"),
    "points": mark("Points"),
    "promised_at": mark("Promised"),
    "provider": mark("Provider"),
    "raised_by": mark("Who"),
    "rank": mark("Rank"),
    "reason": mark("Reason"),
    "region": mark("City"),
    "remark": mark("Remark"),
    "requests": mark("Requests"),
    "restricted": mark("Restricted"),
    "result": mark("Result"),
    "role": mark("Role"),
    "score": mark("Score"),
    "seen": mark("Last heard of"),
    "seq": mark("No."),
    "serves": mark("Serves"),
    "service": mark("Service"),
    "start": mark("Start"),
    "state": mark("State"),
    "step": mark("Whom"),
    "taken": mark("Taken"),
    "to": mark("To"),
    "told": mark("Told whom"),
    "tries": mark("Tries"),
    "waiting": mark("To send"),
    "what": mark("What"),
    "why": mark("Why"),
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
    states |= {code: word for code, (_sign, word, _look) in messages.STATES.items()}
    coded: Mapping[str, Mapping[str, str]] = {
        "direction": _DIRECTIONS,
        "kind": {code: word for code, (word, _look) in callbacks.KINDS.items()},
        "occasion": messages.OCCASIONS,
        "points": {str(term): word for term, word in matches.TERMS.items()},
        "result": messages.RESULTS,
        "step": {code: word for code, (word, _look) in callbacks.STEPS.items()},
        "state": states,
        "to": messages.SHORT,
        "told": after.TOLD,
        "what": after.INCIDENTS,
    }

    def words_of(known: Mapping[str, str]) -> Callable[[str], str]:
        return lambda code: _(known.get(code, code))

    return {field: words_of(known) for field, known in coded.items()} | {
        "channel": words.channel,
        "last_result": words.try_result,
        "minutes": lambda minutes: duration(timedelta(minutes=int(minutes))),
        "region": lambda code: words.region(reference, code),
        "role": words.role,
        "school": words.school,
        "service": lambda code: str(reference.services[code].short) if code in reference.services else code,
    }


def _cell(said: Mapping[str, Callable[[str], str]], field: str, value: object) -> str:
    if value is None:
        return "-"
    if isinstance(value, bool):
        return _("yes") if value else ""
    if isinstance(value, list):
        return ", ".join(_cell(said, field, one) for one in value)
    if isinstance(value, dict):
        return _cell_of_several(said, field, value)
    text = str(value)
    if _MOMENT.fullmatch(text):
        return f"{datetime.fromisoformat(text).astimezone(SEOUL):%Y-%m-%d %H:%M}"
    return said[field](text) if field in said else text


def _cell_of_several(said: Mapping[str, Callable[[str], str]], field: str, value: Mapping[str, Any]) -> str:
    if field == "groups":
        return f"{value['label']}: {'?' if value['places'] is None else value['places']}"
    if field == "points":
        return ", ".join(f"{said[field](term)} {points:+.1f}" for term, points in value.items())
    return " ".join(_cell(said, name, one) for name, one in value.items() if one is not None)
