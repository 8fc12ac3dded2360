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

Pairs = tuple[tuple[str, str], ...]
"""Programs and regions."""


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
    kinds = {entry.subject: entry.kind for entry in entries}
    told = {Subject(subject, None, None, open=True): None for subject, kind in kinds.items() if _is_for_all(kind)}
    others = [subject for subject, kind in kinds.items() if not _is_for_all(kind)]
    if not others:
        return list(told)
    places = rows.request_places(connection, others)
    calls = {place.call: None for place in places.values() if place.call is not None}
    alone = [subject for subject in others if subject not in places]
    # Scopes only grow at the centre: of what a guardian asked for besides it was told with those requests.
    people: dict[str, list[str]] = {}
    for request, place in places.items():
        people.setdefault(place.guardian, []).append(request)
    waiting = {one for place in places.values() if not place.over for one in (place.guardian, place.call)}
    asked = [one for one in dict.fromkeys([*alone, *people, *calls]) if one not in waiting]
    is_open = waiting | (rows.still_open(connection, asked) if asked else set())
    about = people | (rows.requests_about(connection, alone) if alone else {})
    beside = dict.fromkeys([*people, *alone])
    others_of_them = {one for found in about.values() for one in found} - places.keys()
    known = places | rows.request_places(connection, others_of_them) if others_of_them else places
    pairs = {request: _pairs(services, place) for request, place in known.items()}
    for request, place in places.items():
        told |= dict.fromkeys(Subject(request, *pair, open=not place.over) for pair in pairs[request])
        if place.call is not None:
            is_open_call = place.call in is_open
            told |= dict.fromkeys(Subject(place.call, *pair, open=is_open_call) for pair in pairs[request])
    own = tuple((program, "") for program in programs)
    for subject in beside:
        if subject not in calls:
            where = dict.fromkeys(pair for request in about.get(subject, ()) for pair in pairs.get(request, ())) or own
            told |= dict.fromkeys(Subject(subject, *pair, open=subject in is_open) for pair in where)
    return list(told)


def _is_for_all(kind: str) -> bool:
    return kind.startswith(_FOR_ALL)


def _pairs(services: Mapping[str, Service], place: rows.RequestPlace) -> Pairs:
    programs = dict.fromkeys(services[service].program for service in place.services if service in services)
    return tuple((program, place.region) for program in programs) or (("", place.region),)
