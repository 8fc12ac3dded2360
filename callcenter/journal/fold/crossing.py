"""What becomes of a request that several desks work on at once, where what one did ends what another goes on with.

Nothing that is over comes to life again, no confirmed child loses its place to somebody who did not know of it, and
whatever was done in vain is kept in `crossed` until people decide. Of a request that one desk alone writes to none of
this can happen: its use cases looked before they wrote.
"""

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import OFFER
from callcenter.care.places import slots
from callcenter.journal import bodies
from callcenter.journal.entry import Entry, desk_name
from callcenter.store import crossed, tables
from callcenter.store.crossed import OfferStage
from callcenter.store.writes import put_rows

if TYPE_CHECKING:
    from sqlite3 import Connection

# From which states of an offer each may follow; all that a request holds may be given back at once.
_TO: dict[str, frozenset[str]] = {
    **{
        str(after): frozenset(before for (before, _), state in OFFER.moves.items() if state == after)
        for after in set(OFFER.moves.values())
    },
    "withdrawn": frozenset(OFFER.open),
}
# Who did this counts on the offer, or tells that the provider or guardian does.
_COUNTED_ON = frozenset({"pending", "accepted", "conditional", "confirmed"})
# A timer, or a provider that was not reached, says nothing against a yes that somebody else got.
_SAYS_LITTLE = frozenset({"pending", "no_answer", "busy", "wrong_number", "expired"})
_ASKED = frozenset({"pending", "accepted", "conditional"})
_CARE = bodies.CareApproached | bodies.CareHeld | bodies.CareAdmitted | bodies.CareEnded

CONCERNED: frozenset[type[bodies.Body]] = frozenset(
    {
        bodies.RequestOpened,
        bodies.RequestMoved,
        bodies.RequestAmended,
        bodies.OfferMade,
        bodies.OfferProposed,
        bodies.OfferRenewed,
        bodies.OfferUndone,
        bodies.OfferReleased,
        bodies.OfferAnswered,
        bodies.OfferConfirmed,
        bodies.OfferReseated,
        bodies.CareApproached,
        bodies.CareHeld,
        bodies.CareAdmitted,
        bodies.CareExtended,
        bodies.CareEnded,
        bodies.EntryCorrected,
    }
)
"""The kinds whose subject may be a request of several desks, and after which its state is looked at again."""


def in_vain(connection: "Connection", entry: Entry, body: bodies.Body) -> bool:
    """Whether the entry of a request of several desks came too late to change anything; what counts of it is kept."""
    if isinstance(body, bodies.RequestMoved):
        return body.event == "cancelled" and _cancelled_in_care(connection, entry)
    if isinstance(body, _CARE):
        return _care_in_vain(connection, entry, body)
    if isinstance(body, bodies.CareExtended):
        return _extended_in_vain(connection, entry, body)
    if isinstance(body, bodies.OfferReseated):
        offer = crossed.offer_stages(connection, entry.subject).get(body.offer)
        return offer is None or offer.state not in OFFER.open
    step = _step(body)
    return step is not None and _offer_in_vain(connection, entry, *step)


def before_cancelling(connection: "Connection", entry: Entry, body: bodies.RequestMoved) -> None:
    """Keep what the one who cancels a request did not know of it: those providers have to be told as well."""
    if body.knew is None:
        return
    for offer in _open(connection, entry.subject):
        if offer.state != "reserved" and body.knew.get(offer.id) != _how_far(offer):
            _keep(connection, entry, offer.id, "cancelled")
            crossed.owe_notice_of(connection, offer.id, entry.at // 1000)


def _how_far(offer: OfferStage) -> str:
    return "confirmed" if offer.confirmed_at is not None else offer.state


def _open(connection: "Connection", request: str) -> list[OfferStage]:
    return [one for one in crossed.offer_stages(connection, request).values() if one.state in OFFER.open]


def _step(body: bodies.Body) -> tuple[str, str, str] | None:
    """The offer that an entry is about, the state it brings it to, and how far its writer saw it."""
    match body:
        case bodies.OfferProposed():
            return body.offer, "pending", ""
        case bodies.OfferRenewed():
            return body.offer, "renewed", ""
        case bodies.OfferUndone():
            return body.offer, "undone", ""
        case bodies.OfferReleased() | bodies.OfferAnswered():
            return body.offer, body.offer_state, body.was
        case bodies.OfferConfirmed():
            return body.offer, "confirmed", ""
    return None


def _offer_in_vain(connection: "Connection", entry: Entry, offer_id: str, after: str, was: str) -> bool:
    offer = crossed.offer_stages(connection, entry.subject).get(offer_id)
    if offer is None:
        return True
    if after == "renewed":
        return offer.state not in _TO["pending"] | _TO["conditional"] | {"pending"}
    if offer.state not in OFFER.open:
        if after in _COUNTED_ON:
            _keep(connection, entry, offer_id, after)
            if after in _ASKED:
                crossed.owe_notice_of(connection, offer_id, entry.at // 1000)
        return True
    if after == "confirmed":
        return _confirmed_in_vain(connection, entry, offer)
    knew = offer.confirmed_at is None or was in ("", "confirmed")
    if knew and offer.state != after and offer.state in _TO[after]:
        return False
    if offer.state != after and after not in _SAYS_LITTLE:
        _keep(connection, entry, offer_id, after)
    return True


def _confirmed_in_vain(connection: "Connection", entry: Entry, offer: OfferStage) -> bool:
    children = crossed.child_stages(connection, entry.subject).values()
    if offer.state != "accepted":
        _keep(connection, entry, offer.id, "confirmed")
    elif all(child.offer_id != offer.id for child in children):
        _keep(connection, entry, offer.id, "beside")
    # One that another acceptance went before is confirmed all the same: it may still be the one that counts.
    return offer.state != "accepted"


def _cancelled_in_care(connection: "Connection", entry: Entry) -> bool:
    """A child that is in care is not cancelled by somebody who did not know that it had come."""
    stages = crossed.child_stages(connection, entry.subject).values()
    there = {child.offer_id for child in stages if child.begun and child.offer_id is not None}
    for offer in sorted(there):
        _keep(connection, entry, offer, "cancelled")
    return bool(there)


def _care_in_vain(connection: "Connection", entry: Entry, body: _CARE) -> bool:
    children = body.children if isinstance(body, bodies.CareApproached) else [body.child]
    stages = crossed.child_stages(connection, entry.subject)
    if any(child in stages and stages[child].offer_id is not None for child in children):
        return False
    offer = crossed.last_offer_for(connection, entry.subject, children)
    if offer is not None:
        what = body.step if isinstance(body, bodies.CareApproached) else body.kind.removeprefix("care.")
        _keep(connection, entry, offer, what)
    return True


def _extended_in_vain(connection: "Connection", entry: Entry, body: bodies.CareExtended) -> bool:
    known = crossed.offer_stages(connection, entry.subject)
    named = {one.offer for one in body.places}
    over = sorted(offer for offer in named if offer not in known or known[offer].state not in OFFER.open)
    for offer in over:
        if offer in known:
            _keep(connection, entry, offer, "extended")
    placed = any(child.offer_id for child in crossed.child_stages(connection, entry.subject).values())
    return bool(over) or not placed


def keep_made(connection: "Connection", entry: Entry, offer: OfferStage, what: str) -> None:
    """Keep that an offer was made which another desk's work left no room for."""
    _put(connection, entry, offer.id, what, offer.made_at, offer.operator, offer.desk)


def off_time(connection: "Connection", entry: Entry, body: bodies.Body) -> None:
    """Keep which open offers are for another time than the request by now asks for."""
    amended = isinstance(body, bodies.RequestAmended) and not {"start_at", "end_at"}.isdisjoint(body.changes)
    if not amended and not isinstance(body, bodies.OfferMade):
        return
    request = crossed.request_stage(connection, entry.subject)
    if request is None or request.end_at <= request.start_at:
        return
    asked = slots(datetime.fromtimestamp(request.start_at, UTC), datetime.fromtimestamp(request.end_at, UTC))
    for offer in _open(connection, entry.subject):
        about = amended or (isinstance(body, bodies.OfferMade) and offer.id == body.offer)
        if about and (offer.first_slot, offer.last_slot) != (asked[0], asked[-1]):
            _keep(connection, entry, offer.id, "amended")


def _keep(connection: "Connection", entry: Entry, offer: str, what: str) -> None:
    _put(connection, entry, offer, what, entry.at // 1000, entry.actor, desk_name(entry.desk))


def _put(connection: "Connection", entry: Entry, offer: str, what: str, at: int, operator: str, desk: str) -> None:
    row = {"entry_id": entry.id, "offer_id": offer, "request_id": entry.subject, "what": what}
    put_rows(connection, tables.Crossed, [row | {"at": at, "operator": operator, "desk": desk}])
