"""What was typed of a name as one regular expression, so that thousands of names are gone through with every key.

A name is found by the same beginnings and parts as `hangul.matches` finds it by.
"""

import re

from callcenter.text.hangul import folded, is_syllable, parted, syllables_with, to_hangul, unfinished

_CONSONANTS = frozenset("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")


def sought(name: str) -> str:
    """The name as `pattern` expects it."""
    return folded(name)


def pattern(query: str) -> re.Pattern[str] | None:
    """What is to be found somewhere in a `sought` name; None when nothing was typed, which all names match."""
    wanted = folded(query)
    if not wanted:
        return None
    found = _patterns(wanted)
    if query.isascii():
        found += _patterns(folded(to_hangul(query)))
    return re.compile("|".join(dict.fromkeys(found)))


def _patterns(wanted: str) -> tuple[str, ...]:
    letters = parted(wanted)
    found = {_each(wanted), _each(letters)}
    if is_syllable(letters[-1]):
        # What the last syllable may become begins with itself.
        found -= {_each(letters)}
        before = _each(letters[:-1])
        for low, high in unfinished(letters[-1]):
            # Both ends share all but their last character.
            found.add(f"{before}{low[:-1]}[{low[-1]}-{chr(ord(high[-1]) - 1)}]")
    return tuple(sorted(found))


def _each(letters: str) -> str:
    return "".join(map(_one, letters))


def _one(letter: str) -> str:
    """A consonant stands for itself or for any syllable that begins with it; nothing else is a pattern."""
    if letter in _CONSONANTS:
        low, high = syllables_with(letter)
        return f"[{letter}{low}-{chr(ord(high) - 1)}]"
    return re.escape(letter)
