"""Who takes the child: hard rules leave providers out, soft ones score the rest, and every point is explained."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from heapq import nlargest, nsmallest
from itertools import repeat
from math import isnan
from operator import add
from typing import Literal, NamedTuple

from callcenter.care.eligibility import Block
from callcenter.care.weights import Weights

Term = Literal["distance", "free", "unknown_places", "acceptance", "freshness", "recent"]

NO_PLACE = "no_place"
REFUSED = "refused"
_MINUTE = timedelta(minutes=1)


class Candidate(NamedTuple):
    """A provider as the ranking sees it.

    `km` is None when the distance is unknown. `places` and `free` sum the groups that fit, over the whole
    time of care, None when unknown; they count what `wanted` counts. `blocks` are the hard rules that fail for
    any of the children, each code once.
    """

    provider_id: str
    name: str
    region: str
    km: float | None
    places: int | None
    free: int | None
    confirmed_at: datetime | None
    offered: int
    accepted: int
    last_offered_at: datetime | None
    blocks: tuple[Block, ...] = ()


class Points(NamedTuple):
    """What one term gives or takes, and the fact behind it; None when the fact is unknown or not there yet.

    Facts: distance in km, free places, total places, share of offers accepted (0 to 1), freshness in minutes
    since the confirmation, recent in minutes since the last offer.
    """

    term: Term
    value: float
    fact: float | None


class Match(NamedTuple):
    """A provider that can be offered this request; its score is the sum of its points, exact to a tenth."""

    candidate: Candidate
    score: float
    points: tuple[Points, ...]


class Out(NamedTuple):
    """A provider that cannot, with every reason: its block codes, then `no_place`, then `refused`."""

    candidate: Candidate
    codes: tuple[str, ...]


class Ranking(NamedTuple):
    """The best matches, best first, and the nearest who are out; ties go by provider id.

    `fitting` counts everybody who could be offered the request; `why_out` everybody who is out, by code, the
    most frequent first.
    """

    matches: tuple[Match, ...]
    out: tuple[Out, ...]
    fitting: int
    why_out: Mapping[str, int]


def rank(
    candidates: Iterable[Candidate],
    wanted: int,
    weights: Weights,
    now: datetime,
    tried: Set[str] = frozenset(),
    limit: int = 50,
) -> Ranking:
    """Order the candidates for a request that needs `wanted` places; each side lists its first `limit`.

    `tried` are the providers that have refused this request. The order of the candidates does not matter.
    """
    fitting, out, codes = _sift(candidates, wanted, tried)
    nearest = [out[i] for i in _smallest(_kms(out, weights.far_km), out, limit)]
    return Ranking(
        _best(fitting, weights, now, limit),
        tuple(Out(candidate, tuple(_sift([candidate], wanted, tried)[2])) for candidate in nearest),
        len(fitting),
        dict(sorted(Counter(codes).items(), key=lambda item: (-item[1], item[0]))),
    )


def _sift(
    candidates: Iterable[Candidate], wanted: int, tried: Set[str]
) -> tuple[list[Candidate], list[Candidate], list[str]]:
    """Who fits, who is out, and the codes of all who are out in one list, as many short lists cost twice the time."""
    fitting: list[Candidate] = []
    out: list[Candidate] = []
    codes: list[str] = []
    for candidate in candidates:
        free = candidate.free
        if free is None:
            free = candidate.places
        full = free is not None and free < wanted
        refused = candidate.provider_id in tried
        if full or refused or candidate.blocks:
            # Blocks are one or two: extend() with its iterator costs 2 ms more in 10,000 providers.
            for block in candidate.blocks:
                codes.append(block.code)  # noqa: PERF401
            if full:
                codes.append(NO_PLACE)
            if refused:
                codes.append(REFUSED)
            out.append(candidate)
        else:
            fitting.append(candidate)
    return fitting, out, codes


def _best(fitting: list[Candidate], weights: Weights, now: datetime, limit: int) -> tuple[Match, ...]:
    """The `limit` best with their points, told in whole tenths so that what is shown adds up exactly."""
    if not fitting or limit < 1:
        return ()
    widths = (
        weights.per_place * weights.enough_places + weights.unknown_places,
        weights.acceptance,
        weights.freshness,
        weights.recent,
    )
    hopeful, scores = fitting, [0.0] * len(fitting)
    for position, term in enumerate(_TERMS):
        scores = list(map(add, scores, term(hopeful, weights, now)))
        # Whoever is further behind than the terms to come can make up is not reckoned any further.
        bar = nlargest(limit, scores)[-1] - sum(10 * points + 1 for points in widths[position:])
        hopeful = [candidate for candidate, score in zip(hopeful, scores, strict=True) if score >= bar]
        scores = [score for score in scores if score >= bar]
    best = [hopeful[i] for i in _smallest([-score for score in scores], hopeful, limit)]
    columns = (term(best, weights, now) for term in _TERMS)
    return tuple(map(_match, best, zip(*columns, strict=True), repeat(now)))


def _smallest(values: Sequence[float], candidates: Sequence[Candidate], limit: int) -> list[int]:
    """Where the `limit` smallest values stand, smallest first, ties by provider id; only those are sorted."""
    if not values or limit < 1:
        return []
    last = nsmallest(limit, values)[-1]
    leading = sorted((value, candidates[i].provider_id, i) for i, value in enumerate(values) if value <= last)
    return [i for _, _, i in leading[:limit]]


def _match(candidate: Candidate, tenths: tuple[float, ...], now: datetime) -> Match:
    distance, free, acceptance, freshness, recent = (value / 10 for value in tenths)
    km = candidate.km
    points = (
        Points("distance", distance, None if km is None or isnan(km) else km),
        Points("unknown_places", free, candidate.places)
        if candidate.free is None
        else Points("free", free, candidate.free),
        Points("acceptance", acceptance, candidate.accepted / candidate.offered if candidate.offered else None),
        Points("freshness", freshness, _minutes_since(candidate.confirmed_at, now)),
        Points("recent", recent, _minutes_since(candidate.last_offered_at, now)),
    )
    return Match(candidate, sum(tenths) / 10, points)


def _minutes_since(instant: datetime | None, now: datetime) -> float | None:
    return None if instant is None else (now - instant) / _MINUTE


# Each term: tenths of a point for every candidate. `+ 0.5) // 1` rounds in a third of the time of round().


def _kms(candidates: Sequence[Candidate], far: float) -> list[float]:
    # NaN is not below `far` either, so it counts as far, as None does.
    return [km if (km := candidate.km) is not None and km < far else far for candidate in candidates]


def _distance(candidates: Sequence[Candidate], weights: Weights, _now: datetime) -> list[float]:
    each = 10 * weights.per_km
    return [0.0 - (km * each + 0.5) // 1 for km in _kms(candidates, weights.far_km)]


def _free(candidates: Sequence[Candidate], weights: Weights, _now: datetime) -> list[float]:
    enough, each = weights.enough_places, 10 * weights.per_place
    tenths: dict[int | None, float] = {free: (free * each + 0.5) // 1 for free in range(enough)}
    tenths[None] = 0.0 - (10 * weights.unknown_places + 0.5) // 1
    most = (enough * each + 0.5) // 1
    return [tenths.get(candidate.free, most) for candidate in candidates]


def _acceptance(candidates: Sequence[Candidate], weights: Weights, _now: datetime) -> list[float]:
    offered, most = weights.prior_offers, 10 * weights.acceptance
    accepted = offered * weights.prior_acceptance
    return [
        ((candidate.accepted + accepted) / (candidate.offered + offered) * most + 0.5) // 1 for candidate in candidates
    ]


def _freshness(candidates: Sequence[Candidate], weights: Weights, now: datetime) -> list[float]:
    most, span = 10 * weights.freshness, timedelta(hours=weights.fresh_hours)
    shares = _decayed([candidate.confirmed_at for candidate in candidates], now, span)
    return [(share * most + 0.5) // 1 for share in shares]


def _recent(candidates: Sequence[Candidate], weights: Weights, now: datetime) -> list[float]:
    most, span = 10 * weights.recent, timedelta(hours=weights.rest_hours)
    shares = _decayed([candidate.last_offered_at for candidate in candidates], now, span)
    return [0.0 - (share * most + 0.5) // 1 for share in shares]


def _decayed(instants: Iterable[datetime | None], now: datetime, span: timedelta) -> list[float]:
    """1 at `now` (and after it, where another desk's clock is fast), falling to 0 at `span` before; 0 for None."""
    begin = now - span
    return [
        0.0 if instant is None or instant <= begin else 1.0 if instant >= now else (instant - begin) / span
        for instant in instants
    ]


_Term = Callable[[Sequence[Candidate], Weights, datetime], list[float]]
_TERMS: tuple[_Term, ...] = (_distance, _free, _acceptance, _freshness, _recent)
