"""Made-up families: of the age they should be, at times that are still to come, and never reachable."""

import re
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.calendar import SEOUL
from callcenter.care.child import months_at
from callcenter.care.eligibility import verdict_for_all
from callcenter.reference import Reference
from callcenter.simulator import people
from callcenter.simulator.demo_data import DemoData

MINUTES = st.integers(0, 2 * 365 * 24 * 60)
NEW_YEAR = datetime(2026, 1, 1, tzinfo=SEOUL)


@settings(max_examples=200)
@given(seed=st.integers(0, 2**32), minutes=MINUTES)
def test_a_wish_is_one_that_could_be_made(data: Reference, demo_data: DemoData, seed: int, minutes: int) -> None:
    now = NEW_YEAR + timedelta(minutes=minutes)
    wish = people.wish(demo_data, data, Random(seed), now)
    assert wish.start > now
    assert wish.start - now < timedelta(days=8)
    assert wish.start.minute in (0, 30)
    assert timedelta(hours=1) <= wish.end - wish.start <= timedelta(hours=12)
    assert wish.region in data.regions
    assert wish.reason in data.reasons
    assert re.fullmatch(r"010-0000-[1-7]\d{3}", wish.guardian.phone)
    for child in wish.children:
        assert 3 <= months_at(child.birth, wish.start.date()) <= 155
        assert set(child.needs) <= set(data.abilities)
        assert set(child.symptoms) <= set(data.symptoms)
        assert bool(child.needs) == bool(child.care_note)
    births = sorted(child.birth for child in wish.children)
    assert all(later - earlier > timedelta(days=365) for earlier, later in pairwise(births))


def test_the_same_randomness_gives_the_same_wish(data: Reference, demo_data: DemoData) -> None:
    now = datetime(2026, 11, 24, 18, 20, tzinfo=SEOUL)
    assert people.wish(demo_data, data, Random(3), now) == people.wish(demo_data, data, Random(3), now)


def test_some_wishes_fit_each_service_and_some_fit_none(data: Reference, demo_data: DemoData) -> None:
    now = datetime(2026, 11, 24, 18, 20, tzinfo=SEOUL)
    rng = Random(5)
    possible: dict[str, int] = dict.fromkeys(data.services, 0)
    impossible = 0
    for _draw in range(300):
        wish = people.wish(demo_data, data, rng, now)
        verdicts = [
            verdict_for_all(service, people.needs_of(wish), now, data.calendar, data.coverage, find_next=False)
            for service in data.services.values()
        ]
        for verdict in verdicts:
            possible[verdict.service] += verdict.outcome != "blocked"
        impossible += all(verdict.outcome == "blocked" for verdict in verdicts)
    assert all(count >= 5 for count in possible.values()), possible
    assert 15 <= impossible <= 150
