"""What can be booked for one child, answered as data: the console's panel and `callcenter check --json`."""

import json
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypedDict

from callcenter.care.calendar import SEOUL
from callcenter.care.child import School, expected_school, months_at, school_on, years_at
from callcenter.care.eligibility import Facility, Need, Verdict, verdict
from callcenter.care.geography import Region, city_of, distance_km
from callcenter.care.places import CareTimesError
from callcenter.care.programs import Service
from callcenter.care.provider_record import ProviderRecord
from callcenter.care.referrals import referrals_for
from callcenter.desk.wording import ask_sentence, block_sentence
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.reference import Reference

# Lunar holidays are not known beyond, and nobody in care was born before.
_FIRST_YEAR, _LAST_YEAR = 1990, 2099
_DISTRICT = re.compile("[0-9]{5,10}")

Supply = Callable[[str, datetime, datetime, int], int | None]
"""Free places of a provider over a window for a child of so many months; None when not known."""


class UnknownRegion(CallcenterError):
    """No si or gun of ours has the code. Values: region, allowed."""

    code = "unknown_region"
    sentence = mark("No si or gun has the code {region}. Use one of: {allowed}.")


class UnknownCode(CallcenterError):
    """A program, symptom, need or reason that is not listed. Values: found, allowed."""

    code = "unknown_code"
    sentence = mark("{found} is not known. Use one of: {allowed}.")


class WrongYear(CallcenterError):
    """A date the calendar does not reach. Values: day, first, last."""

    code = "wrong_year"
    sentence = mark("{day} cannot be right. Give a date from {first} to {last}.")


class WrongDistrict(CallcenterError):
    """No legal district of Korea, ours or not, has a code like this. Values: found."""

    code = "wrong_district"
    sentence = mark("{found} is no district's code. Give its five digits, such as 41110.")


class NotBornYet(CallcenterError):
    """A birth date after the day of care, or after today. Values: birth."""

    code = "not_born_yet"
    sentence = mark("Nobody born on {birth} needs care by then. Check the birth date.")


class ChildAnswer(TypedDict):
    """The child on the day care begins: 만 age in years and in whole months, and its school."""

    years: int
    months: int
    school: School


class BlockAnswer(TypedDict):
    """A rule that does not hold."""

    code: str
    text: str


class AskAnswer(TypedDict):
    """A fact to ask the caller for."""

    field: str
    text: str


class TimeAnswer(TypedDict):
    """A time in ISO 8601, +09:00."""

    start: str
    end: str


class ProviderAnswer(TypedDict):
    """A provider that takes the child by the rules; `free` is null when not known."""

    id: str
    name: str
    region: str
    km: float
    free: int | None


class ServiceAnswer(TypedDict):
    """The verdict on one service; `fee` in won for the child, null when not known."""

    service: str
    verdict: str
    blocks: list[BlockAnswer]
    asks: list[AskAnswer]
    next: TimeAnswer | None
    fee: int | None
    bring: list[str]
    providers: list[ProviderAnswer]


class ReferralAnswer(TypedDict):
    """Where else to turn; the number is empty when none is published."""

    to: str
    number: str
    why: str


class Answer(TypedDict):
    """All of it, in the order in which it is printed."""

    now: str
    child: ChildAnswer
    services: list[ServiceAnswer]
    referrals: list[ReferralAnswer]


def answer(
    reference: Reference,
    need: Need,
    now: datetime,
    programs: Collection[str] | None = None,
    supply: Supply | None = None,
    providers: Iterable[ProviderRecord] | None = None,
) -> Answer:
    """What each service of the programs (all unless given) can do for one child.

    A verdict never depends on `supply`, which only fills in `free`; `providers` are those of the reference
    data unless given. Raises UnknownRegion, WrongDistrict, UnknownCode, WrongYear, NotBornYet and CareTimesError.
    """
    need = _checked(reference, need, now, programs)
    served = [one for one in reference.services.values() if programs is None or one.program in programs]
    verdicts = [verdict(one, need, now, reference.calendar, reference.coverage) for one in served]
    day = need.start.astimezone(SEOUL).date()
    records = tuple(reference.providers if providers is None else providers)
    return {
        "now": _iso(now),
        "child": {
            "years": years_at(need.child.birth, day),
            "months": months_at(need.child.birth, day),
            "school": _school(need, now),
        },
        "services": [
            _service(reference, service, need, one, now, supply, records)
            for service, one in zip(served, verdicts, strict=True)
        ],
        "referrals": [
            {"to": str(one.to), "number": one.number, "why": str(one.why)}
            for one in referrals_for(reference.referrals, need, verdicts, reference.calendar)
        ],
    }


def as_json(found: Answer) -> str:
    """The answer as one JSON document, Korean letters as they are."""
    return json.dumps(found, ensure_ascii=False)


def known_region(regions: Mapping[str, Region], code: str) -> str:
    """The si or gun of a code, also of a gu's; raises `UnknownRegion`."""
    region = city_of(code, regions)
    if region is None:
        names = ", ".join(f"{known.code} {known.name}" for known in regions.values())
        raise UnknownRegion(region=code, allowed=names)
    return region


def _checked(reference: Reference, need: Need, now: datetime, programs: Collection[str] | None) -> Need:
    known = [program.id for program in reference.programs]
    _refuse_unknown(programs or (), known)
    _refuse_unknown(need.symptoms, reference.symptoms)
    _refuse_unknown(need.needs, reference.abilities)
    for day in (need.child.birth, need.start.date(), need.end.date()):
        if not _FIRST_YEAR <= day.year <= _LAST_YEAR:
            raise WrongYear(day=day.isoformat(), first=_FIRST_YEAR, last=_LAST_YEAR)
    if need.end <= need.start:
        raise CareTimesError(start=_iso(need.start), end=_iso(need.end))
    if need.child.birth > min(now, need.start).astimezone(SEOUL).date():
        raise NotBornYet(birth=need.child.birth.isoformat())
    residence = need.residence
    if residence is not None:
        if not _DISTRICT.fullmatch(residence):
            raise WrongDistrict(found=residence)
        residence = city_of(residence, reference.regions) or residence
    return replace(need, region=known_region(reference.regions, need.region), residence=residence)


def _refuse_unknown(found: Iterable[str], allowed: Iterable[str]) -> None:
    names = tuple(allowed)
    for one in found:
        if one not in names:
            raise UnknownCode(found=one, allowed=", ".join(names))


def _school(need: Need, now: datetime) -> School:
    day = need.start.astimezone(SEOUL).date()
    known = school_on(need.child, day, now.astimezone(SEOUL).date())
    return known or expected_school(need.child.birth, day)


def _service(
    reference: Reference,
    service: Service,
    need: Need,
    found: Verdict,
    now: datetime,
    supply: Supply | None,
    records: Sequence[ProviderRecord],
) -> ServiceAnswer:
    return {
        "service": service.id,
        "verdict": found.outcome,
        "blocks": [{"code": one.code, "text": block_sentence(reference, one, now)} for one in found.blocks],
        "asks": [{"field": one.field, "text": ask_sentence(reference, one, now)} for one in found.asks],
        "next": {"start": _iso(found.next[0]), "end": _iso(found.next[1])} if found.next else None,
        "fee": found.fee,
        "bring": [str(item) for item in found.bring],
        "providers": [] if found.outcome == "blocked" else _providers(reference, service, need, now, supply, records),
    }


def _providers(
    reference: Reference,
    service: Service,
    need: Need,
    now: datetime,
    supply: Supply | None,
    records: Sequence[ProviderRecord],
) -> list[ProviderAnswer]:
    """Those that take the child by their own rules, of the family's region first, then by distance."""
    day = need.start.astimezone(SEOUL).date()
    months = months_at(need.child.birth, day)
    here = reference.regions[need.region]
    ranked: list[tuple[bool, float, str, ProviderAnswer]] = []
    for one in records:
        if one.service != service.id or not one.valid_on(day):
            continue
        km = km_to(here, one, reference.regions)
        facility = facility_of(one)._replace(km=km)
        its = verdict(service, need, now, reference.calendar, reference.coverage, facility, find_next=False)
        if its.outcome == "blocked":
            continue
        free = supply(one.id, need.start, need.end, months) if supply else None
        found: ProviderAnswer = {
            "id": one.id,
            "name": one.name,
            "region": one.region,
            "km": round(km, 1),
            "free": free,
        }
        ranked.append((one.region != need.region, km, one.id, found))
    return [found for *_order, found in sorted(ranked, key=lambda row: row[:3])]


def facility_of(provider: ProviderRecord) -> Facility:
    """The provider as the rules see it."""
    return Facility(provider.id, provider.region, provider.residents_only, provider.can, provider.own)


def km_to(here: Region, provider: ProviderRecord, regions: Mapping[str, Region]) -> float:
    """Kilometres from a region's centroid to the provider, or to its region's where its own place is unknown."""
    if provider.lat is not None and provider.lon is not None:
        return distance_km(here.lat, here.lon, provider.lat, provider.lon)
    there = regions[provider.region]
    return distance_km(here.lat, here.lon, there.lat, there.lon)


def _iso(moment: datetime) -> str:
    return moment.astimezone(SEOUL).isoformat(timespec="seconds")
