"""The words of the desk that a line of intake may hold, and where they stand in it."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal, NamedTuple, TypeAlias, get_args

from callcenter.text.hangul import initials, is_hangul, to_keys
from callcenter.text.said_of_others import denied_from, is_destination, is_elsewhere, is_told_of, is_workplace

CodedKind = Literal["region", "reason", "need", "symptom", "relation", "urgency"]
CODED_KINDS: tuple[CodedKind, ...] = get_args(CodedKind)


class Area(NamedTuple):
    """A part of a si or gun, a gu (구) or what people call a quarter: 분당구, 동탄.

    `regions` are the codes of all it can lie in, `also` says what else the word is, blank when it is nothing else.
    """

    name: str
    english: str
    regions: tuple[str, ...]
    also: str


class Code(NamedTuple):
    """What a word stands for: a code of its kind, and the first word that was given for that code.

    Of an area the kind is region, and `word` names the region before it; it is not `sure` when the word may be no area.
    """

    kind: CodedKind
    code: str
    word: str
    area: str = ""
    sure: bool = True


class FoundCode(NamedTuple):
    """A word of the lexicon in `text[start:end]`, the ending it was said with included.

    It is `void` when it is said that it is not so, or of somebody else: 열 없음, 직장은 수원, 엄마 입원.
    """

    start: int
    end: int
    codes: tuple[Code, ...]
    void: bool


_OF_OTHERS: Mapping[CodedKind, Callable[[str, int, int], bool]] = {
    "region": is_elsewhere,
    "reason": is_workplace,
    "relation": is_told_of,
}
# What follows a word in speech and does not change it.
_ENDINGS = (
    "에서요|에서|에요|에|쪽이요|쪽이에요|쪽인데요|쪽|이고요|이고|이구요|구요|인데요|인데|이라서|라서|이라|때문에요|때문에|때문|으로요|으로|로|중이에요|중|해서요|해서|"
    "이에요|예요|입니다|이요|요|이랑|랑|이|가|은|는|을|를|도"
)
# 엄마가 입원 says nothing of who calls; 엄마예요 does.
_ENDINGS_OF_RELATIONS = "입니다|이에요|예요|에요|이요|요|인데요|인데|님"
# 동탄2신도시, 영통1동 and Bundang-gu are what 동탄, 영통 and Bundang are.
_OF_AN_AREA = r"(?:\s?\d?\s?신도시|\d?지구|\d{0,2}동|[읍면]|\d(?!\w))?"
_OF_A_REGION = r"(?:[- ]?(?:si|gun|gu|dong|city)(?!\w))?"
_STATED = r"(?:\s*(?:있어요|있음|있습니다|있고|나요|남)(?!\w))?"
_DENIED = re.compile(
    r"(?:은|는|이|가|도)?\s*(?:전혀\s*)?(?:없|안\s?[나해함하]|아니|아님|괜찮|어제까지|나았|나은|낫고|완치|격리\s?끝|끝났)[^\s\0]*|\s*:?\s*(?:none|no)(?![\w'])(?!\s+[a-z])",
    re.IGNORECASE,
)


_Tree: TypeAlias = dict[str, "_Tree"]


@dataclass(frozen=True, slots=True)
class Lexicon:
    """Words in lower case without blanks, with everything they stand for; `lexicon` makes it."""

    codes: Mapping[str, tuple[Code, ...]]
    words: re.Pattern[str]
    compounds: re.Pattern[str]


def lexicon(words: Mapping[CodedKind, Mapping[str, str]], areas: Iterable[Area] = ()) -> Lexicon:
    """A lexicon of the words of each kind with their codes, and of areas, each of which stands for its region.

    A word in Hangul is found typed with Hangul off as well, and a region by its first consonants; whatever stands for
    several codes means all of them. A need may end a longer word: 땅콩알레르기.
    """
    codes: dict[str, list[Code]] = {}
    spaced: set[str] = set()
    first: dict[tuple[str, str], str] = {}

    def take(form: str, meant: Code) -> None:
        known = codes.setdefault(_folded(form), [])
        known += [meant] if meant not in known else []
        spaced.add(form)

    for kind, of_kind in words.items():
        for word, code in of_kind.items():
            meant = Code(kind, code, first.setdefault((kind, code), word))
            for form in _forms(kind, word):
                take(form, meant)
    for area in areas:
        for region in area.regions:
            named = f"{first.get(('region', region), '')} {area.name}".strip()
            for form in filter(None, (area.name, _keys(area.name), area.english)):
                take(form, Code("region", region, named, area.name, not area.also))
    needs = [word for word in words.get("need", {}) if len(word) > 1 and " " not in word]
    return Lexicon(
        {word: tuple(of_word) for word, of_word in codes.items()},
        re.compile(rf"(?<!\w)(?:{_any_of(form.casefold() for form in spaced)})", re.IGNORECASE),
        re.compile(rf"(?<!\w)[가-힣]+(?:{_any_of(needs)})"),
    )


def find_codes(text: str, words: Lexicon) -> tuple[FoundCode, ...]:
    """The words of the lexicon in a line, in their order."""
    found: list[FoundCode] = []
    for pattern in (words.words, words.compounds):
        for match in pattern.finditer(text):
            codes = words.codes.get(_folded(match[0])) or _compound(match[0], words)
            ends = _end(text, match.end(), codes)
            if ends is not None and not any(match.start() < one.end and one.start < ends for one in found):
                found.append(_judged(text, match, codes, ends))
    return tuple(_settled(text, sorted(found)))


def is_word(text: str, words: Lexicon) -> bool:
    """Whether the lexicon knows it."""
    return _folded(text) in words.codes


def _settled(text: str, found: Sequence[FoundCode]) -> Iterator[FoundCode]:
    """The words, with what only the others can tell.

    A doubtful area is settled by a region that it can lie in: 용인 수지. The region of a trip is where it goes when
    another one is said: 안양 8세 수원 출장. A relation whose reason is told is not who calls when another one is.
    """
    regions = {one.codes[0].code for one in found if _is(one, "region") and is_certain(one.codes)}
    relations = {one.codes[0].code for one in found if _is(one, "relation")}
    reasons = {one.start for one in found if one.codes[0].kind == "reason"}
    parents = {one for pair in pairwise(found) if _are_both_parents(text, *pair) for one in pair}
    of_others = {
        one
        for one in found
        if (_is(one, "region") and len(regions) > 1 and is_destination(text, one.end))
        or (_is(one, "relation") and len(relations) > 1 and one.end + len(_blanks(text, one.end)) in reasons)
        or one in parents
    }
    lived_in = {
        one.codes[0].code for one in found if _is(one, "region") and is_certain(one.codes) and one not in of_others
    }
    for one in found:
        within = [code for code in one.codes if code.area and code.code in lived_in]
        if one in of_others:
            yield one._replace(void=True)
        elif len(within) == 1 and not is_certain(one.codes):
            yield one._replace(codes=(within[0]._replace(sure=True),))
        else:
            yield one


def _are_both_parents(text: str, first: FoundCode, second: FoundCode) -> bool:
    """엄마 아빠 둘 다 야근: both work, and either may call."""
    told = {first.codes[0].code, second.codes[0].code}
    return told == {"mother", "father"} and not text[first.end : second.start].strip(" ,/")


def _is(found: FoundCode, kind: CodedKind) -> bool:
    return found.codes[0].kind == kind and not found.void


def _blanks(text: str, at: int) -> str:
    return text[at : len(text) - len(text[at:].lstrip())]


def is_certain(codes: Sequence[Code]) -> bool:
    """Whether a word that stands for these codes can mean only one thing."""
    return len(codes) == 1 and codes[0].sure


def _judged(text: str, match: re.Match[str], codes: tuple[Code, ...], ends: int) -> FoundCode:
    kinds = {one.kind for one in codes}
    if kinds & {"need", "symptom"}:
        denied, denied_at = _DENIED.match(text, match.end()), denied_from(text, match.start())
        if denied or denied_at is not None:
            start = match.start() if denied_at is None else denied_at
            return FoundCode(start, denied.end() if denied else ends, codes, True)
    of_others = _OF_OTHERS.get(codes[0].kind) if len(kinds) == 1 else None
    void = of_others is not None and of_others(text, match.start(), match.end())
    return FoundCode(match.start(), ends, codes, void)


def _end(text: str, at: int, codes: tuple[Code, ...]) -> int | None:
    """Where the word ends with what was said behind it; None when it is only the beginning of another word."""
    kinds = {one.kind for one in codes}
    endings = _ENDINGS_OF_RELATIONS if kinds == {"relation"} else _ENDINGS
    stated = _STATED if kinds & {"need", "symptom"} else ""
    endings += "|사는데요|사는데|살아요|삽니다|살고요" if kinds == {"region"} else ""
    suffix = (_OF_AN_AREA if codes[0].area else "") + _OF_A_REGION if "region" in kinds else ""
    tail = re.compile(rf"{suffix}(?:(?:{endings})?{stated}(?!\w)|(?=\d))", re.IGNORECASE).match(text, at)
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
        yield from filter(None, (_keys(word),))
        if kind == "region" and 2 <= len(word) <= 4:
            yield initials(word)


def _keys(word: str) -> str:
    """The keys of a word in Hangul; blank when they are so few that they could be an English word or begin one."""
    keys = to_keys(word)
    return keys if len(keys) > 3 else ""


def _folded(text: str) -> str:
    return "".join(text.casefold().split())


def _any_of(words: Iterable[str]) -> str:
    """The longest of the words that stands there as a pattern, which tries only once what several begin with.

    The line is read again with every key, and there are hundreds of words.
    """
    tree: _Tree = {}
    for word in words:
        branch = tree
        for letter in word:
            branch = branch.setdefault(r"\s*" if letter == " " else re.escape(letter), {})
        branch[""] = {}
    # A pattern that never matches stands for no words at all.
    return _branches(tree) or r"(?!)"


def _branches(tree: _Tree) -> str:
    ways = "|".join(letter + _branches(rest) for letter, rest in sorted(tree.items()) if letter)
    return f"(?:{ways}){'?' if '' in tree else ''}" if ways else ""
