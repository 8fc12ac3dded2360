"""The search for the plan of a whole queue: chains that make room for one more, trades, and steps back.

Requests and providers are known by their positions here; sets of requests are bit masks over them.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import lru_cache, partial
from heapq import heappop, heappush
from itertools import combinations, islice
from math import inf
from typing import NamedTuple

from callcenter.care.plan_capacity import Capacity, OpenPlaces, Stay

# How often several are moved for one: each try costs about a tenth of a millisecond.
_TRIES = 300


class Step(NamedTuple):
    """The request goes to the provider, which costs it so much."""

    request: int
    provider: int
    cost: float


class Standing:
    """Who is where: the provider of each request and what that costs, and the requests at each provider."""

    __slots__ = ("at", "costs", "members", "stuck")

    def __init__(self, at: list[int | None], costs: list[float], members: list[int], stuck: set[int]) -> None:
        self.at, self.costs, self.members = at, costs, members
        # For these no chain was found, which holds until somebody moves.
        self.stuck = stuck

    def copy(self) -> "Standing":
        """One of its own."""
        return Standing(list(self.at), list(self.costs), list(self.members), set(self.stuck))


class _Capacities(dict[int, Capacity]):
    """The capacity of every provider by its position, made when it is first asked for."""

    def __init__(self, providers: Sequence[OpenPlaces], stays: Sequence[Stay]) -> None:
        super().__init__()
        self._providers, self._stays = providers, stays

    def __missing__(self, provider: int) -> Capacity:
        made = self[provider] = Capacity(self._providers[provider], self._stays)
        return made


class _Costs:
    """The providers with room for one request and what each costs, the cheapest first, looked for as asked for.

    Where places are many most requests go to one of their first, and a hundred others would be looked at for nothing.
    """

    __slots__ = ("_ahead", "_found")

    def __init__(self, ahead: Iterator[tuple[int, float]]) -> None:
        self._ahead = ahead
        self._found: list[tuple[int, float]] = []

    def __iter__(self) -> Iterator[tuple[int, float]]:
        # By position: a move that is tried meanwhile may look further than this one has come.
        at = 0
        while at < len(self._found) or self._look_further():
            yield self._found[at]
            at += 1

    def _look_further(self) -> bool:
        found = next(self._ahead, None)
        if found is not None:
            self._found.append(found)
        return found is not None

    @property
    def cheapest(self) -> tuple[int, float] | None:
        """The first of them; None where nobody has room."""
        return next(iter(self), None)


class Search:
    """A plan in the making. `costs` has the providers that can take each request, the cheapest first."""

    def __init__(
        self,
        stays: Sequence[Stay],
        bands: Sequence[int],
        costs: Sequence[Sequence[tuple[int, float]]],
        providers: Sequence[OpenPlaces],
    ) -> None:
        self._bands = bands
        self._providers = len(providers)
        self._capacity = _Capacities(providers, stays)
        self._costs = [self._able(request, found) for request, found in enumerate(costs)]
        self.begin()

    def _able(self, request: int, costs: Sequence[tuple[int, float]]) -> _Costs:
        """Of those with room for it alone as many as there are requests are enough: the others fill one less."""
        able = (one for one in costs if self._capacity[one[0]].fits(1 << request))
        return _Costs(islice(able, len(self._bands)))

    def begin(self) -> None:
        """Nobody has a provider."""
        count = len(self._bands)
        self.now = Standing([None] * count, [0.0] * count, [0] * self._providers, set())

    def value(self, standing: Standing) -> tuple[int, list[int], float]:
        """What a plan is worth, the more the better: how many are served, of each band, and at which cost."""
        bands = [0] * (max(self._bands, default=-1) + 1)
        for band, at in zip(self._bands, standing.at, strict=True):
            bands[band] += at is not None
        return sum(bands), bands, -sum(standing.costs)

    def first_come(self) -> None:
        """Each in its turn takes the cheapest that has room."""
        for request, costs in enumerate(self._costs):
            for provider, cost in costs:
                if self._fits(provider, request):
                    self._put(Step(request, provider, cost))
                    break

    def insert(self, wanted: int) -> bool:
        """Place one more without giving up another, along the cheapest chain; False when there is none.

        In a chain each goes where the next one has made room, and the last where there was room.
        """
        if wanted in self.now.stuck:
            return False
        costs: dict[int, float] = {wanted: 0.0}
        pushed_by: dict[int, Step] = {}
        end: Step | None = None
        limit = inf
        ahead = [(0.0, wanted)]
        # Each is moved once: where packings are uneven a circle of moves can look ever cheaper.
        moved: set[int] = set()
        at, own_costs, members = self.now.at, self.now.costs, self.now.members
        while ahead:
            bound, mover = heappop(ahead)
            if bound >= limit:
                break
            if mover in moved:
                continue
            moved.add(mover)
            for provider, own in self._costs[mover]:
                total = costs[mover] + own
                if total >= limit:
                    break
                if provider == at[mover]:
                    continue
                inside, fits = members[provider] | 1 << mover, self._capacity[provider].fits
                if fits(inside):
                    end, limit = Step(mover, provider, own), total
                    break
                for other in _bits(members[provider]):
                    left = total - own_costs[other]
                    if other not in moved and left < costs.get(other, inf) and fits(inside ^ 1 << other):
                        costs[other] = left
                        pushed_by[other] = Step(mover, provider, own)
                        heappush(ahead, (total, other))
        if end is not None and self._move_along(wanted, end, pushed_by):
            return True
        self.now.stuck.add(wanted)
        return False

    def improve(self) -> None:
        """Serve more, then the more urgent, then nearer, as long as one of the moves finds something."""
        tries = _TRIES
        while tries > 0:
            before = self.value(self.now)
            for request in self._waiting():
                self.insert(request)
            tries -= self._push_two() + self._trade_for_two() + self._put_urgent_first()
            self._come_nearer()
            if self.value(self.now) <= before:
                return

    # Moves: each leaves a plan that is worth at least as much; those that are many return how many were tried.

    def _push_two(self) -> int:
        """Place a request where two others make room and go elsewhere: siblings, or a long stay for two short ones."""
        tries = 0
        for request in self._waiting():
            for provider, cost in self._costs[request]:
                for pair in combinations(_bits(self.now.members[provider]), 2):
                    if self._fits(provider, request, without=1 << pair[0] | 1 << pair[1]):
                        tries += 1
                        change = partial(self._exchange, pair, (Step(request, provider, cost),), again=2)
                        if self._better(change) or tries >= _TRIES:
                            return tries
        return tries

    def _trade_for_two(self) -> int:
        """Take one out where two who wait fit in its place."""
        tries = 0
        for provider, members in enumerate(self.now.members):
            if not members:
                continue
            asking = [
                Step(request, provider, cost)
                for request in self._waiting()
                for option, cost in self._costs[request]
                if option == provider
            ]
            for one, two in combinations(asking, 2):
                both = 1 << one.request | 1 << two.request
                for other in _bits(members):
                    if self._capacity[provider].fits(members ^ 1 << other | both):
                        tries += 1
                        if self._better(partial(self._exchange, (other,), (one, two))) or tries >= _TRIES:
                            return tries
        return tries

    def _put_urgent_first(self) -> int:
        """Give a place to the more urgent where a less urgent one must wait for it."""
        tries = 0
        for request in self._waiting():
            served = [one for one, at in enumerate(self.now.at) if at is not None]
            for other in sorted(served, key=lambda one: (-self._bands[one], -one)):
                if self._bands[other] <= self._bands[request] or tries >= _TRIES:
                    break
                tries += 1
                if self._better(partial(self._instead, other, request)):
                    break
        return tries

    def _come_nearer(self) -> None:
        """Take each out that is not at its best and place it again where it scores best now."""
        for request, at in enumerate(self.now.at):
            cheapest = self._costs[request].cheapest
            if at is not None and cheapest is not None and at != cheapest[0]:
                self._better(partial(self._instead, request, request))

    def _exchange(self, leaving: Sequence[int], coming: Sequence[Step], *, again: int = 0) -> bool:
        """Those who come go in; of those who leave at least `again` must find another place."""
        for request in leaving:
            self._take_out(request)
        for step in coming:
            self._put(step)
        return sum([self.insert(request) for request in leaving]) >= again

    def _instead(self, leaving: int, coming: int) -> bool:
        self._take_out(leaving)
        return self.insert(coming)

    def _better(self, change: Callable[[], bool]) -> bool:
        """Whether the change was possible and worth it; else it is as if it had not been."""
        before = self.now.copy()
        if change() and self.value(self.now) > self.value(before):
            return True
        self.now = before
        return False

    # Steps

    def _waiting(self) -> list[int]:
        return [request for request, at in enumerate(self.now.at) if at is None and self._costs[request].cheapest]

    def _fits(self, provider: int, request: int, without: int = 0) -> bool:
        return self._capacity[provider].fits(self.now.members[provider] & ~without | 1 << request)

    def _put(self, step: Step) -> None:
        self.now.at[step.request], self.now.costs[step.request] = step.provider, step.cost
        self.now.members[step.provider] |= 1 << step.request
        self.now.stuck.clear()

    def _take_out(self, request: int) -> None:
        provider = self.now.at[request]
        if provider is not None:
            self.now.members[provider] ^= 1 << request
            self.now.at[request], self.now.costs[request] = None, 0.0
            self.now.stuck.clear()

    def _move_along(self, wanted: int, end: Step, pushed_by: Mapping[int, Step]) -> bool:
        """Carry out a chain from its end; one that crosses itself may not fit in the end, and then nothing moved."""
        chain = [end]
        while chain[-1].request != wanted:
            chain.append(pushed_by[chain[-1].request])
        before = self.now.copy()
        for step in chain:
            self._take_out(step.request)
        for step in chain:
            self._put(step)
        if all(self._capacity[step.provider].fits(self.now.members[step.provider]) for step in chain):
            return True
        self.now = before
        return False


@lru_cache(maxsize=20_000)
def _bits(members: int) -> tuple[int, ...]:
    return tuple(at for at in range(members.bit_length()) if members >> at & 1)
