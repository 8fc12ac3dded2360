from dataclasses import replace
from datetime import UTC, datetime, timedelta
from math import nan
from pathlib import Path
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.eligibility import Block
from callcenter.care.matching import Candidate, Points, Ranking, rank
from callcenter.care.weights import weights_of
from callcenter.datafile.tables import read_toml
from tests.care.crowd import crowd

NOW = datetime(2026, 11, 25, 12, 4, tzinfo=UTC)
WEIGHTS = weights_of(read_toml(Path(__file__).parents[2] / "data" / "matching.toml"), 4)
DECIDES = replace(WEIGHTS, prior_acceptance=0.5, prior_offers=2)


def candidate(
    provider_id: str,
    km: float | None = 1.2,
    free: int | None = 3,
    *,
    places: int | None = 10,
    confirmed: int | None = None,
    offers: tuple[int, int] = (0, 0),
    last_offer: int | None = None,
    blocks: tuple[str, ...] = (),
) -> Candidate:
    """A provider; `confirmed` and `last_offer` in minutes before NOW."""
    return Candidate(
        provider_id,
        f"{provider_id}호점",
        "41110",
        km,
        places,
        free,
        None if confirmed is None else NOW - timedelta(minutes=confirmed),
        *offers,
        None if last_offer is None else NOW - timedelta(minutes=last_offer),
        tuple(map(Block, blocks)),
    )


def ids(ranking: Ranking) -> list[str]:
    return [match.candidate.provider_id for match in ranking.matches]


def test_every_point_is_explained() -> None:
    (match,) = rank([candidate("a", confirmed=120, offers=(5, 4), last_offer=360)], 1, DECIDES, NOW).matches
    assert match.points == (
        Points("distance", -1.2, 1.2),
        Points("free", 6.0, 3),
        Points("acceptance", 7.1, 0.8),
        Points("freshness", 1.5, 120),
        Points("recent", -1.0, 360),
    )
    assert match.score == 12.4


def test_what_is_unknown_is_said_to_be_unknown() -> None:
    (match,) = rank([candidate("a", None, None, places=None)], 1, DECIDES, NOW).matches
    assert match.points == (
        Points("distance", -50.0, None),
        Points("unknown_places", -4.0, None),
        Points("acceptance", 5.0, None),
        Points("freshness", 0.0, None),
        Points("recent", 0.0, None),
    )


@pytest.mark.parametrize(
    ("better", "worse"),
    [
        (candidate("b", 1.2), candidate("a", 2.8)),
        (candidate("b", 80.0), candidate("a", 81.0, confirmed=300, last_offer=1)),
        (candidate("b", free=2), candidate("a", free=1)),
        (candidate("b", free=1), candidate("a", free=None)),
        (candidate("b", offers=(4, 4)), candidate("a", offers=(4, 2))),
        (candidate("b", offers=(100, 92)), candidate("a", offers=(1, 1))),
        (candidate("b", offers=(1, 0)), candidate("a", offers=(5, 0))),
        (candidate("b", 1.2, offers=(1, 0)), candidate("a", 4.0)),
        (candidate("b", confirmed=10), candidate("a", confirmed=230)),
        (candidate("b", confirmed=10), candidate("a")),
        (candidate("b", last_offer=700), candidate("a", last_offer=5)),
        (candidate("b"), candidate("a", last_offer=5)),
        (candidate("b", 9.0), candidate("a", nan)),
    ],
)
def test_the_better_of_two(better: Candidate, worse: Candidate) -> None:
    assert ids(rank([worse, better], 1, WEIGHTS, NOW)) == ["b", "a"]


@pytest.mark.parametrize(
    "other",
    [
        candidate("b"),
        candidate("b", free=4),
        candidate("b", confirmed=240),
        candidate("b", confirmed=100_000),
        candidate("b", last_offer=720),
    ],
)
def test_equal_ones_go_by_id(other: Candidate) -> None:
    assert ids(rank([other, candidate("a")], 1, WEIGHTS, NOW)) == ["a", "b"]
    assert ids(rank([candidate("c"), other], 1, WEIGHTS, NOW)) == ["b", "c"]


def test_a_confirmation_from_a_fast_clock_is_no_fresher_than_now() -> None:
    ahead, at_once = candidate("b", confirmed=-30), candidate("a", confirmed=0)
    first, second = rank([ahead, at_once], 1, WEIGHTS, NOW).matches
    assert first.score == second.score


@pytest.mark.parametrize(
    ("row", "codes"),
    [
        (candidate("a", free=1), ("no_place",)),
        (candidate("a", free=None, places=1), ("no_place",)),
        (candidate("a", blocks=("closed_day",)), ("closed_day",)),
        (
            candidate("tried", free=0, blocks=("age_over", "closed_day")),
            ("age_over", "closed_day", "no_place", "refused"),
        ),
    ],
)
def test_who_is_out_is_told_every_reason(row: Candidate, codes: tuple[str, ...]) -> None:
    ranking = rank([row], 2, WEIGHTS, NOW, {"tried"})
    assert not ranking.matches
    assert ranking.out[0].codes == codes
    assert ranking.why_out == dict.fromkeys(codes, 1)


def test_unknown_places_can_be_offered_for_any_number() -> None:
    assert ids(rank([candidate("a", free=None, places=None)], 3, WEIGHTS, NOW)) == ["a"]


def test_why_nobody_counts_everybody_and_lists_the_nearest() -> None:
    rows = [candidate(f"p{n}", km=100 - n, free=0 if n % 3 else 5, blocks=("too_long",)) for n in range(90)]
    ranking = rank(rows, 1, WEIGHTS, NOW, limit=2)
    assert ranking.fitting == 0
    assert list(ranking.why_out.items()) == [("too_long", 90), ("no_place", 60)]
    assert [out.candidate.provider_id for out in ranking.out] == ["p89", "p88"]


def test_nobody_at_all() -> None:
    assert rank([], 1, WEIGHTS, NOW) == Ranking((), (), 0, {})


candidates = st.lists(
    st.builds(
        candidate,
        st.uuids(version=4).map(str),
        st.none() | st.just(nan) | st.floats(0, 80) | st.sampled_from([1.0, 2.0]),
        st.none() | st.integers(0, 5),
        places=st.none() | st.integers(5, 20),
        confirmed=st.none() | st.integers(-5, 400),
        offers=st.integers(0, 20).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))),
        last_offer=st.none() | st.integers(-5, 1000),
        blocks=st.sampled_from([(), (), (), ("closed_day",), ("age_over", "too_long")]),
    ),
    max_size=25,
    unique_by=lambda row: row.provider_id,
)


@given(candidates, st.data(), st.integers(0, 6))
def test_the_order_of_the_input_does_not_matter(rows: list[Candidate], data: st.DataObject, limit: int) -> None:
    shuffled = data.draw(st.permutations(rows))
    assert repr(rank(rows, 1, WEIGHTS, NOW, limit=limit)) == repr(rank(shuffled, 1, WEIGHTS, NOW, limit=limit))


@given(candidates, st.integers(1, 4))
def test_points_add_up_to_the_score_and_the_score_makes_the_order(rows: list[Candidate], wanted: int) -> None:
    ranking = rank(rows, wanted, WEIGHTS, NOW)
    for match in ranking.matches:
        assert match.score == round(sum(points.value for points in match.points), 1)
        assert all(points.value == round(points.value, 1) for points in match.points)
    order = [(-match.score, match.candidate.provider_id) for match in ranking.matches]
    assert order == sorted(order)


@given(candidates, st.integers(1, 4), st.integers(0, 30))
def test_a_limit_only_cuts_the_end_off(rows: list[Candidate], wanted: int, limit: int) -> None:
    whole, cut = (rank(rows, wanted, WEIGHTS, NOW, limit=n) for n in (1000, limit))
    assert repr(cut.matches) == repr(whole.matches[:limit])
    assert repr(cut.out) == repr(whole.out[:limit])
    assert (cut.fitting, cut.why_out) == (whole.fitting, whole.why_out)


@given(candidates, st.integers(1, 4), st.data())
def test_everybody_is_a_match_or_out_with_a_reason(rows: list[Candidate], wanted: int, data: st.DataObject) -> None:
    tried = data.draw(st.sets(st.sampled_from([row.provider_id for row in rows]))) if rows else set()
    ranking = rank(rows, wanted, WEIGHTS, NOW, tried)
    out = {out.candidate.provider_id: out.codes for out in ranking.out}
    assert set(ids(ranking)) | set(out) == {row.provider_id for row in rows}
    assert not set(ids(ranking)) & set(out)
    assert ranking.fitting == len(ranking.matches)
    for row in rows:
        short = (row.places if row.free is None else row.free) or 0
        must_stay_out = row.blocks or row.provider_id in tried or (row.free is not None and short < wanted)
        assert (row.provider_id in out) == bool(must_stay_out)
    assert all(out.values())


@given(candidates, st.integers(1, 3), st.data())
def test_a_free_place_more_never_lowers_the_rank(rows: list[Candidate], wanted: int, data: st.DataObject) -> None:
    known = [row for row in rows if row.free is not None]
    if not known:
        return
    lucky = data.draw(st.sampled_from(known))
    richer = [row._replace(free=(row.free or 0) + 1) if row is lucky else row for row in rows]
    before, after = ids(rank(rows, wanted, WEIGHTS, NOW)), ids(rank(richer, wanted, WEIGHTS, NOW))
    if lucky.provider_id in before:
        assert after.index(lucky.provider_id) <= before.index(lucky.provider_id)


@given(candidates, st.data())
def test_being_nearer_never_lowers_the_rank(rows: list[Candidate], data: st.DataObject) -> None:
    if not rows:
        return
    lucky = data.draw(st.sampled_from(rows))
    nearer = [row._replace(km=0.0) if row is lucky else row for row in rows]
    before, after = ids(rank(rows, 1, WEIGHTS, NOW)), ids(rank(nearer, 1, WEIGHTS, NOW))
    if lucky.provider_id in before:
        assert after.index(lucky.provider_id) <= before.index(lucky.provider_id)


@pytest.mark.parametrize("seed", range(3))
def test_the_best_of_ten_thousand_are_those_a_full_sort_finds(seed: int) -> None:
    rows = crowd(10_000, Random(seed), NOW, blocked=0.3)
    matches = rank(rows, 1, WEIGHTS, NOW, limit=10_000).matches
    every = sorted((-match.score, match.candidate.provider_id) for match in matches)
    best = rank(rows, 1, WEIGHTS, NOW).matches
    assert [(-match.score, match.candidate.provider_id) for match in best] == every[:50]
