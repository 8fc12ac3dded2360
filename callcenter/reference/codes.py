"""The programmes, the regions and the coded words of the desk, read from their CSV files."""

from collections.abc import Mapping
from pathlib import Path
from typing import cast

from callcenter.care.codes import (
    ABILITIES,
    NUMBER_KINDS,
    RECORD_USES,
    REFUSAL_USES,
    CallType,
    Code,
    NumberKind,
    Program,
    RecordReason,
    RecordUse,
    Refusal,
    RefusalUse,
    ShortNumber,
)
from callcenter.care.geography import Region
from callcenter.datafile.rows import Row, by_code, read_each
from callcenter.language import Words, _


def programs(folder: Path) -> tuple[Program, ...]:
    """The programmes; the rules of each lie in a file of their own."""
    return tuple(read_each(folder / "programs.csv", "id ko en phone", _program, unique="id"))


def regions(folder: Path) -> Mapping[str, Region]:
    """The si and gun, by code."""
    return by_code(read_each(folder / "regions.csv", "code ko en lat lon neighbours", _region, unique="code"))


def provinces(folder: Path) -> Mapping[str, Words]:
    """The names of the provinces, by their two digits."""
    return dict(read_each(folder / "provinces.csv", "code ko en", _province, unique="code"))


def reasons(folder: Path) -> Mapping[str, Code]:
    """Why care is needed."""
    return _codes(folder / "reasons.csv")


def choice_reasons(folder: Path) -> Mapping[str, Code]:
    """Why another match than the first was taken."""
    return _codes(folder / "choice-reasons.csv")


def record_reasons(folder: Path) -> Mapping[str, RecordReason]:
    """Why somebody's record is read or erased."""
    return by_code(read_each(folder / "record-reasons.csv", "code digit ko en use", _record_reason, unique="code"))


def symptoms(folder: Path) -> Mapping[str, Code]:
    """What a child can have."""
    return _codes(folder / "symptoms.csv")


def abilities(folder: Path) -> Mapping[str, Code]:
    """What a child can need, and a provider can do."""
    return by_code(read_each(folder / "abilities.csv", "code digit ko en safety ability", _ability, unique="code"))


def refusals(folder: Path) -> Mapping[str, Refusal]:
    """Why a provider declined, and why nobody was placed."""
    return by_code(read_each(folder / "refusals.csv", "code digit ko en use", _refusal, unique="code"))


def call_types(folder: Path) -> Mapping[str, CallType]:
    """What a call was about."""
    return by_code(read_each(folder / "call-types.csv", "code digit ko en enquiry", _call_type, unique="code"))


def short_numbers(folder: Path) -> tuple[ShortNumber, ...]:
    """Numbers dialled as they stand."""
    return tuple(read_each(folder / "short-numbers.csv", "number ko en kind", _short_number, unique="number"))


def _codes(path: Path) -> dict[str, Code]:
    return by_code(read_each(path, "code digit ko en", _code, unique="code"))


def _program(row: Row) -> Program:
    return Program(row.text("id", required=True), row.words(), row.text("phone"))


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


def _ability(row: Row) -> Code:
    code = row.text("code", required=True)
    ability = bool(row.flag("ability"))
    if ability != (code in ABILITIES):
        row.refuse("ability", _("yes for {codes}, else nothing").format(codes=", ".join(ABILITIES)))
    return Code(code, row.words(), _digit(row), bool(row.flag("safety")))


def _code(row: Row) -> Code:
    return Code(row.text("code", required=True), row.words(), _digit(row))


def _digit(row: Row) -> str:
    return row.one_of("digit", ("", *"0123456789"))


def _refusal(row: Row) -> Refusal:
    use = cast(RefusalUse, row.one_of("use", REFUSAL_USES))
    return Refusal(row.text("code", required=True), row.words(), _digit(row), use)


def _record_reason(row: Row) -> RecordReason:
    use = cast(RecordUse, row.one_of("use", RECORD_USES))
    return RecordReason(row.text("code", required=True), row.words(), _digit(row), use)


def _call_type(row: Row) -> CallType:
    enquiry = row.one_of("enquiry", ("yes", "no")) == "yes"
    return CallType(row.text("code", required=True), row.words(), _digit(row), enquiry)


def _short_number(row: Row) -> ShortNumber:
    kind = cast(NumberKind, row.one_of("kind", NUMBER_KINDS))
    return ShortNumber(row.text("number", required=True), row.words(), kind)
