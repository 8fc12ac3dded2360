"""Which groups' providers are there in one half hour: worked out little by little, before somebody asks for it."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from callcenter.desk.presence import presences
from callcenter.reference import Reference
from callcenter.store import availability as store

if TYPE_CHECKING:
    from sqlite3 import Connection

_A_LITTLE = 200


class ThereNow:
    """The groups of the providers of these services that are there in a slot."""

    def __init__(self, reference: Reference, services: Sequence[str]) -> None:
        self._reference = reference
        self._services = services
        self._of: tuple[int, int] | None = None
        self._groups: set[str] = set()
        self._after: str | None = ""
        """As far as the providers were looked at, by their identifiers; None once that is all of them."""

    def at(self, connection: "Connection", slot: int, moved: int) -> set[str]:
        """All of them; `moved` counts how often providers had moved, after which what was known is of no use."""
        while self.look(connection, slot, moved):
            pass
        return self._groups

    def look(self, connection: "Connection", slot: int, moved: int) -> bool:
        """Look at some providers more: all of them at once would keep a key waiting. False once none is left."""
        if self._of != (slot, moved):
            self._of, self._groups, self._after = (slot, moved), set(), ""
        if self._after is None:
            return False
        providers = store.providers_after(connection, self._after, _A_LITTLE)
        mine = [row for row in providers if row.service in self._services]
        present = presences(connection, self._reference, mine, range(slot, slot + 1))
        open_ones = [provider for provider, one in present.items() if not one.shut(slot)]
        self._groups.update(store.groups_of_providers(connection, open_ones))
        self._after = providers[-1].id if len(providers) == _A_LITTLE else None
        return self._after is not None
