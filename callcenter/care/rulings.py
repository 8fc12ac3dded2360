"""The rules applied to one need at one time: every block with its code, and what is still to be asked."""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from types import MappingProxyType
from typing import NamedTuple

from callcenter.care.calendar import SEOUL, Calendar
from callcenter.care.child import months_at, school_on, years_at
from callcenter.care.codes import ABILITIES
from callcenter.care.need import Facility, Need
from callcenter.care.opening import Stay, stay_of, week_windows
from callcenter.care.own_rules import with_own
from callcenter.care.programs import Coverage, Service
from callcenter.care.rules import Booking, Rules, Window

_NO_VALUES: Mapping[str, object] = MappingProxyType({})


class Block(NamedTuple):
    """A hard rule that does not hold: its stable code and the values its sentence needs."""

    code: str
    values: Mapping[str, object] = _NO_VALUES


class Ask(NamedTuple):
    """A fact the caller can still give, without which a rule cannot be decided."""

    field: str
    values: Mapping[str, object] = _NO_VALUES


class Case(NamedTuple):
    """One need against one service at one time; times are naive and in Seoul."""

    service: Service
    need: Need
    start: datetime
    end: datetime
    now: datetime
    calendar: Calendar
    coverage: Coverage
    facility: Facility | None
    region: str
    provider: str | None
    rules: Rules


def case_of(
    service: Service,
    need: Need,
    now: datetime,
    calendar: Calendar,
    coverage: Coverage,
    facility: Facility | None,
) -> Case:
    """The need as it is asked for. Raises ValueError for a moment without a time zone."""
    start = _in_seoul(need.start)
    region = facility.region if facility else need.region
    provider = facility.id if facility else None
    return Case(
        service,
        need,
        start,
        _in_seoul(need.end),
        _in_seoul(now),
        calendar,
        coverage,
        facility,
        region,
        provider,
        _rules_on(service, start.date(), region, facility),
    )


def moved(case: Case, start: datetime, length: timedelta) -> Case:
    """The same need at another start (naive, Seoul), with the rules of that day."""
    rules = _rules_on(case.service, start.date(), case.region, case.facility)
    return case._replace(start=start, end=start + length, rules=rules)


def _rules_on(service: Service, day: date, region: str, facility: Facility | None) -> Rules:
    if facility is None:
        return service.rules_on(day, region)
    return with_own(service.rules_on(day, region, facility.id), facility.own, facility.id)


def _in_seoul(moment: datetime) -> datetime:
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(SEOUL).replace(tzinfo=None)


def day_blocks(case: Case) -> Iterator[Block]:
    """The rules that do not hold at any start of the same day with an end on the same day."""
    yield from _call_blocks(case)
    yield from _child_blocks(case)
    yield from _place_blocks(case)
    if case.facility is not None:
        yield from _facility_blocks(case, case.facility)


def _facility_blocks(case: Case, facility: Facility) -> Iterator[Block]:
    """What keeps this provider from any care on these days: its licence, its training, how far it goes.

    A family's home is known by its si or gun only, so that within the carer's own one nobody can tell how far it is.
    """
    own = facility.own
    last = max(case.start.date(), (case.end - timedelta(microseconds=1)).date())
    for code, until in (("licence_expired", own.licence_until), ("training_expired", own.training_until)):
        if until is not None and until < last:
            yield Block(code, {"until": until})
    if own.radius_km is None or facility.km is None or case.need.region == facility.region:
        return
    if facility.km > own.radius_km:
        yield Block("too_far", {"km": f"{facility.km:.1f}", "radius": f"{own.radius_km:g}"})


def _call_blocks(case: Case) -> Iterator[Block]:
    service, need = case.service, case.need
    health = case.rules.health
    if health is not None and need.symptoms:
        refused = need.symptoms if health.refused is None else need.symptoms & health.refused
        if refused:
            yield Block("symptoms", {"symptoms": tuple(sorted(refused))})
    special = case.rules.special_care
    unable = need.needs & special.refused if special else frozenset()
    if case.facility is not None and case.facility.can is not None:
        unable |= need.needs.intersection(ABILITIES) - case.facility.can
    if unable:
        yield Block("special_care", {"needs": tuple(sorted(unable))})
    registration = case.rules.registration
    if registration is not None and need.registered is False:
        yield Block("not_registered", {"registration": registration.name})
    if need.channel == "hotline":
        linking = service.rules_on(case.now.date(), case.region, case.provider).linking
        if linking is not None:
            today = linking.week[case.calendar.kind(case.now.date())]
            minute = case.now.hour * 60 + case.now.minute
            if not any(window.opens <= minute < window.closes for window in today):
                yield Block("hotline_closed", {"hours": today, "otherwise": linking.otherwise})
    length = case.rules.length
    least = length.least if length and length.least else 1
    if case.end - case.start < timedelta(minutes=least):
        yield Block("too_short", {"least": timedelta(minutes=least)})


def _child_blocks(case: Case) -> Iterator[Block]:
    """Ages are taken on the day care begins and on the last day it touches."""
    child = case.need.child
    first = case.start.date()
    age = case.rules.age
    if age is None:
        return
    last = max(first, (case.end - timedelta(microseconds=1)).date())
    young = months_at(child.birth, first) < age.from_months
    old = years_at(child.birth, last) >= age.below_years
    if young:
        yield Block("age_under", {"months": age.from_months, "from": _reaches(child.birth, age.from_months)})
    if old:
        yield Block("age_over", {"years": age.below_years, "from": _reaches(child.birth, age.below_years * 12)})
    school = school_on(child, first, case.now.date())
    if not age.schools or school is None or school in age.schools:
        return
    # A presumed school adds nothing to an age that is refused anyway; a stated one is told.
    if child.school is not None or not (young or old):
        too_far = school in ("elementary", "middle") and "elementary" not in age.schools
        yield Block("school_age" if too_far else "not_in_school", {})


def _reaches(birth: date, months: int) -> date:
    """The day on which so many months are complete."""
    year, month = divmod(birth.year * 12 + birth.month - 1 + months, 12)
    try:
        return date(year, month + 1, birth.day)
    except ValueError:
        return date(year, month + 2, 1)  # December has every day


def _place_blocks(case: Case) -> Iterator[Block]:
    service, need = case.service, case.need
    day = case.start.date()
    residence = case.rules.residence
    if not _served(case, day):
        # Elsewhere helps only where a family need not live there.
        bound = residence is not None and residence.within == "covered"
        regions = () if bound else case.coverage.regions(service.id, day)
        yield Block("region_not_served", {"region": need.region, "regions": regions})
    within = residence.within if residence else None
    home = need.residence or need.region
    own_only = case.facility is not None and case.facility.residents_only is True
    if within == "region" or own_only:
        if home != case.region:
            yield Block("residence", {"within": "region", "region": case.region})
    elif need.residence is None:
        return  # lives where it calls from, and that region was looked at above
    elif residence is not None and within == "province":
        if not home.startswith(residence.province or ""):
            yield Block("residence", {"within": "province", "province": residence.province})
    elif within == "covered" and case.coverage.on(service.id, home, day) is None:
        yield Block("residence", {"within": "covered"})


def _served(case: Case, day: date) -> bool:
    service = case.service.id
    if case.facility is not None and case.coverage.on(service, case.region, day) is None:
        return False
    area = case.rules.area
    if area is not None:
        return case.need.region.startswith(area.province) and bool(case.coverage.regions(service, day))
    return case.coverage.on(service, case.need.region, day) is not None


def time_blocks(case: Case) -> Iterator[Block]:
    """The rules that do not hold at this time of the day; whose child it is does not matter to them."""
    start = case.start
    day = start.date()
    stay = stay_of(case.rules.hours, start, case.end, case.calendar)
    yield from _closed_days(case, stay)
    admission = case.rules.admission
    if admission is not None:
        windows = admission.week[case.calendar.kind(day)]
        minute = start.hour * 60 + start.minute
        if not any(window.opens <= minute <= window.closes for window in windows):
            yield Block("outside_admission", {"hours": windows, "day": day})
    if stay.outside is not None:
        hours = case.rules.hours
        yield Block("outside_hours", {"hours": week_windows(hours, stay.outside, case.calendar), "day": stay.outside})
    yield from _length_blocks(case, stay)
    if start < case.now:
        yield Block("in_the_past", {"now": case.now.replace(tzinfo=SEOUL)})
    booking = case.rules.booking
    if booking is not None:
        yield from _booking_blocks(case, booking, stay)


def _closed_days(case: Case, stay: Stay) -> Iterator[Block]:
    closing = case.rules.closing
    for day in stay.days:
        if closing is not None and case.calendar.festivals(day) & closing.festivals:
            yield Block("closed_day", {"day": day, "reason": ", ".join(case.calendar.holiday_names(day))})
            continue
        for subject in (case.service.id, case.provider):
            closure = case.calendar.closure(subject, day) if subject else None
            if closure is not None:
                yield Block("closed_day", {"day": day, "reason": closure.reason})
                break


def _length_blocks(case: Case, stay: Stay) -> Iterator[Block]:
    length = case.rules.length
    if length is None:
        return
    most = length.most
    if length.most_on_days_off is not None and case.calendar.kind(case.start.date()) != "weekday":
        most = length.most_on_days_off
    if most is not None and case.end - case.start > timedelta(minutes=most):
        yield Block("too_long", {"most": timedelta(minutes=most)})
    if length.days is not None and stay.touched > length.days:
        yield Block("too_many_days", {"days": length.days})


def _booking_blocks(case: Case, booking: Booking, stay: Stay) -> Iterator[Block]:
    deadline = _deadline(case, booking, stay)
    if deadline is not None and case.now > deadline:
        yield Block("cutoff_passed", {"by": deadline.replace(tzinfo=SEOUL)})
    if booking.notice is not None:
        notice = timedelta(minutes=booking.notice)
        if case.start - case.now < notice:
            yield Block("notice_too_short", {"notice": notice, "earliest": (case.now + notice).replace(tzinfo=SEOUL)})
    if booking.days_ahead is not None:
        first = case.start.date() - timedelta(days=booking.days_ahead)
        if case.now.date() < first:
            yield Block("too_many_days", {"days_ahead": booking.days_ahead, "from": first})


def _deadline(case: Case, booking: Booking, stay: Stay) -> datetime | None:
    """The last moment to book: for care that touches the night, of the day before the night begins."""
    if booking.night is not None and booking.night_by is not None:
        for back in range(-1, stay.touched + 1):
            evening = case.start.date() + timedelta(days=back)
            midnight = datetime.combine(evening, time())
            night = _span(midnight, booking.night)
            if case.start < night[1] and night[0] < case.end:
                return datetime.combine(evening - timedelta(days=1), booking.night_by)
    if booking.same_day_by is None:
        return None
    return datetime.combine(case.start.date(), booking.same_day_by)


def _span(midnight: datetime, window: Window) -> tuple[datetime, datetime]:
    return midnight + timedelta(minutes=window.opens), midnight + timedelta(minutes=window.closes)


def asks_of(case: Case) -> Iterator[Ask]:
    """Only what no answer so far has settled; called when nothing blocks."""
    day = case.start.date()
    age = case.rules.age
    if age is not None and age.schools and school_on(case.need.child, day, case.now.date()) is None:
        yield Ask("school", {"day": day})
    registration = case.rules.registration
    if registration is not None and case.need.registered is None:
        yield Ask("registered", {"registration": registration.name})
