"""CSV files read row by row: every wrong cell is collected, none stops the reading."""

import csv
import io
import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar

from callcenter.datafile.mistakes import Mistake, decoded, listed, raise_first
from callcenter.language import Words, _

_Read = TypeVar("_Read")


class _HasCode(Protocol):
    @property
    def code(self) -> str: ...


_Coded = TypeVar("_Coded", bound=_HasCode)

_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")


class Row:
    """One row of a CSV file, read field by field; what is wrong is added to `mistakes` and reads as blank."""

    def __init__(self, file: str, line: int, cells: Mapping[str, str], mistakes: list[Mistake]) -> None:
        self.file = file
        self.line = line
        self.cells = cells
        self.mistakes = mistakes

    def refuse(self, field: str, allowed: str) -> None:
        """Record that what stands in the field is not allowed."""
        found = self.cells.get(field, "") or _("nothing")
        self.mistakes.append(Mistake(self.file, self.line, field, found, allowed))

    def text(self, field: str, *, required: bool = False) -> str:
        """The text of a field, without blanks around it."""
        value = self.cells.get(field, "").strip()
        if required and not value:
            self.refuse(field, _("a text"))
        return value

    def one_of(self, field: str, allowed: Collection[str]) -> str:
        """A required code out of a known set."""
        value = self.text(field)
        if value not in allowed:
            self.refuse(field, listed(allowed))
        return value

    def day(self, field: str) -> date | None:
        """A date, or None when blank."""
        value = self.text(field)
        if not value:
            return None
        if _DAY.fullmatch(value):
            try:
                return date.fromisoformat(value)
            except ValueError:
                pass  # told below, together with what has another form
        self.refuse(field, _("a date like 2026-11-26"))
        return None

    def flag(self, field: str) -> bool | None:
        """yes, no or, when blank, unknown."""
        value = self.text(field)
        if value not in ("", "yes", "no"):
            self.refuse(field, _("yes, no or nothing"))
        return {"yes": True, "no": False}.get(value)

    def number(self, field: str, low: float, high: float) -> float | None:
        """A number between the bounds, or None when blank."""
        value = self.text(field)
        if not value:
            return None
        if re.fullmatch(r"-?[0-9]+(\.[0-9]+)?", value) and low <= float(value) <= high:
            return float(value)
        self.refuse(field, _("a number from {low} to {high}").format(low=low, high=high))
        return None

    def codes(self, field: str, allowed: Collection[str]) -> tuple[str, ...]:
        """Codes out of a known set, set apart by blanks, in the order written."""
        values = tuple(self.text(field).split())
        if any(value not in allowed for value in values):
            self.refuse(field, listed(allowed))
        return values

    def words(self) -> Words:
        """The columns `ko` and `en`, both required."""
        return Words(self.text("ko", required=True), self.text("en", required=True))


def read_rows(path: Path, columns: Sequence[str], mistakes: list[Mistake], *, cp949: bool = False) -> list[Row]:
    """Rows of a CSV file that must have exactly these columns, in any order.

    UTF-8 with or without a byte order mark; with `cp949` also what Korean Excel saves. All mistakes of
    shape are added to `mistakes`, and so will be those found when fields are read from the rows.
    """
    return parse_rows(path.read_bytes(), str(path.name), columns, mistakes, cp949=cp949)


def parse_rows(
    raw: bytes, file: str, columns: Sequence[str], mistakes: list[Mistake], *, cp949: bool = False
) -> list[Row]:
    """As `read_rows`, from bytes already read."""
    text = decoded(raw, file, mistakes, cp949=cp949)
    if text is None:
        return []
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    try:
        header = [cell.strip() for cell in next(lines, [])]
        if not _header_is_right(header, columns, file, mistakes):
            return []
        before = lines.line_num
        for cells in lines:
            line, before = before + 1, lines.line_num
            if not any(cell.strip() for cell in cells):
                continue
            if len(cells) != len(header):
                allowed = _("{count} fields").format(count=len(header))
                mistakes.append(Mistake(file, line, "*", _("{count} fields").format(count=len(cells)), allowed))
                continue
            rows.append(Row(file, line, dict(zip(header, cells, strict=True)), mistakes))
    except csv.Error as wrong:
        mistakes.append(Mistake(file, lines.line_num, "*", str(wrong), _("a CSV row")))
    return rows


def _header_is_right(header: list[str], columns: Sequence[str], file: str, mistakes: list[Mistake]) -> bool:
    known = len(mistakes)
    missing = [column for column in columns if column not in header]
    if missing:
        # One mistake for all of them: a file with another separator lacks every one.
        all_of_them = _("all of these columns: {columns}").format(columns=listed(columns))
        mistakes.append(Mistake(file, 1, ", ".join(missing), _("no such column"), all_of_them))
    if unknown := [column or _("a nameless column") for column in header if column not in columns]:
        names = ", ".join(unknown)
        # With columns missing it may be no header at all but a row of data, which is no field's name.
        mistakes.append(Mistake(file, 1, "*" if missing else names, names, listed(columns)))
    for place, column in enumerate(header):
        if column in columns and column in header[:place]:
            mistakes.append(Mistake(file, 1, column, _("the column twice"), _("each column once")))
    return len(mistakes) == known


def read_each(path: Path, columns: str, read: Callable[[Row], _Read], *, unique: str | None = None) -> list[_Read]:
    """What `read` makes of each row; the field `unique` may not hold a value twice. Raises the first mistake."""
    names = columns.split()
    mistakes: list[Mistake] = []
    rows = read_rows(path, names, mistakes)
    found = [read(row) for row in rows]
    if unique is not None:
        _refuse_twice(rows, unique)
    raise_first(mistakes)
    return found


def _refuse_twice(rows: Sequence[Row], field: str) -> None:
    seen: set[str] = set()
    for row in rows:
        value = row.text(field)
        if value in seen:
            row.refuse(field, _("each once"))
        seen.add(value)


def by_code(values: Iterable[_Coded]) -> dict[str, _Coded]:
    """The same by their codes, in the order given."""
    return {value.code: value for value in values}
