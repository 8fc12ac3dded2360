"""Whom the centre may show what entries are about, and whether it is over: what desks with other work never get."""

from collections.abc import Iterable, Iterator, Mapping, Set
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
    first: dict[str, Entry] = {}
    for entry in entries:
        first.setdefault(entry.subject, entry)
    for_all = [subject for subject, entry in first.items() if entry.kind.startswith(_FOR_ALL)]
    told = dict.fromkeys(Subject(subject, None, None, open=True) for subject in for_all)
    context = _context(connection, [subject for subject in first if subject not in set(for_all)])
    own = tuple((program, "") for program in programs)
    for subject in context.asked:
        told |= dict.fromkeys(_subjects(context, services, own, subject))
    return list(told)


class _Context(NamedTuple):
    """What is known of all subjects that are asked about: read in a few statements for a whole batch of entries."""

    asked: list[str]
    places: Mapping[str, rows.RequestPlace]
    requests: Mapping[str, list[str]]
    """Of each subject that is no request itself, the requests it belongs to."""
    over: Mapping[str, bool | None]
    """Whether it is over, of each subject that is neither a request nor a guardian."""
    open_guardians: Set[str]


def _context(connection: "Connection", asked: list[str]) -> _Context:
    places = rows.request_places(connection, asked)
    guardians = rows.requests_of_guardians(connection, [one for one in asked if one not in places])
    others = [one for one in asked if one not in places and one not in guardians]
    requests = guardians | {
        one: rows.requests_of_call(connection, one) or rows.requests_of_complaint(connection, one) for one in others
    }
    places |= rows.request_places(connection, {one for some in requests.values() for one in some} - places.keys())
    people = {*guardians, *(places[one].guardian for one in asked if one in places)}
    over = {one: rows.over(connection, one) for one in others}
    return _Context(asked, places, requests, over, rows.open_guardians(connection, people))


def _subjects(
    context: _Context, services: Mapping[str, Service], own: tuple[tuple[str, str], ...], subject: str
) -> Iterator[Subject]:
    place = context.places.get(subject)
    if place is not None:
        for pair in _pairs(services, place):
            yield Subject(subject, *pair, open=not place.over)
            yield Subject(place.guardian, *pair, open=place.guardian in context.open_guardians)
            if place.call is not None:
                yield Subject(place.call, *pair, open=not place.over)
        return
    places = [context.places[request] for request in context.requests[subject] if request in context.places]
    pairs = tuple({pair: None for place in places for pair in _pairs(services, place)}) or own
    is_open = subject in context.open_guardians if subject not in context.over else context.over[subject] is False
    for pair in pairs:
        yield Subject(subject, *pair, open=is_open)


def _pairs(services: Mapping[str, Service], place: rows.RequestPlace) -> tuple[tuple[str, str], ...]:
    programs = dict.fromkeys(services[service].program for service in place.services if service in services)
    return tuple((program, place.region) for program in programs) or (("", place.region),)
