"""Who can take a request: the verdict of every service, and the providers ranked with reasons, read only."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import lru_cache
from math import cos, inf, radians
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.care.child import Child, School, months_at
from callcenter.care.eligibility import Block, Channel, Facility, Need, Verdict, verdict_for_all
from callcenter.care.geography import distance_km
from callcenter.care.lifecycle import WAITING
from callcenter.care.matching import Candidate, Match, Ranking, rank
from callcenter.care.near_miss import Miss
from callcenter.care.places import choose_places, free_count, least, slots
from callcenter.care.priority import BUSY_FOR
from callcenter.care.programs import Service
from callcenter.care.siblings import Split
from callcenter.desk.facilities import facility_of, terms_of
from callcenter.desk.presence import Present, presences
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.no_contact import kept_apart
from callcenter.store.reservations import blocking
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

KM_PER_DEGREE = 111.32
# Near ones first: a wider box (± km, at most so many) is searched only while too few of the nearer can take the child.
_ENOUGH = 20
NEAREST = 200
_BOXES = ((10.0, NEAREST // 2), (30.0, NEAREST), (60.0, NEAREST), (2000.0, NEAREST))
NO_GROUP = "no_group"
NO_CONTACT = Block("no_contact")
SPLIT = "split"
# Offers that ended without the provider's yes: it is not asked twice for one request.
_SAID_NO = frozenset({"declined", "no_answer", "wrong_number", "expired"})
ASKED = "asked"
# No provider's own rules can mend these; the verdict of the service says all there is to say.
HOPELESS = frozenset({"age_under", "age_over", "school_age", "not_in_school", "region_not_served"})

Taken = Mapping[str, Sequence[tuple[int, int]]]
_Groups = Sequence[reads.GroupRow]


Option = Match | Split | Miss
"""What can be placed with: a provider as asked, several for siblings, or one after a change the guardian agrees to."""


class Matches(NamedTuple):
    """The verdicts of all services for a request, and the ranking over those that take the children."""

    verdicts: tuple[Verdict, ...]
    ranking: Ranking
    services: Mapping[str, str]
    """The service of every provider in the ranking, in the split and in the misses."""
    children: tuple[str, ...] = ()
    """The children that were looked for; of a request that is partly placed those who have no place yet."""
    split: Split | None = None
    misses: tuple[Miss, ...] = ()
    """Both only where nobody takes all of the children as asked."""

    @property
    def options(self) -> dict[str, Option]:
        """What can be chosen by its number: the matches by provider, else the split and the misses."""
        if self.ranking.matches:
            return {match.candidate.provider_id: match for match in self.ranking.matches}
        split: dict[str, Option] = {SPLIT: self.split} if self.split else {}
        return split | {f"miss-{number}": miss for number, miss in enumerate(self.misses, 1)}


class Looked(NamedTuple):
    """The providers of a service that were weighed, the nearest first, with the rules that block each.

    `more` says that others further away were not looked at.
    """

    service: Service
    rows: list[tuple[reads.ProviderRow, tuple[Block, ...]]]
    more: bool


class Weighed(NamedTuple):
    """The matches, and what they were made of."""

    matches: Matches
    wanted: "Wanted"
    looked: tuple[Looked, ...]
    tried: frozenset[str]


def needs_of(request: reads.RequestRow, children: Sequence[reads.ChildRow]) -> list[Need]:
    """What each child of the request needs, as the rules ask it."""
    return [
        Need(
            region=request.region,
            child=Child(date.fromisoformat(child.birth), cast(School | None, child.school)),
            start=moment(request.start_at),
            end=moment(request.end_at),
            residence=request.residence,
            registered=None if child.registered is None else bool(child.registered),
            symptoms=frozenset(child.symptoms.split()),
            needs=frozenset(child.needs.split()),
            channel=cast(Channel, request.channel),
        )
        for child in children
    ]


def children_months(request: reads.RequestRow, children: Sequence[reads.ChildRow]) -> dict[str, int]:
    """Each child's age in whole months on the day care begins."""
    day = moment(request.start_at).date()
    return {child.id: months_at(date.fromisoformat(child.birth), day) for child in children}


def provider_blocks(
    reference: Reference,
    request: reads.RequestRow,
    children: Sequence[reads.ChildRow],
    provider: reads.ProviderRow,
    now: datetime,
) -> tuple[Block, ...]:
    """The rules that keep this provider from taking the request's children, as of when the request was made."""
    service = reference.services[provider.service]
    home = reference.regions.get(request.region)
    facility = facility_of(provider, (home.lat, home.lon) if home else None)
    blocks = _blocks(reference, service, needs_of(request, children), facility, moment(request.asked_at))
    return blocks + _over(request, now)


def _over(request: reads.RequestRow, now: datetime) -> tuple[Block, ...]:
    """A block once the time asked for is over: until then a child can still come later than planned."""
    return (Block("in_the_past", {"now": now}),) if moment(request.end_at) <= now else ()


def verdict_as_asked(
    reference: Reference,
    service: Service,
    request: reads.RequestRow,
    needs: Sequence[Need],
    now: datetime,
    *,
    find_next: bool = True,
) -> Verdict:
    """The service's verdict as of when the request was made: a cut-off met then is met, however long placing takes.

    Where it is blocked, the next time is the one that could be booked now.
    """
    calendar, coverage = reference.calendar, reference.coverage
    asked = verdict_for_all(service, needs, moment(request.asked_at), calendar, coverage, find_next=False)
    blocks = asked.blocks + tuple(block for block in _over(request, now) if block not in asked.blocks)
    if not blocks:
        return asked
    later = verdict_for_all(service, needs, now, calendar, coverage) if find_next else None
    return replace(asked, outcome="blocked", blocks=blocks, asks=(), next=later.next if later else None)


def matches(
    connection: "Connection",
    reference: Reference,
    programs: Sequence[str],
    request: reads.RequestRow,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> Matches:
    """Rank the providers of the desk's programs for a request; without children there is nothing to rank."""
    if not children:
        return Matches((), rank((), 1, reference.weights, now), {})
    verdicts = verdicts_of(reference, programs, request, children, now)
    return weigh(connection, reference, verdicts, request, [children], now).matches


def verdicts_of(
    reference: Reference,
    programs: Sequence[str],
    request: reads.RequestRow,
    children: Sequence[reads.ChildRow],
    now: datetime,
    *,
    find_next: bool = True,
) -> tuple[Verdict, ...]:
    """The verdict of each service of the programs for the children together, as of when the request was made."""
    needs = needs_of(request, children)
    services = [service for service in reference.services.values() if service.program in programs]
    return tuple(verdict_as_asked(reference, service, request, needs, now, find_next=find_next) for service in services)


def matches_under(
    connection: "Connection",
    reference: Reference,
    verdicts: Sequence[Verdict],
    request: reads.RequestRow,
    possible: Sequence[Sequence[reads.ChildRow]],
    now: datetime,
) -> Matches:
    """Rank the providers of the services with these verdicts, as `weigh` does."""
    return weigh(connection, reference, verdicts, request, possible, now).matches


def weigh(
    connection: "Connection",
    reference: Reference,
    verdicts: Sequence[Verdict],
    request: reads.RequestRow,
    possible: Sequence[Sequence[reads.ChildRow]],
    now: datetime,
) -> Weighed:
    """Rank the providers of the services with these verdicts, and keep what they were ranked by.

    `possible` has the children once for each age they may have, at least one; a match takes them at all of these ages.
    """
    wanted = Wanted(
        request,
        [need for children in possible for need in needs_of(request, children)],
        [children_months(request, children) for children in possible],
        kept_apart(connection, request.guardian_id),
    )
    offers = reads.offers_of_request(connection, request.id)
    tried = {offer.provider_id for offer in offers if _said_no(offer, now)}
    asked = {offer.provider_id for offer in offers if offer.state in WAITING}
    found: list[Candidate] = []
    served: dict[str, str] = {}
    looked: list[Looked] = []
    for verdict in verdicts:
        hopeless = any(block.code in HOPELESS for block in verdict.blocks)
        if request.service in (None, verdict.service) and not hopeless:
            nearby, seen = candidates(connection, reference, reference.services[verdict.service], wanted, now)
            found += [
                one._replace(blocks=(*one.blocks, Block(ASKED, {}))) if one.provider_id in asked else one
                for one in nearby
            ]
            served |= dict.fromkeys((candidate.provider_id for candidate in nearby), verdict.service)
            looked.append(seen)
    ranking = rank(found, len(possible[0]), reference.weights, now, tried)
    children = tuple(child.id for child in possible[0])
    return Weighed(Matches(tuple(verdicts), ranking, served, children), wanted, tuple(looked), frozenset(tried | asked))


def _said_no(offer: reads.OfferRow, now: datetime) -> bool:
    """Whether the provider is not to be asked again; one that was busy is free again after a while."""
    if offer.state == "busy":
        return offer.answered_at is not None and moment(offer.answered_at) + BUSY_FOR > now
    if offer.state == "withdrawn":
        if offer.claim == "refused" and offer.claimed_at is not None:
            # Another desk has the place, also while its own entries are still on their way here.
            return moment(offer.claimed_at) + BUSY_FOR > now
        # Not where another was faster, or the guardian cancelled: it would have taken the child.
        return offer.answer not in (None, "accepted", "conditional")
    return offer.state in _SAID_NO


class Wanted(NamedTuple):
    """What every provider is weighed against: the needs at all ages the children may have, the months at each."""

    request: reads.RequestRow
    needs: Sequence[Need]
    ages: Sequence[Mapping[str, int]]
    apart: frozenset[str] = frozenset()
    """Providers that the family is kept apart from."""

    @property
    def children(self) -> int:
        """How many children there are."""
        return len(self.ages[0])


def box(lat: float, km: float) -> tuple[float, float]:
    """Half the height and width in degrees of a square of ± km around a latitude."""
    return km / KM_PER_DEGREE, km / (KM_PER_DEGREE * cos(radians(lat)))


def taken_by_group(rows: Iterable[reads.TakenRow]) -> dict[str, list[tuple[int, int]]]:
    """The taken (slot, place number) pairs of each group."""
    taken: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        taken.setdefault(row.group_id, []).append((row.slot, row.place_no))
    return taken


def _blocks(
    reference: Reference, service: Service, needs: Sequence[Need], facility: Facility, now: datetime
) -> tuple[Block, ...]:
    return verdict_for_all(
        service, needs, now, reference.calendar, reference.coverage, facility, find_next=False
    ).blocks


def candidates(
    connection: "Connection", reference: Reference, service: Service, wanted: Wanted, now: datetime
) -> tuple[list[Candidate], Looked]:
    """The service's providers near the request, from the box that holds enough who can take the children."""
    here = reference.regions.get(wanted.request.region)
    if here is None:
        # An application may name a region that is none of ours, until somebody has asked.
        return [], Looked(service, [], more=False)
    blocks_at = shared_blocks(reference, service, wanted, now, (here.lat, here.lon))
    day = wanted.needs[0].start.date().isoformat()
    found: list[Candidate] = []
    looked: list[tuple[reads.ProviderRow, tuple[Block, ...]]] = []
    seen: set[str] = set()
    shut = True
    for km, most in _BOXES:
        near = reads.providers_near(connection, service.id, here.lat, here.lon, box(here.lat, km), most)
        further = [(row, blocks_at(row)) for row in near if row.id not in seen and terms_of(row.record).holds_on(day)]
        found += weighed(connection, reference, wanted, further, (here.lat, here.lon), now)
        looked += further
        seen.update(row.id for row in near)
        shut = shut and all(blocks for _row, blocks in further)
        able = sum(1 for one in found if not one.blocks and (one.free is None or one.free >= wanted.children))
        # Where rules shut out the hundred nearest, they are the service's own and hold further away too.
        if able >= _ENOUGH or len(near) == NEAREST or (shut and len(near) == most):
            break
    return found, Looked(service, looked, more=len(near) == NEAREST)


def rules_key(reference: Reference, service: Service, facility: Facility, day: date) -> tuple[object, ...]:
    """The same for providers under the same rules on a day, which have the same blocks."""
    rules = id(service.rules_on(day, facility.region, facility.id))
    alone = facility.id if reference.calendar.closes(facility.id) else ""
    return rules, alone, facility[1:]


def shared_blocks(
    reference: Reference, service: Service, wanted: Wanted, now: datetime, here: tuple[float, float]
) -> Callable[[reads.ProviderRow], tuple[Block, ...]]:
    """What blocks a provider, each code once: those under the same rules of the same region share one verdict."""
    known: dict[tuple[object, ...], tuple[Block, ...]] = {}
    day = wanted.needs[0].start.date()
    asked_at, over = moment(wanted.request.asked_at), _over(wanted.request, now)

    def blocks(provider: reads.ProviderRow) -> tuple[Block, ...]:
        facility = facility_of(provider, here)
        key = rules_key(reference, service, facility, day)
        if key not in known:
            by_code: dict[str, Block] = {}
            for block in _blocks(reference, service, wanted.needs, facility, asked_at) + over:
                by_code.setdefault(block.code, block)
            known[key] = tuple(by_code.values())
        return (*known[key], NO_CONTACT) if provider.id in wanted.apart else known[key]

    return blocks


def weighed(
    connection: "Connection",
    reference: Reference,
    wanted: Wanted,
    near: Sequence[tuple[reads.ProviderRow, tuple[Block, ...]]],
    here: tuple[float, float],
    now: datetime,
) -> list[Candidate]:
    """The providers as the ranking sees them; where a rule blocks one already, its places are not looked up."""
    ids = [provider.id for provider, blocks in near if not blocks]
    records = reads.records_of(connection, ids)
    groups: dict[str, list[reads.GroupRow]] = {}
    every_age = {age for months in wanted.ages for age in months.values()}
    for group in reads.groups_of(connection, ids):
        if _fits(group, every_age):
            groups.setdefault(group.provider_id, []).append(group)
    start, end = moment(wanted.request.start_at), moment(wanted.request.end_at)
    window = slots(start, end)
    at = presences(connection, reference, [provider for provider, blocks in near if not blocks], window)
    ages_fit = [group.id for rows in groups.values() for group in rows]
    held = blocking(connection, ages_fit, window[0], window[-1], int(now.timestamp()), wanted.request.id)
    taken = taken_by_group(held)
    groups_at = groups_at_ages(wanted.ages)
    found: list[Candidate] = []
    for provider, blocks in near:
        km = distance_km(*here, provider.lat, provider.lon)
        present = at.get(provider.id)
        away = present.absences(start, end) if present else ()
        if present is None or away:
            found.append(
                Candidate(provider.id, provider.name, provider.region, km, None, None, None, 0, 0, None, blocks + away)
            )
            continue
        at_ages = [
            candidate_at(provider, km, rows, present, taken, months, records.get(provider.id))
            for months, rows in groups_at(groups.get(provider.id, ()))
        ]
        found.append(min(at_ages, key=_ability))
    return found


def groups_at_ages(ages: Sequence[Mapping[str, int]]) -> Callable[[_Groups], list[tuple[Mapping[str, int], _Groups]]]:
    """Gives the ages and for each the groups that take one of the children; ages alike in that are given once."""

    @lru_cache
    def fits(least: int, most: int) -> tuple[tuple[bool, ...], ...]:
        """Which of the children are in the band, at each of the ages."""
        return tuple(tuple(least <= age <= most for age in months.values()) for months in ages)

    def groups_at(groups: _Groups) -> list[tuple[Mapping[str, int], _Groups]]:
        bands = [fits(group.months_min, group.months_max) for group in groups]
        if all(one == band[0] for band in bands for one in band):
            return [(ages[0], groups)]
        return [
            (months, [group for group, band in zip(groups, bands, strict=True) if any(band[at])])
            for at, months in enumerate(ages)
        ]

    return groups_at


def _fits(group: reads.GroupRow, ages: Iterable[int]) -> bool:
    return any(group.months_min <= age <= group.months_max for age in ages)


def _ability(candidate: Candidate) -> tuple[bool, float]:
    """How well it can take the children: not where a rule blocks, else by its free places, unknown ones last."""
    return not candidate.blocks, inf if candidate.free is None else candidate.free


def _group_blocks(groups: Sequence[reads.GroupRow], months: Mapping[str, int]) -> tuple[Block, ...]:
    """A block when a child is in no age band of the provider, whatever is free."""
    without = [age for age in months.values() if not any(g.months_min <= age <= g.months_max for g in groups)]
    return (Block(NO_GROUP, {"months": min(without)}),) if without else ()


def candidate_at(
    provider: reads.ProviderRow,
    km: float,
    groups: Sequence[reads.GroupRow],
    present: Present,
    taken: Taken,
    months: Mapping[str, int],
    record: reads.Record | None,
) -> Candidate:
    """Places and free places count children: a home-visit carer's one place is for several of one household."""
    places: int | None = 0
    free: int | None = 0
    window = present.window
    here = [present.group(group) for group in groups]
    for group in here:
        empty = free_count(taken.get(group.id, ()), window, group.places)
        most = least(group.places)
        if most is None or empty is None:
            places = free = None
            break
        places = (places or 0) + most * group.children_per_place
        free = (free or 0) + empty * group.children_per_place
    if free and len(months) > 1 and choose_places(here, months, window, taken) is None:
        # Places enough in number, but not in the age bands of these siblings.
        free = 0
    confirmed = [group.confirmed_at for group in groups if group.confirmed_at is not None]
    return Candidate(
        provider_id=provider.id,
        name=provider.name,
        region=provider.region,
        km=km,
        places=places,
        free=free,
        confirmed_at=moment(min(confirmed)) if confirmed else None,
        offered=record.offered if record else 0,
        accepted=record.accepted if record else 0,
        last_offered_at=moment(record.last_offered_at) if record and record.last_offered_at else None,
        blocks=_group_blocks(groups, months),
    )
