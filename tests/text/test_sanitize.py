import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.text.sanitize import UNSAFE, clean, visible

FILLERS = "\u115f\u1160\u3164\uffa0"
UNSAFE_CATEGORIES = {"Cc", "Cf", "Cs", "Zl", "Zp"}


def test_covers_every_unsafe_character_of_unicode() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    missed = [
        f"U+{ord(character):04X}"
        for character in every
        if (unicodedata.category(character) in UNSAFE_CATEGORIES or character in FILLERS)
        and character != "\n"
        and not UNSAFE.match(character)
    ]
    assert missed == []


def test_takes_no_letter_away() -> None:
    every = map(chr, range(sys.maxunicode + 1))
    lost = [
        f"U+{ord(character):04X}"
        for character in every
        if unicodedata.category(character) not in UNSAFE_CATEGORIES | {"Cn", "Mn"}
        and character not in FILLERS
        and UNSAFE.match(character)
    ]
    assert lost == []


@pytest.mark.parametrize(
    ("raw", "cleaned"),
    [
        ("홍길동", "홍길동"),
        (unicodedata.normalize("NFD", "홍길동"), "홍길동"),
        ("\x1b]52;c;aGk=\x1b\\홍길동", "]52;c;aGk=\\홍길동"),
        ("\x9b2J수원", "2J수원"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        (FILLERS, ""),
        ("가\tt나\r\n다\n라", "가 t나 다 라"),
        ("가\u2028나\x85다", "가 나 다"),
        ("\ud800x", "x"),
        ("a\x00b\x7f", "ab"),
        ("e\u200b\u0301", "é"),
        ("", ""),
    ],
)
def test_clean(raw: str, cleaned: str) -> None:
    assert clean(raw) == cleaned


def test_clean_keeps_lines_when_asked() -> None:
    assert clean("가\r\n나\r다\u2028라\x1b[2J", lines=True) == "가\n나\n다\n라[2J"


@given(st.text(st.characters()), st.booleans())
def test_cleaned_text_is_safe_and_stays(raw: str, lines: bool) -> None:
    cleaned = clean(raw, lines=lines)
    assert clean(cleaned, lines=lines) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    unsafe = {character for character in cleaned if unicodedata.category(character) in UNSAFE_CATEGORIES}
    assert unsafe <= ({"\n"} if lines else set())
    assert visible(cleaned) == cleaned


def test_visible_shows_what_is_there() -> None:
    assert visible("홍\x1b[2J\u202e길\n동\u3164") == "홍▫[2J▫길\n동▫"
