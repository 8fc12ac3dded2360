"""Nobody can take the children as asked: what one soft change would give, out of what was read for the matches."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from callcenter.care.geography import between_km
from callcenter.care.matching import Candidate, Match, rank
from callcenter.care.near_miss import Asked, Change, Miss, nearest_misses, time_changes
from callcenter.care.programs import Service
from callcenter.desk.facilities import terms_of
from callcenter.desk.matches import NEAREST, Weighed, candidates
from callcenter.desk.needs import Wanted, needs_of, wanted_by
from callcenter.desk.other_times import OF_TIME, OtherTimes
from callcenter.desk.provider_rules import HOPELESS, shared_blocks, verdict_as_asked
from callcenter.desk.providers_read import Here, ProvidersRead
from callcenter.desk.session import seconds
from callcenter.desk.weighing import weighed
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.text.moments import moment

_FURTHER = 100
_NEIGHBOURS = 3
_IN_REGION_KM = 15.0
_IN_REGION = 60
_WIDEST_KM = 60.0


def asked_of(request: reads.RequestRow) -> Asked:
    """What of the request a change can touch."""
    start, end = moment(request.start_at), moment(request.end_at)
    return Asked(start, end, request.region, request.residence, request.service)


def misses(
    providers: ProvidersRead,
    reference: Reference,
    programs: Sequence[str],
    found: Weighed,
    children: Sequence[reads.ChildRow],
    now: datetime,
) -> tuple[Miss, ...]:
    """The changes that cost the family least and would give a place, each with the best provider there is then.

    Of a request that holds places already only what does not touch those is proposed.
    """
    search = _Search(providers, reference, programs, found, children, now)
    return nearest_misses(search.changes(), reference.weights.changes, search.find)


class _Search:
    """Tries one change after the other."""

    def __init__(
        self,
        providers: ProvidersRead,
        reference: Reference,
        programs: Sequence[str],
        found: Weighed,
        children: Sequence[reads.ChildRow],
        now: datetime,
    ) -> None:
        self._providers = providers
        self._reference = reference
        self._programs = programs
        self._found = found
        self._children = children
        self._now = now
        self._request = found.wanted.request
        self._asked = asked_of(self._request)
        self._times = OtherTimes(providers, reference, found, self._asked, children, now)

    def changes(self) -> list[Change]:
        """Every change that can be asked for."""
        request, reference = self._request, self._reference
        home = reference.regions.get(request.region)
        if home is None:
            return []
        made = [Change("wider")] if any(looked.more for looked in self._found.looked) else []
        if request.service is not None:
            others = (one for one in reference.services.values() if one.program in self._programs)
            made += [Change("service", code=one.id) for one in others if one.id != request.service]
        if reads.live_offers(self._providers.connection, request.id):
            return made
        limits = [
            block.values["most"]
            for verdict in self._found.matches.verdicts
            for block in verdict.blocks
            if block.code == "too_long"
        ]
        longest = max((limit for limit in limits if isinstance(limit, timedelta)), default=None)
        made += time_changes(self._asked, self._now, longest)
        if self._not_served():
            near = sorted(home.neighbours, key=lambda code: between_km(reference.regions, home.code, code))
            made += [Change("region", code=code) for code in near[:_NEIGHBOURS]]
        return made

    def find(self, change: Change) -> Match | None:
        """The best match with the change; no rule is weaker with it than without."""
        if change.kind in ("shift", "start", "end"):
            asked = change.applied(self._asked)
            return self._best(self._times.candidates(asked.start, asked.end))
        if change.kind == "service":
            return self._with_another_service(change)
        if change.kind == "wider":
            return self._further_away()
        return self._in_another_region(change)

    def changed(self, change: Change) -> reads.RequestRow:
        """The request as it would be; another time or place is asked for now, and other wishes as before."""
        asked = change.applied(self._asked)
        wish = self._request._replace(
            start_at=seconds(asked.start),
            end_at=seconds(asked.end),
            region=asked.region,
            residence=asked.residence,
            service=asked.service,
        )
        anew = change.kind not in ("service", "wider")
        return wish._replace(asked_at=seconds(self._now)) if anew else wish

    def _wanted(self, request: reads.RequestRow) -> Wanted:
        return wanted_by(request, [self._children], self._found.wanted.apart)

    def _best(self, candidates: Sequence[Candidate]) -> Match | None:
        if not candidates:
            return None
        found = rank(candidates, len(self._children), self._reference.weights, self._now, self._found.tried, limit=1)
        return found.matches[0] if found.matches else None

    @property
    def _here(self) -> Here:
        home = self._reference.regions[self._request.region]
        return home.lat, home.lon

    def _with_another_service(self, change: Change) -> Match | None:
        request = self.changed(change)
        service = self._reference.services[change.code]
        needs = needs_of(request, self._children)
        verdict = verdict_as_asked(self._reference, service, request, needs, self._now, find_next=False)
        if any(block.code in HOPELESS for block in verdict.blocks):
            return None
        found, _looked = candidates(self._providers, self._reference, service, self._wanted(request), self._now)
        return self._best(found)

    def _further_away(self) -> Match | None:
        """The best of those next to everybody who was looked at."""
        wanted, here = self._wanted(self._request), self._here
        found: list[Candidate] = []
        for looked in self._found.looked:
            if looked.more:
                seen = {row.id for row, _blocks in looked.rows}
                rows = self._providers.near(looked.service.id, here, _WIDEST_KM, NEAREST + _FURTHER)
                found += self._weighed(looked.service, [row for row in rows if row.id not in seen], wanted, here)
        return self._best(found)

    def _in_another_region(self, change: Change) -> Match | None:
        wanted = self._wanted(self.changed(change))
        region = self._reference.regions[change.code]
        there = region.lat, region.lon
        found: list[Candidate] = []
        for service in self._not_served():
            request = wanted.request
            verdict = verdict_as_asked(self._reference, service, request, wanted.needs, self._now, find_next=False)
            if any(block.code not in OF_TIME for block in verdict.blocks):
                continue
            rows = self._providers.near(service.id, there, _IN_REGION_KM, _IN_REGION)
            found += self._weighed(service, [row for row in rows if row.region == region.code], wanted, there)
        return self._best(found)

    def _weighed(
        self, service: Service, rows: Sequence[reads.ProviderRow], wanted: Wanted, asked_at: Here
    ) -> list[Candidate]:
        """The providers as the ranking sees them, for care asked for at a place; the way is the family's own."""
        blocks_at = shared_blocks(self._reference, service, wanted, self._now, asked_at)
        day = wanted.needs[0].start.date().isoformat()
        further = [(row, blocks_at(row)) for row in rows if terms_of(row.record).holds_on(day)]
        return weighed(self._providers, self._reference, wanted, further, self._here, self._now)

    def _not_served(self) -> list[Service]:
        """The services that the request may be for and that its own region does not have."""
        return [
            self._reference.services[verdict.service]
            for verdict in self._found.matches.verdicts
            if self._request.service in (None, verdict.service)
            and any(block.code == "region_not_served" for block in verdict.blocks)
        ]
