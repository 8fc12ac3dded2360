"""Completion of the last word of a line."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.console.presentation.completion import Completion, completed, narrowed

WORDS = [Completion(word) for word in ("배정", "보류", "보호자확정", "취소", "새상담", "place", "placement")]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("배", "배정 "),
        ("보", "보"),
        ("보ㄹ", "보류 "),
        ("ㅊㅅ", "취소 "),
        ("ㅂㅎㅈ", "보호자확정 "),
        ("ql", "ql"),
        ("cnlth", "취소 "),
        ("pl", "place"),
        ("배정 취", "배정 취소 "),
        ("zzz", "zzz"),
        ("", ""),
    ],
)
def test_completed(line: str, expected: str) -> None:
    assert completed(line, WORDS) == expected


def test_a_beginning_counts_before_any_other_likeness() -> None:
    assert narrowed("place", WORDS) == (Completion("place"), Completion("placement"))
    assert narrowed("정", WORDS) == (Completion("배정"), Completion("보호자확정"))


@given(st.text(max_size=8), st.lists(st.text(min_size=1, max_size=6).map(Completion), max_size=5))
def test_completing_keeps_what_stands_before_the_last_word(line: str, offered: list[Completion]) -> None:
    head = line.rpartition(" ")[0]
    assert completed(line, offered).startswith(head)
