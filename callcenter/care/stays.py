"""A placed child until it is home: how far it is, what is to be seen to next and when, and whom to ring. 이용: stay.

Times are seconds since 1970.
"""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

from callcenter.care import callbacks
from callcenter.care.callbacks import PAUSE, TRIES, Try

StayState = Literal["to_tell", "expected", "under_way", "arrived", "held", "in_care", "over"]
Rung = Literal["guardian", "second_contact", "supervisor", "112"]
ClockKind = Literal["tell", "release", "late", "admit", "recall", "ending", "overdue", "limit", "notice"]

# Half an hour before the planned end the guardian can still set out; no source names a time.
ENDING_BEFORE = timedelta(minutes=30)
# How long after the start a child or a carer who is not there yet is late; ours, a desk sets its own.
LATE_AFTER = timedelta(minutes=10)
FEVER_TENTHS = 375
"""In tenths of a degree Celsius: from this temperature on no child is taken in, where no rule says (not published)."""

Refusal = Literal["fever", "symptoms", "code_word"]


class Stay(NamedTuple):
    """The moments of one child's stay; `start` and `end` are planned, the others None until they came."""

    start: int
    end: int
    accepted_at: int
    confirmed_at: int | None = None
    under_way_at: int | None = None
    arrived_at: int | None = None
    held_at: int | None = None
    admitted_at: int | None = None
    ended_at: int | None = None


class Watch(NamedTuple):
    """How a desk watches over stays: when a child is late, how often a guardian is rung, how long between two tries."""

    late: timedelta = LATE_AFTER
    pause: timedelta = PAUSE
    tries: int = TRIES


WATCH = Watch()


class Due(NamedTuple):
    """What is to be seen to next: from `since` on it alarms, `due` is the moment it is about, `rung` whom to ring.

    «notice» is about no child: a provider is to be told.
    """

    kind: ClockKind
    since: int
    due: int
    rung: Rung | None = None


def state_of(stay: Stay) -> StayState:
    """How far a child is."""
    if stay.ended_at is not None:
        return "over"
    if stay.admitted_at is not None:
        return "in_care"
    if stay.confirmed_at is None:
        return "to_tell"
    if stay.held_at is not None:
        return "held"
    if stay.arrived_at is not None:
        return "arrived"
    return "expected" if stay.under_way_at is None else "under_way"


def due_of(
    stay: Stay,
    now: int,
    tries: Sequence[Try] = (),
    *,
    second_contact: bool = False,
    longest: int | None = None,
    watch: Watch = WATCH,
) -> Due | None:
    """The clock that runs on a stay; None once it is over.

    `tries` are those made for the request, in the order of time; `longest` is how many seconds the service keeps a
    child at most.
    """
    late, pause = int(watch.late.total_seconds()), int(watch.pause.total_seconds())
    match state_of(stay):
        case "over":
            return None
        case "to_tell":
            return _telling(stay, tries, second_contact, watch)
        case "held" if stay.held_at is not None:
            return _recall(stay.held_at, now, tries, second_contact, pause)
        case "arrived" if stay.arrived_at is not None:
            return Due("admit", stay.arrived_at + late, stay.arrived_at)
        case "in_care":
            return _ending(stay, now, tries, second_contact, longest, pause)
    return Due("late", stay.start + late, stay.start)


def refusal_of(
    temperature: int | None, symptoms: bool, code_word: bool | None, fever: int = FEVER_TENTHS
) -> Refusal | None:
    """Why a child is not taken in at the door: the first reason there is. A code word that nobody asked for is none."""
    if temperature is not None and temperature >= fever:
        return "fever"
    if symptoms:
        return "symptoms"
    return "code_word" if code_word is False else None


def _telling(stay: Stay, tries: Sequence[Try], second_contact: bool, watch: Watch) -> Due:
    made = [one for one in tries if one.at >= stay.accepted_at]
    step = callbacks.step(made, second_contact, watch.tries)
    if step == "supervisor":
        return Due("release", made[-1].at, made[-1].at)
    pause = int(watch.pause.total_seconds())
    since = (made[-1].at if made else stay.accepted_at) + pause
    return Due("tell", since, since, step)


def _recall(held_at: int, now: int, tries: Sequence[Try], second_contact: bool, pause: int) -> Due:
    base, failed = _since_reached(held_at, held_at, tries, pause)
    since, rung = _climbed(base, failed, _ladder(second_contact)[:-1], pause, now)
    return Due("recall", since, held_at, rung)


def _ending(stay: Stay, now: int, tries: Sequence[Try], second_contact: bool, longest: int | None, pause: int) -> Due:
    warned = stay.end - int(ENDING_BEFORE.total_seconds())
    base, failed = _since_reached(stay.end, warned, tries, pause)
    ladder = _ladder(second_contact)
    last = None if longest is None or stay.admitted_at is None else stay.admitted_at + longest
    if last is not None and now >= last:
        since, rung = _climbed(min(base, last), failed, ladder, pause, now)
        return Due("limit", max(since, last), last, rung)
    if now < base:
        # Whoever was reached is on the way: silence until they should be there.
        expected = len(failed) < len([one for one in tries if one.at >= warned])
        return Due("ending", base if expected else warned, stay.end, ladder[min(len(failed), len(ladder) - 2)])
    since, rung = _climbed(base, failed, ladder, pause, now)
    return Due("overdue", since, stay.end, rung)


def _ladder(second_contact: bool) -> tuple[Rung, ...]:
    """Whom to ring, one after the other."""
    return ("guardian", "second_contact", "supervisor", "112") if second_contact else ("guardian", "supervisor", "112")


def _since_reached(base: int, first: int, tries: Sequence[Try], pause: int) -> tuple[int, list[int]]:
    """From when on to ring, and the tries that failed since: whoever was reached begins it anew, a pause later."""
    made = [one for one in tries if one.at >= first]
    reached = max((one.at for one in made if one.result == "reached"), default=None)
    if reached is None:
        return base, [one.at for one in made]
    return max(base, reached + pause), [one.at for one in made if one.at > reached]


def _climbed(base: int, failed: Sequence[int], ladder: Sequence[Rung], pause: int, now: int) -> tuple[int, Rung]:
    """Who is to be rung, and since when: one rung up with every try that failed, and with every pause that went by.

    Time alone ends at the supervisor: no family is reported whom nobody has tried to reach.
    """
    since, rung = base, ladder[0]
    for step, above in enumerate(ladder[1:], 1):
        at = base + step * pause
        if len(failed) >= step:
            at = min(at, max(base, failed[step - 1]))
        if at > now or (above == "112" and len(failed) < step - 1):
            break
        since, rung = at, above
    return since, rung
