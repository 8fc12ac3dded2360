"""What a search reads: guardians by ranges of terms, their requests, requests by number, and the newest ones.

Every read is bounded: it walks an index and stops at its limit.
"""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.lifecycle import REQUEST
from callcenter.store.reads import OPEN_STATES
from callcenter.text.search_terms import Alternative, Key, Range, Terms, holds

if TYPE_CHECKING:
    from sqlite3 import Connection

ENDED_STATES = tuple(sorted(set(REQUEST.words) - REQUEST.open))


class Candidate(NamedTuple):
    """A request that may be meant, and what decides whether it is."""

    id: str
    opened_at: int
    guardian_id: str
    region: str
    state: str


class FoundRow(NamedTuple):
    """A request as the list of what was found shows it; `names` are the children's, a JSON array."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    opened_at: int
    start_at: int
    end_at: int
    guardian: str | None
    phone: str | None
    children: str
    names: str
    hidden: bool = False
    """Whether its content was left out for who looks."""


# «<> ''» is what the partial indexes on numbers ask for.
_IN_RANGE: Mapping[Key, str] = {
    "name": "name >= ? AND name < ?",
    "given": "given >= ? AND given < ?",
    "heads": "heads >= ? AND heads < ?",
    "given_heads": "given_heads >= ? AND given_heads < ?",
    "digits": "digits <> '' AND digits >= ? AND digits < ?",
    "tail": "tail <> '' AND tail >= ? AND tail < ?",
    "last_four": "last_four <> '' AND last_four >= ? AND last_four < ?",
}
_TERMS = "SELECT guardian_id, name, given, heads, given_heads, digits, tail, last_four FROM "
_FEW = "SELECT 1 FROM search_key WHERE "
_COUNT = {key: _FEW + ranged + " LIMIT ?" for key, ranged in _IN_RANGE.items()}
_FIND = {key: _TERMS + "search_key WHERE " + ranged + " LIMIT ?" for key, ranged in _IN_RANGE.items()}
# The guardians decide where to look, not the index of the range: they are few, the range may hold half of the people.
_AMONG = {
    key: _TERMS + "json_each(?) wanted CROSS JOIN search_key INDEXED BY sqlite_autoindex_search_key_1 "
    "ON guardian_id = wanted.value WHERE " + ranged
    for key, ranged in _IN_RANGE.items()
}
_CANDIDATE = "SELECT r.id, r.opened_at, r.guardian_id, r.region, r.state FROM json_each(?) wanted JOIN request r ON "
_BY_GUARDIAN = _CANDIDATE + "r.guardian_id = wanted.value LIMIT ?"
_BY_NUMBER = _CANDIDATE + "r.number = wanted.value"
_BY_ID = _CANDIDATE + "r.id = wanted.value"
_OPEN_NUMBERS = "SELECT number FROM request WHERE state IN (SELECT value FROM json_each(?)) AND number GLOB '*' || ?"
_NEWEST = "SELECT id, opened_at FROM request WHERE state = ? ORDER BY opened_at DESC LIMIT ?"
_FOUND = """
    SELECT r.id, r.number, r.state, r.urgency, r.region, r.opened_at, r.start_at, r.end_at, g.name, g.phone,
           coalesce((SELECT group_concat(c.birth || '/' || coalesce(c.school, ''), ' ')
                     FROM request_child rc JOIN child c ON c.id = rc.child_id WHERE rc.request_id = r.id), ''),
           (SELECT json_group_array(c.name)
            FROM request_child rc JOIN child c ON c.id = rc.child_id WHERE rc.request_id = r.id)
    FROM json_each(?) wanted JOIN request r ON r.id = wanted.value LEFT JOIN guardian g ON g.id = r.guardian_id
    ORDER BY wanted.key
"""


def desk_names(connection: "Connection") -> list[str]:
    """The names that receipt numbers begin with: this desk's, and those whose entries came here."""
    return [row[0] for row in connection.execute("SELECT name FROM desk ORDER BY name")]


def people_in(connection: "Connection", alternative: Alternative, limit: int) -> int:
    """How many people have terms in the narrowest of these ranges; counts no further than `limit`."""
    key, low, high = _narrowest(alternative)
    return len(connection.execute(_COUNT[key], (low, high, limit)).fetchall())


def guardians_of(connection: "Connection", alternative: Alternative, limit: int) -> set[str]:
    """The guardians of people with terms in these ranges; at most `limit` people are looked at."""
    key, low, high = _narrowest(alternative)
    return _meant(connection.execute(_FIND[key], (low, high, limit)), alternative)


def guardians_among(connection: "Connection", guardians: Collection[str], alternative: Alternative) -> set[str]:
    """Those of the guardians who, or whose child, has terms in these ranges."""
    key, low, high = _narrowest(alternative)
    return _meant(connection.execute(_AMONG[key], (json.dumps(list(guardians)), low, high)), alternative)


def _meant(people: Iterable[tuple[str, ...]], alternative: Alternative) -> set[str]:
    if len(alternative) == 1:
        return {person[0] for person in people}
    return {person[0] for person in people if holds(alternative, Terms._make(person[1:]))}


def _narrowest(alternative: Alternative) -> Range:
    """The last range: where a name is followed by first consonants, that of all of its consonants."""
    return alternative[-1]


def requests_of(connection: "Connection", guardians: Collection[str], limit: int) -> tuple[list[Candidate], bool]:
    """The requests of these guardians, at most `limit`, and whether that is all."""
    rows = connection.execute(_BY_GUARDIAN, (json.dumps(sorted(guardians)), limit)).fetchall()
    return [Candidate._make(row) for row in rows], len(rows) < limit


def requests_numbered(connection: "Connection", numbers: Collection[str]) -> list[Candidate]:
    """The requests with these receipt numbers."""
    return [Candidate._make(row) for row in connection.execute(_BY_NUMBER, (json.dumps(sorted(numbers)),))]


def candidates(connection: "Connection", ids: Collection[str]) -> list[Candidate]:
    """These requests, in their order."""
    return [Candidate._make(row) for row in connection.execute(_BY_ID, (json.dumps(list(ids)),))]


def open_numbers(connection: "Connection", ending: str) -> list[str]:
    """The receipt numbers of open requests that end so."""
    values = (json.dumps(OPEN_STATES), ending)
    return [row[0] for row in connection.execute(_OPEN_NUMBERS, values)]


def newest(connection: "Connection", states: Sequence[str], limit: int) -> tuple[list[str], bool]:
    """The requests in these states that were opened last, the newest first, and whether these are all of them."""
    rows = [row for state in states for row in connection.execute(_NEWEST, (state, limit + 1))]
    rows.sort(key=lambda row: (-row[1], row[0]))
    return [row[0] for row in rows[:limit]], len(rows) <= limit


def found_rows(connection: "Connection", ids: Collection[str]) -> list[FoundRow]:
    """What the list shows of these requests, in their order."""
    return [FoundRow(*row) for row in connection.execute(_FOUND, (json.dumps(list(ids)),))]
