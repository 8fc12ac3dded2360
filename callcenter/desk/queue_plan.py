"""The plan of the whole queue, beside what one after the other would serve; and taking it, a request at a time."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.eligibility import verdict_for_all
from callcenter.care.matching import Match, Ranking
from callcenter.care.places import Group, slots
from callcenter.care.plan_capacity import OpenPlaces, Stay
from callcenter.care.priority import cutoffs
from callcenter.care.queue_plan import OpenRequest, Option, first_come, queue_plan
from callcenter.desk.matches import matches_under
from callcenter.desk.needs import children_months, needs_of
from callcenter.desk.offers import OfferTaken, make_offer, undo_offer
from callcenter.desk.permission import Actor, requires
from callcenter.desk.presence import presences
from callcenter.desk.queue_view import shown_queue
from callcenter.desk.session import Desk, seconds
from callcenter.errors import CallcenterError
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.placements import children_of_offers
from callcenter.store.reservations import blocking, taken_by_group
from callcenter.store.waiting import WAITING_STATES, waiting_count
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

MOST = 50
"""So many requests, the first of the queue, are planned at once; as many providers are ranked for each."""
_PAGE = 100


class PlanRow(NamedTuple):
    """One request of the plan: its provider, None where nobody is left for it, and whom one by one would give it.

    `rank` is where the provider stands among the request's own matches, from 1. `reason` is the code that leaves out
    most providers, for a request that none can take at all.
    """

    request: reads.QueueRow
    match: Match | None
    rank: int
    first: Match | None
    reason: str | None


class QueueProposal(NamedTuple):
    """The plan in the order of the queue, how many it serves and how many one by one would serve.

    `beyond` are open requests further down the queue, which were not looked at.
    """

    rows: tuple[PlanRow, ...]
    served: int
    first_served: int
    beyond: int


class Refused(NamedTuple):
    """A request of the plan that could not be taken, and why."""

    number: str
    error: CallcenterError


class PlanTaken(NamedTuple):
    """What came of taking a plan: the offers that were made, and what was taken or changed meanwhile."""

    offers: tuple[OfferTaken, ...]
    refused: tuple[Refused, ...]


class Taking(NamedTuple):
    """A row of the plan that is to be taken, as it was shown."""

    request_id: str
    number: str
    provider_id: str
    rank: int


def proposal(
    connection: "Connection", reference: Reference, programs: Sequence[str], now: datetime, actor: Actor | None
) -> QueueProposal:
    """Plan the requests that wait for a place and that the actor may see, as far as places are free now."""
    shown = list(islice(_waiting(connection, now, actor), MOST))
    asked: list[OpenRequest] = []
    ranked: dict[str, dict[str, Match]] = {}
    reasons: dict[str, str | None] = {}
    for row in shown:
        request = reads.request(connection, row.id)
        children = _unplaced(connection, row.id, now)
        if request is None or not children:
            continue
        ranking = _ranking(connection, reference, programs, request, children, now)
        ranked[row.id] = {match.candidate.provider_id: match for match in ranking.matches}
        reasons[row.id] = next(iter(ranking.why_out), None)
        stay = Stay(slots(moment(request.start_at), moment(request.end_at)), children_months(request, children))
        options = tuple(Option(match.candidate.provider_id, match.score) for match in ranking.matches)
        asked.append(OpenRequest(row.id, row.band, stay, options))
    providers = _places(connection, reference, asked, now)
    planned, first = queue_plan(asked, providers), first_come(asked, providers)
    rows = tuple(
        _row(row, ranked[row.id], planned.get(row.id), first.get(row.id), reasons[row.id])
        for row in shown
        if row.id in ranked
    )
    return QueueProposal(rows, len(planned), len(first), waiting_count(connection) - len(shown))


@requires("offer.make")
def take_plan(desk: Desk, actor: Actor, now: datetime, rows: Sequence[Taking]) -> PlanTaken:
    """Make the offers of these rows, each in a transaction of its own; one that is refused does not stop the next."""
    offers: list[OfferTaken] = []
    refused: list[Refused] = []
    for row in rows:
        try:
            offers.append(make_offer(desk, actor, now, row.request_id, row.provider_id, rank=row.rank))
        except CallcenterError as error:
            refused.append(Refused(row.number, error))
    return PlanTaken(tuple(offers), tuple(refused))


@requires("offer.undo")
def undo_plan(desk: Desk, actor: Actor, now: datetime, offers: Sequence[str]) -> PlanTaken:
    """Take back the offers of a plan within the undo window, each in a transaction of its own."""
    refused: list[Refused] = []
    for offer_id in offers:
        try:
            undo_offer(desk, actor, now, offer_id)
        except CallcenterError as error:
            offer = reads.offer(desk.connection, offer_id)
            refused.append(Refused(offer.number if offer else "", error))
    return PlanTaken((), tuple(refused))


def takings(plan: QueueProposal, request_id: str | None = None) -> tuple[Taking, ...]:
    """The rows of the plan that can be taken, all of them or that of one request."""
    return tuple(
        Taking(row.request.id, row.request.number, row.match.candidate.provider_id, row.rank)
        for row in plan.rows
        if row.match is not None and request_id in (None, row.request.id)
    )


def without(plan: QueueProposal, number: str) -> QueueProposal:
    """The plan once the request of this number was taken: what is left of it to take."""
    rows = tuple(row for row in plan.rows if row.request.number != number)
    served, first_served = (sum(1 for row in rows if row.match), sum(1 for row in rows if row.first))
    return plan._replace(rows=rows, served=served, first_served=first_served)


def _waiting(connection: "Connection", now: datetime, actor: Actor | None) -> Iterator[reads.QueueRow]:
    """The requests that wait for a place, in the order of the queue, a page at a time."""
    cuts, offset = cutoffs(now), 0
    while page := reads.queue(connection, cuts, offset, _PAGE):
        offset += len(page)
        waiting = [row for row in page if row.state in WAITING_STATES]
        yield from (row for row in shown_queue(connection, waiting, actor) if not row.hidden)


def _ranking(
    connection: "Connection",
    reference: Reference,
    programs: Sequence[str],
    request: reads.RequestRow,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> Ranking:
    """As the operator's own matches, without looking for the next time that could be booked."""
    needs, asked_at = needs_of(request, children), moment(request.asked_at)
    verdicts = [
        verdict_for_all(service, needs, asked_at, reference.calendar, reference.coverage, find_next=False)
        for service in reference.services.values()
        if service.program in programs and request.service in (None, service.id)
    ]
    return matches_under(connection, reference, verdicts, request, [children], now).ranking


def _unplaced(connection: "Connection", request_id: str, now: datetime) -> list[reads.ChildRow]:
    """The children for whom nobody is asked, and no place is kept whose time is not over yet."""
    live = [
        offer.id
        for offer in reads.live_offers(connection, request_id)
        if offer.state != "reserved" or moment(offer.expires_at) > now
    ]
    held = frozenset().union(*children_of_offers(connection, live).values())
    return [child for child in reads.children_of_request(connection, request_id) if child.id not in held]


def _places(
    connection: "Connection", reference: Reference, asked: Sequence[OpenRequest], now: datetime
) -> dict[str, OpenPlaces]:
    """What every provider has that one of the requests could go to, over the time of all of them."""
    if not asked:
        return {}
    names = sorted({option.provider_id for request in asked for option in request.options})
    first = min(request.stay.window.start for request in asked)
    window = range(first, max(request.stay.window.stop for request in asked))
    providers = [row for row in (reads.provider(connection, name) for name in names) if row is not None]
    at = presences(connection, reference, providers, window)
    groups: dict[str, list[Group]] = {name: [] for name in names}
    for group in reads.groups_of(connection, names):
        groups[group.provider_id].append(at[group.provider_id].group(group))
    every = [group.id for found in groups.values() for group in found]
    taken = taken_by_group(blocking(connection, every, window[0], window[-1], seconds(now)))
    return {
        name: OpenPlaces(tuple(found), {group.id: taken.get(group.id, []) for group in found}, window)
        for name, found in groups.items()
    }


def _row(
    request: reads.QueueRow, ranked: Mapping[str, Match], planned: str | None, first: str | None, reason: str | None
) -> PlanRow:
    return PlanRow(
        request,
        ranked[planned] if planned is not None else None,
        1 + list(ranked).index(planned) if planned is not None else 0,
        ranked[first] if first is not None else None,
        None if ranked else reason,
    )
