"""Offers and the places they take."""

from typing import Any, ClassVar

from sqlalchemy import Index, text
from sqlmodel import Field, SQLModel

from callcenter.store.tables.shape import KEYED


class Offer(SQLModel, table=True):
    """A request offered to a provider, or to be: it holds its places in every state of `care.lifecycle.OFFER.open`.

    `desk` is the one that made it; `claim` is how far its places are its own (alone, asked, provisional, granted,
    refused); a refused one names why, and the offer in its way with its desk. `decided` is how people ended that,
    `claimed_at` when the centre answered.
    `call_id` is the call whose end gives back a place that was only kept; `ring_again` says that the clock ends when
    the operator is to ring the provider again.
    """

    __tablename__: ClassVar[Any] = "offer"
    __table_args__: ClassVar[Any] = (
        Index("offer_request", "request_id", "made_at"),
        Index("offer_provider", "provider_id", "made_at"),
        Index("offer_state", "state", "expires_at"),
        Index("offer_call", "call_id"),
        Index("offer_refused", "claim", sqlite_where=text("claim = 'refused'")),
        KEYED,
    )
    id: str = Field(primary_key=True)
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


class Placement(SQLModel, table=True):
    """The accepted place of one child of a request, a key that exists once: one acceptance wins. 연계: placement.

    What became of it: the carer was on the way and arrived, the child was held at the door, taken in, and went. `fee`
    is in won.
    """

    __tablename__: ClassVar[Any] = "placement"
    __table_args__: ClassVar[Any] = (
        Index("placement_offer", "offer_id"),
        KEYED,
    )
    request_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    offer_id: str
    provider_id: str
    accepted_at: int
    confirmed_at: int | None
    under_way_at: int | None
    arrived_at: int | None
    held_at: int | None
    held_why: str | None
    admitted_at: int | None
    ended_at: int | None
    ending: str | None
    fee: int | None


class PlaceTaken(SQLModel, table=True):
    """A place that is taken in a half-hour slot: a key that exists once."""

    __tablename__: ClassVar[Any] = "place_taken"
    __table_args__: ClassVar[Any] = (Index("place_taken_offer", "offer_id"), KEYED)
    group_id: str = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    place_no: int = Field(primary_key=True)
    offer_id: str
    request_id: str


class PlaceContested(SQLModel, table=True):
    """A place in a slot that an offer took although an older offer has it; it falls to this one when that one ends."""

    __tablename__: ClassVar[Any] = "place_contested"
    __table_args__: ClassVar[Any] = (
        Index("place_contested_offer", "offer_id"),
        Index("place_contested_request", "request_id"),
        KEYED,
    )
    group_id: str = Field(primary_key=True)
    slot: int = Field(primary_key=True)
    place_no: int = Field(primary_key=True)
    offer_id: str = Field(primary_key=True)
    request_id: str


class OfferSeat(SQLModel, table=True):
    """Which child of an offer goes to which place."""

    __tablename__: ClassVar[Any] = "offer_seat"
    __table_args__: ClassVar[Any] = KEYED
    offer_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    request_id: str
    group_id: str
    place_no: int


class Acknowledgement(SQLModel, table=True):
    """A need of a child that the provider of an offer said it knows of."""

    __tablename__: ClassVar[Any] = "acknowledgement"
    __table_args__: ClassVar[Any] = (Index("acknowledgement_request", "request_id"), KEYED)
    offer_id: str = Field(primary_key=True)
    child_id: str = Field(primary_key=True)
    need: str = Field(primary_key=True)
    request_id: str
    at: int
    operator: str


class Crossed(SQLModel, table=True):
    """Something that one desk did with an offer which another had ended, or could not know of, until people decide.

    `what` is a step of the offer or of care that changed nothing any more (made, pending, accepted, conditional,
    declined, withdrawn, released, undone, confirmed, under_way, arrived, held, admitted, extended, ended); `cancelled`:
    the request was cancelled by who did not know how far it was; `amended`: the offer is for another time than is
    asked for by now; `beside`: it was confirmed while another one had its children, until only one of the two is left.
    """

    __tablename__: ClassVar[Any] = "crossed"
    __table_args__: ClassVar[Any] = (
        Index("crossed_offer", "offer_id"),
        Index("crossed_request", "request_id"),
        KEYED,
    )
    entry_id: str = Field(primary_key=True)
    offer_id: str = Field(primary_key=True)
    request_id: str
    what: str
    at: int
    operator: str
    desk: str
