"""Receipt numbers as people type them."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.text.receipt_numbers import read_numbers, receipt_number

TODAY = date(2026, 1, 2)


@pytest.mark.parametrize(
    ("word", "named"),
    [
        ("A-1121-007", {"A-1121-007"}),
        ("a-1121-7", {"A-1121-007"}),
        ("a1121007", {"A-1121-007"}),
        ("B2-1121-1042", {"B2-1121-1042"}),
        ("b211211042", {"B2-1121-1042"}),
        ("1121-7", {"A-1121-007", "B2-1121-007"}),
        ("1121007", {"A-1121-007", "B2-1121-007"}),
        ("007", {"A-0102-007", "B2-0102-007"}),
        ("C-1121-007", set()),
        ("A-1121", set()),
        ("지영", set()),
        ("७", set()),
        ("", set()),
        ("-7", set()),
        ("7-", set()),
    ],
)
def test_a_word_names_these_numbers(word: str, named: set[str]) -> None:
    assert read_numbers(word, ["A", "B2"], TODAY).named == named


def test_a_counter_alone_may_also_be_of_the_days_before_even_of_another_year() -> None:
    found = read_numbers("7", ["A"], TODAY)
    assert found.near == {f"A-{day}-007" for day in ("0101", "1231", "1230", "1229", "1228", "1227")}
    assert found.ending == "-007"
    assert read_numbers("A-0909-007", ["A"], TODAY).ending == ""


@given(st.sampled_from(["A", "B2", "119"]), st.dates(), st.integers(1, 99_999))
def test_every_number_names_itself(desk: str, day: date, counter: int) -> None:
    number = receipt_number(desk, f"{day:%m%d}", counter)
    for typed in (number, number.casefold()):
        assert number in read_numbers(typed, [desk], TODAY).named


@given(st.text(max_size=30))
def test_whatever_is_typed_is_read(word: str) -> None:
    read_numbers(word, ["A"], TODAY)
