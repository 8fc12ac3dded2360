"""One line of intake, read while it is typed: `수원 8세초2+14개월 오늘 20-23 야근 땅콩알레르기 010-0000-5678 김지영`.

Every word is understood as what it says or left as a note; what can mean several things carries them as choices, and a
choice is taken by writing its text in the place of the word. What stands in double quotes is always a note, and what
stands behind «보호자:» or «아이:» always a name. A resident registration number is refused (Personal Information
Protection Act, 24-2): nothing of it is kept, not even in the text of its word.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Literal, NamedTuple

from callcenter.text.hangul_off import hangul_of
from callcenter.text.lexicon import CodedKind, FoundCode, Lexicon, find_codes, is_certain, is_word
from callcenter.text.moments import SEOUL
from callcenter.text.person_names import (
    LABELLED,
    FoundName,
    NamedPerson,
    find_names,
    find_told,
    labelled,
    quoted,
    written_name,
)
from callcenter.text.resident_numbers import BEGUN
from callcenter.text.spoken_ages import SpokenChild, written_children
from callcenter.text.spoken_days import find_days, written_day
from callcenter.text.spoken_numbers import find_numbers
from callcenter.text.spoken_siblings import find_siblings
from callcenter.text.spoken_times import Span, find_times, written_span

Kind = Literal[CodedKind, NamedPerson, "name", "child", "time", "day", "phone", "refused", "note"]
Value = str | tuple[SpokenChild, ...] | Span | date | None

BLOT = "■"
"""Stands for each character of a word that is refused."""


class Choice(NamedTuple):
    """One thing an ambiguous word can mean, and what to write in its place to say so."""

    kind: Kind
    value: Value
    text: str


@dataclass(frozen=True, slots=True)
class Word:
    """A stretch `line[start:end]` and what it was understood to be.

    `value` is a code, a name, a note, a telephone number as it is shown, a tuple of `SpokenChild`, a `Span` or a date;
    None while one of `choices` must be taken first, and for what is refused, whose `text` is blotted out. `area` is the
    part of a region that was said for it.
    """

    start: int
    end: int
    text: str
    kind: Kind
    value: Value = None
    choices: tuple[Choice, ...] = ()
    area: str = ""


_MARKED = re.compile(LABELLED + r'|"(?!\s*"(?!"))(?P<note>(?:[^"\0]|"")+)"(?!")')
_JOINS = "+,;"
_SPACES = re.compile(r"\s+")


def read_line(line: str, lexicon: Lexicon, now: datetime) -> tuple[Word, ...]:
    """The words of a line as `clean` leaves it, in their order; with the blanks between them they are the line.

    Nothing is refused by raising, and nothing is guessed: what cannot be placed is a note.
    """
    reading = _Reading(line)
    for read in (_refused, _marked, _phones):
        reading.take(read(reading.rest))
    today = now.astimezone(SEOUL).date()
    reading.take(_children(reading.rest, today))
    reading.take(_times(reading.rest, now))
    reading.take(_mistyped(reading.rest, now, reading.words))
    reading.take(_told(reading.rest, lexicon))
    reading.take(_codes(reading.rest, lexicon))
    reading.take(_names(reading.rest, lexicon, reading.words))
    return tuple(_with_notes(line, reading.words))


def chosen(line: str, word: Word, choice: Choice) -> str:
    """The line with the choice written in the place of an ambiguous word."""
    said = line[word.start : word.end]
    before = said[: len(said) - len(said.lstrip(_JOINS))]
    after = said[len(said.rstrip(_JOINS)) :]
    return line[: word.start] + before + choice.text + after + line[word.end :]


def without_refused(line: str, words: Iterable[Word]) -> str:
    """The line without what may not be taken down: this, not the line, is what a draft keeps."""
    for word in sorted(words, key=lambda one: one.start, reverse=True):
        if word.kind == "refused":
            line = line[: word.start] + line[word.end :]
    return line


class _Reading:
    """The words found so far, and the rest of the line with as many NULs in their place."""

    def __init__(self, line: str) -> None:
        self.words: list[Word] = []
        self.rest = line

    def take(self, words: Iterable[Word]) -> None:
        for word in words:
            self.words.append(word)
            self.rest = self.rest[: word.start] + "\0" * (word.end - word.start) + self.rest[word.end :]
        self.words.sort(key=lambda word: word.start)


def _refused(rest: str) -> Iterator[Word]:
    for match in BEGUN.finditer(rest):
        yield Word(match.start(), match.end(), BLOT * len(match[0]), "refused")


def _marked(rest: str) -> Iterator[Word]:
    """Names behind their labels and notes in quotes."""
    for match in _MARKED.finditer(rest):
        if match["note"] is None:
            yield _named(rest, labelled(match))
        else:
            yield Word(match.start(), match.end(), match[0], "note", _one_line(match["note"].replace('""', '"')))


def _phones(rest: str) -> Iterator[Word]:
    for start, end, number in find_numbers(rest):
        yield Word(start, end, rest[start:end], "phone", number)


def _children(rest: str, today: date) -> Iterator[Word]:
    for found in find_siblings(rest, today):
        choices = tuple(Choice("child", one, written_children(one)) for one in found.meanings)
        yield _chosen_or_asked(rest, found.start, found.end, "child", choices)


def _times(rest: str, now: datetime, said: Sequence[date] = ()) -> Iterator[Word]:
    timed = find_times(rest, now)
    others = rest
    for time in timed:
        others = others[: time.start] + "\0" * (time.end - time.start) + others[time.end :]
    days = find_days(others, now)
    if days or said:
        # A day said elsewhere in the line is that of the times said without one.
        timed = find_times(rest, now, sorted({*said, *(day for one in days for day in one.days)}))
    for found in timed:
        times = tuple(Choice("time", span, written_span(span)) for span in found.spans)
        yield _chosen_or_asked(rest, found.start, found.end, "time", times)
    for lone in days:
        meant = tuple(Choice("day", day, written_day(day)) for day in lone.days)
        yield _chosen_or_asked(rest, lone.start, lone.end, "day", meant)


def _mistyped(rest: str, now: datetime, before: Sequence[Word]) -> Iterator[Word]:
    """Children and times that were typed with Hangul off; words of the lexicon are known by their keys as well."""
    heard = hangul_of(rest)
    if heard is None:
        return
    days = [word.value for word in before if isinstance(word.value, date)]
    reading = _Reading(heard.text)
    reading.take(_children(reading.rest, now.astimezone(SEOUL).date()))
    reading.take(_times(reading.rest, now, days))
    for word in reading.words:
        typed = heard.typed(word.start, word.end)
        if typed is not None:
            yield replace(word, start=typed[0], end=typed[1], text=rest[typed[0] : typed[1]])


def _told(rest: str, lexicon: Lexicon) -> Iterator[Word]:
    for found in find_told(rest):
        if not is_word(found.name, lexicon):
            yield _named(rest, found)


def _codes(rest: str, lexicon: Lexicon) -> Iterator[Word]:
    for found in find_codes(rest, lexicon):
        text = rest[found.start : found.end]
        if found.void:
            yield Word(found.start, found.end, text, "note", _one_line(text))
        else:
            yield _coded(text, found)


def _coded(text: str, found: FoundCode) -> Word:
    first = found.codes[0]
    if is_certain(found.codes):
        # Typed with Hangul off, or in English, it is kept by its name.
        area = first.area if text.isascii() else text
        return Word(found.start, found.end, text, first.kind, first.code, area=area if first.area else "")
    choices = tuple(Choice(one.kind, one.code, one.word) for one in found.codes)
    if first.area:
        choices += (Choice("note", text, quoted(text)),)
    return Word(found.start, found.end, text, first.kind, None, choices)


def _names(rest: str, lexicon: Lexicon, before: Sequence[Word]) -> Iterator[Word]:
    for found in find_names(rest):
        if is_word(found.name, lexicon) or is_word(found.name[:-1], lexicon):
            continue
        person = found.person or ("guardian" if _beside(rest, found, before) else None)
        if person is not None:
            yield _named(rest, found._replace(person=person))
            continue
        choices = (
            Choice("guardian", found.name, written_name(found.name, "guardian")),
            Choice("child_name", found.name, written_name(found.name, "child_name")),
            Choice("note", found.name, quoted(found.name)),
        )
        yield Word(found.start, found.end, rest[found.start : found.end], "name", None, choices)


def _beside(rest: str, name: FoundName, words: Sequence[Word]) -> bool:
    """Whether a telephone number or a relation stands right before or behind the name."""
    return any(
        word.kind in ("phone", "relation")
        and not rest[min(word.end, name.end) : max(word.start, name.start)].strip(" ,")
        for word in words
    )


def _named(rest: str, found: FoundName) -> Word:
    kind: Kind = found.person or "name"
    return Word(found.start, found.end, rest[found.start : found.end], kind, found.name)


def _chosen_or_asked(rest: str, start: int, end: int, kind: Kind, choices: tuple[Choice, ...]) -> Word:
    if len(choices) == 1:
        return Word(start, end, rest[start:end], kind, choices[0].value)
    return Word(start, end, rest[start:end], kind, None, choices)


def _with_notes(line: str, words: Sequence[Word]) -> Iterator[Word]:
    """All words, with notes for what lies between them; a sign that joins belongs to the word behind it."""
    at = 0
    for number, word in enumerate(words, 1):
        start, end = word.start, word.end
        gap = line[at:start]
        if _says_something(gap):
            yield _note(line, at, start)
        else:
            start -= len(gap.lstrip())
        if number == len(words) and not _says_something(line[end:]):
            end = len(line.rstrip())
        shown = (
            line[start : word.start] + word.text + line[word.end : end] if word.kind == "refused" else line[start:end]
        )
        yield replace(word, start=start, end=end, text=shown)
        at = end
    if line[at:].strip():
        yield _note(line, at, len(line))


def _says_something(text: str) -> bool:
    return any(not (character.isspace() or character in _JOINS) for character in text)


def _note(line: str, start: int, end: int) -> Word:
    gap = line[start:end]
    start += len(gap) - len(gap.lstrip())
    text = gap.strip()
    return Word(start, start + len(text), text, "note", _one_line(text))


def _one_line(text: str) -> str:
    return _SPACES.sub(" ", text).strip()
