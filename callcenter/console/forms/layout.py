"""Which fields the request form has, in the order of a telephone call, and what each understands or asks for."""

from datetime import datetime

from callcenter.care.child import Child as ChildFacts
from callcenter.care.child import months_at, school_on
from callcenter.console.forms.answers import (
    care_places,
    coded,
    consents,
    registrations,
    relations,
    schools,
    sexes,
    urgencies,
)
from callcenter.console.forms.digit_field import DigitField
from callcenter.console.forms.fields import TextField
from callcenter.console.forms.reading import birth_of, promise_of, region_of
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text.moments import SEOUL, duration, span, stamp
from callcenter.text.phone import read_phone
from callcenter.text.spoken_times import times_of

AMENDED = frozenset({"region", "when", "reason", "urgency", "residence", "promised", "care_place", "handover"})
"""The fields of the request itself: what an amendment may change."""


Field = TextField | DigitField


def caller_fields() -> list[Field]:
    """Where the family is and who calls."""
    return [
        TextField("region", _("Region")),
        TextField("phone", _("Telephone")),
        TextField("guardian", _("Guardian")),
        DigitField("relation", _("Relation"), relations()),
        DigitField("known", _("Children"), (), multiple=True),
    ]


def child_fields(number: int, reference: Reference) -> list[Field]:
    """One child: a second one has its number in the caption."""
    prefix = f"child{number}."
    name = _("Child") if number == 1 else _("Child {number}").format(number=number)
    return [
        TextField(f"{prefix}name", name),
        # An age, said first, is there until the birth date is.
        TextField(f"{prefix}birth", _("Born on"), stands_in=lambda raw: any(map(str.isalpha, raw))),
        DigitField(f"{prefix}school", _("School"), schools()),
        DigitField(f"{prefix}registered", _("Registered"), registrations()),
        DigitField(f"{prefix}symptoms", _("Ill"), coded(reference.symptoms.values()), multiple=True),
        DigitField(f"{prefix}needs", _("Needs"), coded(reference.abilities.values()), multiple=True),
        TextField(f"{prefix}care_note", _("Care note")),
        DigitField(f"{prefix}sex", _("Girl or boy"), sexes()),
        TextField(f"{prefix}registration", _("Reg. number")),
    ]


def care_fields(reference: Reference) -> list[Field]:
    """When, why, how urgent; then what is seldom needed."""
    return [
        TextField("when", _("When")),
        DigitField("reason", _("Reason"), coded(reference.reasons.values())),
        DigitField("urgency", _("Urgency"), urgencies()),
        DigitField("consent", _("Consents"), consents(), multiple=True),
        TextField("second_name", _("2nd contact")),
        TextField("second_phone", _("Its number")),
        TextField("residence", _("Lives in")),
        TextField("address", _("Address")),
        DigitField("care_place", _("Cared for"), care_places()),
        TextField("handover", _("Handover")),
        TextField("reachable", _("Ring when")),
        TextField("promised", _("Call back")),
        TextField("note", _("Note")),
    ]


def title_of(key: str) -> str:
    """The caption of a text or digit field, for a sentence about it."""
    titles = {
        "region": _("Region"),
        "phone": _("Telephone"),
        "guardian": _("Guardian"),
        "birth": _("Born on"),
        "when": _("When"),
        "reason": _("Reason"),
        "residence": _("Lives in"),
        "second_phone": _("Its number"),
        "promised": _("Call back"),
    }
    return titles[key.rpartition(".")[2]]


def hint(key: str) -> str:
    """What may be typed into a blank field."""
    hints = {
        "region": _("Name, first consonants or code of the si or gun where care is needed."),
        "phone": _("The number to call back; «withheld» when the caller hides it."),
        "guardian": _("The guardian's name."),
        "name": _("The child's name, if it is told."),
        "birth": _("20180302, 180302 or 2018-03-02; until it is told, an age in years or months or a school grade."),
        "registration": _("The number under which the child is registered in advance."),
        "address": _("Town, district and street; who gives care finds the way by it."),
        "handover": _("Who brings the child, who fetches it, and how they travel."),
        "reachable": _("When the guardian can be rung, for instance after 20:00."),
        "second_name": _("Whom to ring when the guardian does not answer."),
        "second_phone": _("The number of the second contact."),
        "care_note": _("What a carer has to know: allergies, medicine, who picks the child up."),
        "when": _("20-23, tomorrow 6:30-9, 11/26 16-19, 22-06 past midnight."),
        "residence": _("Only where the family is registered elsewhere."),
        "promised": _("Minutes from now, or 21:30; 0 promises nothing."),
        "note": _("What else was said."),
    }
    return hints.get(key.rpartition(".")[2], "")


def understood(key: str, text: str, school: str, reference: Reference, now: datetime, blank: datetime | None) -> str:
    """What a field's text means, to be read back to the caller; "" where it means itself.

    `school` belongs to the same child; `blank` is when to call back where nothing was typed about it.
    Raises the refusal of what cannot be read.
    """
    match key.rpartition(".")[2]:
        case "region" | "residence":
            return str(region_of(text, reference.regions).name)
        case "phone" | "second_phone":
            phone = read_phone(text)
            return f"{phone.display} {_(phone.warning)}" if phone.warning else phone.display
        case "birth":
            return _born(text, school, now)
        case "when":
            start, end = times_of(text, now)
            return f"{span(start, end, now)} ({duration(end - start)})"
        case "promised":
            at = promise_of(text, now, blank)
            if at is None and not text:
                return ""
            return _("Promised for {time}.").format(time=stamp(at, now)) if at else _("Nothing is promised.")
    return ""


def _born(text: str, school: str, now: datetime) -> str:
    today = now.astimezone(SEOUL).date()
    birth = birth_of(text, today)
    years, months = divmod(months_at(birth, today), 12)
    said = _("{birth}: {years} years {months} months").format(birth=birth, years=years, months=months)
    if not school and school_on(ChildFacts(birth), today, today) is None:
        return said + ". " + _("Ask which school the child goes to.")
    return said
