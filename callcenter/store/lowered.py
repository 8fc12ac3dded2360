"""Groups whose places became fewer, with places that are taken."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.store.reads import GroupRow

if TYPE_CHECKING:
    from sqlite3 import Connection


# The plus keeps the order from choosing the index: by that of the providers every group would be looked at.
_LOWERED = """
    SELECT g.* FROM provider_group g WHERE g.lowered_at IS NOT NULL
    AND EXISTS (SELECT 1 FROM place_taken p WHERE p.group_id = g.id AND p.slot >= ?)
    ORDER BY +g.provider_id, g.position
"""


def lowered_groups(connection: "Connection", first_slot: int) -> list[GroupRow]:
    """The groups with a place that is taken from a slot on, whose places or hours became fewer since some time."""
    return [GroupRow._make(row) for row in connection.execute(_LOWERED, (first_slot,))]


def requests_of_offers(connection: "Connection", offer_ids: Sequence[str]) -> list[tuple[str, str]]:
    """The request of each of these offers and its receipt number, that of the offer made last first."""
    sql = """SELECT r.id, r.number FROM json_each(?) wanted JOIN offer o ON o.id = wanted.value
             JOIN request r ON r.id = o.request_id ORDER BY o.made_at DESC, o.id DESC"""
    return list(dict.fromkeys(connection.execute(sql, (json.dumps(list(offer_ids)),)).fetchall()))
