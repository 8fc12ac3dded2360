"""What comes first: the bands of the queue, and the clocks that run on what is open."""

from datetime import UTC, datetime, timedelta
from math import ceil
from typing import Literal, NamedTuple

# 긴급구분: 일반, 급함, 위급(119), 학대의심(112)
Urgency = Literal["normal", "urgent", "emergency", "abuse"]

EMERGENCY, OVERDUE, SOON, TODAY, LATER = range(5)
"""The bands, first to last: 위급·학대의심, 회신약속 지남, 임박, 24시간 안, 이후."""

# A home visit must be asked for two hours ahead (kizmom 2024-06-20), and so must a centre in 군포 (forevernews
# 478416); the third hour is what the desk needs to find somebody who says yes.
SOON_WITHIN = timedelta(hours=3)
# Bookings of 언제나어린이집 close at 15:00 of the day or 18:00 of the day before (asiae 2025-10-30): what starts
# within a day has its cut-off in this shift or the next, what starts later can wait for both.
TODAY_WITHIN = timedelta(hours=24)

UNDO_WINDOW = timedelta(seconds=10)
"""How long an offer can be taken back as if it had not been made; no message of it leaves before."""

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_SECOND = timedelta(seconds=1)


class Cutoffs(NamedTuple):
    """The instants that part the bands, in whole epoch seconds, for Python and SQL alike.

    In order of the bands: urgency emergency or abuse is EMERGENCY; else a promise at or before `overdue` is
    OVERDUE; else urgency urgent or a start at or before `soon` is SOON; else a start at or before `today` is
    TODAY; else LATER. Within a band the oldest request comes first.
    """

    overdue: int
    soon: int
    today: int


def cutoffs(now: datetime) -> Cutoffs:
    """The cut-offs that hold at `now`."""
    return Cutoffs(*((now + ahead - _EPOCH) // _SECOND for ahead in (timedelta(), SOON_WITHIN, TODAY_WITHIN)))


def band(urgency: Urgency, start: datetime, promised_at: datetime | None, now: datetime) -> int:
    """The band of a request: its urgency, when the care starts, and when a call back was promised, if it was."""
    at = cutoffs(now)
    if urgency in ("emergency", "abuse"):
        return EMERGENCY
    if promised_at is not None and (promised_at - _EPOCH) / _SECOND <= at.overdue:
        return OVERDUE
    begins = (start - _EPOCH) / _SECOND
    if urgency == "urgent" or begins <= at.soon:
        return SOON
    return TODAY if begins <= at.today else LATER


def asked_again(urgency: Urgency) -> Urgency:
    """How urgent an open request is once its family has called again: a normal one moves up, others stay.

    Practice, no rule: who calls a second time has nobody else, and the time asked for has come nearer.
    """
    return "urgent" if urgency == "normal" else urgency


# Clocks: an offer waiting for its answer, a promised call back, a held request to look at again, and the planned
# start and end of care. Each turns «soon» early enough to act: ring once more, or find the next; for the end of care
# the guardian, the second contact and the station must still be reached.
ClockKind = Literal["offer", "call_back", "hold", "care_start", "care_end"]
SOON_BEFORE: dict[ClockKind, timedelta] = {
    "offer": timedelta(minutes=2),
    "call_back": timedelta(minutes=5),
    "hold": timedelta(minutes=5),
    "care_start": timedelta(minutes=30),
    "care_end": timedelta(minutes=30),
}

# No source names a time to answer: ours to begin with, long enough for a carer to ring back, short enough to ask
# three of them within the notice of two hours. A service's own figure goes before it.
OFFER_TIME = timedelta(minutes=10)


class Clock(NamedTuple):
    """A running clock: whole seconds to go, rounded up; 0 or fewer when it is over."""

    kind: ClockKind
    remaining_seconds: int
    state: Literal["ok", "soon", "over"]


def clock(kind: ClockKind, due: datetime, now: datetime) -> Clock:
    """How a clock stands that ends at `due`: over from that instant on, never shown as 0:00 before it."""
    left = due - now
    state: Literal["ok", "soon", "over"] = "ok"
    if left <= timedelta():
        state = "over"
    elif left <= SOON_BEFORE[kind]:
        state = "soon"
    return Clock(kind, ceil(left / _SECOND), state)


def offer_due(made_at: datetime, own_time: timedelta | None = None) -> datetime:
    """When an offer expires: after the service's own time to answer, or after `OFFER_TIME`."""
    return made_at + (OFFER_TIME if own_time is None else own_time)
