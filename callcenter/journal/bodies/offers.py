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
    """The request was offered to a provider; it takes the places of the seats in the slots from first to last.

    A `reserved` one only keeps the places while the guardian of the `call` thinks it over. `claim` says how far the
    places are the desk's own to give: alone (no other desk can take them), asked (the centre is being asked),
    provisional (the centre could not be asked).
    """

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
    reserved: bool = False
    call: str | None = None
    claim: Literal["alone", "asked", "provisional"] = "alone"


class OfferProposed(Body):
    """The provider whose places were kept is asked for them now."""

    kind: ClassVar[str] = "offer.proposed"
    offer: str
    state: str
    expires: int
    rank: int


class OfferRenewed(Body):
    """The clock of an offer or of kept places runs anew; for a provider rung again, or one to `ring_again` then."""

    kind: ClassVar[str] = "offer.renewed"
    offer: str
    expires: int
    ring_again: bool


class OfferUndone(Body):
    """The operator took the offer back before anything left the desk."""

    kind: ClassVar[str] = "offer.undone"
    offer: str
    state: str


class OfferReleased(Body):
    """The desk gave the offer's places back, through nothing the provider did.

    Another provider accepted first, or the guardian said no, or could not be reached; or the operator took back a
    place that nobody had been asked for. Of places that were only kept, the guardian's time was over and another child
    needs them, the operator or the end of the call gave them up, or the request is offered elsewhere. Another desk was
    faster, before anybody was told of the offer; or people decided so where the centre had refused the places. `was` is
    how far the offer was (its state, or confirmed) for all that the desk knew; empty where it does not matter.
    """

    kind: ClassVar[str] = "offer.released"
    offer: str
    state: str
    why: Literal[
        "accepted_elsewhere",
        "guardian_refused",
        "guardian_unreached",
        "taken_back",
        "time_over",
        "given_up",
        "call_ended",
        "offered_elsewhere",
        "taken_elsewhere",
        "conflict",
    ]
    offer_state: Literal["withdrawn", "released"] = "withdrawn"
    was: str = ""


class OfferAnswered(Body):
    """The provider answered; `free` is the number of places it said it has, `was` as in `OfferReleased`."""

    kind: ClassVar[str] = "offer.answered"
    offer: str
    state: str
    offer_state: str
    answer: str
    free: int | None
    was: str = ""


class ConditionNamed(Body):
    """What the provider asks for in return for its yes. 조건: condition."""

    kind: ClassVar[str] = "offer.condition"
    personal: ClassVar[bool] = True
    offer: str
    text: str


class NeedAcknowledged(Body):
    """A child's need was read to the provider, who said that it knows and can do it."""

    kind: ClassVar[str] = "offer.acknowledged"
    personal: ClassVar[bool] = True
    offer: str
    child: str
    need: str


class OfferConfirmed(Body):
    """The guardian was told and agreed: the placement stands."""

    kind: ClassVar[str] = "offer.confirmed"
    offer: str
    state: str
