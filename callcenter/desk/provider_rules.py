"""The hard rules for the providers of a request: the verdict of a service, and what blocks each provider of it."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime

from callcenter.care.eligibility import Block, Facility, Need, Verdict, verdict_for_all
from callcenter.care.programs import Service
from callcenter.desk.facilities import facility_of
from callcenter.desk.needs import Wanted, needs_of
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import moment

NO_CONTACT = Block("no_contact")
# No provider's own rules can mend these; the verdict of the service says all there is to say.
HOPELESS = frozenset({"age_under", "age_over", "school_age", "not_in_school", "region_not_served"})

BlocksAt = Callable[[reads.ProviderRow], tuple[Block, ...]]
"""Gives what blocks a provider."""


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


def rules_key(reference: Reference, service: Service, facility: Facility, day: date) -> tuple[object, ...]:
    """The same for providers under the same rules on a day, which have the same blocks."""
    rules = id(service.rules_on(day, facility.region, facility.id))
    alone = facility.id if reference.calendar.closes(facility.id) else ""
    return rules, alone, facility[1:]


def shared_blocks(
    reference: Reference, service: Service, wanted: Wanted, now: datetime, here: tuple[float, float]
) -> BlocksAt:
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


def _blocks(
    reference: Reference, service: Service, needs: Sequence[Need], facility: Facility, now: datetime
) -> tuple[Block, ...]:
    return verdict_for_all(
        service, needs, now, reference.calendar, reference.coverage, facility, find_next=False
    ).blocks


def _over(request: reads.RequestRow, now: datetime) -> tuple[Block, ...]:
    """A block once the time asked for is over: until then a child can still come later than planned."""
    return (Block("in_the_past", {"now": now}),) if moment(request.end_at) <= now else ()
