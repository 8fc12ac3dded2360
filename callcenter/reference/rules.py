"""The rules of the desk read from their files: services, coverage, providers, calendar, sentences, weights, words."""

import re
from collections.abc import Collection, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import cast

from callcenter.care.calendar import Calendar, Closure, HolidaySwitch
from callcenter.care.cancellation import CancellationRule
from callcenter.care.codes import Code, Program
from callcenter.care.geography import Region
from callcenter.care.message_file import messages_of
from callcenter.care.messages import Messages
from callcenter.care.phrases import ASK_FIELDS, BLOCK_FIELDS, SPEECH_FIELDS, Phrases
from callcenter.care.program_file import services_of, week_of
from callcenter.care.programs import Coverage, CoverageRow, Service
from callcenter.care.provider_record import COLUMNS, ProviderRecord, provider_of
from callcenter.care.referrals import Referral
from callcenter.care.weights import Weights, weights_of
from callcenter.datafile.rows import Row, read_each
from callcenter.datafile.tables import Table, read_toml
from callcenter.language import Words, _
from callcenter.text.lexicon import CODED_KINDS, Area, CodedKind

_PLACEHOLDERS = re.compile(r"\{([a-z_]+)\}")


def services(folder: Path, programs: Sequence[Program], regions: Collection[str]) -> Mapping[str, Service]:
    """The services of the programmes with their rules, by identifier."""
    return {
        service.id: service
        for program in programs
        for service in services_of(read_toml(folder / "programs" / f"{program.id}.toml"), program.id, regions)
    }


def coverage(folder: Path, services: Mapping[str, Service], regions: Mapping[str, Region]) -> Coverage:
    """Which service is offered where."""
    columns = "service region valid_from valid_to coordinator_ko coordinator_en phone source"
    return Coverage(read_each(folder / "coverage.csv", columns, lambda row: _coverage(row, services, regions)))


def providers(
    folder: Path, regions: Mapping[str, Region], services: Mapping[str, Service]
) -> tuple[ProviderRecord, ...]:
    """The providers that are published."""
    columns = " ".join(COLUMNS)
    return tuple(
        read_each(folder / "providers.csv", columns, lambda row: provider_of(row, regions, services), unique="id")
    )


def cancellations(folder: Path, services: Mapping[str, Service]) -> tuple[CancellationRule, ...]:
    """Until when a booking can be given back, and what it costs after."""
    columns = "service free_hours fee valid_from valid_to source"
    return tuple(read_each(folder / "cancellations.csv", columns, lambda row: _cancellation(row, services)))


def weights(folder: Path, fresh_hours: float) -> Weights:
    """How matches are ordered; `fresh_hours` is after how long a confirmation of places is old."""
    return weights_of(read_toml(folder / "matching.toml"), fresh_hours)


def messages(folder: Path) -> Messages:
    """The texts that are sent."""
    return messages_of(read_toml(folder / "messages.toml"))


def intake_words(
    folder: Path,
    regions: Mapping[str, Region],
    reasons: Mapping[str, Code],
    symptoms: Mapping[str, Code],
    abilities: Mapping[str, Code],
) -> dict[CodedKind, dict[str, str]]:
    """The words of a line of intake: the names of the codes, and what callers say instead."""
    known: dict[str, Collection[str]] = {
        "reason": reasons,
        "symptom": symptoms,
        "need": abilities,
        "relation": ("mother", "father", "grandparent", "guardian", "institution"),
        "urgency": ("urgent",),
    }
    words: dict[CodedKind, dict[str, str]] = {kind: {} for kind in CODED_KINDS}
    for region in regions.values():
        short = region.name.ko[:-1] if region.name.ko[-1] in "시군" else region.name.ko
        words["region"] |= dict.fromkeys((region.name.ko, short, region.name.en), region.code)
    for kind, codes in (("reason", reasons), ("symptom", symptoms), ("need", abilities)):
        words[cast(CodedKind, kind)] |= {str(code.words.ko): code.code for code in codes.values()}

    def spoken(row: Row) -> tuple[str, str, str]:
        kind = row.one_of("kind", tuple(known))
        return kind, row.one_of("code", tuple(known.get(kind, ()))), row.text("word", required=True)

    for kind, code, word in read_each(folder / "intake-words.csv", "kind code word", spoken):
        words[cast(CodedKind, kind)][word] = code
    return words


def areas(folder: Path, regions: Collection[str]) -> tuple[Area, ...]:
    """The parts of regions that callers name instead of the region."""

    def area(row: Row) -> Area:
        for field in ("regions", "source"):
            row.text(field, required=True)
        name, english = row.text("area", required=True), row.text("en")
        return Area(name, english, row.codes("regions", regions), row.text("also"))

    return tuple(read_each(folder / "areas.csv", "area en regions also source", area, unique="area"))


def _coverage(row: Row, services: Mapping[str, Service], regions: Mapping[str, Region]) -> CoverageRow:
    valid_from, valid_to = row.day("valid_from"), row.day("valid_to")
    if valid_from is None:
        row.refuse("valid_from", _("a date like 2026-11-26"))
    elif valid_to is not None and valid_to < valid_from:
        row.refuse("valid_to", _("a date not before valid_from"))
    ko, en = row.text("coordinator_ko"), row.text("coordinator_en")
    if bool(ko) != bool(en):
        row.refuse("coordinator_en" if ko else "coordinator_ko", _("a name in both languages, or in neither"))
    return CoverageRow(
        service=row.one_of("service", services),
        region=row.one_of("region", regions),
        valid_from=valid_from or date.min,
        valid_to=valid_to,
        coordinator=Words(ko, en) if ko and en else None,
        phone=row.text("phone"),
        source=row.text("source", required=True),
    )


def _cancellation(row: Row, services: Mapping[str, Service]) -> CancellationRule:
    valid_from, hours = row.day("valid_from"), row.number("free_hours", 0, 24 * 30)
    fee = row.number("fee", 0, 1_000_000)
    if valid_from is None:
        row.refuse("valid_from", _("a date like 2026-11-26"))
    if hours is None:
        row.refuse("free_hours", _("a number from {low} to {high}").format(low=0, high=24 * 30))
    return CancellationRule(
        service=row.one_of("service", services),
        free_before=timedelta(hours=hours or 0),
        fee=None if fee is None else int(fee),
        valid_from=valid_from or date.min,
        valid_to=row.day("valid_to"),
        source=row.text("source", required=True),
    )


def phrases(folder: Path) -> Phrases:
    """The sentences that rules are told in."""
    root = read_toml(folder / "phrases.toml")
    block, ask, speech = (
        _sentences(root.table(name), fields)
        for name, fields in (("block", BLOCK_FIELDS), ("ask", ASK_FIELDS), ("speech", SPEECH_FIELDS))
    )
    root.finish()
    return Phrases(block, ask, speech)


def _sentences(table: Table, fields: Mapping[str, str]) -> Mapping[str, Words]:
    """Exactly the sentences there have to be, each with no other values than it is given."""
    found = {key: table.words(key) for key in fields}
    table.finish()
    for key, words in found.items():
        given = fields[key].split()
        for text in (words.ko, words.en):
            if set("{}") & set(_PLACEHOLDERS.sub("", text)) or any(
                name not in given for name in _PLACEHOLDERS.findall(text)
            ):
                raise table.refuse(key, _("a text with no other values than: {values}").format(values=given))
    return found


def referrals(folder: Path, symptoms: Mapping[str, Code], needs: Mapping[str, Code]) -> tuple[Referral, ...]:
    """Where else to send a guardian."""
    root = read_toml(folder / "referrals.toml")
    found: list[Referral] = []
    for table in root.tables("referral"):
        valid_from = table.day("valid_from")
        if valid_from is None:
            raise table.refuse("valid_from", _("a date like 2026-11-26"))
        months_min, months_max = table.whole("months_min", 0, 215), table.whole("months_max", 0, 215)
        found.append(
            Referral(
                id=table.text("id"),
                to=table.words("to"),
                number=table.text("number") if table.get("number") is not None else "",
                why=table.words("why"),
                source=table.text("source"),
                needs=frozenset(table.codes("needs", needs)),
                symptoms=frozenset(table.codes("symptoms", symptoms)),
                province=table.text("province") if table.get("province") is not None else None,
                months_min=0 if months_min is None else months_min,
                months_max=215 if months_max is None else months_max,
                week=week_of(table.table("hours")) if table.get("hours") is not None else None,
                valid_from=valid_from,
                valid_to=table.day("valid_to"),
            )
        )
        table.finish()
    root.finish()
    return tuple(found)


def calendar(overrides: Path | None) -> Calendar:
    """Holidays and closures, with those of a supervisor's folder where it has any."""
    if overrides is None:
        return Calendar()
    holidays, closures = overrides / "holidays.csv", overrides / "closures.csv"
    return Calendar(
        read_each(holidays, "date name on", _switch, unique="date") if holidays.exists() else (),
        read_each(closures, "subject first last reason", _closure) if closures.exists() else (),
    )


def _switch(row: Row) -> HolidaySwitch:
    day = row.day("date")
    if day is None and not row.text("date"):
        row.refuse("date", _("a date like 2026-11-26"))
    return HolidaySwitch(day or date.min, row.text("name", required=True), row.one_of("on", ("yes", "no")) == "yes")


def _closure(row: Row) -> Closure:
    first, last = row.day("first"), row.day("last")
    if first is None or last is None or last < first:
        row.refuse("first" if first is None else "last", _("a first day, and a last one not before it"))
    return Closure(
        row.text("subject", required=True),
        first or date.min,
        last or date.min,
        row.text("reason", required=True),
    )
