"""Families we know already: an application of theirs joins their record and changes nothing in it."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import NamedTuple, cast

from callcenter.care.child import School
from callcenter.care.codes import Code
from callcenter.desk.free_text import kept_text
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store.applications import Member
from callcenter.store.reads import ChildRow, GuardianRow

# What a form takes for granted was not said.
_TAKEN_FOR_GRANTED = ("mother", "ko")
# Codes whose English word is another one.
_CALLED = {
    "guardian": mark("legal guardian"),
    "other": mark("other relation"),
    "none": mark("not in school"),
    "elementary": mark("elementary school"),
    "middle": mark("middle school"),
}


class Recognised(NamedTuple):
    """The wish with the people in it whom we know, what the application says of them, and their records.

    `children` are the records of the same child with anybody who has this number.
    """

    wish: NewRequest
    differences: list[str]
    children: list[str]


def recognised(reference: Reference, wish: NewRequest, rows: Sequence[Member]) -> Recognised:
    """Who of the wish is known: just one guardian of this number and name with a child of this name and birth date.

    `rows` are the children of everybody who has the number. Whoever sends an application has not shown who he is,
    so what it says otherwise does not overwrite our facts.
    """
    if not rows:
        return Recognised(wish, [], [])
    same = [(guardian, child) for guardian, child in rows if any(_is(child, one) for one in wish.children)]
    children = [child.id for _guardian, child in same]
    guardians = {guardian.id: guardian for guardian, _child in same if guardian.name == _plain(wish.guardian.name)}
    if len(guardians) != 1:
        return Recognised(wish, [], children)
    (known,) = guardians.values()
    ours = [child for guardian, child in rows if guardian.id == known.id]
    differences = list(_of_guardian(wish.guardian, known))
    kept = []
    for child in wish.children:
        record = next((one for one in ours if _is(one, child)), None)
        if record is not None:
            differences += _of_child(reference, child, record)
        kept.append(child if record is None else _as_known(record))
    return Recognised(replace(wish, guardian=_guardian_as_known(known), children=tuple(kept)), differences, children)


def _is(known: ChildRow, child: NewChild) -> bool:
    return known.birth == child.birth.isoformat() and known.name == _plain(child.name)


def _plain(name: str) -> str:
    return kept_text(name)


def _guardian_as_known(known: GuardianRow) -> NewGuardian:
    return NewGuardian(known.name, known.phone or "withheld", known.relation, known.language, known.id)


def _as_known(known: ChildRow) -> NewChild:
    return NewChild(
        name=known.name,
        birth=date.fromisoformat(known.birth),
        school=cast(School | None, known.school),
        # SQLite keeps a truth value as a number.
        registered=None if known.registered is None else bool(known.registered),
        needs=tuple(known.needs.split()),
        symptoms=tuple(known.symptoms.split()),
        care_note=known.care_note,
        id=known.id,
    )


def _of_guardian(said: NewGuardian, known: GuardianRow) -> Iterator[str]:
    if said.relation not in (known.relation, *_TAKEN_FOR_GRANTED):
        yield _differs(_("relation"), _word(said.relation), _word(known.relation))
    if said.language not in (known.language, *_TAKEN_FOR_GRANTED):
        yield _differs(_("language"), said.language, known.language)


def _of_child(reference: Reference, said: NewChild, known: ChildRow) -> Iterator[str]:
    if said.school is not None and said.school != known.school:
        yield _differs(_("school"), _word(said.school), _word(known.school or ""))
    if said.registered is not None and said.registered != known.registered:
        yield _differs(_("registered"), _yes(said.registered), _yes(known.registered))
    if not set(said.needs) <= set(known.needs.split()):
        yield _differs(
            _("needs"), *(_listed(reference.abilities, codes) for codes in (said.needs, known.needs.split()))
        )
    # A child that was ill last time may be well, and the other way round.
    if set(said.symptoms) != set(known.symptoms.split()):
        either = (said.symptoms, known.symptoms.split())
        yield _differs(_("symptoms"), *(_listed(reference.symptoms, codes) for codes in either))
    care_note = kept_text(said.care_note, lines=True)
    if care_note and care_note != known.care_note:
        yield _differs(_("care note"), care_note, known.care_note)


def _differs(field: str, theirs: str, ours: str) -> str:
    told = _("{field}: {theirs} in the application, {ours} in our record.")
    return told.format(field=field, theirs=theirs or _("nothing"), ours=ours or _("nothing"))


def _word(code: str) -> str:
    return _(_CALLED.get(code, code)) if code else ""


def _yes(flag: bool | None) -> str:
    return "" if flag is None else _("yes") if flag else _("no")


def _listed(known: Mapping[str, Code], codes: Iterable[str]) -> str:
    return ", ".join(str(known[code].words) if code in known else code for code in sorted(codes))
