"""The names of all groups that a desk lists, kept in memory: with every letter that is typed all are gone through."""

from collections.abc import Sequence
from functools import lru_cache

from callcenter.store.availability import ListedName
from callcenter.text.name_patterns import pattern

_KEPT = 32
"""So many answers are kept: a letter taken back shows what was shown before it was typed."""


class ListedGroups:
    """Finds groups in the order of the list; made anew when other providers are recorded."""

    def __init__(self, names: Sequence[ListedName]) -> None:
        """`names` in the order of the list."""
        self._names = names
        self.find = lru_cache(_KEPT)(self._find)

    def _find(self, region: str | None, service: str | None, text: str) -> list[str]:
        """The groups of this region and service whose provider has such a name; None and "" leave nobody out."""
        wanted = pattern(text)
        found = self._names
        if region is not None:
            found = [one for one in found if one.region == region]
        if service is not None:
            found = [one for one in found if one.service == service]
        if wanted is not None:
            here = wanted.search
            found = [one for one in found if here(one.sought)]
        return [one.group_id for one in found]
