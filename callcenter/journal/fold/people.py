"""How entries about guardians and children change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.journal.fold.amending import amend
from callcenter.store import tables
from callcenter.store.entries import named_person
from callcenter.store.writes import delete_rows, insert_row, insert_rows, put_rows
from callcenter.text.search_terms import person_terms

if TYPE_CHECKING:
    from sqlite3 import Connection


_FOUND_BY = frozenset({"name", "phone"})


def _guardian_added(connection: "Connection", entry: Entry, body: bodies.GuardianAdded) -> None:
    # Two desks may both have added again who was erased.
    put_rows(connection, tables.Guardian, [{"id": entry.subject, **vars(body)}])
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
        "sex": body.sex,
        "registration": body.registration,
    }
    insert_row(connection, tables.Child, row)
    _make_findable(connection, entry.subject, body.child, body.name)


def _make_findable(connection: "Connection", guardian: str, child: str, name: str, phone: str = "") -> None:
    """What the guardian, or with `child` that child, is found by; a person without a name and number by nothing."""
    terms = person_terms(name, phone)
    if any(terms):
        put_rows(connection, tables.SearchKey, [{"guardian_id": guardian, "child_id": child, **terms._asdict()}])


def _person_amended(connection: "Connection", entry: Entry, body: bodies.PersonAmended) -> None:
    if body.child is None:
        amend(connection, entry, body.changes, tables.Guardian, entry.subject)
    else:
        amend(connection, entry, body.changes, tables.Child, body.child, prefix=f"{body.child}.")
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


def _person_erased(connection: "Connection", entry: Entry, body: bodies.PersonErased) -> None:
    facts = {"entry_id": entry.id, "guardian_id": entry.subject, "hlc": entry.hlc, "desk": entry.desk}
    subjects = dict.fromkeys((entry.subject, *body.subjects))
    insert_rows(connection, tables.ErasedSubject, [{"subject": subject, **facts} for subject in subjects])


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {
    bodies.GuardianAdded: _guardian_added,
    bodies.ChildAdded: _child_added,
    bodies.PersonAmended: _person_amended,
    bodies.ConsentGiven: _consent_given,
    bodies.PersonErased: _person_erased,
}
