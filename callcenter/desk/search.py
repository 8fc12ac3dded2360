"""Search: a family's requests by name, first consonants, digits of the number, receipt number and region.

Every word must hold: for the guardian or a child, for the region, or for the receipt number. The work is bounded
whatever is typed: people whom a word finds are followed up to a limit, and what too many people share is looked for
among the open and the newest requests only.
"""

from collections.abc import Collection, Iterator, Sequence
from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from callcenter.care.calendar import SEOUL
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import hidden
from callcenter.desk.session import Desk
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store import search as stored
from callcenter.store.reads import OPEN_STATES
from callcenter.text.receipt_numbers import read_numbers
from callcenter.text.search_terms import Alternative, SearchWord, Terms, holds, joined, name_terms, read_search

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST = 50
"""Requests shown at a time."""
_PEOPLE = 500
_REQUESTS = 3000
_OPEN = 400
_ENDED = 400
_AT_A_TIME = 200


class Found(NamedTuple):
    """Requests that every word holds for, open ones first, then the newest.

    `more` says that there are, or may be, others; more words would tell. `exact` is the one request whose receipt
    number was typed.
    """

    rows: tuple[stored.FoundRow, ...] = ()
    more: bool = False
    exact: str | None = None


class _Word(NamedTuple):
    """A word with what it may mean: people, regions, requests by their receipt number; `named` is one for certain."""

    people: tuple[Alternative, ...]
    regions: frozenset[str] = frozenset()
    numbered: tuple[stored.Candidate, ...] = ()
    named: frozenset[str] = frozenset()

    @property
    def only_people(self) -> bool:
        """Whether nothing but a person can be meant."""
        return not self.regions and not self.numbered

    def holds_for_request(self, request: stored.Candidate) -> bool:
        """Whether the region or the receipt number is meant."""
        return request.region in self.regions or request in self.numbered


def search(
    connection: "Connection", reference: Reference, text: str, now: datetime, actor: Actor | None = None
) -> Found:
    """The requests that are meant, as the actor may see them; nothing typed is an error, and finds nothing.

    What the actor may not see is found by its receipt number and its region, never by who it is for.
    """
    typed = read_search(text)
    if not typed:
        return Found()
    day = now.astimezone(SEOUL).date()
    words = [_word(connection, word, reference, day) for word in typed]
    found, complete = _requests(connection, words, joined(typed))
    exact = next(iter(words[0].named)) if len(words) == len(words[0].named) == 1 else None
    order = sorted(found, key=lambda one: (one.id != exact, one.state not in OPEN_STATES, -one.opened_at, one.id))
    ids, unseen = _seen(connection, order, words, actor)
    rows = [_without_content(row) if row.id in unseen else row for row in stored.found_rows(connection, ids[:MOST])]
    return Found(tuple(rows), not complete or len(ids) > MOST, exact)


@requires("record.search")
def note_search(desk: Desk, actor: Actor, now: datetime, hits: int, why: Literal["search", "list"]) -> None:
    """Write into the journal that the actor searched and how many requests were shown; never what was typed.

    `why` is where they were shown: «search» on the screen, «list» printed by a command.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        belongs = reads.desk(desk.connection)
        subject = belongs.id if belongs is not None else desk.name
        chain.append(subject, bodies.RecordRead(what="search", why=why, count=hits))


def _word(connection: "Connection", word: SearchWord, reference: Reference, today: date) -> _Word:
    regions = {
        code
        for name, code in reference.intake_words["region"].items()
        if any(holds(alternative, _region_terms(name)) for alternative in word.people)
    }
    numbers = read_numbers(word.text, stored.desk_names(connection), today)
    named = stored.requests_numbered(connection, numbers.named)
    ending = stored.open_numbers(connection, numbers.ending) if numbers.ending else []
    near = stored.requests_numbered(connection, numbers.near.union(ending) - numbers.named)
    return _Word(word.people, frozenset(regions), (*named, *near), frozenset(one.id for one in named))


@cache
def _region_terms(name: str) -> Terms:
    """A region is found by the beginning of its name only."""
    return name_terms(name)._replace(given="", given_heads="")


def _requests(
    connection: "Connection", words: Sequence[_Word], whole: SearchWord
) -> tuple[set[stored.Candidate], bool]:
    """The requests that all words hold for, and whether these are all of them."""
    people = [_people(connection, word.people) for word in words]
    narrow = [at for at, word in enumerate(words) if people[at] <= _PEOPLE and not word.regions]
    if narrow:
        at = min(narrow, key=lambda at: people[at])
        others = [word for other, word in enumerate(words) if other != at]
        found, complete = _of_guardians(connection, _guardians(connection, words[at].people), others)
        return {*_holding(connection, words[at].numbered, others), *found}, complete
    # What is a region too, and a family name and a given name apart that are rare only together.
    rare = [word.people for at, word in enumerate(words) if people[at] <= _PEOPLE]
    if len(words) > 1 and _people(connection, whole.people) <= _PEOPLE:
        rare.append(whole.people)
    guardians = frozenset[str]().union(*(_guardians(connection, one) for one in rare))
    found, _complete = _of_guardians(connection, guardians, words)
    numbered = _holding(connection, [one for word in words for one in word.numbered], words)
    newest, complete = _among_newest(connection, words)
    return {*numbered, *found, *newest}, complete


def _seen(
    connection: "Connection", order: Sequence[stored.Candidate], words: Sequence[_Word], actor: Actor | None
) -> tuple[list[str], set[str]]:
    """The requests that are shown and one more, if there are; and those of them that are shown without content."""
    ids: list[str] = []
    unseen: set[str] = set()
    for start in range(0, len(order), _AT_A_TIME):
        some = order[start : start + _AT_A_TIME]
        restricted = hidden(connection, [one.id for one in some], actor)
        unseen |= restricted
        ids += [
            one.id for one in some if one.id not in restricted or all(word.holds_for_request(one) for word in words)
        ]
        if len(ids) > MOST:
            break
    return ids, unseen


def _without_content(row: stored.FoundRow) -> stored.FoundRow:
    return row._replace(urgency="normal", guardian=None, phone=None, children="", names="[]", hidden=True)


def _people(connection: "Connection", alternatives: Sequence[Alternative]) -> int:
    """How many people a word may mean, those that it means in two ways twice; counts no further than it must."""
    counted = 0
    for alternative in alternatives:
        counted += stored.people_in(connection, alternative, _PEOPLE + 1)
        if counted > _PEOPLE:
            break
    return counted


def _guardians(connection: "Connection", alternatives: Sequence[Alternative]) -> frozenset[str]:
    return frozenset[str]().union(
        *(stored.guardians_of(connection, alternative, _PEOPLE) for alternative in alternatives)
    )


def _of_guardians(
    connection: "Connection", guardians: Collection[str], words: Sequence[_Word]
) -> tuple[list[stored.Candidate], bool]:
    """The requests of these guardians that all words hold for, and whether all of their requests were looked at."""
    for word in words:
        if word.only_people:
            guardians = _among(connection, guardians, word)
    found, complete = stored.requests_of(connection, guardians, _REQUESTS)
    return _holding(connection, found, [word for word in words if not word.only_people]), complete


def _holding(
    connection: "Connection", found: Sequence[stored.Candidate], words: Sequence[_Word]
) -> list[stored.Candidate]:
    """Those of the requests that all words hold for."""
    left = list(found)
    for word in words:
        meant = _among(connection, {one.guardian_id for one in left if not word.holds_for_request(one)}, word)
        left = [one for one in left if one.guardian_id in meant or word.holds_for_request(one)]
    return left


def _among(connection: "Connection", guardians: Collection[str], word: _Word) -> set[str]:
    """Those of the guardians who are meant, or one of whose children is."""
    if not guardians:
        return set()
    return set().union(*(stored.guardians_among(connection, guardians, alternative) for alternative in word.people))


def _among_newest(connection: "Connection", words: Sequence[_Word]) -> tuple[list[stored.Candidate], bool]:
    """The open requests that all words hold for, then the newest ended ones; whether every request was looked at."""
    found: list[stored.Candidate] = []
    every = True
    for states, limit in ((OPEN_STATES, _OPEN), (stored.ENDED_STATES, _ENDED)):
        newest, are_all = stored.newest(connection, states, limit)
        every = every and are_all
        for ids in _batches(newest):
            found += _holding(connection, stored.candidates(connection, ids), words)
            if len(found) > MOST:
                return found, False
    return found, every


def _batches(ids: Sequence[str]) -> Iterator[Sequence[str]]:
    """A few at a time, so that a common word looks no further than it must."""
    return (ids[start : start + _AT_A_TIME] for start in range(0, len(ids), _AT_A_TIME))
