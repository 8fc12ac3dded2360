"""What was typed into the form, read as a whole: a wish for `open_request`, changes for `amend_request`, or faults.

The form's raw values are texts by field: `region`, `phone`, `when` …, and for the children `child1.birth`,
`child1.needs` (codes separated by blanks) and so on. `guardian_id` and `child1.id` name who is known already.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TypeVar, cast

from callcenter.care.child import Child, School
from callcenter.care.eligibility import Need
from callcenter.care.priority import Urgency
from callcenter.care.said_age import SaidAge, births_of, samples
from callcenter.console.forms.reading import birth_of, promise_of, region_of, said_child, usual_promise
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest
from callcenter.desk.requests import CONSENTS, RequestField
from callcenter.desk.session import seconds
from callcenter.errors import CallcenterError
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import RequestRow
from callcenter.text.moments import SEOUL, moment
from callcenter.text.phone import read_phone
from callcenter.text.spoken_times import times_of

Raw = Mapping[str, str]
Changes = dict[RequestField, str | int | None]

_Value = TypeVar("_Value")
_CHILD_FIELD = re.compile(r"child(\d+)\.(\w+)")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is missing or wrong in a field, in words."""

    field: str
    sentence: str


class _Reader:
    """Reads fields one after the other and keeps what is wrong with them, in the order of reading."""

    def __init__(self, raw: Raw, reference: Reference, now: datetime) -> None:
        self.raw = raw
        self.reference = reference
        self.now = now
        self.faults: list[Fault] = []

    def text(self, field: str) -> str:
        return self.raw.get(field, "").strip()

    def read(self, field: str, reading: Callable[[str], _Value], missing: str = "") -> _Value | None:
        """The field's value; None when it is blank (a fault if `missing` says so) or wrong (a fault)."""
        text = self.text(field)
        if not text:
            if missing:
                self.faults.append(Fault(field, missing))
            return None
        try:
            return reading(text)
        except CallcenterError as error:
            self.faults.append(Fault(field, str(error)))
            return None

    def region(self, field: str, missing: str = "") -> str | None:
        return self.read(field, lambda text: region_of(text, self.reference.regions).code, missing)

    def times(self, missing: str) -> tuple[datetime, datetime] | None:
        return self.read("when", lambda text: times_of(text, self.now), missing)

    def reason(self) -> str | None:
        return self.read("reason", str, _("Choose why care is needed."))

    def promised(self, blank: datetime | None) -> datetime | None:
        """When to call back; `blank` where nothing was written down."""
        if not self.text("promised"):
            return blank
        return self.read("promised", lambda text: promise_of(text, self.now, blank))


def children_in(raw: Raw) -> tuple[int, ...]:
    """The numbers of the children about whom something was written down; 1 when there is none."""
    said = {int(found[1]) for field, text in raw.items() if (found := _CHILD_FIELD.fullmatch(field)) and text.strip()}
    return tuple(sorted(said or {1}))


def wish_of(
    raw: Raw,
    reference: Reference,
    now: datetime,
    *,
    call_back: timedelta,
    call_id: str | None = None,
    draft: str | None = None,
) -> NewRequest | tuple[Fault, ...]:
    """The request that was written down, or every fault in the order of the fields."""
    form = _Reader(raw, reference, now)
    region = form.region("region", _("Which si or gun is it?"))
    phone = form.read("phone", _telephone, _("Ask for a number to call back."))
    guardian = form.read("guardian", str, _("Ask for the guardian's name."))
    children = [child for number in children_in(raw) if (child := _child(form, number))]
    times = form.times(_("From when till when is care needed?"))
    reason = form.reason()
    second_phone = form.read("second_phone", _telephone)
    residence = form.region("residence")
    promised = form.promised(usual_promise(now, call_back))
    if form.faults or region is None or phone is None or guardian is None or times is None or reason is None:
        return tuple(form.faults)
    return NewRequest(
        guardian=NewGuardian(
            name=guardian,
            phone=phone,
            relation=form.text("relation") or "mother",
            language=form.text("language") or "ko",
            id=form.text("guardian_id") or None,
            second_name=form.text("second_name"),
            second_phone=second_phone or "",
            address=form.text("address"),
            reachable=form.text("reachable"),
        ),
        children=tuple(children),
        region=region,
        start=times[0],
        end=times[1],
        reason=reason,
        residence=residence,
        urgency=cast(Urgency, form.text("urgency") or "normal"),
        call_id=call_id,
        promised=promised,
        note=note_of(raw),
        care_place=form.text("care_place") or None,
        handover=form.text("handover"),
        consents=tuple(kind for kind in CONSENTS if kind in form.text("consent").split()),
        draft=draft,
    )


def changes_of(raw: Raw, request: RequestRow, reference: Reference, now: datetime) -> Changes | tuple[Fault, ...]:
    """The fields of a request that were changed, as `amend_request` takes them; a blank call-back stays as it was."""
    form = _Reader(raw, reference, now)
    region = form.region("region", _("Which si or gun is it?"))
    times = form.times(_("From when till when is care needed?"))
    reason = form.reason()
    residence = form.region("residence")
    promised = form.promised(promised_of(request))
    if form.faults or times is None:
        return tuple(form.faults)
    wanted: Changes = {
        "region": region,
        "residence": residence,
        "start_at": seconds(times[0]),
        "end_at": seconds(times[1]),
        "reason": reason,
        "urgency": form.text("urgency") or request.urgency,
        "promised_at": seconds(promised) if promised else None,
        "care_place": form.text("care_place") or None,
        "handover": form.text("handover") or None,
    }
    before = request._asdict()
    return {field: value for field, value in wanted.items() if value != before[field]}


def promised_of(request: RequestRow) -> datetime | None:
    """When somebody was promised to be called back about a request."""
    return None if request.promised_at is None else moment(request.promised_at)


def note_of(raw: Raw) -> str:
    """The note that was typed, and what else the line says."""
    return "\n".join(text for key in ("note", "line.notes") if (text := raw.get(key, "").strip()))


def needs_of(raw: Raw, reference: Reference, now: datetime) -> tuple[tuple[Need, ...], ...]:
    """What each child needs as far as it can be read; none while region, times or every birth date and age is missing.

    A child of whom only an age was told has one need for each of the births that stand for all it allows.
    """
    form = _Reader(raw, reference, now)
    region, times = form.region("region"), form.times("")
    residence = form.region("residence")
    if region is None or times is None:
        return ()
    found: list[tuple[Need, ...]] = []
    for number in children_in(raw):
        births = _births(form, number)
        if births:
            school = _school(form, number)
            first = Need(
                region=region,
                child=Child(births[0], school),
                start=times[0],
                end=times[1],
                residence=residence,
                registered=_registered(form, number),
                symptoms=frozenset(_codes(form, f"child{number}.symptoms")),
                needs=frozenset(_codes(form, f"child{number}.needs")),
            )
            found.append(tuple(replace(first, child=Child(birth, school)) for birth in births))
    return tuple(found)


def _births(form: _Reader, number: int) -> tuple[date, ...]:
    """The birth date, or births that stand for all that the age told in its place allows."""
    today = form.now.astimezone(SEOUL).date()
    text = form.text(f"child{number}.birth")
    said = said_child(text, today)
    if said is None or said.birth is not None:
        birth = form.read(f"child{number}.birth", lambda text: birth_of(text, today))
        return (birth,) if birth is not None else ()
    school = said.school or _school(form, number)
    found = births_of(SaidAge(said.years, said.months, said.birth_year, school, said.grade), today)
    return samples(*found) if found is not None else ()


def _school(form: _Reader, number: int) -> School | None:
    said = said_child(form.text(f"child{number}.birth"), form.now.astimezone(SEOUL).date())
    return cast(School, form.text(f"child{number}.school")) or (said.school if said else None)


def _registered(form: _Reader, number: int) -> bool | None:
    return {"yes": True, "no": False}.get(form.text(f"child{number}.registered"))


def _child(form: _Reader, number: int) -> NewChild | None:
    prefix = f"child{number}."
    today = form.now.astimezone(SEOUL).date()
    birth = form.read(f"{prefix}birth", lambda text: birth_of(text, today), _("Ask for the child's birth date."))
    if birth is None:
        return None
    return NewChild(
        name=form.text(f"{prefix}name"),
        birth=birth,
        school=_school(form, number),
        registered=_registered(form, number),
        needs=_codes(form, f"{prefix}needs"),
        symptoms=_codes(form, f"{prefix}symptoms"),
        care_note=form.text(f"{prefix}care_note"),
        id=form.text(f"{prefix}id") or None,
        sex=form.text(f"{prefix}sex"),
        registration=form.text(f"{prefix}registration"),
    )


def _codes(form: _Reader, field: str) -> tuple[str, ...]:
    return tuple(sorted(form.text(field).split()))


def _telephone(text: str) -> str:
    read_phone(text)
    return text
