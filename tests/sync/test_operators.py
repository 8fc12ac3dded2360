"""The operators who work at random do get somewhere: whoever is refused everything proves nothing."""

from datetime import timedelta
from random import Random

from callcenter.desk.session import Desk
from tests.conftest import NOW
from tests.desk import wishes
from tests.sync.operators import ACTS, OFTEN, PROVIDERS, act


def test_an_evening_of_theirs_has_every_act_in_it(desk: Desk) -> None:
    wishes.have(desk, *PROVIDERS)
    rng, done, now = Random(3), set(), NOW
    for _ in range(600):
        name = rng.choice(OFTEN)
        if act(desk, now, name, rng.randrange(60)):
            done.add(name)
        now += timedelta(seconds=1)
    assert done == set(ACTS)
    wishes.holds(desk)
