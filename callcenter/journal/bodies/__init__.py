"""What an entry says: one frozen model a kind of entry.

Facts about a person (`personal`) are kept apart from facts about the work, so that erasing a person leaves the work
standing. Times are seconds since 1970 in UTC; a phone is E.164, a short code, or empty when withheld. A body carries
the state its subject comes to, so that folding never decides anything.
"""

from callcenter.journal.bodies.body import Body, Change
from callcenter.journal.bodies.calls import (
    CallbackClosed,
    CallbackMissed,
    CallbackPromised,
    CallbackTried,
    CallEnded,
    CallerIdentified,
    CallJoined,
    CallMoved,
    CallOpened,
    CallRang,
    CallTaken,
    SafetyRaised,
    SafetyReported,
)
from callcenter.journal.bodies.desks import DeskOpened, OperatorAdded, RecordRead
from callcenter.journal.bodies.offers import OfferAnswered, OfferConfirmed, OfferMade, OfferReleased, OfferUndone, Seat
from callcenter.journal.bodies.people import ChildAdded, ConsentGiven, GuardianAdded, PersonAmended, PersonErased
from callcenter.journal.bodies.providers import GroupBody, PlacesConfirmed, ProviderRecorded
from callcenter.journal.bodies.requests import (
    ApplicationReceived,
    HandoverTold,
    NoteAdded,
    RequestAmended,
    RequestMoved,
    RequestOpened,
)

__all__ = [
    "KINDS",
    "ApplicationReceived",
    "Body",
    "CallEnded",
    "CallJoined",
    "CallMoved",
    "CallOpened",
    "CallRang",
    "CallTaken",
    "CallbackClosed",
    "CallbackMissed",
    "CallbackPromised",
    "CallbackTried",
    "CallerIdentified",
    "Change",
    "ChildAdded",
    "ConsentGiven",
    "DeskOpened",
    "GroupBody",
    "GuardianAdded",
    "HandoverTold",
    "NoteAdded",
    "OfferAnswered",
    "OfferConfirmed",
    "OfferMade",
    "OfferReleased",
    "OfferUndone",
    "OperatorAdded",
    "PersonAmended",
    "PersonErased",
    "PlacesConfirmed",
    "ProviderRecorded",
    "RecordRead",
    "RequestAmended",
    "RequestMoved",
    "RequestOpened",
    "SafetyRaised",
    "SafetyReported",
    "Seat",
]

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
        HandoverTold,
        ApplicationReceived,
        RequestAmended,
        RequestMoved,
        OfferMade,
        OfferUndone,
        OfferReleased,
        OfferAnswered,
        OfferConfirmed,
        RecordRead,
    )
}
