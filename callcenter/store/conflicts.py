"""Offers whose places the centre refused and about which nobody has decided yet, and which places stand in the way."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER
from callcenter.store.reads import OfferRow

if TYPE_CHECKING:
    from sqlite3 import Connection

_LIVE = json.dumps(sorted(OFFER.open))
_REFUSED = """
    SELECT o.*, (SELECT name FROM provider WHERE id = o.provider_id), r.number
    FROM offer o JOIN request r ON r.id = o.request_id
    WHERE o.claim = 'refused' AND (o.decided = '' OR o.last_slot >= :decided_from)
        AND +o.state IN (SELECT value FROM json_each(:live))
    ORDER BY o.claimed_at, o.id
"""
_OWN = """
    SELECT group_id, slot, place_no FROM place_taken WHERE offer_id = :offer
    UNION SELECT group_id, slot, place_no FROM place_contested WHERE offer_id = :offer
"""
_BESIDE = """
    SELECT p.group_id, p.slot, p.place_no FROM json_each(:groups) wanted JOIN place_taken p ON p.group_id = wanted.value
    WHERE p.slot BETWEEN :first AND :last AND p.offer_id <> :offer
    UNION
    SELECT p.group_id, p.slot, p.place_no FROM json_each(:groups) wanted
    JOIN place_contested p ON p.group_id = wanted.value
    WHERE p.slot BETWEEN :first AND :last AND p.offer_id <> :offer
"""
_SEATINGS = """
    SELECT body FROM entry WHERE subject = ? AND kind IN ('offer.made', 'offer.reseated') AND body IS NOT NULL
    ORDER BY hlc, id
"""


def refused_offers(connection: "Connection", decided_from: int | None = None) -> list[OfferRow]:
    """The live offers that the centre refused and nobody decided about, the first to be refused first.

    With a half hour `decided_from` also those that last until then or longer and whose children come all the same, as
    was agreed: they have no place of their own yet.
    """
    values = {"live": _LIVE, "decided_from": decided_from}
    return [OfferRow._make(row) for row in connection.execute(_REFUSED, values)]


def places_of_offer(connection: "Connection", offer_id: str) -> list[tuple[str, int, int]]:
    """What the offer was given, whether others have it too: group, slot, number."""
    return connection.execute(_OWN, {"offer": offer_id}).fetchall()


def taken_beside(
    connection: "Connection", groups: Sequence[str], first_slot: int, last_slot: int, offer_id: str
) -> list[tuple[str, int, int]]:
    """What offers other than this one were given in these groups: group, slot, number."""
    values = {"groups": json.dumps(list(groups)), "first": first_slot, "last": last_slot, "offer": offer_id}
    return connection.execute(_BESIDE, values).fetchall()


def seatings_of(connection: "Connection", request_id: str) -> list[str]:
    """The bodies (JSON) of the entries that gave places to the offers of a request, in their order."""
    return [row[0] for row in connection.execute(_SEATINGS, (request_id,))]
