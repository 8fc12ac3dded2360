"""What is said below the fields: what the one under the cursor means, and all that is missing or wrong elsewhere."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from callcenter.console.forms import layout
from callcenter.console.forms.fields import TextField
from callcenter.console.forms.reading import AgeNotBirth
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.lines import broken
from callcenter.errors import CallcenterError
from callcenter.reference import Reference

MOST_LINES = 4


def about(
    field: layout.Field, raw: Mapping[str, str], reference: Reference, now: datetime, blank: datetime | None
) -> tuple[str, StyleName]:
    """What stands in a field, to be read back to the caller; what may stand there while it is blank.

    `blank` is when to call back where nothing was typed about it.
    """
    key, text = field.key, field.raw.strip()
    if not isinstance(field, TextField) or (not text and key != "promised"):
        return layout.hint(key), "muted"
    school = raw.get(f"{key.rpartition('.')[0]}.school", "")
    try:
        meant = layout.understood(key, text, school, reference, now, blank)
    except AgeNotBirth as error:
        return str(error), "info"
    except CallcenterError as error:
        return str(error), "soon"
    return (meant, "ok") if meant else (layout.hint(key), "muted")


def lines(said: Sequence[tuple[str, StyleName]], width: int) -> Sequence[Pieces]:
    """The sentences below each other, cut after `MOST_LINES`."""
    room = max(width - 2, 8)
    found = [(Cell(f" {line}", look),) for text, look in said if text for line in broken(text, room)]
    return found[:MOST_LINES]
