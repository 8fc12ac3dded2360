"""What a half hour of a provider is: free, taken, held by an offer, closed or unknown; one way for every screen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from typing import Literal

from callcenter.care.calendar import SEOUL
from callcenter.care.opening import stay_of
from callcenter.care.places import slot_start
from callcenter.care.programs import Service
from callcenter.reference import Reference
from callcenter.store.reads import TakenRow

SlotState = Literal["free", "taken", "held", "closed", "unknown"]


def states(
    window: range,
    opened: int,
    capacity: tuple[int | None, ...],
    taken: Mapping[int, Sequence[TakenRow]],
    pending: set[str],
) -> tuple[SlotState, ...]:
    """The state of each slot of the window.

    Bit no. i of `opened` is set when the i-th slot is open, `capacity` has its places, `taken` those that are taken by
    slot, `pending` the offers that wait for an answer.
    """
    untaken = _untaken(opened, capacity)
    if not taken:
        return untaken
    found = list(untaken)
    for slot, here in taken.items():
        i = slot - window.start
        if slot in window and found[i] == "free" and len(here) >= (capacity[i] or 0):
            found[i] = "held" if any(row.offer_id in pending for row in here) else "taken"
    return tuple(found)


# Thousands of groups have few different hours and numbers of places.
@lru_cache(maxsize=4096)
def _untaken(opened: int, capacity: tuple[int | None, ...]) -> tuple[SlotState, ...]:
    """The states where nobody is in a place; a group without places is full as it is."""
    return tuple(
        "closed" if not opened >> i & 1 else "unknown" if places is None else "free" if places else "taken"
        for i, places in enumerate(capacity)
    )


def openings(reference: Reference, window: range) -> Callable[[str, str, str], int]:
    """Gives for a service, a region and a provider the bits of the slots in which it is open.

    Providers under the same rules are open at the same hours, and most are; those without known hours always.
    """
    days = sorted({slot_start(slot).astimezone(SEOUL).date() for slot in window})
    known: dict[tuple[object, ...], int] = {}

    def opened(service_id: str, region: str, provider_id: str) -> int:
        service = reference.services[service_id]
        rules = [id(service.rules_on(day, region, provider_id)) for day in days]
        alone = provider_id if reference.calendar.closes(provider_id) else ""
        key = (service_id, *rules, alone)
        if key not in known:
            known[key] = sum(
                1 << number
                for number, slot in enumerate(window)
                if _open(reference, service, region, provider_id, slot)
            )
        return known[key]

    return opened


def _open(reference: Reference, service: Service, region: str, provider_id: str, slot: int) -> bool:
    start = slot_start(slot).astimezone(SEOUL).replace(tzinfo=None)
    hours = service.rules_on(start.date(), region, provider_id).hours
    stay = stay_of(hours, start, start + timedelta(minutes=30), reference.calendar)
    return stay.outside is None and not _shut(reference, service, region, provider_id, stay.days)


def _shut(reference: Reference, service: Service, region: str, provider_id: str, days: Sequence[date]) -> bool:
    calendar = reference.calendar
    for day in days:
        closing = service.rules_on(day, region, provider_id).closing
        if closing and not calendar.festivals(day).isdisjoint(closing.festivals):
            return True
        if calendar.closure(service.id, day) or calendar.closure(provider_id, day):
            return True
    return False
