"""What an entry says: one frozen model a kind of entry.

Facts about a person (`personal`) are kept apart from facts about the work, so that erasing a person leaves the work
standing. Times are seconds since 1970 in UTC; a phone is E.164, a short code, or empty when withheld. A body carries
the state its subject comes to, so that folding never decides anything.
"""

from typing import Any, ClassVar, Literal

from pydantic import BaseModel, ConfigDict, JsonValue


class Body(BaseModel):
    """What every kind has: its name, the version of its form, and whether it tells about a person."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    kind: ClassVar[str]
    version: ClassVar[int] = 1
    personal: ClassVar[bool] = False

    def __repr_args__(self) -> list[tuple[str | None, Any]]:
        # A body must never reach a log with the people in it.
        return []


class DeskOpened(Body):
    """A desk began its journal."""

    kind: ClassVar[str] = "desk.opened"
    name: str
    programs: list[str]


class OperatorAdded(Body):
    """Somebody joined the desk's people."""

    kind: ClassVar[str] = "operator.added"
    name: str
    role: Literal["operator", "supervisor"]


class GroupBody(BaseModel):
    """A group as a provider's record names it."""

    model_config = ConfigDict(frozen=True, extra="forbid")
    id: str
    label: str
    months_min: int
    months_max: int
    children_per_place: int
    places: int | None


class ProviderRecorded(Body):
    """A provider was added, or its record replaced by a newer one."""

    kind: ClassVar[str] = "provider.recorded"
    service: str
    name: str
    region: str
    lat: float
    lon: float
    groups: list[GroupBody]
    record: dict[str, JsonValue]


class PlacesConfirmed(Body):
    """A provider said how many places a group has."""

    kind: ClassVar[str] = "places.confirmed"
    group: str
    places: int | None
    how: str


class GuardianAdded(Body):
    """A guardian became known."""

    kind: ClassVar[str] = "guardian.added"
    personal: ClassVar[bool] = True
    name: str
    phone: str
    relation: str
    language: str
    second_name: str = ""
    second_phone: str = ""


class ConsentGiven(Body):
    """The guardian agreed to what was read out. 동의: consent."""

    kind: ClassVar[str] = "consent.given"
    personal: ClassVar[bool] = True
    kinds: list[Literal["collect", "sensitive", "third_party"]]
    who: str
    how: str


class ChildAdded(Body):
    """A child of the guardian became known."""

    kind: ClassVar[str] = "child.added"
    personal: ClassVar[bool] = True
    child: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: list[str]
    symptoms: list[str]
    care_note: str


class Change(BaseModel):
    """The new value of a field and the entries it was based on."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True)
    value: JsonValue
    base: list[str]


class PersonAmended(Body):
    """Facts about the guardian, or about the child named, were corrected."""

    kind: ClassVar[str] = "person.amended"
    personal: ClassVar[bool] = True
    child: str | None
    changes: dict[str, Change]


class PersonErased(Body):
    """The guardian and the children were erased on demand; their entries keep only their digests."""

    kind: ClassVar[str] = "person.erased"
    reason: str


class CallOpened(Body):
    """A call was taken."""

    kind: ClassVar[str] = "call.opened"


class CallerIdentified(Body):
    """The caller's number, and the guardian if known."""

    kind: ClassVar[str] = "caller.identified"
    personal: ClassVar[bool] = True
    phone: str
    guardian: str | None


class CallEnded(Body):
    """A call ended: how, and for an enquiry about what."""

    kind: ClassVar[str] = "call.ended"
    outcome: str
    topic: str | None


class NoteAdded(Body):
    """Somebody wrote a note to the subject."""

    kind: ClassVar[str] = "note.added"
    personal: ClassVar[bool] = True
    text: str


class RequestOpened(Body):
    """A request was taken."""

    kind: ClassVar[str] = "request.opened"
    state: str
    number: str
    urgency: str
    region: str
    residence: str | None
    service: str | None
    channel: str
    guardian: str
    children: list[str]
    call: str | None
    start: int
    end: int
    reason: str
    promised: int | None


class ApplicationReceived(Body):
    """The request came as an application from outside: its identifier there, and the SHA-256 of what it said."""

    kind: ClassVar[str] = "application.received"
    external_id: str
    digest: str


class RequestAmended(Body):
    """Fields of a request were changed."""

    kind: ClassVar[str] = "request.amended"
    changes: dict[str, Change]


class RequestMoved(Body):
    """A request was held, resumed, left unplaced, reopened or cancelled."""

    kind: ClassVar[str] = "request.moved"
    event: Literal["held", "resumed", "unplaced", "reopened", "cancelled"]
    state: str
    reason: str | None
    until: int | None


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


class RecordRead(Body):
    """Somebody opened, revealed, searched or exported records of people."""

    kind: ClassVar[str] = "record.read"
    what: Literal["open", "reveal", "search", "export"]
    why: str
    count: int


KINDS: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        DeskOpened,
        OperatorAdded,
        ProviderRecorded,
        PlacesConfirmed,
        GuardianAdded,
        ConsentGiven,
        ChildAdded,
        PersonAmended,
        PersonErased,
        CallOpened,
        CallerIdentified,
        CallEnded,
        NoteAdded,
        RequestOpened,
        ApplicationReceived,
        RequestAmended,
        RequestMoved,
        OfferMade,
        OfferUndone,
        OfferAnswered,
        OfferConfirmed,
        RecordRead,
    )
}
