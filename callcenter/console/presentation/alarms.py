"""A clock that has run out, as the lane tells it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from callcenter.console.widgets.alarm_lane import Alarm, Level
from callcenter.language import _, mark
from callcenter.store.reads import AlarmRow
from callcenter.text.moments import moment

_KINDS: Mapping[str, tuple[str, Level]] = {
    "offer": (mark("{number} no answer to the offer"), "warning"),
    "promise": (mark("{number} call-back promised"), "warning"),
    "hold": (mark("{number} hold is over"), "notice"),
}
# Somebody waits by the telephone for what we promised.
_TOO_LATE = timedelta(minutes=10)


def key(row: AlarmRow) -> str:
    """An alarm is noted once for each time it is due."""
    return f"{row.kind} {row.request_id} {row.due}"


def alarm(row: AlarmRow, now: datetime) -> Alarm:
    """The alarm of a request whose clock ran out; a call-back long overdue is a danger."""
    sentence, level = _KINDS[row.kind]
    due = moment(row.due)
    if row.kind == "promise" and now - due >= _TOO_LATE:
        level = "danger"
    return Alarm(key=key(row), text=_(sentence).format(number=row.number), since=due, due=due, level=level)
