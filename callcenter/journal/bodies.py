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


class ConsentGiven(Body):
    """The guardian agreed that personal data are collected, sensitive data are used, or a provider is told.

    개인정보 보호법 §15, §17, §22, §23: each is asked for by itself, and who agreed, when and how is kept as its proof.
    `who` is the relation to the child; `at` is when it was given, if that was before the entry.
    """

    kind: ClassVar[str] = "consent.given"
    kinds: list[Literal["collect", "sensitive", "third_party"]]
    who: str
    how: Literal["telephone", "online", "paper"]
    at: int | None = None


class PersonErased(Body):
    """The guardian and the children were erased on demand; their entries keep only their digests."""

    kind: ClassVar[str] = "person.erased"
    reason: str


class CallOpened(Body):
    """A call was taken that no telephone system told of: it talks at once."""

    kind: ClassVar[str] = "call.opened"


class CallRang(Body):
    """A telephone system told of a call for the first time; `heard` is "ringing" when that is what it told."""

    kind: ClassVar[str] = "call.rang"
    external_id: str
    direction: Literal["in", "out"]
    extension: str | None
    called: str | None
    at: int
    heard: str


class CallTaken(Body):
    """An operator, the entry's actor, made the call theirs; `answered` is when somebody first spoke on it."""

    kind: ClassVar[str] = "call.taken"
    state: str
    answered: int


class CallMoved(Body):
    """A call changed, by a key or by what the telephone system told: the state it came to, and all its times.

    `heard` is every state the telephone system has told of this call, separated by spaces; behind the later of
    `answered` and `held` its time, as in `answered held@1764000040 ringing`.
    """

    kind: ClassVar[str] = "call.moved"
    event: Literal["rang", "answered", "held", "resumed", "hung_up"]
    state: str
    opened: int
    answered: int | None
    held: int | None
    hung_up: int | None
    ended: int | None
    outcome: str | None
    extension: str | None
    heard: str


class CallerIdentified(Body):
    """The caller's number, and the guardian if known."""

    kind: ClassVar[str] = "caller.identified"
    personal: ClassVar[bool] = True
    phone: str
    guardian: str | None


class CallEnded(Body):
    """A call ended: how, for an enquiry about what, and to which other agency it was transferred."""

    kind: ClassVar[str] = "call.ended"
    outcome: str
    topic: str | None
    agency: str | None = None


class CallJoined(Body):
    """A call touches a request, or goes on with an earlier call that was cut off."""

    kind: ClassVar[str] = "call.joined"
    request: str | None = None
    call: str | None = None


class SafetyRaised(Body):
    """Somebody is in danger, or a child is suspected to be abused: from now on the call is restricted."""

    kind: ClassVar[str] = "safety.raised"
    what: Literal["emergency", "abuse"]


class SafetyReported(Body):
    """What was reported to the other agency, and the number under which it keeps the case, "" while unknown."""

    kind: ClassVar[str] = "safety.reported"
    personal: ClassVar[bool] = True
    what: Literal["emergency", "abuse"]
    reference: str
    said: str


class CallbackMissed(Body):
    """A call of this number went unanswered or was cut off: so many of them, the last one named; due since then."""

    kind: ClassVar[str] = "callback.missed"
    personal: ClassVar[bool] = True
    origin: Literal["missed", "dropped"]
    phone: str
    guardian: str | None
    call: str
    calls: int
    due: int


class CallbackPromised(Body):
    """A call-back was promised for a time, to somebody who has no request."""

    kind: ClassVar[str] = "callback.promised"
    personal: ClassVar[bool] = True
    phone: str
    guardian: str | None
    call: str
    due: int


class CallbackTried(Body):
    """Somebody rang back, whom, and what came of it; the subject is the call-back or the request it was for."""

    kind: ClassVar[str] = "callback.tried"
    whom: Literal["guardian", "second_contact"]
    result: Literal["reached", "no_answer", "busy", "wrong_number"]


class CallbackClosed(Body):
    """Nothing is owed any more, and why."""

    kind: ClassVar[str] = "callback.closed"
    why: Literal["reached", "rang_again", "given_up"]


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
        ChildAdded,
        PersonAmended,
        ConsentGiven,
        PersonErased,
        CallOpened,
        CallRang,
        CallTaken,
        CallMoved,
        CallerIdentified,
        CallEnded,
        CallJoined,
        SafetyRaised,
        SafetyReported,
        CallbackMissed,
        CallbackPromised,
        CallbackTried,
        CallbackClosed,
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
