"""A desk's own entries may not take a place that somebody has, although those of other desks are folded as they are."""

from typing import TYPE_CHECKING

from callcenter.journal import bodies
from callcenter.store.engine import Taken
from callcenter.store.placements import contested_with, is_contested

if TYPE_CHECKING:
    from sqlite3 import Connection

Contested = frozenset[tuple[str, int, int, str]]


def contested_before(connection: "Connection", subject: str, body: bodies.Body) -> Contested:
    """What two offers want already, where an entry may bring back any of its subject's places."""
    return contested_with(connection, subject) if isinstance(body, bodies.EntryCorrected) else frozenset()


def refuse_contested(connection: "Connection", subject: str, body: bodies.Body, before: Contested) -> None:
    """Raise `Taken` when the entry that was just folded wants a place that another offer has, or had first."""
    if isinstance(body, bodies.EntryCorrected):
        contested = not contested_with(connection, subject) <= before
    else:
        contested = any(is_contested(connection, *one) for one in _places(body))
    if contested:
        raise Taken("UNIQUE constraint failed: place_taken.group_id, place_taken.slot, place_taken.place_no")


def _places(body: bodies.Body) -> list[tuple[str, int, range]]:
    """Each place that the entry takes: group, number, slots."""
    if isinstance(body, bodies.OfferMade | bodies.OfferReseated):
        slots = range(body.first_slot, body.last_slot + 1)
        return [(group, number, slots) for group, number in dict.fromkeys((one.group, one.place) for one in body.seats)]
    if isinstance(body, bodies.CareExtended):
        return [(one.group, one.place, range(one.first_slot, one.last_slot + 1)) for one in body.places]
    return []
