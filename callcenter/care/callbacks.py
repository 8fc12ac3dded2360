"""Call-backs: whom to ring next, and when, after what came of the tries so far."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Literal, NamedTuple

Whom = Literal["guardian", "second_contact"]
Step = Literal["guardian", "second_contact", "supervisor"]
Result = Literal["reached", "no_answer", "busy", "wrong_number"]
# Why nothing is owed any more: somebody was spoken to, the caller rang again, or it was given up.
Why = Literal["reached", "rang_again", "given_up"]

# How often the guardian is rung before the second contact, and how long to wait between two tries. No source names
# either; a desk sets its own.
TRIES = 3
PAUSE = timedelta(minutes=10)
# A ring of the same number so soon after the line was cut is the same conversation. No source names a time.
REJOIN_WITHIN = timedelta(minutes=15)


class Try(NamedTuple):
    """One try: whom, what came of it, and when, in seconds since 1970."""

    whom: Whom
    result: Result
    at: int


def step(tries: Sequence[Try], second_contact: bool, limit: int = TRIES) -> Step:
    """Who is to be rung next, after tries in the order of time: guardian, then second contact, then the supervisor.

    A number that turned out to be wrong is not tried again; whoever was reached begins anew.
    """
    left = {"guardian": limit, "second_contact": 1 if second_contact else 0}
    full = dict(left)
    for one in tries:
        if one.result == "reached":
            left = dict(full)
        else:
            left[one.whom] = 0 if one.result == "wrong_number" else left[one.whom] - 1
    if left["guardian"] > 0:
        return "guardian"
    return "second_contact" if left["second_contact"] > 0 else "supervisor"


def next_due(due: int, last_tried: int | None, pause: timedelta = PAUSE) -> int:
    """When to ring, in seconds since 1970: as promised, or a pause after a try that came at that time or later."""
    if last_tried is None or last_tried < due:
        return due
    return last_tried + int(pause.total_seconds())
