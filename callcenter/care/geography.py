"""Si and gun: their codes, names, neighbours, and how far apart two points are."""

from collections.abc import Collection, Mapping
from math import asin, cos, radians, sin, sqrt
from typing import NamedTuple

from callcenter.language import Words

_EARTH_RADIUS_KM = 6371.0088


class Region(NamedTuple):
    """A si or gun (시군): the first five digits of its legal district code, names, centroid, bordering regions."""

    code: str
    name: Words
    lat: float
    lon: float
    neighbours: tuple[str, ...]

    @property
    def province(self) -> str:
        """The first two digits of the code: 41 Gyeonggi, 47 Gyeongbuk."""
        return self.code[:2]


def city_of(code: str, regions: Collection[str]) -> str | None:
    """The region of a district code of 5 to 10 digits, a gu (구) mapped to its si; None when it is none of ours.

    The gu of a si share its first four digits, as MOIS lists them (legal district codes of 2026-07-20):
    Hwaseong's 41591, 41593, 41595 and 41597 lie in 41590.
    """
    if not (5 <= len(code) <= 10 and code.isdecimal()):
        return None
    return next((found for found in (code[:5], code[:4] + "0") if found in regions), None)


def distance_km(lat: float, lon: float, to_lat: float, to_lon: float) -> float:
    """Great-circle distance in kilometres: good for ranking, not for a route."""
    dlat, dlon = radians(to_lat - lat), radians(to_lon - lon)
    half = sin(dlat / 2) ** 2 + cos(radians(lat)) * cos(radians(to_lat)) * sin(dlon / 2) ** 2
    return 2 * _EARTH_RADIUS_KM * asin(min(1.0, sqrt(half)))


def between_km(regions: Mapping[str, Region], one: str, other: str) -> float:
    """Distance in kilometres between the centroids of two regions."""
    here, there = regions[one], regions[other]
    return distance_km(here.lat, here.lon, there.lat, there.lon)
