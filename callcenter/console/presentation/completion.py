"""Completing the last word of a line: by its beginning, by first consonants, by Latin keys typed for Hangul."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from callcenter.text.hangul import matches


@dataclass(frozen=True, slots=True)
class Completion:
    """A word that may stand at the end of the line, and what it means."""

    text: str
    hint: str = ""


Completer = Callable[[str], Sequence[Completion]]
"""Given the line so far, every word that could stand in place of its last one; narrowing them is done here."""


def split(line: str) -> tuple[str, str]:
    """The line up to its last word, and that word ("" after a blank)."""
    head, blank, word = line.rpartition(" ")
    return head + blank, word


def narrowed(word: str, offered: Sequence[Completion]) -> tuple[Completion, ...]:
    """Those that begin with the word; when none does, those that it finds in another way."""
    beginning = tuple(one for one in offered if one.text.casefold().startswith(word.casefold()))
    return beginning or tuple(one for one in offered if matches(word, one.text))


def completed(line: str, offered: Sequence[Completion]) -> str:
    """The line with its last word completed as far as it is certain; with a blank behind it when only one is left."""
    head, word = split(line)
    left = narrowed(word, offered)
    if len(left) == 1:
        return f"{head}{left[0].text} "
    common = _common_start([one.text for one in left])
    return head + common if len(common) > len(word) else line


def _common_start(words: Sequence[str]) -> str:
    if not words:
        return ""
    # What the first and the last in order share, all between them share too.
    first, last = min(words), max(words)
    same = (letter == other for letter, other in zip(first, last, strict=False))
    return first[: sum(takewhile(bool, same))]
