"""Programmes, their services, and each service's rules: dated, sourced, and narrowed to a region or a provider."""

from collections.abc import Iterable, Mapping
from datetime import date, time
from typing import Literal, NamedTuple, Protocol, TypeVar

from callcenter.care.calendar import Festival, Kind
from callcenter.care.child import School
from callcenter.language import Words

DAY_MINUTES = 24 * 60


class Window(NamedTuple):
    """Opening hours in minutes from midnight of the day they begin on; past midnight `closes` exceeds 1440."""

    opens: int
    closes: int


Week = Mapping[Kind, tuple[Window, ...]]
"""Windows by kind of day."""


class Origin(NamedTuple):
    """From when to when a rule holds (both days included), where, and who published it.

    A rule with a `region` or `provider` takes the place of the service's own there, a provider's that of
    its region.
    """

    valid_from: date
    valid_to: date | None
    region: str | None
    provider: str | None
    source: str

    def holds(self, day: date, region: str, provider: str | None) -> bool:
        """Whether the rule can apply on a day, in a region, at a provider."""
        return (
            self.valid_from <= day
            and (self.valid_to is None or day <= self.valid_to)
            and (self.region is None or self.region == region)
            and (self.provider is None or self.provider == provider)
        )


class Age(NamedTuple):
    """Which children: from whole months on, below whole years; `schools` empty means any or none."""

    origin: Origin
    from_months: int
    below_years: int
    schools: frozenset[School]


class Area(NamedTuple):
    """The family may be anywhere in the province (two-digit code), not only in a region with the service."""

    origin: Origin
    province: str


class Residence(NamedTuple):
    """Who lives where: in the province, in the provider's own region, or in any region the service covers."""

    origin: Origin
    within: Literal["province", "region", "covered"]
    province: str | None


class Registration(NamedTuple):
    """A registration that must exist before care can be booked, and what it is called."""

    origin: Origin
    name: Words


class Health(NamedTuple):
    """Symptoms with which a child is not taken; None means any symptom.

    `fever` is the temperature from which on a child is not taken, in tenths of a degree Celsius; None while unknown.
    """

    origin: Origin
    refused: frozenset[str] | None
    fever: int | None = None


class SpecialCare(NamedTuple):
    """Special needs the service as a whole does not take."""

    origin: Origin
    refused: frozenset[str]


class Hours(NamedTuple):
    """When care itself can take place."""

    origin: Origin
    week: Week


class Admission(NamedTuple):
    """When a child can arrive; the closing minute is included."""

    origin: Origin
    week: Week


class Closing(NamedTuple):
    """Festivals on which the service does not open."""

    origin: Origin
    festivals: frozenset[Festival]


class Booking(NamedTuple):
    """How long before care it must be booked; every part may be absent.

    Care that touches `night` must be booked by `night_by` of the day before the night begins; other care by
    `same_day_by` of its own day; all care `notice` minutes ahead and at most `days_ahead` days ahead.
    """

    origin: Origin
    same_day_by: time | None
    night: Window | None
    night_by: time | None
    notice: int | None
    days_ahead: int | None


class Linking(NamedTuple):
    """When the hotline itself may link a child to the service, and where to apply at other times."""

    origin: Origin
    week: Week
    otherwise: Words


class Length(NamedTuple):
    """Minutes of one booking, on days off (weekend, holiday) a shorter most, and consecutive days."""

    origin: Origin
    least: int | None
    most: int | None
    most_on_days_off: int | None
    days: int | None


class Surcharge(NamedTuple):
    """Per cent on top for time in the window, on the kinds of day or on the dates (month, day) given."""

    percent: int
    window: Window | None
    kinds: frozenset[Kind]
    dates: frozenset[tuple[int, int]]


class Placing(NamedTuple):
    """How a child gets a place: `at_once`, so that nobody has to be asked first; `at_home`, where a carer comes."""

    origin: Origin
    at_once: bool
    at_home: bool


class Fee(NamedTuple):
    """Won per hour and child, charged by begun units of minutes; of several surcharges the highest counts."""

    origin: Origin
    per_hour: int
    unit: int
    surcharges: tuple[Surcharge, ...]
    note: Words | None


class OfferTime(NamedTuple):
    """Minutes a provider has to answer an offer before somebody asks what became of it."""

    origin: Origin
    minutes: int


class Duty(NamedTuple):
    """How many children one keeper on duty may have at a time, where a duty plan says who is there."""

    origin: Origin
    children_per_keeper: int


class Telephone(NamedTuple):
    """When a provider's day number is answered; at other times its night number is rung."""

    origin: Origin
    week: Week


class Advice(NamedTuple):
    """What the operator tells the guardian, point by point."""

    origin: Origin
    items: tuple[Words, ...]


class Rules(NamedTuple):
    """The rules of a service that hold on one day at one place; None where nothing is known."""

    age: Age | None
    area: Area | None
    residence: Residence | None
    registration: Registration | None
    health: Health | None
    special_care: SpecialCare | None
    hours: Hours | None
    admission: Admission | None
    closing: Closing | None
    booking: Booking | None
    linking: Linking | None
    length: Length | None
    placing: Placing | None
    fee: Fee | None
    offer: OfferTime | None
    duty: Duty | None
    telephone: Telephone | None
    bring: Advice | None
    papers: Advice | None
    apply: Advice | None


class RuleHistory(NamedTuple):
    """All rules of a service, past and future ones and those of single regions and providers included."""

    age: tuple[Age, ...] = ()
    area: tuple[Area, ...] = ()
    residence: tuple[Residence, ...] = ()
    registration: tuple[Registration, ...] = ()
    health: tuple[Health, ...] = ()
    special_care: tuple[SpecialCare, ...] = ()
    hours: tuple[Hours, ...] = ()
    admission: tuple[Admission, ...] = ()
    closing: tuple[Closing, ...] = ()
    booking: tuple[Booking, ...] = ()
    linking: tuple[Linking, ...] = ()
    length: tuple[Length, ...] = ()
    placing: tuple[Placing, ...] = ()
    fee: tuple[Fee, ...] = ()
    offer: tuple[OfferTime, ...] = ()
    duty: tuple[Duty, ...] = ()
    telephone: tuple[Telephone, ...] = ()
    bring: tuple[Advice, ...] = ()
    papers: tuple[Advice, ...] = ()
    apply: tuple[Advice, ...] = ()


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


class Rule(Protocol):
    """What every rule has."""

    @property
    def origin(self) -> Origin:
        """From when, where and by whom."""


AnyRule = TypeVar("AnyRule", bound=Rule)


def rule_on(rules: Iterable[AnyRule], day: date, region: str, provider: str | None) -> AnyRule | None:
    """The rule that holds on a day: a provider's own before its region's before the service's."""
    best: AnyRule | None = None
    rank = -1
    for rule in rules:
        origin = rule.origin
        narrow = 2 if origin.provider is not None else 1 if origin.region is not None else 0
        if narrow > rank and origin.holds(day, region, provider):
            best, rank = rule, narrow
    return best


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
