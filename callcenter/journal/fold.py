"""Folding: how each kind of entry changes the tables that screens and reports read.

A fold touches rows of its own subject only, so that a late entry makes only its own subject fold again.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from sqlmodel import SQLModel

from callcenter.journal import bodies
from callcenter.journal.entry import Entry, canonical
from callcenter.store import tables
from callcenter.store.entries import confirmed_groups, named_person
from callcenter.store.reads import has_provider
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows, update_rows
from callcenter.text.search_terms import person_terms

if TYPE_CHECKING:
    from sqlite3 import Connection

_ASKED = frozenset({"region", "start_at", "end_at"})
_FOUND_BY = frozenset({"name", "phone"})

# Rows by the column that names their subject; `fold_again` empties these and no others.
OWNED: tuple[tuple[type[SQLModel], str], ...] = (
    (tables.Desk, "id"),
    (tables.Operator, "id"),
    (tables.Guardian, "id"),
    (tables.Child, "guardian_id"),
    (tables.Consent, "guardian_id"),
    (tables.SearchKey, "guardian_id"),
    (tables.Call, "id"),
    (tables.CallRequest, "call_id"),
    (tables.SafetyReport, "call_id"),
    (tables.Callback, "id"),
    (tables.CallbackTry, "subject"),
    (tables.Request, "id"),
    (tables.Application, "request_id"),
    (tables.RequestChild, "request_id"),
    (tables.FieldHead, "subject"),
    (tables.Note, "subject"),
    (tables.Provider, "id"),
    (tables.Group, "provider_id"),
    (tables.Offer, "request_id"),
    (tables.OfferSeat, "request_id"),
    (tables.PlaceTaken, "request_id"),
)


def fold(connection: "Connection", entry: Entry, body: bodies.Body | None = None) -> None:
    """Apply one entry to the tables. An erased entry, or one of an unknown kind or version, changes nothing."""
    model = bodies.KINDS.get(entry.kind)
    if entry.body is None or model is None or model.version != entry.version:
        return
    handler = _HANDLERS.get(model)
    if handler is not None:
        handler(connection, entry, body or model.model_validate_json(entry.body))


def _desk_opened(connection: "Connection", entry: Entry, body: bodies.DeskOpened) -> None:
    row = {"id": entry.subject, "name": body.name, "programs": " ".join(body.programs)}
    insert_row(connection, tables.Desk, row)


def _operator_added(connection: "Connection", entry: Entry, body: bodies.OperatorAdded) -> None:
    insert_row(connection, tables.Operator, {"id": entry.subject, "name": body.name, "role": body.role})


def _provider_recorded(connection: "Connection", entry: Entry, body: bodies.ProviderRecorded) -> None:
    confirmed: dict[str, dict[str, object]] = {}
    if has_provider(connection, entry.subject):
        confirmed = confirmed_groups(connection, entry.subject)
        delete_rows(connection, tables.Provider, {"id": entry.subject})
        delete_rows(connection, tables.Group, {"provider_id": entry.subject})
    row = {
        "id": entry.subject,
        "service": body.service,
        "name": body.name,
        "region": body.region,
        "lat": body.lat,
        "lon": body.lon,
        "record": canonical(body.record),
    }
    insert_row(connection, tables.Provider, row)
    rows = []
    for position, group in enumerate(body.groups):
        # A record that does not know the places, or agrees, does not unsay what the provider said of them.
        said = confirmed.get(group.id, {})
        known = said if group.places in (None, said.get("places")) else {}
        rows.append(
            {
                "id": group.id,
                "provider_id": entry.subject,
                "position": position,
                "label": group.label,
                "months_min": group.months_min,
                "months_max": group.months_max,
                "children_per_place": group.children_per_place,
                "places": group.places,
                "confirmed_at": None,
                "confirmed_by": None,
                "confirmed_how": None,
                **known,
            }
        )
    insert_rows(connection, tables.Group, rows)


def _places_confirmed(connection: "Connection", entry: Entry, body: bodies.PlacesConfirmed) -> None:
    values = {
        "places": body.places,
        "confirmed_at": entry.at // 1000,
        "confirmed_by": entry.actor,
        "confirmed_how": body.how,
    }
    update_rows(connection, tables.Group, {"id": body.group, "provider_id": entry.subject}, values)


def _guardian_added(connection: "Connection", entry: Entry, body: bodies.GuardianAdded) -> None:
    insert_row(connection, tables.Guardian, {"id": entry.subject, **body.model_dump()})
    _make_findable(connection, entry.subject, "", body.name, body.phone)


def _child_added(connection: "Connection", entry: Entry, body: bodies.ChildAdded) -> None:
    row = {
        "id": body.child,
        "guardian_id": entry.subject,
        "name": body.name,
        "birth": body.birth,
        "school": body.school,
        "registered": body.registered,
        "needs": " ".join(body.needs),
        "symptoms": " ".join(body.symptoms),
        "care_note": body.care_note,
    }
    insert_row(connection, tables.Child, row)
    _make_findable(connection, entry.subject, body.child, body.name)


def _make_findable(connection: "Connection", guardian: str, child: str, name: str, phone: str = "") -> None:
    """What the guardian, or with `child` that child, is found by; a person without a name and number by nothing."""
    terms = person_terms(name, phone)
    if any(terms):
        insert_row(connection, tables.SearchKey, {"guardian_id": guardian, "child_id": child, **terms._asdict()})


def _column_value(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _amend(
    connection: "Connection",
    entry: Entry,
    changes: dict[str, bodies.Change],
    model: type[SQLModel],
    key: str,
    prefix: str = "",
) -> None:
    """Set the fields, and keep as heads the amendments that no later one was based on."""
    for name, change in changes.items():
        field = prefix + name
        for base in change.base:
            where = {"subject": entry.subject, "field": field, "entry_id": base}
            delete_rows(connection, tables.FieldHead, where)
        head = {
            "subject": entry.subject,
            "field": field,
            "entry_id": entry.id,
            "value": canonical(change.value),
        }
        insert_row(connection, tables.FieldHead, head)
    values = {name: _column_value(change.value) for name, change in changes.items()}
    update_rows(connection, model, {"id": key}, values)


def _person_amended(connection: "Connection", entry: Entry, body: bodies.PersonAmended) -> None:
    if body.child is None:
        _amend(connection, entry, body.changes, tables.Guardian, entry.subject)
    else:
        _amend(connection, entry, body.changes, tables.Child, body.child, prefix=f"{body.child}.")
    if not _FOUND_BY.isdisjoint(body.changes):
        _find_by_new_terms(connection, entry.subject, body.child or "")


def _find_by_new_terms(connection: "Connection", guardian: str, child: str) -> None:
    delete_rows(connection, tables.SearchKey, {"guardian_id": guardian, "child_id": child})
    person = named_person(connection, guardian, child)
    if person is not None:
        _make_findable(connection, guardian, child, *person)


def _consent_given(connection: "Connection", entry: Entry, body: bodies.ConsentGiven) -> None:
    at = entry.at // 1000 if body.at is None else body.at
    given = {"guardian_id": entry.subject, "at": at, "how": body.how, "who": body.who}
    put_rows(connection, tables.Consent, [{**given, "kind": kind} for kind in body.kinds])


def _call_opened(connection: "Connection", entry: Entry, body: bodies.CallOpened) -> None:
    at = entry.at // 1000
    row = {"id": entry.subject, "state": "talking", "operator": entry.actor, "opened_at": at, "answered_at": at}
    insert_row(connection, tables.Call, {**row, "direction": "in", "heard": "", "raised_by": ""})


def _call_rang(connection: "Connection", entry: Entry, body: bodies.CallRang) -> None:
    row = {"id": entry.subject, "state": "ringing", "operator": "", "opened_at": body.at, "heard": body.heard}
    system = {
        "direction": body.direction,
        "external_id": body.external_id,
        "extension": body.extension,
        "called": body.called,
        "raised_by": "",
    }
    insert_row(connection, tables.Call, row | system)


def _call_taken(connection: "Connection", entry: Entry, body: bodies.CallTaken) -> None:
    values = {"operator": entry.actor, "state": body.state, "answered_at": body.answered}
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_moved(connection: "Connection", entry: Entry, body: bodies.CallMoved) -> None:
    values = {
        "state": body.state,
        "opened_at": body.opened,
        "answered_at": body.answered,
        "held_at": body.held,
        "hung_up_at": body.hung_up,
        "ended_at": body.ended,
        "outcome": body.outcome,
        "extension": body.extension,
        "heard": body.heard,
    }
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_joined(connection: "Connection", entry: Entry, body: bodies.CallJoined) -> None:
    if body.request is not None:
        row = {"call_id": entry.subject, "request_id": body.request}
        delete_rows(connection, tables.CallRequest, row)
        insert_row(connection, tables.CallRequest, row)
    if body.call is not None:
        update_rows(connection, tables.Call, {"id": entry.subject}, {"joined_call": body.call})


def _safety_raised(connection: "Connection", entry: Entry, body: bodies.SafetyRaised) -> None:
    update_rows(connection, tables.Call, {"id": entry.subject}, {"safety": body.what})
    # Whoever raises it again saw the record already.
    update_rows(connection, tables.Call, {"id": entry.subject, "raised_by": ""}, {"raised_by": entry.actor})


def _safety_reported(connection: "Connection", entry: Entry, body: bodies.SafetyReported) -> None:
    row = {"id": entry.id, "call_id": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.SafetyReport, row | body.model_dump())


def _callback_missed(connection: "Connection", entry: Entry, body: bodies.CallbackMissed) -> None:
    known = {"phone": body.phone, "guardian_id": body.guardian, "call_id": body.call, "calls": body.calls}
    if body.calls > 1 and update_rows(connection, tables.Callback, {"id": entry.subject}, known):
        return
    row = {"id": entry.subject, "kind": body.origin, "due_at": body.due, "operator": entry.actor}
    insert_row(connection, tables.Callback, row | known)


def _callback_promised(connection: "Connection", entry: Entry, body: bodies.CallbackPromised) -> None:
    promise = {"due_at": body.due, "operator": entry.actor}
    if update_rows(connection, tables.Callback, {"id": entry.subject}, promise):
        return
    row = {"id": entry.subject, "kind": "promised", "phone": body.phone, "guardian_id": body.guardian}
    insert_row(connection, tables.Callback, row | promise | {"call_id": body.call, "calls": 1})


def _callback_tried(connection: "Connection", entry: Entry, body: bodies.CallbackTried) -> None:
    row = {"id": entry.id, "subject": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.CallbackTry, row | body.model_dump())


def _callback_closed(connection: "Connection", entry: Entry, body: bodies.CallbackClosed) -> None:
    values = {"closed_at": entry.at // 1000, "closed_why": body.why}
    update_rows(connection, tables.Callback, {"id": entry.subject}, values)


def _caller_identified(connection: "Connection", entry: Entry, body: bodies.CallerIdentified) -> None:
    values = {"phone": body.phone, "guardian_id": body.guardian}
    update_rows(connection, tables.Call, {"id": entry.subject}, values)


def _call_ended(connection: "Connection", entry: Entry, body: bodies.CallEnded) -> None:
    values = {"state": "ended", "ended_at": entry.at // 1000, "outcome": body.outcome, "topic": body.topic}
    update_rows(connection, tables.Call, {"id": entry.subject}, {**values, "agency": body.agency})


def _note_added(connection: "Connection", entry: Entry, body: bodies.NoteAdded) -> None:
    row = {"id": entry.id, "subject": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.Note, {**row, "text": body.text})


def _request_opened(connection: "Connection", entry: Entry, body: bodies.RequestOpened) -> None:
    at = entry.at // 1000
    row = {
        "id": entry.subject,
        "number": body.number,
        "state": body.state,
        "urgency": body.urgency,
        "region": body.region,
        "residence": body.residence,
        "service": body.service,
        "channel": body.channel,
        "guardian_id": body.guardian,
        "call_id": body.call,
        "start_at": body.start,
        "end_at": body.end,
        "reason": body.reason,
        "opened_at": at,
        "asked_at": at,
        "operator": entry.actor,
        "promised_at": body.promised,
        "changed_at": at,
    }
    insert_row(connection, tables.Request, row)
    children = [
        {"request_id": entry.subject, "position": position, "child_id": child}
        for position, child in enumerate(body.children)
    ]
    insert_rows(connection, tables.RequestChild, children)


def _application_received(connection: "Connection", entry: Entry, body: bodies.ApplicationReceived) -> None:
    insert_row(connection, tables.Application, {"request_id": entry.subject, **body.model_dump()})


def _move(connection: "Connection", entry: Entry, state: str, **values: object) -> None:
    """Bring the request of the entry to the state that the entry names."""
    changed = {"state": state, "changed_at": entry.at // 1000, **values}
    update_rows(connection, tables.Request, {"id": entry.subject}, changed)


def _request_amended(connection: "Connection", entry: Entry, body: bodies.RequestAmended) -> None:
    _amend(connection, entry, body.changes, tables.Request, entry.subject)
    at = entry.at // 1000
    asked = {} if _ASKED.isdisjoint(body.changes) else {"asked_at": at}
    update_rows(connection, tables.Request, {"id": entry.subject}, {"changed_at": at, **asked})


def _request_moved(connection: "Connection", entry: Entry, body: bodies.RequestMoved) -> None:
    ended_reason = body.reason if body.event in ("cancelled", "unplaced") else None
    _move(connection, entry, body.state, held_until=body.until, ended_reason=ended_reason)
    if body.event == "cancelled":
        _release_request(connection, entry.subject)


def _release_request(connection: "Connection", request: str) -> None:
    delete_rows(connection, tables.PlaceTaken, {"request_id": request})
    for state in ("pending", "accepted"):
        update_rows(connection, tables.Offer, {"request_id": request, "state": state}, {"state": "withdrawn"})
    update_rows(connection, tables.Request, {"id": request}, {"offer_id": None})


def _offer_made(connection: "Connection", entry: Entry, body: bodies.OfferMade) -> None:
    at = entry.at // 1000
    offer = {
        "id": body.offer,
        "request_id": entry.subject,
        "provider_id": body.provider,
        "state": "pending",
        "places_known": body.places_known,
        "operator": entry.actor,
        "made_at": at,
        "expires_at": body.expires,
    }
    insert_row(connection, tables.Offer, offer)
    owner = {"offer_id": body.offer, "request_id": entry.subject}
    insert_rows(
        connection,
        tables.OfferSeat,
        [{**owner, "child_id": seat.child, "group_id": seat.group, "place_no": seat.place} for seat in body.seats],
    )
    places = dict.fromkeys((seat.group, seat.place) for seat in body.seats)
    insert_rows(
        connection,
        tables.PlaceTaken,
        [
            {"group_id": group, "slot": slot, "place_no": place, **owner}
            for group, place in places
            for slot in range(body.first_slot, body.last_slot + 1)
        ],
    )
    _move(connection, entry, body.state, offer_id=body.offer, held_until=None)


def _release_offer(connection: "Connection", entry: Entry, offer: str, offer_state: str, state: str) -> None:
    delete_rows(connection, tables.PlaceTaken, {"offer_id": offer})
    update_rows(connection, tables.Offer, {"id": offer}, {"state": offer_state})
    _move(connection, entry, state, offer_id=None)


def _offer_undone(connection: "Connection", entry: Entry, body: bodies.OfferUndone) -> None:
    _release_offer(connection, entry, body.offer, "undone", body.state)


def _offer_answered(connection: "Connection", entry: Entry, body: bodies.OfferAnswered) -> None:
    values = {"answered_at": entry.at // 1000, "answer": body.answer, "free_said": body.free}
    update_rows(connection, tables.Offer, {"id": body.offer}, {"state": body.offer_state, **values})
    if body.offer_state == "accepted":
        _move(connection, entry, body.state)
    else:
        _release_offer(connection, entry, body.offer, body.offer_state, body.state)


def _offer_confirmed(connection: "Connection", entry: Entry, body: bodies.OfferConfirmed) -> None:
    update_rows(connection, tables.Offer, {"id": body.offer}, {"confirmed_at": entry.at // 1000})
    _move(connection, entry, body.state)


_HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.DeskOpened: _desk_opened,
    bodies.OperatorAdded: _operator_added,
    bodies.ProviderRecorded: _provider_recorded,
    bodies.PlacesConfirmed: _places_confirmed,
    bodies.GuardianAdded: _guardian_added,
    bodies.ChildAdded: _child_added,
    bodies.PersonAmended: _person_amended,
    bodies.ConsentGiven: _consent_given,
    bodies.CallOpened: _call_opened,
    bodies.CallRang: _call_rang,
    bodies.CallTaken: _call_taken,
    bodies.CallMoved: _call_moved,
    bodies.CallerIdentified: _caller_identified,
    bodies.CallEnded: _call_ended,
    bodies.CallJoined: _call_joined,
    bodies.SafetyRaised: _safety_raised,
    bodies.SafetyReported: _safety_reported,
    bodies.CallbackMissed: _callback_missed,
    bodies.CallbackPromised: _callback_promised,
    bodies.CallbackTried: _callback_tried,
    bodies.CallbackClosed: _callback_closed,
    bodies.NoteAdded: _note_added,
    bodies.RequestOpened: _request_opened,
    bodies.ApplicationReceived: _application_received,
    bodies.RequestAmended: _request_amended,
    bodies.RequestMoved: _request_moved,
    bodies.OfferMade: _offer_made,
    bodies.OfferUndone: _offer_undone,
    bodies.OfferAnswered: _offer_answered,
    bodies.OfferConfirmed: _offer_confirmed,
}
