"""Whom to place a request with: the matches, and where nobody takes all of the children, what else there is."""

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.care.lifecycle import REQUEST
from callcenter.care.matching import Match
from callcenter.care.siblings import Split, best_split
from callcenter.desk.matches import Matches, Weighed, matches, weigh
from callcenter.desk.near_miss import misses
from callcenter.desk.provider_rules import verdicts_of
from callcenter.desk.providers_read import ProvidersRead
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.placements import children_of_offers

if TYPE_CHECKING:
    from sqlite3 import Connection

PLACEABLE = frozenset(state for state, event in REQUEST.moves if event == "offer_made")
_TRIED_OF_EACH = 5


def choices(
    connection: "Connection",
    reference: Reference,
    programs: Sequence[str],
    request: reads.RequestRow,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> Matches:
    """The matches for the children who have no place yet; where there are none, a split of siblings and near misses."""
    left = children_left(connection, request, children)
    if not left:
        return matches(connection, reference, programs, request, children, now)
    verdicts = verdicts_of(reference, programs, request, left, now)
    providers = ProvidersRead(connection)
    found = weigh(providers, reference, verdicts, request, [left], now)
    if found.matches.ranking.matches or request.state not in PLACEABLE:
        return found.matches
    split, services = _split(providers, reference, programs, found, left, now)
    near = misses(providers, reference, programs, found, left, now)
    services = services | dict(found.matches.services)
    for miss in near:
        provider = reads.provider(connection, miss.match.candidate.provider_id)
        if provider is not None:
            services[provider.id] = provider.service
    return found.matches._replace(services=services, split=split, misses=near)


def children_left(
    connection: "Connection", request: reads.RequestRow, children: Sequence[reads.ChildRow]
) -> list[reads.ChildRow]:
    """The children whom nobody was asked for yet; where all were, those who have no place; where all have, all."""
    live = reads.live_offers(connection, request.id)
    seats = children_of_offers(connection, [offer.id for offer in live])
    asked = frozenset().union(*seats.values())
    placed = frozenset().union(*(seats[offer.id] for offer in live if offer.state == "accepted"))
    for without in (asked, placed):
        if left := [child for child in children if child.id not in without]:
            return left
    return list(children)


def _split(
    providers: ProvidersRead,
    reference: Reference,
    programs: Sequence[str],
    together: Weighed,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> tuple[Split | None, dict[str, str]]:
    """The best way to part the children, with the services of its providers."""
    request = together.wanted.request
    services: dict[str, str] = {}

    def find(some: tuple[str, ...]) -> Sequence[Match]:
        part = [child for child in children if child.id in some]
        verdicts = verdicts_of(reference, programs, request, part, now, find_next=False)
        found = weigh(providers, reference, verdicts, request, [part], now).matches
        services.update(found.services)
        return found.ranking.matches[:_TRIED_OF_EACH]

    parts = best_split([child.id for child in children], find)
    if parts is None:
        return None, {}
    named = {part.match.candidate.provider_id for part in parts}
    why = tuple(together.matches.ranking.why_out.items())
    return Split(parts, why), {provider: service for provider, service in services.items() if provider in named}
