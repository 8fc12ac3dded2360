"""Made-up evenings with more requests than places, for the tests and the bench of the whole-queue plan."""

from random import Random
from typing import NamedTuple

from callcenter.care.places import Group
from callcenter.care.plan_capacity import OpenPlaces, Stay
from callcenter.care.queue_plan import OpenRequest, Option

_FIRST_SLOT = 1_000_000
_SLOTS = 16  # 17:00 to 01:00
_BANDS = ((72, 155), (72, 119), (120, 155), (6, 95), (3, 155))
_FAR_KM = 12.0


class Evening(NamedTuple):
    """The open requests in the order of the queue, and what the providers have."""

    requests: list[OpenRequest]
    providers: dict[str, OpenPlaces]


def tight_evening(rng: Random, requests: int, places: int) -> Evening:
    """An evening with so many requests, some for siblings, at providers with so many places in all.

    Some places are taken already and some were never counted; families are asked to go to providers near them, to
    providers of their children's age, and prefer the nearest with some whim.
    """
    providers: dict[str, OpenPlaces] = {}
    where: dict[str, tuple[float, float]] = {}
    left = places
    while left > 0:
        name = f"p{len(providers):03}"
        providers[name] = _provider(rng, name, min(left, rng.choice((1, 1, 2, 3, 4, 6))))
        where[name] = (rng.uniform(0, 10), rng.uniform(0, 10))
        left -= sum(map(_counted, providers[name].groups))
    bands = sorted(rng.choices(range(5), (1, 2, 6, 4, 2), k=requests))
    return Evening([_request(rng, at, band, providers, where) for at, band in enumerate(bands)], providers)


def _provider(rng: Random, name: str, places: int) -> OpenPlaces:
    if places == 1 and rng.random() < 0.6:
        groups: tuple[Group, ...] = (Group(f"{name}-a", 3, 155, 1, children_per_place=3),)
    elif rng.random() < 0.06:
        groups = (Group(f"{name}-a", *rng.choice(_BANDS), None),)
    elif places > 1 and rng.random() < 0.3:
        young = rng.randint(1, places - 1)
        groups = (Group(f"{name}-a", 72, 119, young), Group(f"{name}-b", 120, 155, places - young))
    else:
        groups = (Group(f"{name}-a", *rng.choice(_BANDS), places),)
    return OpenPlaces(groups, {group.id: _taken(rng, _counted(group)) for group in groups})


def _counted(group: Group) -> int:
    return group.places if isinstance(group.places, int) else 1


def _taken(rng: Random, places: int) -> set[tuple[int, int]]:
    taken: set[tuple[int, int]] = set()
    for number in range(1, places + 1):
        if rng.random() < 0.25:
            begin = rng.randrange(_SLOTS)
            stay = range(begin, min(_SLOTS, begin + rng.choice((4, 6, 8))))
            taken |= {(_FIRST_SLOT + slot, number) for slot in stay}
    return taken


def _request(
    rng: Random, at: int, band: int, providers: dict[str, OpenPlaces], where: dict[str, tuple[float, float]]
) -> OpenRequest:
    children = {f"r{at:03}-{n}": rng.choice((14, 40, 80, 96, 110, 130)) for n in range(rng.choice((1, 1, 1, 1, 2, 3)))}
    begin = rng.choice((0, 2, 4, 6, 6, 6, 8, 10))
    window = range(_FIRST_SLOT + begin, _FIRST_SLOT + min(_SLOTS, begin + rng.choice((2, 4, 6, 6, 8))))
    here, reach = (rng.uniform(0, 10), rng.uniform(0, 10)), rng.uniform(2, _FAR_KM)
    options = []
    for name, places in providers.items():
        km = ((here[0] - where[name][0]) ** 2 + (here[1] - where[name][1]) ** 2) ** 0.5
        if km <= reach and all(_takes(places, months) for months in children.values()):
            options.append(Option(name, round(20 - km + rng.uniform(-2, 2), 1)))
    ordered = sorted(options, key=lambda option: (-option.score, option.provider_id))
    return OpenRequest(f"r{at:03}", band, Stay(window, children), tuple(ordered))


def _takes(places: OpenPlaces, months: int) -> bool:
    return any(group.months_min <= months <= group.months_max for group in places.groups)
