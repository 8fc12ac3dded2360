"""A big desk for benches: many providers all over the regions and many open requests, in a few large transactions."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from callcenter.care.calendar import SEOUL
from callcenter.care.child import months_at
from callcenter.care.eligibility import verdict_for_all
from callcenter.care.lifecycle import OFFER, REQUEST, next_state
from callcenter.care.places import Group, choose_places, slots
from callcenter.care.priority import offer_due
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.desk.new_requests import NewRequest
from callcenter.desk.offered import entry_seats
from callcenter.desk.providers import provider_body
from callcenter.desk.session import Desk, seconds
from callcenter.simulator import people
from callcenter.simulator.demo_data import DemoData, load_demo
from callcenter.store import reads
from callcenter.text.phone import read_phone

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

_ACTOR = "김상담"
_SHIFT = timedelta(hours=10)
_PROVIDERS_AT_ONCE, _REQUESTS_AT_ONCE, _MOVES_AT_ONCE = 1000, 50, 250
_SPREAD = 0.06  # degrees around the centroid of a region, some 6 km
_BANDS: Mapping[str, Sequence[tuple[GroupRecord, ...]]] = {
    "gyeonggi.elementary": (
        (GroupRecord("72-155m", 72, 155, 8),),
        (GroupRecord("72-119m", 72, 119, 6), GroupRecord("120-155m", 120, 155, 4)),
        (GroupRecord("72-155m", 72, 155, None),),
    ),
    "gyeonggi.daycare": (
        (GroupRecord("6-35m", 6, 35, 3), GroupRecord("36-95m", 36, 95, 6)),
        (GroupRecord("6-95m", 6, 95, 5),),
        (GroupRecord("6-95m", 6, 95, None),),
    ),
    "gyeonggi.visit": ((GroupRecord("3-155m", 3, 155, 1, 3),),),
}
_KINDS = {"gyeonggi.elementary": "돌봄센터", "gyeonggi.daycare": "어린이집", "gyeonggi.visit": "돌보미"}

# How the open requests of a desk stand: in hundredths.
_STANDS = {"open": 70, "matching": 12, "offered": 8, "accepted": 6, "held": 4}

Item = TypeVar("Item")
Pool = dict[tuple[str, str], list[ProviderRecord]]


class _Asked(NamedTuple):
    """A request that was opened, and the identifiers of its children."""

    request_id: str
    wish: NewRequest
    children: tuple[str, ...]


def fill(desk: Desk, rng: Random, now: datetime, *, requests: int = 10_000, providers: int = 10_000) -> None:
    """Add so many providers and so many open requests, opened over the last ten hours, to the desk.

    Entries go through the journal like any other; only the use cases' own checks are left out, since what is written
    is made to pass them.
    """
    data = load_demo(desk.reference)
    made = list(_providers(desk, rng, now, providers))
    opening = now - _SHIFT
    for batch in _batches(made, _PROVIDERS_AT_ONCE):
        with desk.writing(_ACTOR, opening) as chain:
            for provider in batch:
                chain.append(provider.id, provider_body(desk.reference, provider))
    asked = _open_requests(desk, data, rng, opening, now, requests)
    _move(desk, rng, now, asked, made)


def _batches(items: Sequence[Item], size: int) -> Iterator[Sequence[Item]]:
    for first in range(0, len(items), size):
        yield items[first : first + size]


def _providers(desk: Desk, rng: Random, now: datetime, count: int) -> Iterator[ProviderRecord]:
    reference = desk.reference
    day = now.astimezone(SEOUL).date()
    for number in range(1, count + 1):
        service = rng.choices(tuple(_BANDS), (35, 20, 45))[0]
        region = reference.regions[rng.choice(reference.coverage.regions(service, day))]
        yield ProviderRecord(
            id=f"filled-{service.removeprefix('gyeonggi.')}-{number:05}",
            service=service,
            name=f"시연 {region.name.ko[:-1]} {_KINDS[service]} {number}",
            region=region.code,
            lat=round(region.lat + rng.uniform(-_SPREAD, _SPREAD), 4),
            lon=round(region.lon + rng.uniform(-_SPREAD, _SPREAD), 4),
            phone_day=people.phone(rng),
            groups=rng.choice(_BANDS[service]),
            source="made up for a bench",
            demo=True,
        )


def _open_requests(
    desk: Desk, data: DemoData, rng: Random, opening: datetime, now: datetime, count: int
) -> list[_Asked]:
    asked = []
    for batch in _batches(range(count), _REQUESTS_AT_ONCE):
        at = opening + (now - opening) * batch[-1] / count
        prefix = f"{desk.name}-{at.astimezone(SEOUL):%m%d}-"
        first = reads.last_number(desk.connection, prefix) + 1
        with desk.writing(_ACTOR, at) as chain:
            for number in range(first, first + len(batch)):
                wish = people.wish(data, desk.reference, rng, at)
                asked.append(_open_request(chain, wish, f"{prefix}{number:03d}", now))
    return asked


def _open_request(chain: "Chain", wish: NewRequest, number: str, now: datetime) -> _Asked:
    from callcenter.journal import bodies

    guardian = chain.new_id()
    asker = wish.guardian
    stored = read_phone(asker.phone).stored
    chain.append(
        guardian,
        bodies.GuardianAdded(name=asker.name, phone=stored, relation=asker.relation, language=asker.language),
    )
    children = []
    for one in wish.children:
        children.append(chain.new_id())
        chain.append(
            guardian,
            bodies.ChildAdded(
                child=children[-1],
                name=one.name,
                birth=one.birth.isoformat(),
                school=one.school,
                registered=one.registered,
                needs=list(one.needs),
                symptoms=list(one.symptoms),
                care_note=one.care_note,
            ),
        )
    request_id = chain.new_id()
    # A promise that is over would ring; ten thousand requests are not all late.
    promised = wish.promised if wish.promised and wish.promised > now else None
    chain.append(
        request_id,
        bodies.RequestOpened(
            state=REQUEST.start,
            number=number,
            urgency=wish.urgency,
            region=wish.region,
            residence=wish.residence,
            service=wish.service,
            channel=wish.channel,
            guardian=guardian,
            children=children,
            call=None,
            start=seconds(wish.start),
            end=seconds(wish.end),
            reason=wish.reason,
            promised=seconds(promised) if promised else None,
        ),
    )
    return _Asked(request_id, wish, tuple(children))


def _move(desk: Desk, rng: Random, now: datetime, asked: Sequence[_Asked], providers: Sequence[ProviderRecord]) -> None:
    """Bring some requests to their other states within the last minutes, so that their offers' clocks still run."""
    idle: Pool = {}
    for provider in providers:
        idle.setdefault((provider.service, provider.region), []).append(provider)
    stands = rng.choices(tuple(_STANDS), tuple(_STANDS.values()), k=len(asked))
    moving = [(one, stand) for one, stand in zip(asked, stands, strict=True) if stand != "open"]
    for batch in _batches(moving, _MOVES_AT_ONCE):
        at = now - timedelta(seconds=rng.randint(5, 400))
        with desk.writing(_ACTOR, at) as chain:
            for one, stand in batch:
                if stand == "held":
                    _hold(chain, one, now + timedelta(minutes=rng.randint(20, 180)))
                else:
                    _offer(desk, chain, one, stand, at, idle)


def _hold(chain: "Chain", one: _Asked, until: datetime) -> None:
    from callcenter.journal import bodies

    state = next_state(REQUEST, REQUEST.start, "held")
    moved = bodies.RequestMoved(event="held", state=state, reason=None, until=seconds(until))
    chain.append(one.request_id, moved)


def _offer(desk: Desk, chain: "Chain", one: _Asked, stand: str, at: datetime, idle: Pool) -> None:
    """Offer to a provider that nobody has been offered to yet, and answer it; without one the request stays open."""
    from callcenter.journal import bodies

    chosen = _idle_provider(desk, one.wish, at, idle)
    if chosen is None:
        return
    provider, groups = chosen
    day = one.wish.start.date()
    months = {
        child_id: months_at(child.birth, day) for child_id, child in zip(one.children, one.wish.children, strict=True)
    }
    window = slots(one.wish.start, one.wish.end)
    seats = choose_places(groups, months, window, {})
    if seats is None:
        return
    idle[provider.service, provider.region].pop()
    offer = chain.new_id()
    known = {group.id for group in groups if group.places is not None}
    offered = next_state(REQUEST, REQUEST.start, "offer_made")
    chain.append(
        one.request_id,
        bodies.OfferMade(
            offer=offer,
            state=offered,
            provider=provider.id,
            seats=entry_seats(seats),
            first_slot=window[0],
            last_slot=window[-1],
            expires=seconds(offer_due(at)),
            places_known=all(seat.group_id in known for seat in seats),
            rank=1,
        ),
    )
    if stand == "offered":
        return
    accepted = stand == "accepted"
    state = next_state(REQUEST, offered, "offer_accepted" if accepted else "offer_declined")
    offer_state = next_state(OFFER, "pending", "accepted" if accepted else "declined")
    answer = "accepted" if accepted else "no_staff"
    answered = bodies.OfferAnswered(offer=offer, state=state, offer_state=offer_state, answer=answer, free=None)
    chain.append(one.request_id, answered)


def _idle_provider(desk: Desk, wish: NewRequest, at: datetime, idle: Pool) -> tuple[ProviderRecord, list[Group]] | None:
    reference = desk.reference
    needs = people.needs_of(wish)
    for service in reference.services.values():
        near = idle.get((service.id, wish.region))
        if not near or wish.service not in (None, service.id):
            continue
        found = verdict_for_all(service, needs, at, reference.calendar, reference.coverage, find_next=False)
        if found.outcome == "blocked":
            continue
        groups = [
            Group(f"{near[-1].id}/{one.label}", one.months_min, one.months_max, one.places, one.children_per_place)
            for one in near[-1].groups
        ]
        return near[-1], groups
    return None
