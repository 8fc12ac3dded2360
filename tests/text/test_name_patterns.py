"""The patterns find what `hangul.matches` finds, nothing more and nothing less."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from callcenter.text.hangul import matches
from callcenter.text.name_patterns import pattern, sought

NAME = st.text("수원순내권구지진영 6호A*[?]-늘봄", max_size=8)
QUERY = st.text("수원순우귀권구징진ㅅㅇㄳㅎㄴ 6aAtn*[?]-", max_size=4)


def found(query: str, name: str) -> bool:
    wanted = pattern(query)
    return wanted is None or wanted.search(sought(name)) is not None


@pytest.mark.parametrize(
    ("query", "name", "expected"),
    [
        ("", "수원시 다함께돌봄센터 6호점", True),
        ("다함께", "수원시 다함께돌봄센터 6호점", True),
        ("ㄷㅎㄲ", "수원시 다함께돌봄센터 6호점", True),
        ("수원ㄷㅎ", "수원시 다함께돌봄센터 6호점", False),
        ("수원ㅅㄷㅎ", "수원시 다함께돌봄센터 6호점", True),
        ("수우", "수원시 다함께돌봄센터 6호점", True),
        ("돌봄ㄳ", "돌봄 가사 지원", True),
        ("tndnjs", "수원시 다함께돌봄센터 6호점", True),
        ("6호 점", "수원시 다함께돌봄센터 6호점", True),
        ("*", "수원시 다함께돌봄센터 6호점", False),
        ("[수]", "수원", False),
        ("ㅎㄷ", "수원시 다함께돌봄센터 6호점", False),
    ],
)
def test_what_is_typed_of_a_name(query: str, name: str, expected: bool) -> None:
    assert found(query, name) is expected
    assert matches(query, name) is expected


@given(QUERY, NAME)
@example("ㄳ", "ㄳ")
@example("순", "수내")
def test_the_patterns_find_what_matches_finds(query: str, name: str) -> None:
    assert found(query, name) is matches(query, name)
