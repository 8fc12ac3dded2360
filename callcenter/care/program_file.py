"""A programme's rules read from its TOML file; a mistake is raised with file, line, field and what is allowed."""

import re
from collections.abc import Callable, Collection
from datetime import date, time
from typing import Literal, TypeVar, cast, get_args

from callcenter.care.calendar import FESTIVALS, KINDS, Festival, Kind
from callcenter.care.child import SCHOOLS, School
from callcenter.care.programs import Service
from callcenter.care.rules import (
    DAY_MINUTES,
    Admission,
    Advice,
    Age,
    Area,
    Booking,
    Closing,
    Duty,
    Fee,
    Health,
    Hours,
    Length,
    Linking,
    OfferTime,
    Origin,
    Placing,
    Registration,
    Residence,
    Rule,
    RuleHistory,
    SpecialCare,
    Surcharge,
    Telephone,
    Week,
    Window,
)
from callcenter.care.windows import read_window
from callcenter.datafile.tables import Table
from callcenter.language import Words, _

_MONTH_DAY = re.compile(r"(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")
_ID = re.compile(r"[a-z0-9]+([.-][a-z0-9]+)*")
_Within = Literal["province", "region", "covered"]

AnyRule = TypeVar("AnyRule", bound=Rule)


def services_of(root: Table, program: str, regions: Collection[str]) -> tuple[Service, ...]:
    """The services in the root table of a programme's file; rules may be narrowed to the regions given."""
    services = tuple(_service(table, program, regions) for table in root.tables("service"))
    root.finish()
    return services


def _service(table: Table, program: str, regions: Collection[str]) -> Service:
    def rules(kind: str, read: Callable[[Table, Origin], AnyRule]) -> tuple[AnyRule, ...]:
        return _rules(table, kind, read, regions)

    history = RuleHistory(
        age=rules("age", _age),
        area=rules("area", _area),
        residence=rules("residence", _residence),
        registration=rules("registration", lambda rule, origin: Registration(origin, rule.words("name"))),
        health=rules("health", _health),
        special_care=rules("special_care", lambda rule, origin: SpecialCare(origin, frozenset(rule.codes("refused")))),
        hours=rules("hours", lambda rule, origin: Hours(origin, week_of(rule))),
        admission=rules("admission", lambda rule, origin: Admission(origin, week_of(rule))),
        closing=rules("closing", _closing),
        booking=rules("booking", _booking),
        linking=rules("linking", lambda rule, origin: Linking(origin, week_of(rule), rule.words("otherwise"))),
        length=rules("length", _length),
        placing=rules("placing", _placing),
        fee=rules("fee", _fee),
        offer=rules("offer", _offer_time),
        duty=rules("duty", _duty),
        telephone=rules("telephone", lambda rule, origin: Telephone(origin, week_of(rule))),
        bring=rules("bring", _advice),
        papers=rules("papers", _advice),
        apply=rules("apply", _advice),
    )
    service = Service(_ident(table), program, table.words("name"), table.words("short"), history)
    table.finish()
    return service


def _rules(
    table: Table, kind: str, read: Callable[[Table, Origin], AnyRule], regions: Collection[str]
) -> tuple[AnyRule, ...]:
    found: list[AnyRule] = []
    for rule in table.tables(kind):
        origin = _origin(rule, regions)
        if any(_overlap(origin, other.origin) for other in found):
            raise rule.refuse("valid_from", _("a time in which no other rule of this kind holds there"))
        found.append(read(rule, origin))
        rule.finish()
    return tuple(found)


def _origin(rule: Table, regions: Collection[str]) -> Origin:
    valid_from, valid_to = rule.day("valid_from"), rule.day("valid_to")
    if valid_from is None:
        raise rule.refuse("valid_from", _("a date like 2026-11-26"))
    if valid_to is not None and valid_to < valid_from:
        raise rule.refuse("valid_to", _("a date not before valid_from"))
    return Origin(
        valid_from,
        valid_to,
        rule.one_of("region", regions) if rule.get("region") is not None else None,
        _optional_text(rule, "provider") or None,
        rule.text("source"),
    )


def _overlap(one: Origin, other: Origin) -> bool:
    if (one.region, one.provider) != (other.region, other.provider):
        return False
    last = date.max
    return one.valid_from <= (other.valid_to or last) and other.valid_from <= (one.valid_to or last)


def _age(rule: Table, origin: Origin) -> Age:
    schools = cast(tuple[School, ...], rule.codes("schools", SCHOOLS))
    months, years = rule.whole("from_months", 0, 215), rule.whole("below_years", 1, 18)
    if months is None or years is None or months >= years * 12:
        raise rule.refuse(
            "below_years" if months is not None else "from_months",
            _("from_months, and below_years that is later"),
        )
    return Age(origin, months, years, frozenset(schools))


def _area(rule: Table, origin: Origin) -> Area:
    province = _province(rule)
    if province is None:
        raise rule.refuse("province", _("the two digits of a province"))
    return Area(origin, province)


def _residence(rule: Table, origin: Origin) -> Residence:
    within = cast(_Within, rule.one_of("within", get_args(_Within)))
    province = _province(rule)
    if (within == "province") != (province is not None):
        raise rule.refuse("province", _("the province's two digits when within is province, else nothing"))
    return Residence(origin, within, province)


def _health(rule: Table, origin: Origin) -> Health:
    refused = rule.codes("refused")
    if not refused:
        raise rule.refuse("refused", _('symptom codes, or ["any"]'))
    fever = rule.whole("fever_tenths", 350, 420)
    return Health(origin, None if refused == ("any",) else frozenset(refused), fever)


def _closing(rule: Table, origin: Origin) -> Closing:
    return Closing(origin, frozenset(cast(tuple[Festival, ...], rule.codes("festivals", FESTIVALS))))


def _booking(rule: Table, origin: Origin) -> Booking:
    night = _optional_text(rule, "night")
    return Booking(
        origin,
        _clock(rule, "same_day_by"),
        _window(rule, "night", night) if night else None,
        _clock(rule, "night_by_day_before"),
        rule.whole("notice_minutes", 1, 7 * DAY_MINUTES),
        rule.whole("days_ahead", 0, 365),
    )


def _length(rule: Table, origin: Origin) -> Length:
    return Length(
        origin,
        rule.whole("min_minutes", 1, DAY_MINUTES),
        rule.whole("max_minutes", 1, 31 * DAY_MINUTES),
        rule.whole("max_minutes_days_off", 1, 31 * DAY_MINUTES),
        rule.whole("max_days", 1, 31),
    )


def _offer_time(rule: Table, origin: Origin) -> OfferTime:
    minutes = rule.whole("minutes", 1, 24 * 60)
    if minutes is None:
        raise rule.refuse("minutes", _("minutes to answer an offer"))
    return OfferTime(origin, minutes)


def _fee(rule: Table, origin: Origin) -> Fee:
    per_hour, unit = rule.whole("won_per_hour", 0, 1_000_000), rule.whole("unit_minutes", 1, 120)
    if per_hour is None or unit is None:
        missing = "won_per_hour" if per_hour is None else "unit_minutes"
        raise rule.refuse(missing, _("a whole number"))
    return Fee(origin, per_hour, unit, tuple(map(_surcharge, rule.tables("surcharge"))), _note(rule))


def _duty(rule: Table, origin: Origin) -> Duty:
    children = rule.whole("children_per_keeper", 1, 50)
    if children is None:
        raise rule.refuse("children_per_keeper", _("a whole number"))
    return Duty(origin, children)


def _note(rule: Table) -> Words | None:
    return rule.words("note") if rule.get("note") is not None else None


def _surcharge(table: Table) -> Surcharge:
    percent = table.whole("percent", 1, 300)
    if percent is None:
        raise table.refuse("percent", _("a whole number"))
    dates = table.codes("dates")
    if not all(map(_MONTH_DAY.fullmatch, dates)):
        raise table.refuse("dates", _("months and days like 05-01"))
    window = _optional_text(table, "window")
    surcharge = Surcharge(
        percent,
        _window(table, "window", window) if window else None,
        frozenset(cast(tuple[Kind, ...], table.codes("days", KINDS))),
        frozenset((int(day[:2]), int(day[3:])) for day in dates),
    )
    table.finish()
    return surcharge


def _advice(rule: Table, origin: Origin) -> Advice:
    return Advice(origin, rule.words_list("items"))


def week_of(rule: Table) -> Week:
    """Hours by kind of day; every kind is required, `[]` where closed."""
    return {kind: tuple(_window(rule, kind, text) for text in _required_list(rule, kind)) for kind in KINDS}


def _required_list(rule: Table, field: str) -> tuple[str, ...]:
    if rule.get(field) is None:
        raise rule.refuse(field, _('hours like ["07:30-22:00"], or []'))
    return rule.codes(field)


def _window(table: Table, field: str, text: str) -> Window:
    window = read_window(text)
    if window is None:
        raise table.refuse(field, _("hours like 07:30-22:00; an end not after its begin lies on the next day"))
    return window


def _placing(rule: Table, origin: Origin) -> Placing:
    return Placing(origin, _yes_or_no(rule, "at_once"), _yes_or_no(rule, "at_home"))


def _yes_or_no(table: Table, field: str) -> bool:
    value = table.get(field)
    if value is not None and not isinstance(value, bool):
        raise table.refuse(field, _("true or false"))
    return value is True


def _clock(table: Table, field: str) -> time | None:
    value = table.get(field)
    if value is None:
        return None
    if type(value) is not time:
        raise table.refuse(field, _("a time like 15:00:00"))
    return value


def _province(table: Table) -> str | None:
    text = _optional_text(table, "province")
    if text and not re.fullmatch(r"\d\d", text):
        raise table.refuse("province", _("the two digits of a province"))
    return text or None


def _ident(table: Table) -> str:
    text = table.text("id")
    if not _ID.fullmatch(text):
        raise table.refuse("id", _("small Latin letters, digits, hyphens and dots"))
    return text


def _optional_text(table: Table, field: str) -> str:
    return table.text(field) if table.get(field) is not None else ""
