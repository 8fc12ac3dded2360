"""Who can take a request: the verdict of every service, and the providers ranked with reasons, read only."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.eligibility import Block, Verdict
from callcenter.care.lifecycle import WAITING
from callcenter.care.matching import Candidate, Match, Ranking, rank
from callcenter.care.near_miss import Miss
from callcenter.care.priority import BUSY_FOR
from callcenter.care.programs import Service
from callcenter.care.siblings import Split
from callcenter.desk.facilities import terms_of
from callcenter.desk.needs import Wanted, wanted_by
from callcenter.desk.provider_rules import HOPELESS, Judged, judge, verdicts_of
from callcenter.desk.providers_read import ProvidersRead
from callcenter.desk.weighing import weighed
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.no_contact import kept_apart
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

# Near ones first: a wider box (± km, at most so many) is searched only while too few of the nearer can take the child.
_ENOUGH = 20
NEAREST = 200
_BOXES = ((10.0, NEAREST // 2), (30.0, NEAREST), (60.0, NEAREST), (2000.0, NEAREST))
SPLIT = "split"
# Offers that ended without the provider's yes: it is not asked twice for one request.
_SAID_NO = frozenset({"declined", "no_answer", "wrong_number", "expired"})
ASKED = "asked"

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
    def takers(self) -> frozenset[str]:
        """The services of which a provider takes the children, by rules of its own also where the service does not."""
        return frozenset(self.services[match.candidate.provider_id] for match in self.ranking.matches)

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
    rows: list[Judged]
    more: bool


class Weighed(NamedTuple):
    """The matches, and what they were made of."""

    matches: Matches
    wanted: Wanted
    looked: tuple[Looked, ...]
    tried: frozenset[str]


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
    return weigh(ProvidersRead(connection), reference, verdicts, request, [children], now).matches


def weigh(
    providers: ProvidersRead,
    reference: Reference,
    verdicts: Sequence[Verdict],
    request: reads.RequestRow,
    possible: Sequence[Sequence[reads.ChildRow]],
    now: datetime,
) -> Weighed:
    """Rank the providers of the services with these verdicts, and keep what they were ranked by.

    `possible` has the children once for each age they may have, at least one; a match takes them at all of these ages.
    """
    wanted = wanted_by(request, possible, kept_apart(providers.connection, request.guardian_id))
    offers = reads.offers_of_request(providers.connection, request.id)
    tried = {offer.provider_id for offer in offers if _said_no(offer, now)}
    asked = {offer.provider_id for offer in offers if offer.state in WAITING}
    found: list[Candidate] = []
    served: dict[str, str] = {}
    looked: list[Looked] = []
    for verdict in verdicts:
        hopeless = any(block.code in HOPELESS for block in verdict.blocks)
        if request.service in (None, verdict.service) and not hopeless:
            nearby, seen = candidates(providers, reference, reference.services[verdict.service], wanted, now)
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


def candidates(
    providers: ProvidersRead, reference: Reference, service: Service, wanted: Wanted, now: datetime
) -> tuple[list[Candidate], Looked]:
    """The service's providers near the request, from the box that holds enough who can take the children."""
    here = reference.regions.get(wanted.request.region)
    if here is None:
        # An application may name a region that is none of ours, until somebody has asked.
        return [], Looked(service, [], more=False)
    judged = judge(reference, service, wanted, now, (here.lat, here.lon))
    day = wanted.needs[0].start.date().isoformat()
    found: list[Candidate] = []
    looked: list[Judged] = []
    seen: set[str] = set()
    shut = True
    for km, most in _BOXES:
        near = providers.near(service.id, (here.lat, here.lon), km, most)
        further = [judged(row) for row in near if row.id not in seen and terms_of(row.record).holds_on(day)]
        found += weighed(providers, reference, wanted, further, (here.lat, here.lon), now)
        looked += further
        seen.update(row.id for row in near)
        shut = shut and all(one.blocks for one in further)
        able = sum(1 for one in found if not one.blocks and (one.free is None or one.free >= wanted.children))
        # Where rules shut out the hundred nearest, they are the service's own and hold further away too.
        if able >= _ENOUGH or len(near) == NEAREST or (shut and len(near) == most):
            break
    return found, Looked(service, looked, more=len(near) == NEAREST)
