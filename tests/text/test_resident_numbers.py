"""Resident registration numbers go, whatever stands around them; other numbers stay."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.text.resident_numbers import without_begun_numbers, without_resident_numbers


@pytest.mark.parametrize(
    "number",
    [
        "180302-3123456",
        "1803023123456",
        "180302 3123456",
        "180302 - 3123456",
        "180302－3123456",
        "180302~3123456",
        "180302.3123456",
        "180302/3123456",
        "20180302-3123456",
        "851224-7123456",
        "１８０３０２-３１２３４５６",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"), [("", ""), ("박새봄 ", " 땅콩"), ("번호", "입니다"), ("(", ")"), ("끝\n", "\n")]
)
def test_a_whole_number_goes_from_a_text(before: str, number: str, after: str) -> None:
    assert without_resident_numbers(before + number + after) == before + after


@pytest.mark.parametrize(
    "text",
    [
        "20261224~26 휴원",
        "20261224-20261226 휴원",
        "사건번호 20261124123456",
        "사건번호 20261124-00123",
        "사건번호 2026-11240012345",
        "010-0000-1234",
        "+82 10-0000-1234",
        "1588-0000",
        "계좌 110123-456789",
        "180302",
        "2018-03-02",
        "180302-3",
        "991340-3123456",
        "202611-1234567",
        "A-1121-007",
    ],
)
def test_another_number_stays(text: str) -> None:
    assert without_resident_numbers(text) == text


@given(st.text(max_size=30))
def test_what_is_clean_of_them_stays_as_it_is(text: str) -> None:
    once = without_resident_numbers(text)
    assert once == text or len(once) < len(text)


@pytest.mark.parametrize(
    ("text", "seen", "stored"),
    [
        ("180302-3", "", ""),
        ("1803023123", "1803023123", ""),
        ("180302", "180302", "180302"),
    ],
)
def test_while_it_is_typed_what_may_become_one_goes_too(text: str, seen: str, stored: str) -> None:
    assert without_begun_numbers(text) == seen
    assert without_begun_numbers(text, half_typed=True) == stored
