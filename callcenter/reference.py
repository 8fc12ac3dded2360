"""The reference data of the desk, read once at start from `data/` and the supervisor's own files."""

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Protocol, TypeVar, cast

from callcenter.care.calendar import Calendar, Closure, HolidaySwitch
from callcenter.care.cancellation import CancellationRule
from callcenter.care.codes import (
    NUMBER_KINDS,
    REFUSAL_USES,
    CallType,
    Code,
    NumberKind,
    Refusal,
    RefusalUse,
    ShortNumber,
)
from callcenter.care.geography import Region
from callcenter.care.message_file import messages_of
from callcenter.care.messages import Messages
from callcenter.care.phrases import ASK_FIELDS, BLOCK_FIELDS, SPEECH_FIELDS, Phrases
from callcenter.care.program_file import program_of, week_of
from callcenter.care.programs import Coverage, CoverageRow, Program, Service
from callcenter.care.provider_record import ABILITIES, COLUMNS, ProviderRecord, provider_of
from callcenter.care.referrals import Referral
from callcenter.care.weights import Weights, weights_of
from callcenter.datafile.mistakes import Mistake, raise_first
from callcenter.datafile.rows import Row, read_rows
from callcenter.datafile.tables import Table, read_toml
from callcenter.language import Words, _
from callcenter.settings import FRESH_HOURS
from callcenter.text.lexicon import CODED_KINDS, CodedKind

_PLACEHOLDERS = re.compile(r"\{([a-z_]+)\}")

_Read = TypeVar("_Read")


class _HasCode(Protocol):
    @property
    def code(self) -> str: ...


_Coded = TypeVar("_Coded", bound=_HasCode)


@dataclass(frozen=True, slots=True)
class Reference:
    """Everything the rules and screens look up; codes keep the order of their files."""

    programs: tuple[Program, ...]
    services: Mapping[str, Service]
    regions: Mapping[str, Region]
    provinces: Mapping[str, Words]
    coverage: Coverage
    providers: tuple[ProviderRecord, ...]
    calendar: Calendar
    short_numbers: tuple[ShortNumber, ...]
    reasons: Mapping[str, Code]
    refusals: Mapping[str, Refusal]
    choice_reasons: Mapping[str, Code]
    call_types: Mapping[str, CallType]
    symptoms: Mapping[str, Code]
    abilities: Mapping[str, Code]
    phrases: Phrases
    referrals: tuple[Referral, ...]
    cancellations: tuple[CancellationRule, ...]
    weights: Weights
    messages: Messages
    intake_words: Mapping[CodedKind, Mapping[str, str]]


def data_folder() -> Path:
    """Where the data files lie: inside an installed package, or at the top of a checkout."""
    package = Path(__file__).parent
    installed = package / "_data"
    return installed if installed.is_dir() else package.parent / "data"


def load(folder: Path, overrides: Path | None = None, fresh_hours: float = FRESH_HOURS) -> Reference:
    """Read the data files, and of a supervisor's folder `holidays.csv` and `closures.csv` where they exist.

    `fresh_hours` is after how long a confirmation of places is old. Raises DataFileError at the first mistake.
    """
    regions = _by_code(_rows(folder / "regions.csv", "code ko en lat lon neighbours", _region, unique="code"))
    programs = tuple(program_of(read_toml(path), regions) for path in sorted((folder / "programs").glob("*.toml")))
    services = {service.id: service for program in programs for service in program.services}
    coverage = _rows(
        folder / "coverage.csv",
        "service region valid_from valid_to coordinator_ko coordinator_en phone source",
        lambda row: _coverage(row, services, regions),
    )
    providers = _rows(
        folder / "providers.csv",
        " ".join(COLUMNS),
        lambda row: provider_of(row, regions, services),
        unique="id",
    )
    symptoms = _by_code(_rows(folder / "symptoms.csv", "code digit ko en", _code, unique="code"))
    abilities = _by_code(_rows(folder / "abilities.csv", "code digit ko en safety ability", _ability, unique="code"))
    reasons = _by_code(_rows(folder / "reasons.csv", "code digit ko en", _code, unique="code"))
    return Reference(
        programs=programs,
        services=services,
        regions=regions,
        provinces=dict(_rows(folder / "provinces.csv", "code ko en", _province, unique="code")),
        coverage=Coverage(coverage),
        providers=tuple(providers),
        calendar=_calendar(overrides),
        short_numbers=tuple(_rows(folder / "short-numbers.csv", "number ko en kind", _short_number, unique="number")),
        reasons=reasons,
        refusals=_by_code(_rows(folder / "refusals.csv", "code digit ko en use", _refusal, unique="code")),
        choice_reasons=_by_code(_rows(folder / "choice-reasons.csv", "code digit ko en", _code, unique="code")),
        call_types=_by_code(_rows(folder / "call-types.csv", "code digit ko en enquiry", _call_type, unique="code")),
        symptoms=symptoms,
        abilities=abilities,
        phrases=_phrases(read_toml(folder / "phrases.toml")),
        referrals=_referrals(read_toml(folder / "referrals.toml"), symptoms, abilities),
        cancellations=tuple(
            _rows(
                folder / "cancellations.csv",
                "service free_hours fee valid_from valid_to source",
                lambda row: _cancellation(row, services),
            )
        ),
        weights=weights_of(read_toml(folder / "matching.toml"), fresh_hours),
        messages=messages_of(read_toml(folder / "messages.toml")),
        intake_words=_intake_words(folder / "intake-words.csv", regions, reasons, symptoms, abilities),
    )


def _intake_words(
    path: Path,
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

    for kind, code, word in _rows(path, "kind code word", spoken):
        words[cast(CodedKind, kind)][word] = code
    return words


def _by_code(values: Iterable[_Coded]) -> dict[str, _Coded]:
    return {value.code: value for value in values}


def _rows(path: Path, columns: str, read: Callable[[Row], _Read], *, unique: str | None = None) -> list[_Read]:
    names = columns.split()
    mistakes: list[Mistake] = []
    rows = read_rows(path, names, mistakes)
    found = [read(row) for row in rows]
    if unique is not None:
        _refuse_twice(rows, unique, mistakes)
    raise_first(mistakes)
    return found


def _refuse_twice(rows: Sequence[Row], field: str, mistakes: list[Mistake]) -> None:
    seen: set[str] = set()
    for row in rows:
        value = row.text(field)
        if value in seen:
            row.refuse(field, _("each once"))
        seen.add(value)


def _region(row: Row) -> Region:
    lat, lon = row.number("lat", 33, 39), row.number("lon", 124, 132)
    if lat is None or lon is None:
        row.refuse("lat" if lat is None else "lon", _("degrees"))
    return Region(
        row.text("code", required=True),
        row.words(),
        lat or 0.0,
        lon or 0.0,
        tuple(row.text("neighbours").split()),
    )


def _province(row: Row) -> tuple[str, Words]:
    return row.text("code", required=True), row.words()


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


def _ability(row: Row) -> Code:
    code = row.text("code", required=True)
    ability = bool(row.flag("ability"))
    if ability != (code in ABILITIES):
        row.refuse("ability", _("yes for {codes}, else nothing").format(codes=", ".join(ABILITIES)))
    return Code(code, row.words(), _digit(row), bool(row.flag("safety")))


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


def _code(row: Row) -> Code:
    return Code(row.text("code", required=True), row.words(), _digit(row))


def _digit(row: Row) -> str:
    return row.one_of("digit", ("", *"0123456789"))


def _refusal(row: Row) -> Refusal:
    use = cast(RefusalUse, row.one_of("use", REFUSAL_USES))
    return Refusal(row.text("code", required=True), row.words(), _digit(row), use)


def _call_type(row: Row) -> CallType:
    enquiry = row.one_of("enquiry", ("yes", "no")) == "yes"
    return CallType(row.text("code", required=True), row.words(), _digit(row), enquiry)


def _short_number(row: Row) -> ShortNumber:
    kind = cast(NumberKind, row.one_of("kind", NUMBER_KINDS))
    return ShortNumber(row.text("number", required=True), row.words(), kind)


def _phrases(root: Table) -> Phrases:
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


def _referrals(root: Table, symptoms: Mapping[str, Code], needs: Mapping[str, Code]) -> tuple[Referral, ...]:
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


def _calendar(overrides: Path | None) -> Calendar:
    if overrides is None:
        return Calendar()
    holidays, closures = overrides / "holidays.csv", overrides / "closures.csv"
    return Calendar(
        _rows(holidays, "date name on", _switch, unique="date") if holidays.exists() else (),
        _rows(closures, "subject first last reason", _closure) if closures.exists() else (),
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
