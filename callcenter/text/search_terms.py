"""What people and numbers are found by, and what a searched word asks of it: ranges of text that an index can walk.

A person is found by the beginning of the name, of the given name, of either's first consonants (초성), and of the
telephone number, of what follows its prefix, and of its last four digits.
"""

import re
import unicodedata
from typing import Literal, NamedTuple

from callcenter.text.hangul import initials, is_syllable, letters_alone, strokes, syllables_with, to_hangul, unfinished
from callcenter.text.masking import COMPOUND_SURNAMES
from callcenter.text.phone import display_phone
from callcenter.text.sanitize import clean

Key = Literal["name", "given", "heads", "given_heads", "digits", "tail", "last_four"]

MOST_WORDS = 6
MOST_CHARACTERS = 40
_LAST_FOUR = 4
_HIGHEST = "\U0010ffff"
_SIGNS_OF_A_NUMBER = str.maketrans("", "", "+-.()/")


class Terms(NamedTuple):
    """What one person is found by; empty where there is nothing."""

    name: str = ""
    given: str = ""
    heads: str = ""
    given_heads: str = ""
    digits: str = ""
    tail: str = ""
    last_four: str = ""


class Range(NamedTuple):
    """The terms from `low` up to but not including `high`, compared code point by code point."""

    key: Key
    low: str
    high: str


Alternative = tuple[Range, ...]
"""Ranges that all hold for one person."""


class SearchWord(NamedTuple):
    """A word that was searched: as it was typed, and what a person may be to be found by it."""

    text: str
    people: tuple[Alternative, ...]


def name_terms(name: str) -> Terms:
    """What a name is found by; of a name that is not Hangul the given name is its last word."""
    whole = _folded(name)
    if is_syllable(whole[:1]):
        family = 2 if whole[:2] in COMPOUND_SURNAMES and len(whole) > 2 else 1
        heads = initials(whole)
        return Terms(whole, whole[family:], heads, heads[family:])
    words = name.split()
    return Terms(whole, _folded(words[-1]) if len(words) > 1 else "")


def phone_terms(stored: str) -> Terms:
    """What a stored telephone number is found by; a withheld one by nothing."""
    if not stored:
        return Terms()
    prefix, *behind = display_phone(stored).split("-") if stored.startswith("+82") else [stored.lstrip("+")]
    tail = "".join(behind)
    digits = prefix + tail
    return Terms("", "", "", "", digits, tail, digits[-_LAST_FOUR:])


def person_terms(name: str, stored_phone: str = "") -> Terms:
    """What a person of this name and number is found by."""
    named = name_terms(name)
    # The last three are those of a number.
    return Terms(*named[:4], *phone_terms(stored_phone)[4:]) if stored_phone else named


def read_search(text: str) -> tuple[SearchWord, ...]:
    """The words of a search, at most `MOST_WORDS`; whatever is typed is taken for what it says, nothing is refused."""
    words = [word[:MOST_CHARACTERS] for word in clean(text).split()[:MOST_WORDS]]
    return tuple(SearchWord(word, _alternatives(word)) for word in words)


def joined(words: tuple[SearchWord, ...]) -> SearchWord:
    """The words typed as one: 김 지영 as 김지영."""
    text = "".join(word.text for word in words)[:MOST_CHARACTERS]
    return SearchWord(text, _alternatives(text))


def holds(alternative: Alternative, terms: Terms) -> bool:
    """Whether a person with these terms is meant."""
    return all(one.low <= getattr(terms, one.key) < one.high for one in alternative)


def _alternatives(word: str) -> tuple[Alternative, ...]:
    digits = _plain_digits(word).translate(_SIGNS_OF_A_NUMBER)
    if digits.isascii() and digits.isdecimal():
        return _of_digits(digits, abroad=word.startswith("+82"))
    found = _of_name(_folded(word), becoming=False)
    if word.isascii() and re.search("[a-zA-Z]", word):
        # Typed with Hangul off, the last syllable may still lack letters, or hold one of the next.
        found += _of_name(_folded(to_hangul(word)), becoming=True)
    return found


def _of_digits(digits: str, *, abroad: bool) -> tuple[Alternative, ...]:
    keys: tuple[Key, ...] = ("digits", "tail", "last_four") if len(digits) <= _LAST_FOUR else ("digits", "tail")
    found = [(_beginning(key, digits),) for key in keys]
    if len(digits) > _LAST_FOUR or abroad:
        # With the code of the country in front, or behind it without the 0 of the prefix.
        found.append((_beginning("digits", "0" + digits.removeprefix("82")),))
    return tuple(found)


def _of_name(word: str, *, becoming: bool) -> tuple[Alternative, ...]:
    """The ranges of a name typed so far, of whose last syllables only the first consonants may stand there."""
    # An input method joins two quick consonants into one letter: ㄱㅅ arrives as ㄳ.
    parted = "".join(character if is_syllable(character) else strokes(character) for character in word)
    if not parted:
        return ()
    body, letters = letters_alone(parted)
    found: list[Alternative] = []
    for name, heads in _NAMES_AND_HEADS:
        if letters and not body:
            found.append((_beginning(heads, letters),))
        elif letters:
            begins = Range(name, *syllables_with(letters[0], body))
            found.append((begins, _beginning(heads, initials(body) + letters)))
        else:
            found.append((_beginning(name, parted),))
            found += [(Range(name, *span),) for span in (unfinished(parted) if becoming else ())]
    return tuple(found)


_NAMES_AND_HEADS: tuple[tuple[Key, Key], ...] = (("name", "heads"), ("given", "given_heads"))


def _beginning(key: Key, text: str) -> Range:
    return Range(key, text, text + _HIGHEST)


def _folded(text: str) -> str:
    return "".join(unicodedata.normalize("NFC", text).casefold().split())


def _plain_digits(word: str) -> str:
    """ASCII for the digits and dashes of other keyboards."""
    return "".join(map(_plain_digit, word))


def _plain_digit(character: str) -> str:
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    return "-" if unicodedata.category(character) == "Pd" else character
