"""The matches with their reasons, and who is out: unknown places are never a number, points add up."""

from datetime import timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter import language
from callcenter.care.eligibility import Block
from callcenter.care.matching import Candidate, Match, Ranking, rank
from callcenter.console.presentation import glyphs, matches
from callcenter.console.presentation.columns import widths
from callcenter.desk.matches import Matches
from callcenter.reference import Reference
from tests.care.crowd import crowd
from tests.conftest import NOW
from tests.console.presentation.rows import assert_fits, by_column, drawn, page, text

NEAR = Candidate(
    provider_id="p1",
    name="수원시다함께돌봄센터 6호점",
    region="41110",
    km=1.2,
    places=10,
    free=3,
    confirmed_at=NOW - timedelta(minutes=12),
    offered=25,
    accepted=23,
    last_offered_at=NOW - timedelta(hours=2),
)
UNKNOWN = NEAR._replace(
    provider_id="p2",
    name="고양시립장미어린이집",
    region="41280",
    km=None,
    places=None,
    free=None,
    confirmed_at=None,
    offered=0,
    accepted=0,
    last_offered_at=None,
)
FULL = NEAR._replace(provider_id="p3", name="주이레지역아동센터", free=0, km=2.8)
CLOSED = NEAR._replace(
    provider_id="p4", name="수원소망지역아동센터", km=0.4, blocks=(Block("symptoms", {"symptoms": ("fever",)}),)
)


def found(data: Reference, *candidates: Candidate, tried: frozenset[str] = frozenset()) -> Matches:
    ranking = rank(candidates, 1, data.weights, NOW, tried)
    return Matches((), ranking, {candidate.provider_id: "gyeonggi.elementary" for candidate in candidates})


def test_rows_say_how_far_how_many_and_how_good(data: Reference) -> None:
    rows = matches.rows(found(data, NEAR, UNKNOWN), data, NOW)
    assert [row.key for row in rows] == ["p1", "p2"]
    first, second = (by_column(row, matches.COLUMNS) for row in rows)
    assert first == {
        "digit": "1",
        "name": "다함께6호",
        "km": "1.2km",
        "places": "3/10 free",
        "points": first["points"],
        "region": "Suwon",
    }
    assert float(first["points"]) == pytest.approx(found(data, NEAR).ranking.matches[0].score)
    assert second["digit"] == "2"
    assert second["km"] == "? km"
    assert second["name"] == "시립장미"


def test_unknown_places_are_never_a_number(data: Reference) -> None:
    (row,) = matches.rows(found(data, UNKNOWN), data, NOW)
    shown = by_column(row, matches.COLUMNS)["places"]
    assert not any(character.isdigit() for character in shown)
    assert shown == "places unknown"


def test_as_many_are_shown_as_there_are_digits(data: Reference) -> None:
    many = [NEAR._replace(provider_id=f"p{number:02}") for number in range(12)]
    rows = matches.rows(found(data, *many), data, NOW)
    digits = [by_column(row, matches.COLUMNS)["digit"] for row in rows]
    assert digits == [*"123456789"]


def test_the_version_changes_with_what_is_shown_and_only_then(data: Reference) -> None:
    def version(candidate: Candidate) -> int:
        return matches.rows(found(data, candidate), data, NOW)[0].version

    assert version(NEAR) == version(NEAR._replace())
    assert version(NEAR) != version(NEAR._replace(free=2))


def test_a_narrow_list_keeps_name_and_places(data: Reference) -> None:
    kept = dict(zip((column.id for column in matches.COLUMNS), widths(matches.COLUMNS, 33), strict=True))
    assert kept["places"] == 14
    assert kept["name"] >= 10
    assert kept["km"] == 5
    (row,) = matches.rows(found(data, UNKNOWN), data, NOW)
    assert "places unknown" in drawn(row, matches.COLUMNS, 33)


def explained(match: Match, data: Reference) -> list[str]:
    (line,) = matches.explain(match, {}, data, NOW, 400)
    return text(line).split(f" {glyphs.DOT} ")


def test_explained_point_by_point(data: Reference) -> None:
    (match,) = found(data, NEAR).ranking.matches
    parts = explained(match, data)
    assert parts[0] == f"다함께6호 {match.score:+.1f}"
    assert [part.rpartition(" ")[0] for part in parts[1:]] == [
        "distance 1.2km",
        "free 3",
        "accepts 92%",
        "checked 12 min ago",
        "last asked 2 h ago",
    ]
    assert sum(float(part.rpartition(" ")[2]) for part in parts[1:]) == pytest.approx(match.score)


def test_what_counts_nothing_is_not_explained(data: Reference) -> None:
    (match,) = found(data, UNKNOWN).ranking.matches
    parts = " ".join(explained(match, data))
    assert "to be checked" in parts
    assert "never asked" in parts
    assert "confirmed" not in parts


@given(seed=st.integers(0, 10**6))
def test_what_is_explained_adds_up(data: Reference, seed: int) -> None:
    for match in rank(crowd(5, Random(seed), NOW), 1, data.weights, NOW).matches:
        parts = explained(match, data)[1:]
        assert sum(float(part.rpartition(" ")[2]) for part in parts) == pytest.approx(match.score)


def test_who_is_out_and_why(data: Reference) -> None:
    language.use("ko")
    ranking = found(data, FULL, CLOSED, NEAR, tried=frozenset({"p3"})).ranking
    lines = page(matches.out_lines(ranking, data, NOW, 80)).splitlines()
    assert lines[0] == "x 수원소망 0.4km 아픈 아이는 맡을 수 없습니다 (발열)."
    assert lines[1] == "x 주이레 2.8km 자리 없음"
    assert len(lines) == 3
    language.use("en")
    lines = page(matches.out_lines(ranking, data, NOW, 80)).splitlines()
    assert lines[2] == "Out: no place 1, tried already 1, sick child 1"


def test_nobody_out_is_no_line(data: Reference) -> None:
    assert matches.out_lines(found(data, NEAR).ranking, data, NOW, 40) == []


@given(width=st.integers(20, 200), korean=st.booleans(), seed=st.integers(0, 10**6))
def test_everything_fits(data: Reference, width: int, korean: bool, seed: int) -> None:
    language.use("ko" if korean else "en")
    ranking: Ranking = rank([FULL, CLOSED, *crowd(8, Random(seed), NOW)], 1, data.weights, NOW)
    assert_fits(matches.out_lines(ranking, data, NOW, width), width)
    for row in matches.rows(Matches((), ranking, {}), data, NOW):
        assert len(drawn(row, matches.COLUMNS, width)) <= width
