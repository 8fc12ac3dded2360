"""The whole queue at once: which provider each open request would go to so that most are served, and the most urgent.

One provider after the other, taken in the order of the queue, serves fewer than there is room for: the first takes
the place that only the second could have used. The plan moves requests along chains of providers instead. Where times
overlap this is an assignment and the chains find the best one; where stays of different lengths share places it is a
packing, for which chains, trades and several beginnings come near. First come is one of the beginnings, and a step
is kept only when it is better: no plan serves fewer than first come.
"""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from callcenter.care.plan_capacity import OpenPlaces, Stay
from callcenter.care.plan_search import Search


class Option(NamedTuple):
    """A provider that no hard rule keeps from the request, with the score it has there."""

    provider_id: str
    score: float


class OpenRequest(NamedTuple):
    """A request as the plan sees it; `band` as in `priority`, `options` the best first."""

    id: str
    band: int
    stay: Stay
    options: tuple[Option, ...]


class Worth(NamedTuple):
    """What a plan is worth, the more the better: requests served, those of each band from the first, their points."""

    served: int
    bands: tuple[int, ...]
    score: float


def first_come(requests: Sequence[OpenRequest], providers: Mapping[str, OpenPlaces]) -> dict[str, str]:
    """The provider of each request when each in its turn takes its best that still has room.

    `requests` stand in the order of the queue; those without a provider are left out.
    """
    search = _search(requests, providers)
    search.first_come()
    return _told(requests, providers, search)


def queue_plan(requests: Sequence[OpenRequest], providers: Mapping[str, OpenPlaces]) -> dict[str, str]:
    """The provider of each request so that most are served, then the most urgent, then with the best scores.

    `requests` stand in the order of the queue, and so does what is returned: taken in that order, every request finds
    its places. Those without a provider are left out. The same queue gives the same plan.
    """
    search = _search(requests, providers)
    search.first_come()
    search.improve()
    found = [search.now]
    # By the queue the most urgent are sure of their place; the shortest first fill the places best.
    for order in (range(len(requests)), sorted(range(len(requests)), key=lambda at: _size(requests[at]))):
        search.begin()
        for at in order:
            search.insert(at)
        search.improve()
        found.append(search.now)
    search.now = max(found, key=search.value)
    return _told(requests, providers, search)


def worth(requests: Sequence[OpenRequest], plan: Mapping[str, str]) -> Worth:
    """What a plan for these requests is worth."""
    bands = [0] * (max((request.band for request in requests), default=-1) + 1)
    score = 0.0
    for request in requests:
        if request.id in plan:
            bands[request.band] += 1
            score += next(option.score for option in request.options if option.provider_id == plan[request.id])
    return Worth(len(plan), tuple(bands), score)


def _search(requests: Sequence[OpenRequest], providers: Mapping[str, OpenPlaces]) -> Search:
    """What a provider costs a request is how far its points are below the best of all."""
    position = {name: at for at, name in enumerate(sorted(providers))}
    most = max((option.score for request in requests for option in request.options), default=0.0)
    costs = [
        [(position[option.provider_id], most - option.score) for option in request.options] for request in requests
    ]
    stays, bands = [request.stay for request in requests], [request.band for request in requests]
    return Search(stays, bands, costs, [providers[name] for name in sorted(providers)])


def _told(requests: Sequence[OpenRequest], providers: Mapping[str, OpenPlaces], search: Search) -> dict[str, str]:
    names = sorted(providers)
    placed = zip(requests, search.now.at, strict=True)
    return {request.id: names[at] for request, at in placed if at is not None}


def _size(request: OpenRequest) -> int:
    return len(request.stay.window) * len(request.stay.children)
