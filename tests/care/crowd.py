"""A seeded crowd of providers, and how long the ranking of one takes: for the tests and the bench."""

from datetime import datetime, timedelta
from random import Random
from time import perf_counter

from callcenter.care.eligibility import Block
from callcenter.care.matching import Candidate, rank
from callcenter.care.weights import Weights


def crowd(count: int, rng: Random, now: datetime, *, blocked: float = 0.0) -> list[Candidate]:
    """Providers spread over a province of 100 km, one in eight of unknown distance or places."""

    def ago(minutes: int) -> datetime | None:
        return None if rng.random() < 0.25 else now - timedelta(minutes=rng.randrange(minutes))

    rows = []
    for number in range(count):
        places = rng.choice([None, *range(1, 8)])
        offered = rng.randrange(30)
        rows.append(
            Candidate(
                provider_id=f"provider-{rng.randrange(10**6):06}-{number}",
                name=f"{number}호점",
                region=f"{rng.randrange(41110, 41830, 10)}",
                km=None if rng.random() < 0.125 else rng.uniform(0, 100),
                places=places,
                free=None if places is None else rng.randint(0, places),
                confirmed_at=ago(600),
                offered=offered,
                accepted=rng.randint(0, offered),
                last_offered_at=ago(3000),
                blocks=(Block("region_not_served"), Block("closed_day")) if rng.random() < blocked else (),
            )
        )
    return rows


def rank_milliseconds(rows: list[Candidate], weights: Weights, now: datetime, rounds: int) -> list[float]:
    """How long each of so many rankings for one place took, in ms, shortest first."""
    taken = []
    for _ in range(rounds):
        began = perf_counter()
        rank(rows, 1, weights, now)
        taken.append((perf_counter() - began) * 1000)
    return sorted(taken)
