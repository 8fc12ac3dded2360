"""What comes in on an evening and what providers say to offers: made up from a seed."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from typing import NamedTuple

from callcenter.care.calendar import SEOUL
from callcenter.desk.new_requests import NewRequest
from callcenter.desk.offer_answers import Answer
from callcenter.reference import Reference
from callcenter.simulator import people
from callcenter.simulator.demo_data import load_demo
from callcenter.store import reads

CALLS_AN_HOUR = 60.0
"""At the busiest hour; a real hotline has one or two (5,849 in five months, ajunews.com 2024-12-14)."""

# How busy each hour of the day is, next to the busiest.
BUSY = (.1, .05, .05, .05, .05, .1, .3, .6, .7, .6, .6, .6, .5, .6, .7, .7, .8, .9, 1, 1, .9, .7, .4, .2)  # fmt: skip
_ACCEPTED = 0.57  # of the offers to home-visit carers in 2025 (kmcn.kr 8153)
_SILENT = 0.13
_REASONS = ("full", "no_staff", "no_staff", "outside_hours", "too_far", "other")


@dataclass(frozen=True, slots=True)
class Rings:
    """The telephone rings. `phone` is "" when the caller's number is withheld."""

    phone: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The colleague takes the call, if nobody was faster."""


@dataclass(frozen=True, slots=True)
class GivesUp:
    """The caller hangs up before anybody answered; with somebody who did they go on talking."""


@dataclass(frozen=True, slots=True)
class Enquires:
    """The caller wanted to know something, and the call ends."""

    topic: str


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The caller is gone in the middle of the call."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Somebody asks for care: at the end of the call, or by the platform."""

    wish: NewRequest


Happening = Rings | Answers | GivesUp | Enquires | HangsUp | Asks


def events(
    rng: Random, reference: Reference, start: datetime, calls_an_hour: float = CALLS_AN_HOUR
) -> Iterator[tuple[datetime, Happening]]:
    """What comes in from `start` on, without end, in the order of time; a call is over before the next one rings."""
    data = load_demo(reference)
    topics = [code for code, kind in reference.call_types.items() if kind.enquiry]
    at = start
    while True:
        at = _next_arrival(rng, at, calls_an_hour)
        wish = people.wish(data, reference, rng, at)
        if wish.channel == "platform":
            yield at, Asks(wish)
            continue
        what = rng.choices(("asks", "enquires", "hangs_up", "gives_up"), (48, 34, 6, 12))[0]
        yield at, Rings(wish.guardian.phone if what == "asks" or rng.random() < 0.9 else "")
        at += timedelta(seconds=rng.randint(8, 25))
        if what == "gives_up":
            yield at, GivesUp()
            continue
        yield at, Answers()
        at += timedelta(seconds=rng.randint(15, 45))
        if what == "asks":
            yield at, Asks(wish)
        else:
            yield at, Enquires(rng.choice(topics)) if what == "enquires" else HangsUp()


def _next_arrival(rng: Random, at: datetime, calls_an_hour: float) -> datetime:
    """The next arrival of a random stream whose rate follows the hours: candidates at the full rate, thinned out."""
    while True:
        at += timedelta(hours=rng.expovariate(calls_an_hour))
        if rng.random() < BUSY[at.astimezone(SEOUL).hour]:
            return at


class Reply(NamedTuple):
    """What a provider says to an offer, how long after it was asked, and how many places it has when they are unknown.

    `no_answer` is silence: it is noted a while after the offer's clock has run out.
    """

    after: timedelta
    answer: Answer
    reason: str | None
    free: int | None


def reply(seed: int, offer: reads.OfferRow) -> Reply:
    """What the provider will say, decided by the seed, the request's number and the provider alone."""
    rng = luck_of(seed, offer.number, offer.provider_id)
    after = timedelta(seconds=rng.randint(25, 150))
    luck = rng.random()
    if luck < _ACCEPTED:
        return Reply(after, "accepted", None, None if offer.places_known else rng.randint(1, 4))
    if luck >= 1 - _SILENT:
        return Reply(after, "no_answer", None, None)
    reason = rng.choice(_REASONS)
    return Reply(after, "declined", reason, 0 if reason == "full" and not offer.places_known else None)


def luck_of(*of: object) -> Random:
    """Luck that belongs to a thing, not to when it is looked at: the operator's own pace changes nothing else."""
    return Random(" ".join(map(str, of)))
