"""What entries say about offers and the places they take."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from callcenter.journal.bodies.body import Body


class Seat(BaseModel):
    """Which child goes to which place."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    child: str
    group: str
    place: int


class OfferMade(Body):
    """The request was offered to a provider; it takes the places of the seats in the slots from first to last."""

    kind: ClassVar[str] = "offer.made"
    offer: str
    state: str
    provider: str
    seats: list[Seat]
    first_slot: int
    last_slot: int
    expires: int
    places_known: bool
    rank: int


class OfferUndone(Body):
    """The operator took the offer back before anything left the desk."""

    kind: ClassVar[str] = "offer.undone"
    offer: str
    state: str


class OfferReleased(Body):
    """The desk gave the offer's places back, through nothing the provider did.

    Another provider accepted first, or the guardian said no, or could not be reached; or the operator took back a
    place that nobody had been asked for.
    """

    kind: ClassVar[str] = "offer.released"
    offer: str
    state: str
    why: Literal["accepted_elsewhere", "guardian_refused", "guardian_unreached", "taken_back"]


class OfferAnswered(Body):
    """The provider answered; `free` is the number of places it said it has."""

    kind: ClassVar[str] = "offer.answered"
    offer: str
    state: str
    offer_state: str
    answer: str
    free: int | None


class OfferConfirmed(Body):
    """The guardian was told and agreed: the placement stands."""

    kind: ClassVar[str] = "offer.confirmed"
    offer: str
    state: str
