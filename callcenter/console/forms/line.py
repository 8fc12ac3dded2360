"""The line of the form: what its words put into the fields, what is still open about them, and who wins.

The line and the fields are two views of one draft. A word fills its field; what a hand has typed there stays, and a
word that goes takes away what it had filled in.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple

from callcenter.care.said_age import SaidAge, births_of
from callcenter.console.forms.draft import DEFAULTS, Draft
from callcenter.console.forms.filled import children_in
from callcenter.console.forms.known import raw_child
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow
from callcenter.text.intake_line import Kind, Word
from callcenter.text.spoken_ages import SpokenChild, written_child
from callcenter.text.spoken_numbers import WITHHELD
from callcenter.text.spoken_times import Span, written_times

LINE = "line"
NOTES = "line.notes"
"""What no field has a place for; it becomes part of the request's note."""
_WHOSE = "whose."
_SINGLE: Mapping[Kind, str] = {
    "region": "region",
    "reason": "reason",
    "relation": "relation",
    "urgency": "urgency",
    "phone": "phone",
    "guardian": "guardian",
    "time": "when",
}
_KEPT_WHEN_REPLACED: frozenset[Kind] = frozenset({"phone", "time", "region"})
"""Perhaps the number to ring when nobody answers, a second evening, or where the grandparents live."""
_OF_A_CHILD: Mapping[Kind, str] = {"need": "needs", "symptom": "symptoms"}


class Whose(NamedTuple):
    """A word that is about one of several children, and it was not said of which."""

    word: Word
    children: tuple[str, ...]
    """What was said of each child, by number from 1 on."""


def whose_key(word: Word) -> str:
    """The value of the draft that keeps the answer: numbers of children, separated by blanks."""
    return f"{_WHOSE}{word.text.strip(' +,;')}"


def spoken_children(words: Sequence[Word]) -> tuple[SpokenChild, ...]:
    """The children of the line, in their order."""
    return tuple(child for word in words if isinstance(word.value, tuple) for child in word.value)


def field_of(word: Word) -> str | None:
    """The field that the word alone is about; None for a word about a child or no field, and for a start alone.

    A clock without an end may be when the medicine is due: it takes nothing from the time that is wished.
    """
    if isinstance(word.value, Span) and word.value.end is None:
        return None
    return _SINGLE.get(word.kind) if word.value is not None else None


def replaced(words: Sequence[Word]) -> frozenset[int]:
    """The starts of words that a later one of the same kind corrects: the last that was said counts."""
    last = {word.kind: word.value for word in words if field_of(word)}
    return frozenset(word.start for word in words if field_of(word) and last[word.kind] != word.value)


def open_question(words: Sequence[Word], raw: Mapping[str, str]) -> Word | Whose | None:
    """The first word that means several things, or is about one of several children and it is not known which."""
    children = tuple(map(written_child, spoken_children(words)))
    for word in words:
        if word.choices:
            return word
        if word.kind in _OF_A_CHILD and len(children) > 1 and not raw.get(whose_key(word)):
            return Whose(word, children)
    return None


def fills_of(words: Sequence[Word], raw: Mapping[str, str], reference: Reference) -> dict[str, str]:
    """What the words put into the fields, by field; `raw` holds the answers about whom a word is."""
    found = {key: _said(word, reference) for word in words if (key := field_of(word))}
    children = spoken_children(words)
    for number, child in enumerate(children, 1):
        found[f"child{number}.birth"] = child.birth.isoformat() if child.birth else written_child(child)
        if child.school is not None:
            found[f"child{number}.school"] = child.school
    names = [str(word.value) for word in words if word.kind == "child_name"]
    found |= {f"child{number}.name": name for number, name in enumerate(names, 1)}
    for word in words:
        if word.kind in _OF_A_CHILD and word.value is not None:
            for number in _whom(word, children, raw):
                _add(found, f"child{number}.{_OF_A_CHILD[word.kind]}", str(word.value), " ")
                if word.kind == "need":
                    # «땅콩알레르기» says more than its code.
                    _add(found, f"child{number}.care_note", word.text.strip(" +,;"), ", ")
    return {key: text for key, text in found.items() if text}


def notes_of(words: Sequence[Word], raw: Mapping[str, str]) -> str:
    """What is kept as a note: what was not understood, what is about a child and not known about which, and areas."""
    several, lost = len(spoken_children(words)) > 1, replaced(words)
    return ", ".join(
        str(word.value) if word.kind == "note" else (word.area or word.text).strip(" +,;")
        for word in words
        if word.kind in ("note", "name", "day")
        or (word.start in lost and word.kind in _KEPT_WHEN_REPLACED)
        or word.area
        or (word.choices and word.kind != "refused")
        or (word.kind in _OF_A_CHILD and several and not raw.get(whose_key(word)))
        or (isinstance(word.value, Span) and word.value.end is None)
    )


def with_line(draft: Draft, line: str, words: Sequence[Word], reference: Reference, today: date) -> Draft:
    """The draft with what the line says now; `line` holds nothing that may not be taken down.

    A child of the line that can be only one of the known children is that child.
    """
    fills = fills_of(words, draft.raw, reference)
    told = range(1, len(spoken_children(words)) + 1)
    fills |= _known_children(draft, spoken_children(words), fills, today)
    raw = dict(draft.raw)
    for number in told:
        keys = [key for key in raw if key.startswith(f"child{number}.")]
        if all(_is_free(draft, key) for key in keys):
            # Whoever the record put there is not the child that is spoken of.
            raw |= dict.fromkeys(keys, "")
    of_told = tuple(f"child{number}." for number in told)
    filled: dict[str, str] = {}
    for key in {*draft.filled, *fills}:
        if _is_free(draft, key):
            fallback = "" if key.startswith(of_told) else draft.record.get(key, "")
            shown = draft.shown if key == "phone" else ""
            raw[key] = fills.get(key) or fallback or shown or DEFAULTS.get(key, "")
        if raw.get(key) and raw.get(key) == fills.get(key):
            filled[key] = raw[key]
    raw[LINE], raw[NOTES] = line, notes_of(words, draft.raw)
    for number in children_in(raw):
        child = raw.get(f"child{number}.id")
        if child and number not in told and child in {raw.get(f"child{one}.id") for one in told}:
            raw |= {key: "" for key in raw if key.startswith(f"child{number}.")}
    return replace(draft, raw=raw, filled=filled)


def clashes(draft: Draft, words: Sequence[Word], reference: Reference) -> frozenset[str]:
    """The fields where a hand has typed something else than the line says; the hand wins."""
    fills = fills_of(words, draft.raw, reference)
    return frozenset(
        key
        for key, text in fills.items()
        if draft.raw.get(key, "") not in ("", text) and key not in draft.filled and not key.startswith("child")
    )


def _is_free(draft: Draft, key: str) -> bool:
    """Whether the line may write there: blank, usual, or put there by the line or the record."""
    usual = (DEFAULTS.get(key), draft.filled.get(key), draft.record.get(key), draft.shown if key == "phone" else None)
    return draft.raw.get(key, "") in ("", *usual)


def _said(word: Word, reference: Reference) -> str:
    if isinstance(word.value, Span):
        return written_times(word.value.start, word.value.end) if word.value.end else ""
    if word.kind == "region":
        return str(reference.regions[str(word.value)].name)
    return WITHHELD if word.value == WITHHELD else str(word.value)


def _add(found: dict[str, str], key: str, text: str, between: str) -> None:
    parts = found[key].split(between) if key in found else []
    found[key] = between.join(dict.fromkeys([*parts, text]))


def _whom(word: Word, children: Sequence[SpokenChild], raw: Mapping[str, str]) -> tuple[int, ...]:
    if len(children) < 2:
        return (1,)
    return tuple(number for one in raw.get(whose_key(word), "").split() if (number := int(one)) <= len(children))


def _known_children(
    draft: Draft, children: Sequence[SpokenChild], fills: Mapping[str, str], today: date
) -> dict[str, str]:
    found: dict[str, str] = {}
    left = list(draft.known)
    for number, child in enumerate(children, 1):
        fitting = [one for one in left if _can_be(one, child, today)]
        if len(fitting) == 1:
            left.remove(fitting[0])
            values = raw_child(number, fitting[0])
            # What is said today goes before what was said then, and adds to what a carer has to know.
            found |= {
                key: text for key, text in values.items() if text and (key.endswith(".birth") or key not in fills)
            }
            for key in (f"child{number}.needs", f"child{number}.care_note"):
                if key in fills and values[key]:
                    between = " " if key.endswith("needs") else ", "
                    found[key] = between.join(dict.fromkeys([*values[key].split(between), *fills[key].split(between)]))
    return found


def _can_be(known: ChildRow, said: SpokenChild, today: date) -> bool:
    if said.birth is not None:
        return known.birth == said.birth.isoformat()
    births = births_of(age_of(said), today)
    return births is not None and births[0] <= date.fromisoformat(known.birth) <= births[1]


def age_of(said: SpokenChild) -> SaidAge:
    """What was said of a child, as the rules weigh it."""
    return SaidAge(said.years, said.months, said.birth_year, said.school, said.grade)
