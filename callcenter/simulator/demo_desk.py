"""A desk in the middle of an evening: made through the desk's own use cases, at the times at which things happened."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from callcenter.care.eligibility import verdict_for_all
from callcenter.desk.accounts import add_operator
from callcenter.desk.new_requests import NewRequest
from callcenter.desk.providers import confirm_places, record_providers
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.simulator import people
from callcenter.simulator.demo_data import DemoData, load_demo
from callcenter.simulator.demo_times import tell_times
from callcenter.simulator.stories import (
    COLLEAGUE,
    OPERATOR,
    SUPERVISOR,
    Story,
    accepted,
    declined,
    enquiry,
    held,
    missed,
    offered,
    opened,
    placed,
    promised,
    regular,
    tell_stories,
)

_FOUNDED = timedelta(days=22)
_EARLIER = timedelta(hours=6)
# Who is in care when the evening begins: since when, and until when.
_INSIDE = tuple(
    (timedelta(minutes=began), timedelta(minutes=ends)) for began, ends in ((120, 30), (60, 60), (90, 120), (30, 150))
)
_MOST_DRAWS = 200


def make_demo(path: Path, reference: Reference, rng: Random, now: datetime) -> Desk:
    """Make the demo's database at `path`, with an evening that stands at `now`; the same `rng` gives the same desk."""
    data = load_demo(reference)
    founded = now - _FOUNDED
    desk = init_desk(
        path,
        reference,
        founded,
        name="A",
        programs=[program.id for program in reference.programs],
        supervisor=SUPERVISOR.name,
        entropy=rng.randbytes,
    )
    for operator in (OPERATOR, COLLEAGUE):
        add_operator(desk, SUPERVISOR, founded, operator.name, "operator")
    record_providers(desk, SUPERVISOR, founded, data.providers)
    tell_times(desk, SUPERVISOR, founded, now, data.times)
    stories = [*_earlier_weeks(desk, data, rng, now), *_today(desk, data, rng, now), _confirmations(desk, data, now)]
    tell_stories(stories, now)
    return desk


def _confirmations(desk: Desk, data: DemoData, now: datetime) -> Story:
    for one in sorted(data.confirmed, key=lambda confirmed: (-confirmed.ago, confirmed.group)):
        at = now - one.ago
        yield at
        confirm_places(desk, OPERATOR, at, one.group, one.places)


def _earlier_weeks(desk: Desk, data: DemoData, rng: Random, now: datetime) -> list[Story]:
    """Placements of the last two weeks: they give providers a record, and some guardians a history."""
    stories = []
    for days in range(14, 0, -1):
        for hours in sorted(rng.sample(range(1, 7), 2)):
            at = now - timedelta(days=days, hours=hours)
            stories.append(placed(desk, COLLEAGUE, _bookable(desk, data, rng, at), at, rng))
    return stories


def _today(desk: Desk, data: DemoData, rng: Random, now: datetime) -> list[Story]:
    """What was placed this afternoon, what is open now, and the enquiries between them."""

    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    def asked(minutes: float) -> NewRequest:
        return _bookable(desk, data, rng, ago(minutes))

    def open_story(tell: Callable[..., Story], minutes: float, *arguments: object) -> Story:
        actor = rng.choice((OPERATOR, COLLEAGUE))
        return tell(desk, actor, replace(asked(minutes), promised=None), ago(minutes), *arguments)

    weekly = asked(21)
    soon = _bookable(desk, data, rng, ago(6), starts_within=timedelta(hours=2))
    stories = [
        *(placed(desk, OPERATOR, asked(minutes), ago(minutes), rng) for minutes in (395, 340, 290, 245, 190, 150)),
        *(open_story(opened, minutes) for minutes in (58, 33, 9)),
        *(open_story(declined, minutes) for minutes in (52, 40)),
        *(open_story(offered, minutes, ago(made)) for minutes, made in ((29, 3.5), (24, 6))),
        *(open_story(accepted, minutes, ago(made)) for minutes, made in ((47, 14), (36, 8))),
        open_story(held, 44, now + timedelta(minutes=35)),
        *(placed(desk, OPERATOR, _inside(desk, data, rng, now, *times), now - _EARLIER, rng) for times in _INSIDE),
        opened(desk, COLLEAGUE, _blocked(desk, data, rng, ago(16)), ago(16)),
        opened(desk, OPERATOR, _emergency(soon), ago(6)),
        regular(desk, weekly, now, rng),
    ]
    number = people.phone(rng)
    stories += [
        missed(desk, number, ago(31), rng),
        missed(desk, number, ago(12), rng),
        missed(desk, people.phone(rng), ago(3), rng),
        promised(desk, people.phone(rng), ago(14), now + timedelta(minutes=4)),
    ]
    topics = [code for code, kind in desk.reference.call_types.items() if kind.enquiry]
    stories += [enquiry(desk, rng.choice(topics), ago(minutes), rng) for minutes in range(400, 0, -23)]
    return stories


def _bookable(
    desk: Desk, data: DemoData, rng: Random, at: datetime, starts_within: timedelta = timedelta(days=9)
) -> NewRequest:
    """A wish that at least one service can take at `at`."""

    def fits(found: NewRequest) -> bool:
        return found.start - at <= starts_within and not _verdicts(desk, found, at).isdisjoint({"available", "ask"})

    return _drawn(desk, data, rng, at, fits)


def _inside(desk: Desk, data: DemoData, rng: Random, now: datetime, began: timedelta, ends: timedelta) -> NewRequest:
    """A wish asked for earlier whose care began so long ago and ends so soon, on the half hours."""
    half_hour = now - timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
    asked = now - _EARLIER
    start, end = half_hour - began, half_hour + ends
    for _draw in range(_MOST_DRAWS):
        found = replace(people.wish(data, desk.reference, rng, asked), start=start, end=end)
        if not _verdicts(desk, found, asked).isdisjoint({"available", "ask"}):
            break
    return found


def _blocked(desk: Desk, data: DemoData, rng: Random, at: datetime) -> NewRequest:
    """A wish that no service can take at `at`."""
    return _drawn(desk, data, rng, at, lambda found: _verdicts(desk, found, at) == {"blocked"})


def _drawn(desk: Desk, data: DemoData, rng: Random, at: datetime, fits: Callable[[NewRequest], bool]) -> NewRequest:
    """The first wish that fits; at an hour when none does, the last one drawn."""
    found = people.wish(data, desk.reference, rng, at)
    for _draw in range(_MOST_DRAWS):
        if fits(found):
            break
        found = people.wish(data, desk.reference, rng, at)
    return found


def _verdicts(desk: Desk, found: NewRequest, at: datetime) -> set[str]:
    needs = people.needs_of(found)
    calendar, coverage = desk.reference.calendar, desk.reference.coverage
    wanted = (one for one in desk.reference.services.values() if found.service in (None, one.id))
    return {verdict_for_all(one, needs, at, calendar, coverage, find_next=False).outcome for one in wanted}


def _emergency(found: NewRequest) -> NewRequest:
    return replace(
        found,
        urgency="emergency",
        channel="hotline",
        reason="illness",
        promised=None,
        note="보호자가 쓰러져 119 이송 중. 이웃이 아이와 함께 있음",
    )
