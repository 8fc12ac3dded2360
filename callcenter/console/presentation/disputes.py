"""Fields that two desks changed without knowing of each other: both values, by whom and when, until one is chosen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.console.presentation import glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import paragraph
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text import moments
from callcenter.text.masking import mask_address, mask_name, mask_people, mask_phone
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.desk.disputes import Said, Value

# What says who somebody is stays masked here as everywhere.
_MASKS: Mapping[str, Callable[[str], str]] = {
    "name": mask_name,
    "second_name": mask_name,
    "child.name": mask_name,
    "phone": mask_phone,
    "second_phone": mask_phone,
    "address": mask_address,
}

_WORDS: Mapping[str, Callable[[str], str]] = {
    "urgency": words.urgency,
    "care_place": words.care_place,
    "relation": words.relation,
    "language": words.language_name,
    "child.school": words.school,
    "child.sex": words.sex,
}


def lines(
    disputed: "Mapping[str, Sequence[Said]]", reference: Reference, now: datetime, key: str, width: int
) -> list[Pieces]:
    """Each field with its values one below the other, and the `key` that chooses."""
    found: list[Pieces] = []
    for field, values in disputed.items():
        head = _("Two values, {field}: {key} chooses").format(field=words.field(field), key=key)
        found += paragraph(Cell(f"{glyphs.URGENT} ", "urgent"), Cell(head, "urgent"), width)
        for said in values:
            what, who = told(field, said, reference, now)
            found += paragraph(Cell(f"  {what} ", "strong"), Cell(who, "muted"), width)
    return found


def question(field: str, number: int, of: int) -> str:
    """What the choice asks, and the how manieth of how many it is."""
    asked = _("{field}: which value stands?").format(field=words.field(field))
    return asked if of == 1 else f"{number}/{of} {asked}"


def told(field: str, said: "Said", reference: Reference, now: datetime) -> tuple[str, str]:
    """The value in words, and who wrote it where and when."""
    who = _("desk {desk} {operator}").format(desk=said.desk, operator=said.operator)
    return _value(field, said.value, reference, now), f"{who} {moments.stamp(moment(said.at), now)}"


def _value(field: str, value: "Value", reference: Reference, now: datetime) -> str:
    if value is None or value in ("", []):
        return _("nothing")
    if field in ("start_at", "end_at", "promised_at") and isinstance(value, int):
        return moments.stamp(moment(value), now)
    if isinstance(value, list):
        known = {**reference.symptoms, **reference.abilities}
        return ", ".join(str(known[code].words) if code in known else code for code in value)
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    code = str(value)
    if mask := _MASKS.get(field):
        return mask(code)
    if field in ("region", "residence"):
        return words.region(reference, code)
    if field == "service" and code in reference.services:
        return str(reference.services[code].short)
    if field == "reason" and code in reference.reasons:
        return str(reference.reasons[code].words)
    return _WORDS[field](code) if field in _WORDS else mask_people(code, ())
