"""Which places the offers of a desk want of the centre now, and which offers a batch of entries touched."""

import json
from collections.abc import Collection, Iterable, Iterator
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER
from callcenter.journal.entry import Entry
from callcenter.store import wanted as rows
from callcenter.store.conflicts import refused_offers
from callcenter.store.entries import last_clock, of_kinds_after
from callcenter.sync.answers import Key, Wanted

if TYPE_CHECKING:
    from sqlite3 import Connection

# Entries that may touch any offer of their request without naming it.
_TOUCH_ALL = frozenset({"request.moved", "entry.corrected"})
# Entries that name the offers whose places they change: beside each other, or each with its span of slots.
_TOUCH_NAMED = frozenset(
    {
        "offer.made",
        "offer.undone",
        "offer.released",
        "offer.answered",
        "offer.reseated",
        "conflict.decided",
        "care.extended",
        "care.ended",
    }
)


def wanted(connection: "Connection", offers: Iterable[str]) -> list[Wanted]:
    """What each of these offers is to have by all that this file knows; those it does not know are left out."""
    hlc = last_clock(connection)
    found: list[Wanted] = []
    for offer in offers:
        if (told := rows.offer_told(connection, offer)) is not None:
            keys = tuple(_keys(connection, offer, told)) if told.state in OFFER.open else ()
            found.append(Wanted(offer, told.request_id, told.number, hlc, keys, told.decided))
    # What is given back makes room for what is asked for; among those that ask, the older goes first.
    return sorted(found, key=lambda one: (bool(one.keys), one.offer))


def touched(connection: "Connection", entries: Iterable[Entry]) -> list[str]:
    """The offers whose places, or whose children, these entries may have changed."""
    found: dict[str, None] = {}
    for entry in entries:
        if entry.kind in _TOUCH_ALL:
            found |= dict.fromkeys(rows.offers_of_request(connection, entry.subject))
        elif entry.body is not None and entry.kind in _TOUCH_NAMED:
            found |= dict.fromkeys(_named(entry.body))
    return list(found)


def tells_of_offers(entry: Entry) -> bool:
    """Whether the entry may have changed what offers want."""
    return entry.kind in _TOUCH_ALL or entry.kind in _TOUCH_NAMED


def told_of_offers(connection: "Connection", chain: str, behind: int) -> list[Entry]:
    """The entries of a chain behind the sequence number that may have changed what offers want."""
    return [Entry._make(row) for row in of_kinds_after(connection, chain, behind, _TOUCH_ALL | _TOUCH_NAMED)]


def claimable(connection: "Connection", entries: Iterable[Entry], without: Collection[str] = ()) -> list[str]:
    """The offers that these entries of our own made or moved to other places, and that wait for their first answer."""
    named = [one for entry in entries if entry.kind in ("offer.made", "offer.reseated") for one in _named(entry.body)]
    asked = {offer: rows.offer_told(connection, offer) for offer in named if offer not in without}
    return [
        offer
        for offer, told in asked.items()
        if told is not None and told.claim == "asked" and told.state in OFFER.open
    ]


def unsettled(connection: "Connection", desk: str, slot: int) -> list[str]:
    """The offers of the desk to ask for again after a break: all that last until the slot or longer, and who waits."""
    return rows.offers_from(connection, desk, slot)


def refused(connection: "Connection", desk: str, slot: int) -> list[str]:
    """The offers of the desk that were refused: what stood in their way may be over.

    Among them are those about which people agreed, while they last until the slot or longer.
    """
    return [offer.id for offer in refused_offers(connection, slot) if offer.desk == desk]


def _keys(connection: "Connection", offer: str, told: rows.OfferTold) -> Iterator[Key]:
    yield from rows.places_of_offer(connection, offer)
    if told.state == "accepted":
        for child in rows.children_of_offer(connection, offer):
            yield f"child:{told.request_id}:{child}", 0, 0


def _named(body: str | None) -> list[str]:
    if body is None:
        return []
    said = json.loads(body)
    if "offer" in said:
        return [said["offer"]]
    return [span["offer"] for span in said.get("places", ())]
