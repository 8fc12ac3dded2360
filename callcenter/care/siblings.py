"""Siblings whom nobody takes together: who takes which of them, in as few places as can be. 형제: siblings."""

from collections.abc import Callable, Iterator, Sequence
from itertools import product
from typing import NamedTuple

from callcenter.care.matching import Match

MOST_CHILDREN = 5
"""More are not split up by rule: fifty-two ways to part five are still worked out at once."""


class Part(NamedTuple):
    """Some of the children, and who takes them."""

    children: tuple[str, ...]
    match: Match


class Split(NamedTuple):
    """Every child once, at different providers; `why` counts what keeps them from being together, as a ranking does."""

    parts: tuple[Part, ...]
    why: tuple[tuple[str, int], ...] = ()

    @property
    def score(self) -> float:
        """The sum of the parts' scores, exact to a tenth."""
        return round(sum(part.match.score for part in self.parts), 1)

    @property
    def km(self) -> float | None:
        """The way to all of the providers; None when one of the distances is unknown."""
        ways = [part.match.candidate.km for part in self.parts]
        return None if None in ways else sum(way for way in ways if way is not None)


def best_split(children: Sequence[str], find: Callable[[tuple[str, ...]], Sequence[Match]]) -> tuple[Part, ...] | None:
    """Part the children among as few providers as possible, of those ways the one with the highest sum of scores.

    `find` gives the best matches for some of the children, best first; it is asked once for each group of them. None
    where not even each alone has a place, or there is nobody to part.
    """
    if not 1 < len(children) <= MOST_CHILDREN:
        return None
    known: dict[tuple[str, ...], Sequence[Match]] = {}

    def matches(some: tuple[str, ...]) -> Sequence[Match]:
        if some not in known:
            known[some] = find(some)
        return known[some]

    if not all(matches((child,)) for child in children):
        # Who has no place alone has none with others either.
        return None
    for count in range(2, len(children) + 1):
        ways = (_assigned(way, matches) for way in _parted(tuple(children)) if len(way) == count)
        found = [way for way in ways if way is not None]
        if found:
            return min(found, key=_order)
    return None


def _parted(children: tuple[str, ...]) -> Iterator[tuple[tuple[str, ...], ...]]:
    """Every way to part the children, each once."""
    if not children:
        yield ()
        return
    first, rest = children[0], children[1:]
    for way in _parted(rest):
        yield ((first,), *way)
        for at, part in enumerate(way):
            yield (*way[:at], (first, *part), *way[at + 1 :])


def _assigned(
    way: Sequence[tuple[str, ...]], matches: Callable[[tuple[str, ...]], Sequence[Match]]
) -> tuple[Part, ...] | None:
    """The best of the providers for the parts, none for two of them; of each part only the few best are tried."""
    tried = [matches(part)[: len(way)] for part in way]
    apart = (one for one in product(*tried) if len({match.candidate.provider_id for match in one}) == len(one))
    return min(
        (tuple(Part(part, match) for part, match in zip(way, one, strict=True)) for one in apart),
        key=_order,
        default=None,
    )


def _order(parts: tuple[Part, ...]) -> tuple[float, tuple[str, ...]]:
    return -sum(part.match.score for part in parts), tuple(part.match.candidate.provider_id for part in parts)
