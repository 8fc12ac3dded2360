"""Providers as they are read while one answer is worked out: what was read once is not read again."""

from collections.abc import Mapping, Sequence
from math import cos, radians
from typing import TYPE_CHECKING

from callcenter.care.taken import Taken
from callcenter.store import reads
from callcenter.store.engine import last_entry
from callcenter.store.reservations import lines_taken

if TYPE_CHECKING:
    from sqlite3 import Connection

KM_PER_DEGREE = 111.32
Here = tuple[float, float]
"""Latitude and longitude."""


def box(lat: float, km: float) -> tuple[float, float]:
    """Half the height and width in degrees of a square of ± km around a latitude."""
    return km / KM_PER_DEGREE, km / (KM_PER_DEGREE * cos(radians(lat)))


class ProvidersRead:
    """Reads providers, and keeps what it read for as long as one answer is worked out: what is written is not seen."""

    def __init__(self, connection: "Connection") -> None:
        self.connection = connection
        self._near: dict[tuple[object, ...], list[str]] = {}
        self._rows: dict[str, reads.ProviderRow] = {}
        self._groups: dict[str, list[reads.GroupRow]] = {}
        self._records: dict[str, reads.Record | None] = {}

    def near(self, service: str, here: Here, km: float, most: int) -> list[reads.ProviderRow]:
        """The nearest providers of a service in a square of ± km around a point."""
        key = (service, here, km, most)
        if key not in self._near:
            self._near[key] = reads.providers_near(self.connection, service, *here, box(here[0], km), most)
        return self.providers(self._near[key])

    def providers(self, ids: Sequence[str]) -> list[reads.ProviderRow]:
        """The providers with these identifiers, in their order, without those that are gone."""
        if new := [one for one in ids if one not in self._rows]:
            self._rows.update((row.id, row) for row in reads.providers_of(self.connection, new))
        return [self._rows[one] for one in ids if one in self._rows]

    def groups(self, ids: Sequence[str]) -> Mapping[str, Sequence[reads.GroupRow]]:
        """The groups of providers; of these at least, and perhaps of others."""
        if new := [one for one in ids if one not in self._groups]:
            self._groups.update((one, []) for one in new)
            for group in reads.groups_of(self.connection, new):
                self._groups[group.provider_id].append(group)
        return self._groups

    def records(self, ids: Sequence[str]) -> Mapping[str, reads.Record | None]:
        """How providers answered, None where none was asked; of these at least, and perhaps of others."""
        if new := [one for one in ids if one not in self._records]:
            found = reads.records_of(self.connection, new)
            self._records.update((one, found.get(one)) for one in new)
        return self._records

    def taken(self, groups: Sequence[str], window: range, at: int, request_id: str) -> Taken:
        """What the request cannot have of these groups' places over the window; `at` in epoch seconds."""
        lines = lines_taken(self.connection, groups, window, at, request_id) if groups else {}
        return Taken(window.start, lines)


class ProvidersKept:
    """Keeps what was read of providers from one answer to the next, until an entry of the journal may have changed it.

    With every key that is typed of a request the same providers are asked for, and nothing but a draft was written.
    """

    def __init__(self) -> None:
        self._entry = -1
        self._read: ProvidersRead | None = None

    def on(self, connection: "Connection") -> ProvidersRead:
        """The providers as they are now on this connection."""
        # Looked at first: what is written while providers are read is read again with the next answer.
        entry = last_entry(connection)
        if self._read is None or self._read.connection is not connection or entry != self._entry:
            self._entry, self._read = entry, ProvidersRead(connection)
        return self._read
