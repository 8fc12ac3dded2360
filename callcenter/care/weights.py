"""How much each soft term of the matching counts, read from its data file with the reason for every figure."""

from collections.abc import Mapping
from dataclasses import dataclass

from callcenter.datafile.tables import Table
from callcenter.language import Words, _

TERMS = ("distance", "free", "unknown_places", "acceptance", "freshness", "recent")


@dataclass(frozen=True, slots=True)
class Weights:
    """Points of the matching; none is negative, what a term takes away is written as what it costs.

    distance: `per_km` lost a km, up to `far_km`, which an unknown distance counts as. free: `per_place` won a
    free place, up to `enough_places`. unknown_places: lost when nobody has told how many are free. acceptance:
    won by who accepts every offer; the share is reckoned as if `prior_offers` offers at `prior_acceptance` had
    come before. freshness: won by places confirmed just now, falling to 0 in `fresh_hours`. recent: lost by
    who was offered a child just now, falling to 0 in `rest_hours`. `why` is the reason, by term.
    """

    per_km: float
    far_km: float
    per_place: float
    enough_places: int
    unknown_places: float
    acceptance: float
    prior_acceptance: float
    prior_offers: float
    freshness: float
    fresh_hours: float
    recent: float
    rest_hours: float
    why: Mapping[str, Words]


def weights_of(root: Table, fresh_hours: float) -> Weights:
    """The weights in the root table of their file; a mistake is told by file, line, field and what is allowed.

    `fresh_hours` is how long a confirmation says something, here as everywhere else.
    """
    distance, free, unknown, acceptance, freshness, recent = (root.table(term) for term in TERMS)
    weights = Weights(
        per_km=_number(distance, "per_km", 0, 100),
        far_km=_number(distance, "far_km", 1, 1000),
        per_place=_number(free, "per_place", 0, 100),
        enough_places=int(_number(free, "enough_places", 1, 100, whole=True)),
        unknown_places=_number(unknown, "points", 0, 100),
        acceptance=_number(acceptance, "points", 0, 100),
        prior_acceptance=_number(acceptance, "prior", 0, 1),
        prior_offers=_number(acceptance, "prior_offers", 1, 1000),
        freshness=_number(freshness, "points", 0, 100),
        fresh_hours=fresh_hours,
        recent=_number(recent, "points", 0, 100),
        rest_hours=_number(recent, "hours", 0.5, 720),
        why={
            term: table.words("why")
            for term, table in zip(TERMS, (distance, free, unknown, acceptance, freshness, recent), strict=True)
        },
    )
    for table in (distance, free, unknown, acceptance, freshness, recent, root):
        table.finish()
    return weights


def _number(table: Table, field: str, low: float, high: float, *, whole: bool = False) -> float:
    value = table.get(field)
    kinds = (int,) if whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        sentence = _("a whole number from {low} to {high}") if whole else _("a number from {low} to {high}")
        raise table.refuse(field, sentence.format(low=low, high=high))
    return value
