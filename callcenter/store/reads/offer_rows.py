"""Offers to providers."""

import json
from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.lifecycle import OFFER

if TYPE_CHECKING:
    from sqlite3 import Connection


class OfferRow(NamedTuple):
    """An offer, with its provider's name and the number of the request."""

    id: str
    request_id: str
    provider_id: str
    state: str
    places_known: bool
    operator: str
    made_at: int
    expires_at: int
    answered_at: int | None
    answer: str | None
    free_said: int | None
    confirmed_at: int | None
    call_id: str | None
    condition: str | None
    ring_again: bool
    desk: str
    first_slot: int
    last_slot: int
    claim: str
    claim_why: str
    claim_other: str
    claim_desk: str
    decided: str
    claimed_at: int | None
    provider: str | None
    number: str

    @property
    def stage(self) -> str:
        """How far it is: its state, or confirmed."""
        return self.state if self.confirmed_at is None else "confirmed"


_OFFERS = """
    SELECT o.*, (SELECT name FROM provider WHERE id = o.provider_id), r.number
    FROM offer o JOIN request r ON r.id = o.request_id
"""


def offer(connection: "Connection", offer_id: str) -> OfferRow | None:
    """The offer, or None."""
    row = connection.execute(_OFFERS + "WHERE o.id = ?", (offer_id,)).fetchone()
    return OfferRow._make(row) if row else None


def offers_of_request(connection: "Connection", request_id: str) -> list[OfferRow]:
    """The offers of a request in the order they were made."""
    rows = connection.execute(_OFFERS + "WHERE o.request_id = ? ORDER BY o.made_at, o.id", (request_id,))
    return [OfferRow._make(row) for row in rows]


def live_offers(connection: "Connection", request_id: str) -> list[OfferRow]:
    """The offers of a request that hold places, in the order they were made."""
    return [offer for offer in offers_of_request(connection, request_id) if offer.state in OFFER.open]


def leading(offers: Iterable[OfferRow]) -> OfferRow | None:
    """Which of a request's offers the next key is about: the first that waits, else that was accepted, else is kept."""
    rank = {"pending": 0, "conditional": 0, "accepted": 1, "reserved": 2}
    live = sorted((offer for offer in offers if offer.state in OFFER.open), key=lambda one: rank[one.state])
    return live[0] if live else None


def pending_offers(connection: "Connection") -> list[OfferRow]:
    """Every offer that waits for an answer, the first to expire first."""
    rows = connection.execute(_OFFERS + "WHERE o.state IN ('pending', 'conditional') ORDER BY o.expires_at, o.id")
    return [OfferRow._make(row) for row in rows]


def pending_among(connection: "Connection", offer_ids: Iterable[str]) -> set[str]:
    """Which of these offers have not been accepted yet, or only keep a place."""
    sql = """SELECT o.id FROM json_each(?) wanted JOIN offer o ON o.id = wanted.value
             WHERE o.state IN ('reserved', 'pending', 'conditional')"""
    return {row[0] for row in connection.execute(sql, (json.dumps(sorted(set(offer_ids))),))}


def groups_of_offer(connection: "Connection", offer_id: str) -> list[str]:
    """The groups in which an offer has seats."""
    rows = connection.execute("SELECT DISTINCT group_id FROM offer_seat WHERE offer_id = ? ORDER BY 1", (offer_id,))
    return [row[0] for row in rows]
