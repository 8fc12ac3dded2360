"""Whom the centre may show what entries are about, and whether it is over: what desks with other work never get."""

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.programs import Service
from callcenter.journal.entry import Entry
from callcenter.store import scopes as rows

if TYPE_CHECKING:
    from sqlite3 import Connection

# What every desk needs to know whatever it serves: desks, their people, providers with their places and hours.
_FOR_ALL = ("desk.", "operator.", "provider.", "places.", "hours.", "closure.", "roster.", "duty.", "telephone.")


class Subject(NamedTuple):
    """A subject is for those who serve the program in the region; without both it is for everybody.

    With one that is "" it is not known yet: it is for those who serve the other.
    """

    id: str
    program: str | None
    region: str | None
    open: bool


def subjects_told(
    connection: "Connection", services: Mapping[str, Service], programs: Iterable[str], entries: Iterable[Entry]
) -> list[Subject]:
    """Where the subjects of these entries belong, and the guardians and calls of their requests with them.

    `programs` are those of the desk that wrote them: to them belongs what is about no request yet.
    """
    found: dict[Subject, None] = {}
    seen: set[str] = set()
    own = tuple((program, "") for program in programs)
    for entry in entries:
        if entry.subject in seen:
            continue
        seen.add(entry.subject)
        if entry.kind.startswith(_FOR_ALL):
            found[Subject(entry.subject, None, None, open=True)] = None
            continue
        for subject in _subjects(connection, services, own, entry.subject):
            found[subject] = None
    return list(found)


def _subjects(
    connection: "Connection", services: Mapping[str, Service], own: tuple[tuple[str, str], ...], subject: str
) -> list[Subject]:
    place = rows.request_place(connection, subject)
    if place is not None:
        pairs = _pairs(services, place)
        told = [Subject(subject, *pair, open=not place.over) for pair in pairs]
        guardian_open = rows.guardian_open(connection, place.guardian)
        told += [Subject(place.guardian, *pair, open=guardian_open) for pair in pairs]
        if place.call is not None:
            told += [Subject(place.call, *pair, open=not place.over) for pair in pairs]
        return told
    if rows.is_guardian(connection, subject):
        requests, is_open = rows.requests_of_guardian(connection, subject), rows.guardian_open(connection, subject)
    else:
        requests = rows.requests_of_call(connection, subject) or rows.requests_of_complaint(connection, subject)
        is_open = rows.over(connection, subject) is False
    places = [rows.request_place(connection, request) for request in requests]
    pairs = tuple({pair: None for place in places if place is not None for pair in _pairs(services, place)}) or own
    return [Subject(subject, *pair, open=is_open) for pair in pairs]


def _pairs(services: Mapping[str, Service], place: rows.RequestPlace) -> tuple[tuple[str, str], ...]:
    programs = dict.fromkeys(services[service].program for service in place.services if service in services)
    return tuple((program, place.region) for program in programs) or (("", place.region),)
