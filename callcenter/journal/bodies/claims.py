"""What entries say about claims of places: the centre's answer, another place instead, how a conflict was decided."""

from typing import ClassVar, Literal

from callcenter.journal.bodies.body import Body
from callcenter.journal.bodies.offers import Seat


class OfferClaimed(Body):
    """The centre said whether the places of an offer are its own.

    Refused for a `place` that another child has, or for a `child` that has been placed already; `other` is the offer
    that stands in the way, made at `other_desk`.
    """

    kind: ClassVar[str] = "offer.claimed"
    offer: str
    claim: Literal["granted", "refused"]
    why: Literal["", "place", "child"] = ""
    other: str = ""
    other_desk: str = ""


class OfferReseated(Body):
    """The children of an offer go to other places of the same provider, in the slots from first to last."""

    kind: ClassVar[str] = "offer.reseated"
    offer: str
    seats: list[Seat]
    first_slot: int
    last_slot: int
    claim: Literal["alone", "asked", "provisional"] = "asked"


class ConflictDecided(Body):
    """A person decided what becomes of an offer that the centre refused or that others ended meanwhile.

    What was said of it is a note: once the people are erased the decision still stands.
    """

    kind: ClassVar[str] = "conflict.decided"
    offer: str
    how: Literal["another", "places", "agreed"]


class RequestTakenOver(Body):
    """Somebody goes on with a request that another operator was working on, and says why."""

    kind: ClassVar[str] = "request.taken_over"
    personal: ClassVar[bool] = True
    from_desk: str
    from_operator: str
    why: str
