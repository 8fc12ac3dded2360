"""What stands in the request form, as plain values: typed texts, and what is known of the guardian and filled in."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from callcenter.console.forms.filled import children_in
from callcenter.console.forms.known import raw_child, raw_guardian
from callcenter.store.reads import ChildRow, GuardianRow

_SELDOM = frozenset(
    {
        "second_name",
        "second_phone",
        "residence",
        "address",
        "reachable",
        "care_place",
        "handover",
        "sex",
        "registration",
    }
)
DEFAULTS: Mapping[str, str] = {"relation": "mother", "urgency": "normal"}


@dataclass(frozen=True, slots=True)
class Draft:
    """The raw values of the form.

    `record` holds those that came from the record of `guardian`, `filled` those that came from the line.
    """

    raw: Mapping[str, str] = field(default_factory=lambda: dict(DEFAULTS))
    guardian: GuardianRow | None = None
    known: tuple[ChildRow, ...] = ()
    record: Mapping[str, str] = field(default_factory=dict)
    filled: Mapping[str, str] = field(default_factory=dict)
    shown: str = ""
    """The number that the telephone showed before anything was typed."""

    def with_raw(self, values: Mapping[str, str]) -> "Draft":
        """The draft with these values."""
        return replace(self, raw={**self.raw, **values})


def with_guardian(
    draft: Draft, guardian: GuardianRow, children: Sequence[ChildRow], region: str, consents: Sequence[str] = ()
) -> Draft:
    """The record filled in where nothing was typed; an only child is taken, of several the caller says which.

    `region` is the name of the si or gun of the last request, "" when there is none; `consents` were given before. The
    number stays as typed.
    """
    record = {key: text for key, text in raw_guardian(guardian).items() if key != "phone"}
    if region:
        record["region"] = region
    if consents:
        record["consent"] = " ".join(consents)
    kept = {key: text for key, text in draft.raw.items() if text and text != DEFAULTS.get(key)}
    raw = {**draft.raw, **record, **kept}
    found = replace(draft, raw=raw, guardian=guardian, known=tuple(children), record=record)
    only = [child.id for child in children] if len(children) == 1 and not said_of(draft.raw, 1) else []
    return with_children(found, only) if only else found


def without_guardian(draft: Draft) -> Draft:
    """What the record filled in goes, who it was about with it; what was typed over it stays."""
    record = draft.record
    raw = {key: DEFAULTS.get(key, "") if record.get(key) == text else text for key, text in draft.raw.items()}
    return replace(draft, raw=raw, guardian=None, known=(), record={})


def chosen_children(draft: Draft) -> tuple[str, ...]:
    """The known children that were written down, in their order on the form."""
    return tuple(child for number in children_in(draft.raw) if (child := draft.raw.get(f"child{number}.id")))


def with_children(draft: Draft, chosen: Sequence[str]) -> Draft:
    """Of the known children exactly these are written down; children typed by hand stay."""
    raw, record = dict(draft.raw), dict(draft.record)
    for number in children_in(raw):
        if raw.get(f"child{number}.id", "") not in ("", *chosen):
            for key in [key for key in raw if key.startswith(f"child{number}.")]:
                raw.pop(key)
                record.pop(key, None)
    for child in draft.known:
        if child.id in chosen and child.id not in chosen_children(replace(draft, raw=raw)):
            values = raw_child(next_child(raw), child)
            raw |= values
            record |= values
    return replace(draft, raw=raw, record=record)


def next_child(raw: Mapping[str, str]) -> int:
    """The lowest number of a child about whom nothing was said."""
    return next(number for number in range(1, len(children_in(raw)) + 2) if not said_of(raw, number))


def said_of(raw: Mapping[str, str], number: int) -> bool:
    """Whether anything is written down about this child."""
    return any(text for key, text in raw.items() if key.startswith(f"child{number}."))


def is_birth(text: str) -> bool:
    """Whether a birth date stands there, and not the age that was told for it."""
    return len(re.findall(r"\d", text)) in (6, 8) or len(re.findall(r"\d+", text)) == 3


def passed_over(draft: Draft, key: str) -> bool:
    """Whether Enter may pass over a field: the line or the record answers it, or the number found the record.

    Whether a child is ill is asked every time, and a birth date where an age was told.
    """
    text = draft.raw.get(key, "")
    if text and draft.filled.get(key) == text and not key.endswith(".birth"):
        return True
    if key == "phone":
        return draft.guardian is not None
    if key == "known":
        return bool(chosen_children(draft))
    if key.endswith(".birth"):
        return is_birth(text)
    if key.rpartition(".")[2] in _SELDOM:
        return True
    if key.endswith(".symptoms") or draft.record.get(key) != text:
        return False
    return bool(text) or key.endswith((".needs", ".care_note"))
