"""Made-up families and what they ask for. Seeded: the same randomness gives the same people."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from functools import cache
from random import Random
from typing import cast

from callcenter.care.calendar import SEOUL
from callcenter.care.child import Child, School, expected_school, months_at, years_at
from callcenter.care.eligibility import Channel, Need
from callcenter.desk.new_requests import NewChild, NewGuardian, NewRequest
from callcenter.reference import Reference
from callcenter.simulator.demo_data import DemoData, Situation, Syllables
from callcenter.store.reads import ChildRow, GuardianRow

# Where families call from, by how many people live there: the big si weigh more. Others count once.
_BIG: Mapping[str, int] = {
    "41110": 6, "41590": 5, "41130": 4, "41190": 4, "41280": 4, "41360": 5, "41270": 3, "41170": 3, "41220": 3,
    "41460": 4, "41570": 3, "41390": 2, "41150": 2, "41480": 2,
}  # fmt: skip
_CARE_NOTES: Mapping[str, tuple[str, ...]] = {
    "allergy": ("땅콩 알레르기", "우유 알레르기", "계란 알레르기, 약 지참"),
    "medication": ("저녁 식후 감기약", "자기 전 천식 흡입기"),
    "disability": ("자폐 스펙트럼, 큰 소리에 놀람",),
}
_RELATIONS = ("mother",) * 6 + ("father",) * 3 + ("grandparent",)
_HALF_HOUR = timedelta(minutes=30)
_AHEAD = timedelta(minutes=40)
_BETWEEN_BIRTHS = timedelta(days=480)
_FIRST_NUMBER, _NUMBERS = 1000, 6999


def phone(rng: Random) -> str:
    """A number nobody has: 010-0000 is not assigned."""
    return f"010-0000-{_FIRST_NUMBER + rng.randrange(_NUMBERS)}"


def guardian(syllables: Syllables, rng: Random) -> NewGuardian:
    """Somebody who asks for care."""
    name = rng.choice(syllables.family) + rng.choice(syllables.first) + rng.choice(syllables.second)
    return NewGuardian(name=name, phone=phone(rng), relation=rng.choice(_RELATIONS))


def needs_of(wished: NewRequest) -> list[Need]:
    """The wish as the rules ask it, child by child."""
    return [
        Need(
            region=wished.region,
            child=Child(one.birth, one.school),
            start=wished.start,
            end=wished.end,
            registered=one.registered,
            symptoms=frozenset(one.symptoms),
            needs=frozenset(one.needs),
            channel=cast(Channel, wished.channel),
        )
        for one in wished.children
    ]


def again(wished: NewRequest, known: GuardianRow, family: Sequence[ChildRow]) -> NewRequest:
    """The same wish from a guardian we know, for the children we know; with no child known, for those named."""
    asker = NewGuardian(known.name, known.phone, known.relation, known.language, id=known.id)
    children = tuple(
        NewChild(
            name=one.name,
            birth=date.fromisoformat(one.birth),
            school=cast(School | None, one.school),
            registered=None if one.registered is None else bool(one.registered),
            needs=tuple(one.needs.split()),
            symptoms=tuple(one.symptoms.split()),
            care_note=one.care_note,
            id=one.id,
        )
        for one in family[: len(wished.children)]
    )
    return replace(wished, guardian=asker, children=children or wished.children)


def child(syllables: Syllables, rng: Random, asker: NewGuardian, birth: date, now: datetime) -> NewChild:
    """A child of this guardian; now and then one with an allergy, a fever, or a school that has to be asked for."""
    own = asker.relation == "father" or rng.random() < 0.15
    family = asker.name[:-2] if own else rng.choice(syllables.family)
    name = family + rng.choice(syllables.child_first) + rng.choice(syllables.child_second)
    need = rng.choices(("", *_CARE_NOTES), (85, 9, 4, 2))[0]
    return NewChild(
        name=name,
        birth=birth,
        school=_school(birth, now, rng),
        registered=rng.choices((True, None, False), (75, 18, 7))[0],
        needs=(need,) if need else (),
        symptoms=("fever",) if rng.random() < 0.03 else (),
        care_note=rng.choice(_CARE_NOTES[need]) if need else "",
    )


def wish(data: DemoData, reference: Reference, rng: Random, now: datetime) -> NewRequest:
    """What somebody asks for at `now`; some of it no rule allows, as at a real desk."""
    situation = rng.choices(data.situations, [one.weight for one in data.situations])[0]
    start, end = _times(situation, rng, now)
    asker = guardian(data.syllables, rng)
    births = [_birth(situation, rng, start)]
    sibling = _birth(situation, rng, start)
    if rng.random() < 0.4 and abs(sibling - births[0]) > _BETWEEN_BIRTHS:
        births.append(sibling)
    promise = timedelta(minutes=rng.choice((20, 30, 40))) if rng.random() < 0.25 else None
    return NewRequest(
        guardian=asker,
        children=tuple(child(data.syllables, rng, asker, birth, now) for birth in births),
        region=_region(situation, reference, rng, start.date()),
        start=start,
        end=end,
        reason=situation.reason,
        service=situation.service if rng.random() < 0.1 else None,
        channel=situation.channel,
        urgency=situation.urgency,
        promised=now + promise if promise and situation.channel == "hotline" else None,
        note=situation.note,
    )


def _school(birth: date, now: datetime, rng: Random) -> School | None:
    today = now.astimezone(SEOUL).date()
    # At six and seven the calendar does not decide, and not every caller says it at once.
    if years_at(birth, today) in (6, 7) and rng.random() < 0.4:
        return None
    return expected_school(birth, today)


def _birth(situation: Situation, rng: Random, start: datetime) -> date:
    day = start.date()
    months = rng.randint(situation.months_min, situation.months_max)
    birth = day - timedelta(days=round(months * 30.44) + rng.randrange(28))
    # Months differ in length; the age stays within the situation's.
    while months_at(birth, day) < situation.months_min:
        birth -= timedelta(days=1)
    while months_at(birth, day) > situation.months_max:
        birth += timedelta(days=1)
    return birth


def _times(situation: Situation, rng: Random, now: datetime) -> tuple[datetime, datetime]:
    """Start and end on half hours; what would have begun already today moves to the next half hour with time to act."""
    local = now.astimezone(SEOUL)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    ahead = {
        "today": 0,
        "tomorrow": 1,
        "saturday": (4 - local.weekday()) % 7 + 1,
        "sunday": (5 - local.weekday()) % 7 + 1,
    }
    minutes = rng.randrange(situation.first, situation.last + 1, 30)
    start = midnight + timedelta(days=ahead[situation.day], minutes=minutes)
    if start < local + _AHEAD:
        start = midnight + -((midnight - local - _AHEAD) // _HALF_HOUR) * _HALF_HOUR
    half_hours = rng.randint(2 * situation.hours_min, 2 * situation.hours_max)
    return start, start + half_hours * _HALF_HOUR


def _region(situation: Situation, reference: Reference, rng: Random, day: date) -> str:
    found = _regions(reference.coverage.regions(situation.service, day), tuple(reference.regions), situation.where)
    return rng.choices(found, [_BIG.get(code, 1) for code in found])[0]


@cache
def _regions(covered: tuple[str, ...], every: tuple[str, ...], where: str) -> tuple[str, ...]:
    if where == "covered":
        return covered
    # A family of another province does not ring this hotline.
    provinces = {code[:2] for code in covered}
    return tuple(code for code in every if code not in covered and code[:2] in provinces)
