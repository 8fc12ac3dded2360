"""The words of the desk that a line of intake may hold, and where they stand in it."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple, get_args

from callcenter.text.hangul import initials, is_hangul, to_keys

CodedKind = Literal["region", "reason", "need", "symptom", "relation", "urgency"]
CODED_KINDS: tuple[CodedKind, ...] = get_args(CodedKind)


class Code(NamedTuple):
    """What a word stands for: a code of its kind, and the first word that was given for that code."""

    kind: CodedKind
    code: str
    word: str


class FoundCode(NamedTuple):
    """A word of the lexicon in `text[start:end]`, the ending it was said with included."""

    start: int
    end: int
    codes: tuple[Code, ...]
    denied: bool


# What follows a word in speech and does not change it.
_ENDINGS = (
    "에서요|에서|에요|에|쪽|이고요|이고|이구요|이라서|라서|이라|때문에요|때문에|때문|으로요|으로|로|중이에요|중|해서요|해서|"
    "이에요|예요|입니다|이요|요|이랑|랑|이|가|은|는|을|를|도"
)
# 엄마가 입원 says nothing of who calls; 엄마예요 does.
_ENDINGS_OF_RELATIONS = "입니다|이에요|예요|에요|이요|요|인데요|인데|님"
_STATED = r"(?:\s*(?:있어요|있음|있습니다|있고|나요|남)(?!\w))?"
_DENIED = re.compile(r"(?:은|는|이|가|도)?\s*(?:전혀\s*)?(?:없|안\s?[나해함하]|아니|아님|괜찮)[^\s\0]*")


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in lower case without blanks, with everything they stand for; `lexicon` makes it."""

    codes: Mapping[str, tuple[Code, ...]]
    words: re.Pattern[str]
    compounds: re.Pattern[str]


def lexicon(words: Mapping[CodedKind, Mapping[str, str]]) -> Lexicon:
    """A lexicon of the words of each kind with their codes.

    A word in Hangul is found typed with Hangul off as well, and a region by its first consonants; whatever stands for
    several codes means all of them. A need may end a longer word: 땅콩알레르기.
    """
    codes: dict[str, list[Code]] = {}
    spaced: set[str] = set()
    first: dict[tuple[str, str], str] = {}
    for kind, of_kind in words.items():
        for word, code in of_kind.items():
            meant = Code(kind, code, first.setdefault((kind, code), word))
            for form in _forms(kind, word):
                known = codes.setdefault(_folded(form), [])
                known += [meant] if meant not in known else []
                spaced.add(form)
    needs = [re.escape(word) for word in words.get("need", {}) if len(word) > 1 and " " not in word]
    return Lexicon(
        {word: tuple(of_word) for word, of_word in codes.items()},
        re.compile(rf"(?<!\w)(?:{_alternatives(spaced)})", re.IGNORECASE),
        re.compile(rf"(?<!\w)[가-힣]+(?:{_longest_first(needs)})"),
    )


def find_codes(text: str, words: Lexicon) -> tuple[FoundCode, ...]:
    """The words of the lexicon in a line, in their order; `denied` where it is said that it is not so."""
    found: list[FoundCode] = []
    for pattern in (words.words, words.compounds):
        for match in pattern.finditer(text):
            codes = words.codes.get(_folded(match[0])) or _compound(match[0], words)
            ends = _end(text, match.end(), codes)
            if ends is not None and not any(match.start() < one.end and one.start < ends for one in found):
                found.append(_judged(text, match, codes, ends))
    return tuple(sorted(found))


def is_word(text: str, words: Lexicon) -> bool:
    """Whether the lexicon knows it."""
    return _folded(text) in words.codes


def _judged(text: str, match: re.Match[str], codes: tuple[Code, ...], ends: int) -> FoundCode:
    denied = _DENIED.match(text, match.end()) if {one.kind for one in codes} & {"need", "symptom"} else None
    if denied:
        return FoundCode(match.start(), denied.end(), codes, True)
    return FoundCode(match.start(), ends, codes, False)


def _end(text: str, at: int, codes: tuple[Code, ...]) -> int | None:
    """Where the word ends with what was said behind it; None when it is only the beginning of another word."""
    kinds = {one.kind for one in codes}
    endings = _ENDINGS_OF_RELATIONS if kinds == {"relation"} else _ENDINGS
    stated = _STATED if kinds & {"need", "symptom"} else ""
    tail = re.compile(rf"(?:(?:{endings})?{stated}(?!\w)|(?=\d))").match(text, at)
    if tail is not None:
        return tail.end()
    denied = _DENIED.match(text, at) if kinds & {"need", "symptom"} else None
    return denied.end() if denied else None


def _compound(text: str, words: Lexicon) -> tuple[Code, ...]:
    for at in range(1, len(text)):
        codes = tuple(code for code in words.codes.get(_folded(text[at:]), ()) if code.kind == "need")
        if codes:
            return codes
    return ()


def _forms(kind: CodedKind, word: str) -> Iterable[str]:
    yield word
    if any(map(is_hangul, word)):
        keys = to_keys(word)
        # Two keys could be an English word or the beginning of one.
        if len(keys) > 3:
            yield keys
        if kind == "region" and 2 <= len(word) <= 4:
            yield initials(word)


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _alternatives(words: Iterable[str]) -> str:
    return _longest_first([r"\s*".join(map(re.escape, word.split())) for word in words])


def _longest_first(patterns: Iterable[str]) -> str:
    # A pattern that never matches stands for no words at all.
    return "|".join(sorted(patterns, key=lambda one: (-len(one), one))) or r"(?!)"
