"""An age is never a birth date: only what holds for every birth it allows is said."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.care.child import Child, months_at
from callcenter.care.eligibility import Need, Verdict, verdict_for_all
from callcenter.care.said_age import SaidAge, births_of, samples, verdict_for_possible
from callcenter.desk.wording import block_sentence
from tests import published
from tests.published import DAYCARE, ELEMENTARY, REFERENCE, VISIT, seoul

TODAY = date(2026, 11, 24)
NOW = "2026-11-24T19:00"


@pytest.mark.parametrize(
    ("said", "earliest", "latest"),
    [
        (SaidAge(months=14), "2025-08-25", "2025-09-24"),
        (SaidAge(months=0), "2026-10-25", "2026-11-24"),
        (SaidAge(years=8), "2017-11-25", "2019-12-31"),
        (SaidAge(years=1), "2024-11-25", "2026-11-24"),
        (SaidAge(birth_year=2019), "2019-01-01", "2019-12-31"),
        (SaidAge(birth_year=2026), "2026-01-01", "2026-11-24"),
        (SaidAge(school="elementary", grade=2), "2017-01-01", "2019-12-31"),
        (SaidAge(years=8, school="elementary", grade=2), "2017-11-25", "2019-12-31"),
        (SaidAge(birth_year=2018, school="elementary", grade=2), "2018-01-01", "2018-12-31"),
        # What cannot both be so is decided by the age.
        (SaidAge(birth_year=2023, school="elementary", grade=2), "2023-01-01", "2023-12-31"),
    ],
)
def test_the_births_an_age_allows(said: SaidAge, earliest: str, latest: str) -> None:
    assert births_of(said, TODAY) == (date.fromisoformat(earliest), date.fromisoformat(latest))


@pytest.mark.parametrize("said", [SaidAge(), SaidAge(school="kindergarten"), SaidAge(birth_year=2030)])
def test_nothing_is_told_by_what_says_no_age(said: SaidAge) -> None:
    assert births_of(said, TODAY) is None


@given(birth=st.dates(date(2009, 1, 1), TODAY), today=st.dates(TODAY, date(2027, 12, 31)))
def test_every_way_to_tell_a_true_age_allows_the_true_birth(birth: date, today: date) -> None:
    months = months_at(birth, today)
    counted = today.year - birth.year + 1
    for said in (SaidAge(months=months), SaidAge(years=months // 12), SaidAge(years=counted)):
        found = births_of(said, today)
        assert found is not None
        assert found[0] <= birth <= found[1], said


def possible(said: SaidAge, **more: object) -> tuple[Need, ...]:
    found = births_of(said, TODAY)
    assert found is not None
    facts = published.need(published.NAMYANGJU, "2020-01-01", "2026-11-25T16:00", "2026-11-25T19:00", **more)  # type: ignore[arg-type]
    return tuple(replace(facts, child=Child(birth, facts.child.school)) for birth in samples(*found))


def asked(service: str, *children: tuple[Need, ...]) -> Verdict:
    reference = REFERENCE
    return verdict_for_possible(
        reference.services[service], children, seoul(NOW), reference.calendar, reference.coverage
    )


def test_an_age_decides_where_every_birth_it_allows_does() -> None:
    assert asked(DAYCARE, possible(SaidAge(months=14))).outcome == "available"
    assert asked(VISIT, possible(SaidAge(months=14), registered=True)).outcome == "available"
    pupil = possible(SaidAge(years=8), school="elementary", registered=True)
    assert asked(ELEMENTARY, pupil).outcome in ("available", "ask")
    assert [block.code for block in asked(DAYCARE, pupil).blocks] != []


def test_where_births_differ_the_birth_date_is_asked_for() -> None:
    baby = asked(VISIT, possible(SaidAge(months=3), registered=True))
    assert baby.outcome == "available"
    baby = asked(DAYCARE, possible(SaidAge(years=1)))
    assert (baby.outcome, [ask.field for ask in baby.asks]) == ("ask", ["birth"])
    both = asked(DAYCARE, possible(SaidAge(months=14)), possible(SaidAge(years=1)))
    assert (both.outcome, [ask.field for ask in both.asks]) == ("ask", ["birth"])


def test_no_day_of_a_guessed_birth_is_told() -> None:
    for service in (DAYCARE, ELEMENTARY, VISIT):
        for said in (SaidAge(months=4), SaidAge(years=5), SaidAge(birth_year=2013)):
            found = asked(service, possible(said))
            for block in found.blocks:
                assert "2026" not in block_sentence(REFERENCE, block, seoul(NOW)), (service, said, block)
                assert block.values.get("from") is None


@given(years=st.integers(0, 13), service=st.sampled_from([DAYCARE, ELEMENTARY, VISIT]), at=st.integers(0, 10_000))
def test_what_is_said_holds_for_every_birth_the_age_allows(years: int, service: str, at: int) -> None:
    said = possible(SaidAge(years=years), school=None)
    verdict = asked(service, said)
    if verdict.outcome == "ask":
        return
    earliest, latest = said[0].child.birth, said[-1].child.birth
    birth = earliest + timedelta(days=at % ((latest - earliest).days + 1))
    reference = REFERENCE
    alone = verdict_for_all(
        reference.services[service],
        [replace(said[0], child=Child(birth))],
        seoul(NOW),
        reference.calendar,
        reference.coverage,
    )
    assert alone.outcome == verdict.outcome


def test_a_known_birth_is_asked_as_before() -> None:
    known = published.need(published.NAMYANGJU, "2025-09-01", "2026-11-25T16:00", "2026-11-25T19:00")
    reference, service = REFERENCE, REFERENCE.services[DAYCARE]
    before = verdict_for_all(service, [known], seoul(NOW), reference.calendar, reference.coverage)
    assert asked(DAYCARE, (known,)) == before
