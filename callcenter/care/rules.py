"""What a service's rules say, each dated, sourced, and narrowed to a region or a provider; and which holds on a day."""

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
