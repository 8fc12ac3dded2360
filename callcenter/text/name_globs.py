"""What was typed of a name as patterns of SQLite's GLOB, so that the names need not be read to be searched.

A name is found by the same beginnings and parts as `hangul.matches` finds it by.
"""

from callcenter.text.hangul import folded, is_syllable, parted, syllables_with, to_hangul, unfinished

_CONSONANTS = frozenset("ㄱㄲㄴㄷㄸㄹㅁㅂㅃㅅㅆㅇㅈㅉㅊㅋㅌㅍㅎ")
_SPECIAL = frozenset("*?[")


def sought(name: str) -> str:
    """The name as the patterns of `globs` expect it."""
    return folded(name)


def globs(query: str) -> tuple[str, ...]:
    """The patterns one of which a `sought` name has to match; none when nothing was typed, which all names match."""
    wanted = folded(query)
    if not wanted:
        return ()
    found = _patterns(wanted)
    if query.isascii():
        found += _patterns(folded(to_hangul(query)))
    return tuple(dict.fromkeys(found))


def _patterns(wanted: str) -> tuple[str, ...]:
    letters = parted(wanted)
    found = {_around(wanted), _around(letters)}
    if is_syllable(letters[-1]):
        # What the last syllable may become begins with itself.
        found -= {_around(letters)}
        before = "".join(map(_one, letters[:-1]))
        for low, high in unfinished(letters[-1]):
            # Both ends share all but their last character.
            found.add(f"*{before}{low[:-1]}[{low[-1]}-{chr(ord(high[-1]) - 1)}]*")
    return tuple(sorted(found))


def _around(letters: str) -> str:
    return "*" + "".join(map(_one, letters)) + "*"


def _one(letter: str) -> str:
    """A consonant stands for itself or for any syllable that begins with it; nothing else is a pattern."""
    if letter in _CONSONANTS:
        low, high = syllables_with(letter)
        return f"[{letter}{low}-{chr(ord(high) - 1)}]"
    return f"[{letter}]" if letter in _SPECIAL else letter
