"""The made-up people, providers and situations of the demo, read from `data/demo`."""

import re
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Literal, NamedTuple, cast, get_args

from callcenter.care.priority import Urgency
from callcenter.care.provider_record import COLUMNS, ProviderRecord, provider_of
from callcenter.datafile.mistakes import Mistake, raise_first
from callcenter.datafile.rows import Row, read_rows
from callcenter.datafile.tables import Table, read_toml
from callcenter.language import _
from callcenter.reference import Reference, data_folder
from callcenter.simulator.demo_times import DemoTimes, load_times

Where = Literal["covered", "uncovered"]
Day = Literal["today", "tomorrow", "saturday", "sunday"]

_SITUATION_COLUMNS = (
    "service", "region", "months_min", "months_max", "day", "starts", "hours_min", "hours_max",
    "reason", "urgency", "channel", "weight", "note",
)  # fmt: skip
_STARTS = re.compile(r"([01]\d|2[0-3]):(00|30)-([01]\d|2[0-3]):(00|30)")
_URGENCIES: tuple[Urgency, ...] = ("normal", "urgent")
_CHANNELS = ("hotline", "platform")


class Situation(NamedTuple):
    """A reason why somebody asks for care.

    `service` is the one that would fit and `where` says whether the family lives where it is offered. Ages are in
    months; care starts on `day` on a half hour from `first` to `last` (minutes since midnight) and lasts from
    `hours_min` to `hours_max` hours. `weight` says how often it comes up, `note` is what the operator writes down.
    """

    service: str
    where: Where
    months_min: int
    months_max: int
    day: Day
    first: int
    last: int
    hours_min: int
    hours_max: int
    reason: str
    urgency: Urgency
    channel: str
    weight: int
    note: str


class Confirmed(NamedTuple):
    """What a provider said of a group: its places, None when it could not say, and how long before the demo begins."""

    group: str
    places: int | None
    ago: timedelta


@dataclass(frozen=True, slots=True)
class Syllables:
    """What names are made of: family names, and the two syllables of a guardian's and of a child's given name."""

    family: tuple[str, ...]
    first: tuple[str, ...]
    second: tuple[str, ...]
    child_first: tuple[str, ...]
    child_second: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class DemoData:
    """All that is made up."""

    syllables: Syllables
    situations: tuple[Situation, ...]
    providers: tuple[ProviderRecord, ...]
    confirmed: tuple[Confirmed, ...]
    times: DemoTimes


def load_demo(reference: Reference, folder: Path | None = None) -> DemoData:
    """Read the demo's files; raises DataFileError at the first mistake."""
    folder = folder or data_folder() / "demo"
    mistakes: list[Mistake] = []
    situations = [
        _situation(row, reference) for row in read_rows(folder / "situations.csv", _SITUATION_COLUMNS, mistakes)
    ]
    providers = [
        provider_of(row, reference.regions, reference.services)
        for row in read_rows(folder / "providers.csv", COLUMNS, mistakes)
    ]
    groups = {
        f"{provider.id}/{group.label}" for provider in (*reference.providers, *providers) for group in provider.groups
    }
    confirmed = [
        _confirmed(row, groups)
        for row in read_rows(folder / "places.csv", ("group", "places", "minutes_ago"), mistakes)
    ]
    times = load_times(folder, {provider.id for provider in (*reference.providers, *providers)}, mistakes)
    raise_first(mistakes)
    syllables = _syllables(read_toml(folder / "people.toml"))
    return DemoData(syllables, tuple(situations), tuple(providers), tuple(confirmed), times)


def _situation(row: Row, reference: Reference) -> Situation:
    starts = _STARTS.fullmatch(row.text("starts"))
    if starts is None:
        row.refuse("starts", _("half hours like 18:30-21:00"))
    first, last = ((60 * int(starts[i]) + int(starts[i + 1])) for i in (1, 3)) if starts else (0, 0)
    if last < first:
        row.refuse("starts", _("the earlier half hour first"))
    months = _range(row, "months_min", "months_max", 155)
    hours = _range(row, "hours_min", "hours_max", 12)
    return Situation(
        service=row.one_of("service", reference.services),
        where=cast(Where, row.one_of("region", get_args(Where))),
        months_min=months[0],
        months_max=months[1],
        day=cast(Day, row.one_of("day", get_args(Day))),
        first=first,
        last=last,
        hours_min=hours[0],
        hours_max=hours[1],
        reason=row.one_of("reason", reference.reasons),
        urgency=cast(Urgency, row.one_of("urgency", _URGENCIES)),
        channel=row.one_of("channel", _CHANNELS),
        weight=_whole(row, "weight", 1, 100),
        note=row.text("note"),
    )


def _confirmed(row: Row, groups: set[str]) -> Confirmed:
    group = row.text("group")
    if group not in groups:
        row.refuse("group", _("a group of a provider, its id and label with / between"))
    places = _whole(row, "places", 0, 999) if row.text("places") else None
    return Confirmed(group, places, timedelta(minutes=_whole(row, "minutes_ago", 1, 1440)))


def _range(row: Row, low: str, high: str, most: int) -> tuple[int, int]:
    found = _whole(row, low, 1, most), _whole(row, high, 1, most)
    if found[1] < found[0]:
        row.refuse(high, _("a number not below {field}").format(field=low))
    return found


def _whole(row: Row, field: str, low: int, high: int) -> int:
    text = row.text(field)
    if re.fullmatch(r"\d{1,4}", text, re.ASCII) and low <= int(text) <= high:
        return int(text)
    row.refuse(field, _("a whole number from {low} to {high}").format(low=low, high=high))
    return low


def _syllables(root: Table) -> Syllables:
    found = {}
    for name in ("family", "first", "second", "child_first", "child_second"):
        found[name] = root.codes(name)
        if not found[name]:
            raise root.refuse(name, _("a list of texts"))
    root.finish()
    return Syllables(**found)
