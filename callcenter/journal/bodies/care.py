"""What entries say about care itself: the way there, the door, the stay, the end. Each is about one request."""

from typing import ClassVar, Literal

from pydantic import BaseModel, ConfigDict

from callcenter.journal.bodies.body import Body


class PlaceSpan(BaseModel):
    """A place of an offer in the slots from first to last, taken on or given back."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    offer: str
    group: str
    place: int
    first_slot: int
    last_slot: int


class CareApproached(Body):
    """A carer is on the way to the children, or has arrived at their home; `at` is when, seconds since 1970."""

    kind: ClassVar[str] = "care.approached"
    children: list[str]
    step: Literal["under_way", "arrived"]
    at: int


class ChildScreened(Body):
    """A child as it was at the door; the temperature in tenths of a degree Celsius, None where not taken."""

    kind: ClassVar[str] = "care.screened"
    personal: ClassVar[bool] = True
    child: str
    brought_by: str
    brought_name: str
    code_word: bool | None
    temperature: int | None
    symptoms: list[str]
    disinfected: bool | None


class CareHeld(Body):
    """A child was not taken in at the door: its guardian is called back to it. 입실 보류: held."""

    kind: ClassVar[str] = "care.held"
    child: str
    why: Literal["fever", "symptoms", "code_word"]
    at: int


class CareAdmitted(Body):
    """A child was taken in: care began at `at`. 입실: admitted."""

    kind: ClassVar[str] = "care.admitted"
    child: str
    at: int
    state: str


class CareExtended(Body):
    """Care goes on until a later end, in places that are taken on."""

    kind: ClassVar[str] = "care.extended"
    end: int
    places: list[PlaceSpan]


class CareEnded(Body):
    """Care of a child is over, how, and for what fee in won; what it no longer needs is given back.

    `ending` is picked_up, or turned_away for a child that was never taken in. 퇴실: ended.
    """

    kind: ClassVar[str] = "care.ended"
    child: str
    at: int
    ending: str
    fee: int | None
    state: str
    places: list[PlaceSpan]


class ChildHandedOver(Body):
    """To whom a child was given, and by what they were known."""

    kind: ClassVar[str] = "care.handed_over"
    personal: ClassVar[bool] = True
    child: str
    by: str
    name: str
    identified: str


class PickupBarred(Body):
    """A child must not be given to somebody, or may be again; the subject is the child's guardian."""

    kind: ClassVar[str] = "pickup.barred"
    personal: ClassVar[bool] = True
    child: str
    name: str
    why: str
    lifted: bool = False


class ProviderTold(Body):
    """The provider was told that the place it had given is not needed."""

    kind: ClassVar[str] = "provider.told"
    offer: str
