"""What a half hour of a provider is: free, taken, held by an offer, closed or unknown; one way for every screen."""

from collections.abc import Mapping, Sequence
from functools import lru_cache
from typing import Literal

from callcenter.care.availability import Presence
from callcenter.desk.presence import Present
from callcenter.store.reads import TakenRow

SlotState = Literal["free", "taken", "held", "closed", "unknown"]


def states(
    present: Present,
    capacity: tuple[int | None, ...],
    taken: Mapping[int, Sequence[TakenRow]],
    pending: set[str],
) -> tuple[SlotState, ...]:
    """The state of each slot of the window that the provider is `present` over.

    `capacity` has the places of each slot, of one group or of several together, `taken` those that are taken by slot,
    `pending` the offers that wait for an answer.
    """
    untaken = _untaken(present.at, capacity)
    if not taken:
        return untaken
    found = list(untaken)
    for slot, here in taken.items():
        i = slot - present.window.start
        if slot in present.window and found[i] == "free" and len(here) >= (capacity[i] or 0):
            found[i] = "held" if any(row.offer_id in pending for row in here) else "taken"
    return tuple(found)


# Thousands of groups have few different hours and numbers of places.
@lru_cache(maxsize=4096)
def _untaken(at: Presence, capacity: tuple[int | None, ...]) -> tuple[SlotState, ...]:
    """The states where nobody is in a place; a group without places is full as it is."""
    return tuple(
        "closed" if at.shut(i) else "unknown" if places is None else "free" if places else "taken"
        for i, places in enumerate(capacity)
    )
