"""What the list of providers reads: which groups are listed, a window of them, and who is in a place."""

import json
from collections.abc import Collection, Sequence
from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.overstays import STILL_THERE
from callcenter.store.reads import GroupRow, ProviderRow

if TYPE_CHECKING:
    from sqlite3 import Connection


class ListedRow(NamedTuple):
    """A group, and whose it is."""

    provider: ProviderRow
    group: GroupRow


class ListedName(NamedTuple):
    """What a group is listed and found by; `sought` is its provider's name as `text.name_patterns` searches it."""

    group_id: str
    region: str
    service: str
    sought: str


class SeatRow(NamedTuple):
    """A child in a place; its names are None once the people were erased. `ends_at` is the end of the care."""

    place_no: int
    request_id: str
    number: str
    offer_state: str
    ends_at: int
    guardian: str | None
    child: str | None
    birth: str | None


_NAMES = """
    SELECT group_id, region, service, sought FROM listed_group WHERE service IN (SELECT value FROM json_each(?))
    ORDER BY region, name, provider_id, position
"""
_ROWS = """
    SELECT p.*, g.* FROM json_each(?) wanted CROSS JOIN provider_group g ON g.id = wanted.value
    CROSS JOIN provider p ON p.id = g.provider_id ORDER BY wanted.key
"""
_OF_PROVIDER = len(ProviderRow._fields)
_NOT_FREE = """
    SELECT g.id FROM provider_group g WHERE coalesce(g.places, 0) = 0
    UNION
    SELECT t.group_id FROM place_taken t JOIN provider_group g ON g.id = t.group_id
    WHERE t.slot = ? GROUP BY t.group_id HAVING count(*) >= g.places
"""
_SEATS = f"""
    SELECT t.place_no, r.id, r.number, o.state, r.end_at,
           (SELECT name FROM guardian WHERE id = r.guardian_id), c.name, c.birth
    FROM (
        SELECT place_no, offer_id FROM place_taken WHERE group_id = :group AND slot = :slot
        UNION
        SELECT place_no, offer_id FROM ({STILL_THERE}) WHERE :slot BETWEEN (end_at + 1799) / 1800 AND :at / 1800
    ) t JOIN offer o ON o.id = t.offer_id JOIN request r ON r.id = o.request_id
         LEFT JOIN offer_seat s ON s.offer_id = o.id AND s.group_id = :group AND s.place_no = t.place_no
         LEFT JOIN child c ON c.id = s.child_id
    ORDER BY t.place_no, c.birth, c.id
"""  # noqa: S608 - ours, no value


def listed_names(connection: "Connection", services: Sequence[str]) -> list[ListedName]:
    """The groups of these services in the order of the list: by region, name of the provider, and its own order."""
    return list(map(ListedName._make, connection.execute(_NAMES, (json.dumps(list(services)),))))


def listed_rows(connection: "Connection", groups: Sequence[str]) -> list[ListedRow]:
    """These groups, in their order."""
    rows = connection.execute(_ROWS, (json.dumps(list(groups)),))
    return [ListedRow(ProviderRow._make(row[:_OF_PROVIDER]), GroupRow._make(row[_OF_PROVIDER:])) for row in rows]


def not_free(connection: "Connection", slot: int) -> frozenset[str]:
    """The groups that have no place left in the slot, or of which nobody knows how many places they have."""
    return frozenset(row[0] for row in connection.execute(_NOT_FREE, (slot,)))


def providers_after(connection: "Connection", provider_id: str, limit: int) -> list[ProviderRow]:
    """The providers that follow this one by their identifiers."""
    rows = connection.execute("SELECT * FROM provider WHERE id > ? ORDER BY id LIMIT ?", (provider_id, limit))
    return [ProviderRow._make(row) for row in rows]


def groups_of_providers(connection: "Connection", providers: Collection[str]) -> list[str]:
    """The groups of these providers."""
    sql = "SELECT g.id FROM json_each(?) wanted CROSS JOIN provider_group g ON g.provider_id = wanted.value"
    return [row[0] for row in connection.execute(sql, (json.dumps(list(providers)),))]


def listed_regions(connection: "Connection", services: Sequence[str]) -> list[tuple[str, int]]:
    """The regions with providers of these services, and how many providers each has."""
    sql = """SELECT region, count(DISTINCT provider_id) FROM listed_group
             WHERE service IN (SELECT value FROM json_each(?)) GROUP BY region ORDER BY region"""
    return [(row[0], row[1]) for row in connection.execute(sql, (json.dumps(list(services)),))]


def seats_at(connection: "Connection", group_id: str, slot: int, at: int) -> list[SeatRow]:
    """Who has the places of a group in a slot, or is still in one at `at` (seconds): by place, the oldest first."""
    values = {"group": group_id, "groups": json.dumps([group_id]), "slot": slot, "at": at}
    return [SeatRow._make(row) for row in connection.execute(_SEATS, values)]


def kinds_since(connection: "Connection", entry: int) -> set[str]:
    """The kinds of the entries written after the one that `engine.last_entry` told of."""
    return {row[0] for row in connection.execute("SELECT DISTINCT kind FROM entry WHERE rowid > ?", (entry,))}
