"""A clock that has run out, as the lane tells it."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from callcenter.console.widgets.alarm_lane import Alarm, Level
from callcenter.language import _, mark
from callcenter.store.reads import AlarmRow
from callcenter.text.masking import mask_phone
from callcenter.text.moments import moment

_KINDS: Mapping[str, tuple[str, Level]] = {
    "offer": (mark("{number} no answer to the offer"), "warning"),
    "again": (mark("{number} ring the provider again"), "warning"),
    "conditional": (mark("{number} the condition is not decided"), "warning"),
    "reserved": (mark("{number} the kept place is over"), "notice"),
    "promise": (mark("{number} call-back promised"), "warning"),
    "hold": (mark("{number} hold is over"), "notice"),
    "conflict": (mark("{number} the place was given twice: decide"), "danger"),
    "crossed": (mark("{number} two desks crossed: look and settle"), "danger"),
    "places": (mark("{number} fewer places than children"), "danger"),
    "message": (mark("{number} message not sent"), "warning"),
    "incident": (mark("{number} incident: a supervisor is needed"), "danger"),
    "complaint": (mark("{number} complaint is due"), "notice"),
    "missed": (mark("{number} call missed"), "warning"),
    "dropped": (mark("{number} line was cut"), "warning"),
    "promised": (mark("{number} call-back promised"), "warning"),
    "care_tell_guardian": (mark("{number} tell the guardian of the place"), "warning"),
    "care_tell_second_contact": (mark("{number} tell the 2nd person of the place"), "warning"),
    "care_release": (mark("{number} nobody reached: give the place back"), "danger"),
    "care_notice": (mark("{number} tell the provider: place not needed"), "warning"),
    "care_late": (mark("{number} not there yet"), "warning"),
    "care_admit": (mark("{number} carer there, child not taken over"), "warning"),
    "care_recall_guardian": (mark("{number} held at the door: ring the guardian"), "danger"),
    "care_recall_second_contact": (mark("{number} held at the door: ring the 2nd person"), "danger"),
    "care_recall_supervisor": (mark("{number} held at the door: tell the supervisor"), "danger"),
    "care_ending_guardian": (mark("{number} care ends soon: ring the guardian"), "notice"),
    "care_ending_second_contact": (mark("{number} care ends soon: ring the 2nd person"), "warning"),
    "care_ending_supervisor": (mark("{number} care ends soon: tell the supervisor"), "warning"),
    "care_overdue_guardian": (mark("{number} not picked up: ring the guardian"), "warning"),
    "care_overdue_second_contact": (mark("{number} not picked up: ring the 2nd person"), "danger"),
    "care_overdue_supervisor": (mark("{number} not picked up: tell the supervisor"), "danger"),
    "care_overdue_112": (mark("{number} not picked up: ring 112"), "danger"),
    "care_limit_guardian": (mark("{number} longest stay is over: ring the guardian"), "danger"),
    "care_limit_second_contact": (mark("{number} longest stay is over: ring the 2nd person"), "danger"),
    "care_limit_supervisor": (mark("{number} longest stay is over: tell the supervisor"), "danger"),
    "care_limit_112": (mark("{number} longest stay is over: ring 112"), "danger"),
}
# What is owed to a telephone number, and to no request.
_OF_A_NUMBER = frozenset({"missed", "dropped", "promised"})
_OWED = _OF_A_NUMBER | {"promise"}
# What two desks did that does not go together.
_DECIDED = frozenset({"conflict", "crossed"})
# Somebody waits by the telephone for what we promised.
_TOO_LATE = timedelta(minutes=10)


def key(row: AlarmRow) -> str:
    """An alarm is noted once for each time it is due."""
    return f"{row.kind} {row.subject} {row.due}"


def request_of(key: str) -> str | None:
    """The request that an alarm's key names; None for a call-back to a number."""
    kind, subject, _due = key.split()
    return None if kind in _OF_A_NUMBER else subject


def of_care(key: str) -> bool:
    """Whether an alarm's key is about a place tonight or a child in care."""
    return key.startswith("care_")


def decided_only(key: str) -> bool:
    """Whether nobody can note the alarm away: it stands until a person has decided."""
    return key.split()[0] in _DECIDED


def asks(key: str) -> bool:
    """Whether the alarm is about an offer of which somebody must say what became of it."""
    return key.split()[0] in ("offer", "again", "conditional")


def subject_of(key: str) -> str:
    """The request or call-back that an alarm's key names."""
    return key.split()[1]


def alarm(row: AlarmRow, now: datetime) -> Alarm:
    """The alarm of a request or call-back whose clock ran out; a call-back long overdue is a danger."""
    sentence, level = _KINDS[row.kind]
    due = moment(row.due)
    if row.kind in _OWED and now - due >= _TOO_LATE:
        level = "danger"
    number = mask_phone(row.number) if row.kind in _OF_A_NUMBER else row.number
    return Alarm(key=key(row), text=_(sentence).format(number=number), since=due, due=due, level=level)
