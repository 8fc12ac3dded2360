"""What a name and a number are found by, and what a searched word reaches."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.text.hangul import initials, to_keys
from callcenter.text.search_terms import (
    MOST_CHARACTERS,
    MOST_WORDS,
    holds,
    joined,
    name_terms,
    person_terms,
    phone_terms,
    read_search,
)

SYLLABLES = st.characters(min_codepoint=0xAC00, max_codepoint=0xD7A3)
NAMES = st.text(SYLLABLES, min_size=2, max_size=5)


def found(typed: str, name: str = "김지영", phone: str = "+821000015678") -> bool:
    """Whether every word of the search means this person."""
    terms = person_terms(name, phone)
    words = read_search(typed)
    return bool(words) and all(any(holds(one, terms) for one in word.people) for word in words)


@pytest.mark.parametrize(
    ("typed", "name"),
    [
        ("김지영", "김지영"),
        ("김지", "김지영"),
        ("지영", "김지영"),
        ("김", "김지영"),
        ("김 지영", "김지영"),
        ("지영 김", "김지영"),
        ("ㄱㅈㅇ", "김지영"),
        ("ㅈㅇ", "김지영"),
        ("ㄱㅈ", "김지영"),
        ("김ㅈㅇ", "김지영"),
        ("김지ㅇ", "김지영"),
        ("rlawldud", "김지영"),
        ("rlawldu", "김지영"),
        ("rlawld", "김지영"),
        ("wldud", "김지영"),
        ("rwd", "김지영"),
        ("dnjs", "김원석"),
        ("rladn", "김원석"),
        ("5678", "김지영"),
        ("567", "김지영"),
        ("5678 지영", "김지영"),
        ("010-0001-5678", "김지영"),
        ("010 0001 5678", "김지영"),
        ("01000015678", "김지영"),
        ("0001-5678", "김지영"),
        ("+82 10-0001-5678", "김지영"),
        ("821000015678", "김지영"),
        ("５６７８", "김지영"),
        ("민수", "남궁민수"),
        ("남궁", "남궁민수"),
        ("ㄴㄱㅁㅅ", "남궁민수"),
        ("ㄳㅇ", "강서연"),
        ("솔", "김솔"),
        ("nguyen", "Nguyen Thi Mai"),
        ("Mai", "NGUYEN THI MAI"),
        ("nguyenthi", "Nguyen Thi Mai"),
        ("김\u1106\u1175\u11ab", "김민"),
        ("  김지영\t", "김지영"),
        ("김지\u200b영", "김지영"),
    ],
)
def test_a_person_is_found_by(typed: str, name: str) -> None:
    assert found(typed, name)


@pytest.mark.parametrize(
    "typed",
    [
        "",
        " ",
        "영희",
        "김영",
        "ㄱㅇㅈ",
        "ㅇ",
        "5679",
        "0001-5679",
        "%",
        "*",
        "' OR 1=1 --",
        "5678 민수",
        "ㅏ",
        "\x00",
    ],
)
def test_nobody_else_is(typed: str) -> None:
    assert not found(typed)


def test_a_withheld_number_and_a_missing_name_are_found_by_nothing() -> None:
    assert not any(phone_terms(""))
    assert not any(name_terms(""))
    assert phone_terms("+84912345678").last_four == "5678"
    assert phone_terms("+8221234567") == phone_terms("+8221234567")._replace(digits="021234567", tail="1234567")


@given(NAMES)
def test_whatever_name_is_stored_is_found_by_itself_its_given_name_and_its_consonants(name: str) -> None:
    given_name = name_terms(name).given
    for typed in (name, given_name, initials(name), initials(given_name), name[:1], name[0] + initials(name[1:])):
        assert found(typed, name), typed


@given(NAMES)
def test_every_beginning_of_its_keys_finds_it(name: str) -> None:
    keys = to_keys(name)
    for end in range(1, len(keys) + 1):
        assert found(keys[:end], name), keys[:end]


@given(NAMES, NAMES)
def test_a_name_in_full_finds_no_other_beginning(one: str, other: str) -> None:
    terms = name_terms(other)
    assert found(one, other) == (terms.name.startswith(one) or terms.given.startswith(one))


@given(st.text(max_size=200))
def test_whatever_is_typed_is_read(typed: str) -> None:
    words = read_search(typed)
    assert len(words) <= MOST_WORDS
    assert all(word.text and len(word.text) <= MOST_CHARACTERS for word in words)
    for word in (*words, joined(words)):
        for alternative in word.people:
            assert alternative
            assert all(one.low < one.high for one in alternative)
