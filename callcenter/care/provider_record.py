"""A provider as a row of `providers.csv`: the record, its groups of places, and both ways of reading it."""

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import NamedTuple

from callcenter.care.calendar import KINDS, Kind
from callcenter.care.codes import ABILITIES
from callcenter.care.own_rules import NOTHING_OWN, OwnHours, OwnRules
from callcenter.care.rules import DAY_MINUTES, Window
from callcenter.care.windows import read_windows, windows_cell
from callcenter.datafile.rows import Row
from callcenter.language import _

COLUMNS = (
    "id",
    "service",
    "name",
    "region",
    "address",
    "lat",
    "lon",
    "phone_day",
    "phone_night",
    "phone_oncall",
    "phone_day_hours",
    "residents_only",
    "can",
    "languages",
    "groups",
    "hours_weekday",
    "hours_saturday",
    "hours_sunday",
    "hours_holiday",
    "notice_minutes",
    "won_per_hour",
    "radius_km",
    "licence_until",
    "training_until",
    "source",
    "valid_from",
    "valid_to",
    "demo",
)
"""The columns of `providers.csv`, in the order of export."""

HOURS_COLUMNS: Mapping[Kind, str] = {kind: f"hours_{kind}" for kind in KINDS}
"""The column of a provider's own opening hours by kind of day."""
OWN_COLUMNS = (
    *HOURS_COLUMNS.values(),
    "notice_minutes",
    "won_per_hour",
    "radius_km",
    "licence_until",
    "training_until",
)
"""The columns of a provider's own rules."""

_LANGUAGE = re.compile(r"[a-z]{2,3}")
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")
_MOST_WON = 1_000_000
_PHONE = re.compile(r"\+?[0-9][0-9 ()-]{1,24}")
_GROUP = re.compile(
    r"(?:(?P<label>[^=;:]+)=)?(?P<low>\d{1,3})-(?P<high>\d{1,3})m:(?P<places>\d{1,4}|\?)?(?:x(?P<per>\d{1,2}))?",
    re.ASCII,
)


class GroupRecord(NamedTuple):
    """An age band of a provider in whole months, both ends included; `places` is None when unknown.

    `children_per_place` is 1, or 3 for a home-visit carer, who is one place for up to three children of
    one household.
    """

    label: str
    months_min: int
    months_max: int
    places: int | None
    children_per_place: int = 1


class ProviderRecord(NamedTuple):
    """An institution or carer of one service; blank phones and coordinates are unknown.

    `residents_only` is None when unknown, `can` and `languages` (ISO 639) are None when nothing is known about
    them. `phone_day_hours` says when the day number is answered, None where its service's hours for it hold.
    """

    id: str
    service: str
    name: str
    region: str
    address: str = ""
    lat: float | None = None
    lon: float | None = None
    phone_day: str = ""
    phone_night: str = ""
    phone_oncall: str = ""
    phone_day_hours: tuple[Window, ...] | None = None
    residents_only: bool | None = None
    can: frozenset[str] | None = None
    languages: frozenset[str] | None = None
    groups: tuple[GroupRecord, ...] = ()
    own: OwnRules = NOTHING_OWN
    source: str = ""
    valid_from: date | None = None
    valid_to: date | None = None
    demo: bool = False

    def valid_on(self, day: date) -> bool:
        """Whether the provider takes part on that day."""
        return (self.valid_from is None or self.valid_from <= day) and (self.valid_to is None or day <= self.valid_to)


def provider_of(row: Row, regions: Collection[str], services: Collection[str]) -> ProviderRecord:
    """The record of a row; every mistake is added to the row's `mistakes`, and the record is then not to be used."""
    name = row.text("name", required=True)
    ident = row.text("id")
    if not _ID.fullmatch(ident):
        row.refuse("id", _("small Latin letters, digits and single hyphens"))
    lat, lon = row.number("lat", 33, 39), row.number("lon", 124, 132)
    if (lat is None) != (lon is None):
        row.refuse("lat" if lat is None else "lon", _("both lat and lon, or neither"))
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from and valid_to and valid_to < valid_from:
        row.refuse("valid_to", _("a date not before valid_from"))
    can = row.codes("can", ABILITIES)
    return ProviderRecord(
        id=ident,
        service=row.one_of("service", services),
        name=name,
        region=row.one_of("region", regions),
        address=row.text("address"),
        lat=lat,
        lon=lon,
        phone_day=_phone(row, "phone_day"),
        phone_night=_phone(row, "phone_night"),
        phone_oncall=_phone(row, "phone_oncall"),
        phone_day_hours=_windows(row, "phone_day_hours"),
        residents_only=row.flag("residents_only"),
        can=frozenset(can) if can else None,
        languages=_languages(row),
        groups=_groups(row),
        own=own_rules_of(row),
        source=row.text("source"),
        valid_from=valid_from,
        valid_to=valid_to,
        demo=bool(row.flag("demo")),
    )


def row_of(provider: ProviderRecord) -> Mapping[str, str]:
    """The cells of a record under `COLUMNS`; `provider_of` reads the same record from them."""
    own = provider.own
    return {
        "id": provider.id,
        "service": provider.service,
        "name": provider.name,
        "region": provider.region,
        "address": provider.address,
        "lat": _number_text(provider.lat),
        "lon": _number_text(provider.lon),
        "phone_day": provider.phone_day,
        "phone_night": provider.phone_night,
        "phone_oncall": provider.phone_oncall,
        "phone_day_hours": _windows_text(provider.phone_day_hours),
        "residents_only": {True: "yes", False: "no", None: ""}[provider.residents_only],
        "can": " ".join(code for code in ABILITIES if code in (provider.can or ())),
        "languages": " ".join(sorted(provider.languages or ())),
        "groups": groups_text(provider.groups),
        **hours_cells(own.hours),
        "notice_minutes": "" if own.notice is None else str(own.notice),
        "won_per_hour": "" if own.won_per_hour is None else str(own.won_per_hour),
        "radius_km": _number_text(own.radius_km),
        "licence_until": own.licence_until.isoformat() if own.licence_until else "",
        "training_until": own.training_until.isoformat() if own.training_until else "",
        "source": provider.source,
        "valid_from": provider.valid_from.isoformat() if provider.valid_from else "",
        "valid_to": provider.valid_to.isoformat() if provider.valid_to else "",
        "demo": "yes" if provider.demo else "",
    }


def own_rules_of(row: Row) -> OwnRules:
    """What the row says of the provider's own rules; a mistake is added to the row's `mistakes` and reads as blank."""
    return OwnRules(
        OwnHours(*(_windows(row, HOURS_COLUMNS[kind]) for kind in KINDS)),
        _whole(row, "notice_minutes", 7 * DAY_MINUTES),
        _whole(row, "won_per_hour", _MOST_WON),
        row.number("radius_km", 0.1, 500),
        row.day("licence_until"),
        row.day("training_until"),
    )


def hours_cells(hours: OwnHours) -> dict[str, str]:
    """A provider's own opening hours under their columns; `own_rules_of` reads the same from them."""
    return {column: _windows_text(hours.on(kind)) for kind, column in HOURS_COLUMNS.items()}


def groups_text(groups: Collection[GroupRecord]) -> str:
    """Groups as a row holds them, `6-35m:3;36-83m:?`; a label of its own stands in front, `햇살반=6-35m:3`."""
    return ";".join(
        ("" if group.label == _band(group.months_min, group.months_max) else f"{group.label}=")
        + f"{_band(group.months_min, group.months_max)}:"
        + ("?" if group.places is None else str(group.places))
        + ("" if group.children_per_place == 1 else f"x{group.children_per_place}")
        for group in groups
    )


def _groups(row: Row) -> tuple[GroupRecord, ...]:
    groups: list[GroupRecord] = []
    for piece in filter(None, (piece.strip() for piece in row.text("groups").split(";"))):
        found = _GROUP.fullmatch(piece)
        if found is None:
            row.refuse("groups", _("groups like 6-35m:3;36-83m:? (months, number of places or ?)"))
            return ()
        low, high = int(found["low"]), int(found["high"])
        per = int(found["per"] or 1)
        if low > high or per < 1:
            row.refuse("groups", _("months from low to high, and at least one child a place"))
            return ()
        places = int(found["places"]) if found["places"] not in (None, "?") else None
        label = (found["label"] or "").strip() or _band(low, high)
        if any(group.label == label for group in groups):
            row.refuse("groups", _("each group once"))
            return ()
        groups.append(GroupRecord(label, low, high, places, per))
    return tuple(groups)


def _windows(row: Row, field: str) -> tuple[Window, ...] | None:
    """The hours in a cell, None when blank."""
    text = row.text(field)
    windows = read_windows(text) if text else None
    if text and windows is None:
        row.refuse(field, _("hours like 07:00-09:00 20:00-24:00, or closed, or nothing"))
    return windows


def _windows_text(windows: tuple[Window, ...] | None) -> str:
    return "" if windows is None else windows_cell(windows)


def _whole(row: Row, field: str, most: int) -> int | None:
    text = row.text(field)
    if not text:
        return None
    if re.fullmatch(r"[0-9]{1,7}", text) and int(text) <= most:
        return int(text)
    row.refuse(field, _("a whole number from {low} to {high}").format(low=0, high=most))
    return None


def _languages(row: Row) -> frozenset[str] | None:
    found = frozenset(row.text("languages").split())
    if not all(map(_LANGUAGE.fullmatch, found)):
        row.refuse("languages", _("languages like en zh vi, or nothing"))
    return found or None


def _band(low: int, high: int) -> str:
    return f"{low}-{high}m"


def _phone(row: Row, field: str) -> str:
    value = row.text(field)
    if value and not _PHONE.fullmatch(value):
        row.refuse(field, _("a telephone number in digits and hyphens, or nothing"))
        return ""
    return value


def _number_text(value: float | None) -> str:
    return "" if value is None else format(value, ".7g")
