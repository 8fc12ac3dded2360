"""What was typed into the form, read as a whole: a wish for `open_request`, changes for `amend_request`, or faults.

The form's raw values are texts by field: `region`, `phone`, `when` …, and for the children `child1.birth`,
`child1.needs` (codes separated by blanks) and so on. `guardian_id` and `child1.id` name who is known already.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar, cast

from callcenter.care.child import Child, School
from callcenter.care.eligibility import Need
from callcenter.care.priority import Urgency
from callcenter.console.forms.reading import birth_of, promise_of, region_of
from callcenter.desk.requests import NewChild, NewGuardian, NewRequest, RequestField
from callcenter.desk.session import seconds
from callcenter.desk.view import RequestView
from callcenter.errors import CallcenterError
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow, GuardianRow, RequestRow
from callcenter.text.moments import SEOUL, moment
from callcenter.text.phone import display_phone, read_phone
from callcenter.text.spoken_times import times_of, written_times

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


def children_in(raw: Raw) -> tuple[int, ...]:
    """The numbers of the children about whom something was written down; 1 when there is none."""
    said = {int(found[1]) for field, text in raw.items() if (found := _CHILD_FIELD.fullmatch(field)) and text.strip()}
    return tuple(sorted(said or {1}))


def wish_of(
    raw: Raw, reference: Reference, now: datetime, *, call_back: timedelta, call_id: str | None = None
) -> NewRequest | tuple[Fault, ...]:
    """The request that was written down, or every fault in the order of the fields."""
    form = _Reader(raw, reference, now)
    region = form.region("region", _("Which si or gun is it?"))
    phone = form.read("phone", _telephone, _("Ask for a number to call back."))
    guardian = form.read("guardian", str, _("Ask for the guardian's name."))
    children = [child for number in children_in(raw) if (child := _child(form, number))]
    times = form.times(_("From when till when is care needed?"))
    reason = form.reason()
    residence = form.region("residence")
    promised = None
    try:
        promised = promise_of(form.text("promised"), now, call_back)
    except CallcenterError as error:
        form.faults.append(Fault("promised", str(error)))
    if form.faults or region is None or phone is None or guardian is None or times is None or reason is None:
        return tuple(form.faults)
    return NewRequest(
        guardian=NewGuardian(
            name=guardian,
            phone=phone,
            relation=form.text("relation") or "mother",
            language=form.text("language") or "ko",
            id=form.text("guardian_id") or None,
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
        note=form.text("note"),
    )


def changes_of(raw: Raw, request: RequestRow, reference: Reference, now: datetime) -> Changes | tuple[Fault, ...]:
    """The fields of a request that were changed, as `amend_request` takes them; a blank call-back stays as it was."""
    form = _Reader(raw, reference, now)
    region = form.region("region", _("Which si or gun is it?"))
    times = form.times(_("From when till when is care needed?"))
    reason = form.reason()
    residence = form.region("residence")
    promised = request.promised_at
    if form.text("promised"):
        try:
            at = promise_of(form.text("promised"), now, timedelta())
            promised = seconds(at) if at else None
        except CallcenterError as error:
            form.faults.append(Fault("promised", str(error)))
    if form.faults or times is None:
        return tuple(form.faults)
    wanted: Changes = {
        "region": region,
        "residence": residence,
        "start_at": seconds(times[0]),
        "end_at": seconds(times[1]),
        "reason": reason,
        "urgency": form.text("urgency") or request.urgency,
        "promised_at": promised,
    }
    before = request._asdict()
    return {field: value for field, value in wanted.items() if value != before[field]}


def needs_of(raw: Raw, reference: Reference, now: datetime) -> tuple[Need, ...]:
    """What the children need as far as it can be read; none while region, times or every birth date is missing."""
    form = _Reader(raw, reference, now)
    region, times = form.region("region"), form.times("")
    residence = form.region("residence")
    if region is None or times is None:
        return ()
    return tuple(
        Need(
            region=region,
            child=Child(child.birth, child.school),
            start=times[0],
            end=times[1],
            residence=residence,
            registered=child.registered,
            symptoms=frozenset(child.symptoms),
            needs=frozenset(child.needs),
        )
        for number in children_in(raw)
        if (child := _child(form, number))
    )


def _child(form: _Reader, number: int) -> NewChild | None:
    prefix = f"child{number}."
    today = form.now.astimezone(SEOUL).date()
    birth = form.read(f"{prefix}birth", lambda text: birth_of(text, today), _("Ask for the child's birth date."))
    if birth is None:
        return None
    return NewChild(
        name=form.text(f"{prefix}name"),
        birth=birth,
        school=cast(School, form.text(f"{prefix}school")) or None,
        registered={"yes": True, "no": False}.get(form.text(f"{prefix}registered")),
        needs=_codes(form, f"{prefix}needs"),
        symptoms=_codes(form, f"{prefix}symptoms"),
        care_note=form.text(f"{prefix}care_note"),
        id=form.text(f"{prefix}id") or None,
    )


def _codes(form: _Reader, field: str) -> tuple[str, ...]:
    return tuple(sorted(form.text(field).split()))


def _telephone(text: str) -> str:
    read_phone(text)
    return text


def raw_guardian(guardian: GuardianRow) -> dict[str, str]:
    """A known guardian as the form's raw values."""
    return {
        "guardian_id": guardian.id,
        "guardian": guardian.name,
        "phone": display_phone(guardian.phone),
        "relation": guardian.relation,
        "language": guardian.language,
    }


def raw_child(number: int, child: ChildRow) -> dict[str, str]:
    """A known child as the raw values of the child of this number; symptoms are asked anew each time."""
    registered = "" if child.registered is None else "yes" if child.registered else "no"
    values = {
        "id": child.id,
        "name": child.name,
        "birth": child.birth,
        "school": child.school or "",
        "registered": registered,
        "needs": child.needs,
        "symptoms": "",
        "care_note": child.care_note,
    }
    return {f"child{number}.{field}": text for field, text in values.items()}


def _region_name(reference: Reference, code: str) -> str:
    """The full name, or the code that an application named and nobody knows."""
    region = reference.regions.get(code)
    return str(region.name) if region else code


def raw_request(view: RequestView, reference: Reference) -> dict[str, str]:
    """A request as the form's raw values, to be amended."""
    request = view.request
    raw = {
        "region": _region_name(reference, request.region),
        "residence": _region_name(reference, request.residence) if request.residence else "",
        "when": written_times(moment(request.start_at), moment(request.end_at)),
        "reason": request.reason,
        "urgency": request.urgency,
    }
    for number, child in enumerate(view.children, 1):
        raw |= raw_child(number, child) | {f"child{number}.symptoms": child.symptoms}
    return raw
