"""Services of programmes: which rules each has on a day, and in which regions it is offered."""

from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from callcenter.care.rules import RuleHistory, Rules, rule_on
from callcenter.language import Words

_KEPT_DAYS = 4096


class Service:
    """A service of a programme: its names in full and short for lists, and its rules."""

    __slots__ = ("_kept", "_narrow", "history", "id", "name", "program", "short")

    def __init__(self, ident: str, program: str, name: Words, short: Words, history: RuleHistory) -> None:
        self.id = ident
        self.program = program
        self.name = name
        self.short = short
        self.history = history
        origins = [rule.origin for rules in history for rule in rules]
        self._narrow = frozenset(one.region for one in origins) | frozenset(one.provider for one in origins)
        self._kept: dict[tuple[date, str | None, str | None], Rules] = {}

    def rules_on(self, day: date, region: str, provider: str | None = None) -> Rules:
        """The rules that hold on a day: a provider's own before its region's before the service's."""
        key = (
            day,
            region if region in self._narrow else None,
            provider if provider in self._narrow else None,
        )
        rules = self._kept.get(key)
        if rules is None:
            if len(self._kept) >= _KEPT_DAYS:
                self._kept.clear()
            rules = self._kept[key] = self._resolved(day, region, provider)
        return rules

    def has_rules_for(self, provider: str) -> bool:
        """Whether any rule is narrowed to this provider: all others of a region are under the same ones."""
        return provider in self._narrow

    def _resolved(self, day: date, region: str, provider: str | None) -> Rules:
        every = self.history
        return Rules(
            age=rule_on(every.age, day, region, provider),
            area=rule_on(every.area, day, region, provider),
            residence=rule_on(every.residence, day, region, provider),
            registration=rule_on(every.registration, day, region, provider),
            health=rule_on(every.health, day, region, provider),
            special_care=rule_on(every.special_care, day, region, provider),
            hours=rule_on(every.hours, day, region, provider),
            admission=rule_on(every.admission, day, region, provider),
            closing=rule_on(every.closing, day, region, provider),
            booking=rule_on(every.booking, day, region, provider),
            linking=rule_on(every.linking, day, region, provider),
            length=rule_on(every.length, day, region, provider),
            placing=rule_on(every.placing, day, region, provider),
            fee=rule_on(every.fee, day, region, provider),
            offer=rule_on(every.offer, day, region, provider),
            duty=rule_on(every.duty, day, region, provider),
            telephone=rule_on(every.telephone, day, region, provider),
            bring=rule_on(every.bring, day, region, provider),
            papers=rule_on(every.papers, day, region, provider),
            apply=rule_on(every.apply, day, region, provider),
        )


class CoverageRow(NamedTuple):
    """A service offered in a region for a time, and the local coordinator (거점센터) where one is known."""

    service: str
    region: str
    valid_from: date
    valid_to: date | None
    coordinator: Words | None
    phone: str
    source: str

    def valid_on(self, day: date) -> bool:
        """Whether the service is offered there on a day."""
        return self.valid_from <= day and (self.valid_to is None or day <= self.valid_to)


class Coverage:
    """Which service is offered in which region, when. What is not listed is not known to be offered."""

    def __init__(self, rows: Iterable[CoverageRow]) -> None:
        self._regions: dict[tuple[str, date], tuple[str, ...]] = {}
        self._rows: dict[str, dict[str, list[CoverageRow]]] = {}
        for row in rows:
            self._rows.setdefault(row.service, {}).setdefault(row.region, []).append(row)

    def on(self, service: str, region: str, day: date) -> CoverageRow | None:
        """The row that holds for a service in a region on a day, if there is one."""
        rows = self._rows.get(service, {}).get(region, ())
        return next((row for row in rows if row.valid_on(day)), None)

    def regions(self, service: str, day: date) -> tuple[str, ...]:
        """Codes of the regions with the service on a day, in order."""
        key = (service, day)
        found = self._regions.get(key)
        if found is None:
            if len(self._regions) >= _KEPT_DAYS:
                self._regions.clear()
            found = tuple(sorted(code for code in self._rows.get(service, {}) if self.on(service, code, day)))
            self._regions[key] = found
        return found
