"""How entries about care change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.moving import move
from callcenter.store import tables
from callcenter.store.placements import give_back_span, is_offer_of
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _placement(connection: "Connection", entry: Entry, child: str, **values: object) -> None:
    update_rows(connection, tables.Placement, {"request_id": entry.subject, "child_id": child}, values)


def _approached(connection: "Connection", entry: Entry, body: bodies.CareApproached) -> None:
    for child in body.children:
        _placement(connection, entry, child, **{f"{body.step}_at": body.at})


def _screened(connection: "Connection", entry: Entry, body: bodies.ChildScreened) -> None:
    facts = body.model_dump(exclude={"child", "symptoms"})
    row = {"id": entry.id, "request_id": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(
        connection, tables.Screening, row | facts | {"child_id": body.child, "symptoms": " ".join(body.symptoms)}
    )


def _held(connection: "Connection", entry: Entry, body: bodies.CareHeld) -> None:
    _placement(connection, entry, body.child, held_at=body.at, held_why=body.why)


def _admitted(connection: "Connection", entry: Entry, body: bodies.CareAdmitted) -> None:
    _placement(connection, entry, body.child, admitted_at=body.at, held_at=None, held_why=None)
    move(connection, entry, body.state)


def _extended(connection: "Connection", entry: Entry, body: bodies.CareExtended) -> None:
    for one in body.places:
        if is_offer_of(connection, one.offer, entry.subject):
            owner = {"offer_id": one.offer, "request_id": entry.subject}
            place = {"group_id": one.group, "place_no": one.place}
            slots = range(one.first_slot, one.last_slot + 1)
            insert_rows(connection, tables.PlaceTaken, [{**place, "slot": slot, **owner} for slot in slots])
    values = {"end_at": body.end, "changed_at": entry.at // 1000}
    update_rows(connection, tables.Request, {"id": entry.subject}, values)


def _ended(connection: "Connection", entry: Entry, body: bodies.CareEnded) -> None:
    _placement(connection, entry, body.child, ended_at=body.at, ending=body.ending, fee=body.fee)
    for one in body.places:
        give_back_span(connection, one.offer, one.group, one.place, range(one.first_slot, one.last_slot + 1))
    move(connection, entry, body.state)


def _handed_over(connection: "Connection", entry: Entry, body: bodies.ChildHandedOver) -> None:
    row = {"id": entry.id, "request_id": entry.subject, "at": entry.at // 1000, "operator": entry.actor}
    insert_row(connection, tables.HandOver, row | body.model_dump(exclude={"child"}) | {"child_id": body.child})


def _barred(connection: "Connection", entry: Entry, body: bodies.PickupBarred) -> None:
    row = {"guardian_id": entry.subject, "child_id": body.child, "name": body.name}
    if body.lifted:
        delete_rows(connection, tables.PickupBar, row)
    else:
        put_rows(connection, tables.PickupBar, [row | {"why": body.why, "at": entry.at // 1000}])


def _provider_told(connection: "Connection", entry: Entry, body: bodies.ProviderTold) -> None:
    told = {"told_at": entry.at // 1000, "told_by": entry.actor}
    update_rows(connection, tables.ReleaseNotice, {"offer_id": body.offer}, told)


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.CareApproached: _approached,
    bodies.ChildScreened: _screened,
    bodies.CareHeld: _held,
    bodies.CareAdmitted: _admitted,
    bodies.CareExtended: _extended,
    bodies.CareEnded: _ended,
    bodies.ChildHandedOver: _handed_over,
    bodies.PickupBarred: _barred,
    bodies.ProviderTold: _provider_told,
}
