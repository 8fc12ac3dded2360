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
from callcenter.journal.bodies.choices import ChoiceMade, Seen
from callcenter.journal.bodies.desks import DeskOpened, OperatorAdded, RecordRead
from callcenter.journal.bodies.no_contact import NoContactLifted, NoContactSet
from callcenter.journal.bodies.offers import OfferAnswered, OfferConfirmed, OfferMade, OfferReleased, OfferUndone, Seat
from callcenter.journal.bodies.people import ChildAdded, ConsentGiven, GuardianAdded, PersonAmended, PersonErased
from callcenter.journal.bodies.provider_times import (
    ClosureLifted,
    ClosureSet,
    DutySet,
    HoursSet,
    RosterDaySet,
    RosterSet,
    ShiftBody,
)
from callcenter.journal.bodies.providers import GroupBody, PlacesConfirmed, ProviderRecorded
from callcenter.journal.bodies.requests import (
    ApplicationReceived,
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
    "ChoiceMade",
    "ClosureLifted",
    "ClosureSet",
    "ConsentGiven",
    "DeskOpened",
    "DutySet",
    "GroupBody",
    "GuardianAdded",
    "HoursSet",
    "NoContactLifted",
    "NoContactSet",
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
    "RosterDaySet",
    "RosterSet",
    "SafetyRaised",
    "SafetyReported",
    "Seat",
    "Seen",
    "ShiftBody",
]

KINDS: dict[str, type[Body]] = {
    body.kind: body
    for body in (
        DeskOpened,
        OperatorAdded,
        ProviderRecorded,
        PlacesConfirmed,
        HoursSet,
        ClosureSet,
        ClosureLifted,
        RosterSet,
        RosterDaySet,
        DutySet,
        GuardianAdded,
        ChildAdded,
        PersonAmended,
        ConsentGiven,
        PersonErased,
        NoContactSet,
        NoContactLifted,
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
        OfferReleased,
        OfferAnswered,
        OfferConfirmed,
        ChoiceMade,
        RecordRead,
    )
}
