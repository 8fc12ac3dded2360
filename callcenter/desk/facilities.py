"""Providers as the rules see them, out of their records; hundreds are looked at for each request."""

import json
from datetime import date, datetime
from functools import lru_cache
from typing import NamedTuple

from callcenter.care.calendar import SEOUL
from callcenter.care.geography import distance_km
from callcenter.care.need import Facility
from callcenter.care.opening import open_at
from callcenter.care.own_rules import NOTHING_OWN, OwnRules, Windows
from callcenter.care.provider_record import OWN_COLUMNS, own_rules_of
from callcenter.care.windows import read_windows
from callcenter.datafile.rows import Row
from callcenter.reference import Reference
from callcenter.store import reads


class Terms(NamedTuple):
    """What a provider's record says that rules ask for; days as ISO dates, `languages` None when unknown."""

    residents_only: bool | None
    can: frozenset[str] | None
    own: OwnRules
    languages: frozenset[str] | None
    phone_day_hours: Windows | None
    first_day: str
    last_day: str

    def holds_on(self, day: str) -> bool:
        """Whether the provider takes part on the day (ISO date)."""
        return self.first_day <= day <= self.last_day


# Hundreds of providers are looked at for each request, and their records hardly ever change.
@lru_cache(maxsize=20_000)
def terms_of(record: str) -> Terms:
    """The terms in a provider's record, as its row keeps it."""
    cells = json.loads(record)
    can, languages = cells["can"].split(), cells.get("languages", "").split()
    return Terms(
        {"yes": True, "no": False}.get(cells["residents_only"]),
        frozenset(can) if can else None,
        own_rules_of(Row("", 0, cells, [])) if any(map(cells.get, OWN_COLUMNS)) else NOTHING_OWN,
        frozenset(languages) if languages else None,
        read_windows(cells.get("phone_day_hours", "")),
        cells["valid_from"] or date.min.isoformat(),
        cells["valid_to"] or date.max.isoformat(),
    )


def facility_of(provider: reads.ProviderRow, here: tuple[float, float] | None = None) -> Facility:
    """The provider as the rules see it, for a family at `here` (latitude, longitude), None where that is unknown."""
    terms = terms_of(provider.record)
    # The distance matters to none but those that say how far they go: the others of a region share one verdict.
    near = here is None or terms.own.radius_km is None
    km = None if near or here is None else distance_km(*here, provider.lat, provider.lon)
    return Facility(provider.id, provider.region, terms.residents_only, terms.can, terms.own, km)


def takes_part(provider: reads.ProviderRow, day: date) -> bool:
    """Whether the provider's record is valid on the day."""
    return terms_of(provider.record).holds_on(day.isoformat())


def numbers_in_turn(*, by_day: bool) -> tuple[str, str, str]:
    """The kinds of a provider's telephone numbers, the one that is answered at the hour first."""
    return ("phone_day", "phone_oncall", "phone_night") if by_day else ("phone_night", "phone_oncall", "phone_day")


def day_number_answers(reference: Reference, provider: reads.ProviderRow, now: datetime) -> bool:
    """Whether the provider's day number is the one to ring now: by its own word, else by its service's rule."""
    local = now.astimezone(SEOUL).replace(tzinfo=None)
    own = terms_of(provider.record).phone_day_hours
    if own is not None:
        return open_at(lambda _day: own, local) is not None
    rules = reference.services[provider.service].rules_on(local.date(), provider.region, provider.id)
    if rules.telephone is None:
        return True
    week = rules.telephone.week
    return open_at(lambda day: week[reference.calendar.kind(day)], local) is not None
