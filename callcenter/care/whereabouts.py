"""Where a child of a request stands: in exactly one place at every moment, with a clock until it is closed."""

from typing import Literal, NamedTuple

from callcenter.care.lifecycle import RequestState

Where = Literal["waiting", "offered", "placed", "in_care", "closed", "needs_person"]
ENDS: frozenset[RequestState] = frozenset({"unplaced", "cancelled", "finished"})
"""The states of a request in which nothing more is to be done for its children."""


class ChildFacts(NamedTuple):
    """What is known of one child of one request; times are seconds since 1970, None where it did not happen.

    `offer_expires_at` is when the first offer that waits for an answer about this child runs out. The facts from
    `accepted_at` on are those of its place.
    """

    request_id: str
    child_id: str
    state: RequestState
    start_at: int
    end_at: int
    promised_at: int | None
    held_until: int | None
    offer_expires_at: int | None
    accepted_at: int | None
    confirmed_at: int | None
    held_at: int | None
    admitted_at: int | None
    ended_at: int | None


class Whereabouts(NamedTuple):
    """Where the child is, and by when something has to happen there; None once nothing has to."""

    where: Where
    due: int | None


def whereabouts(child: ChildFacts, now: int) -> Whereabouts:
    """Where the child is at `now`; once its clock has run out, or it was not let in at the door, a person is needed."""
    where, due = _place(child)
    if where != "closed" and (child.held_at is not None or due is None or due <= now):
        return Whereabouts("needs_person", due)
    return Whereabouts(where, due)


def _place(child: ChildFacts) -> Whereabouts:
    if child.state in ENDS or child.ended_at is not None:
        return Whereabouts("closed", None)
    if child.admitted_at is not None:
        return Whereabouts("in_care", child.end_at)
    if child.accepted_at is not None:
        return Whereabouts("placed", child.start_at)
    if child.offer_expires_at is not None:
        return Whereabouts("offered", min(child.offer_expires_at, child.start_at))
    # Nobody has promised to look at it: then at the latest when care was to begin.
    rings = [at for at in (child.held_until if child.state == "held" else child.promised_at, child.start_at) if at]
    return Whereabouts("waiting", min(rings))
