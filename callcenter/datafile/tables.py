"""TOML files read table by table: the first mistake is raised, with the true line of its key."""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping
from datetime import date
from pathlib import Path

from callcenter.datafile.mistakes import Mistake, decoded, listed, raise_first
from callcenter.errors import DataFileError
from callcenter.language import Words, _

_ERROR_LINE = re.compile(r"at line (\d+)")
_HEADER = re.compile(r"\s*(\[\[?)([^\[\]]+)\]\]?\s*(?:#.*)?$")
_KEY = re.compile(r"\s*([A-Za-z0-9_-]+|\"[^\"]*\")\s*=")
_STRING = re.compile(r'"(?:[^"\\]|\\.)*"|\'[^\']*\'|#.*')


class Table:
    """One table of a TOML file, read field by field; the first mistake is raised, with the line of its key."""

    def __init__(self, file: str, values: Mapping[str, object], source: str, *at: str) -> None:
        self.file = file
        self.values = values
        self._source = source
        self._at = at
        self._read: set[str] = set()

    def refuse(self, field: str, allowed: str) -> DataFileError:
        """The refusal of what stands in the field, or of its absence."""
        found = self.values.get(field)
        told = _("nothing") if found is None else str(found)
        return Mistake(self.file, self._line(field), field, told, allowed).error()

    def _line(self, field: str) -> int:
        lines = key_lines(self._source)
        path = (*self._at, field)
        while path and path not in lines:
            path = path[:-1]
        return lines.get(path, 1)

    def get(self, field: str) -> object | None:
        """The value as TOML has it, or None."""
        self._read.add(field)
        return self.values.get(field)

    def text(self, field: str) -> str:
        """A required text."""
        value = self.get(field)
        if not isinstance(value, str) or not value.strip():
            raise self.refuse(field, _("a text"))
        return value

    def one_of(self, field: str, allowed: Collection[str]) -> str:
        """A required code out of a known set."""
        value = self.get(field)
        if not isinstance(value, str) or value not in allowed:
            raise self.refuse(field, listed(allowed))
        return value

    def codes(self, field: str, allowed: Collection[str] | None = None) -> tuple[str, ...]:
        """A list of codes, out of a known set if there is one; empty when absent."""
        value = self.get(field)
        if value is None:
            return ()
        if not isinstance(value, list) or not all(
            isinstance(code, str) and (allowed is None or code in allowed) for code in value
        ):
            raise self.refuse(field, _("a list of texts") if allowed is None else listed(allowed))
        return tuple(str(code) for code in value)

    def whole(self, field: str, low: int, high: int) -> int | None:
        """A whole number between the bounds, or None when absent."""
        value = self.get(field)
        if value is None:
            return None
        if not isinstance(value, int) or isinstance(value, bool) or not low <= value <= high:
            raise self.refuse(field, _("a whole number from {low} to {high}").format(low=low, high=high))
        return value

    def day(self, field: str) -> date | None:
        """A date, or None when absent."""
        value = self.get(field)
        if value is None:
            return None
        if type(value) is not date:
            raise self.refuse(field, _("a date like 2026-11-26"))
        return value

    def words(self, field: str) -> Words:
        """A text in both languages, `{ ko = "…", en = "…" }`."""
        return _words(self, field, self.get(field))

    def words_list(self, field: str) -> tuple[Words, ...]:
        """A list of texts in both languages; empty when absent."""
        value = self.get(field)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise self.refuse(field, _("a list of texts in ko and en"))
        return tuple(_words(self, field, one) for one in value)

    def table(self, field: str) -> "Table":
        """A required table inside this one."""
        value = self.get(field)
        if not isinstance(value, dict):
            raise self.refuse(field, _("a table"))
        return Table(self.file, value, self._source, *self._at, field)

    def tables(self, field: str) -> Iterator["Table"]:
        """The tables of an array of tables; none when absent."""
        value = self.get(field)
        if value is None:
            return
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            raise self.refuse(field, _("an array of tables, [[…]]"))
        for place, one in enumerate(value):
            yield Table(self.file, one, self._source, *self._at, field, str(place))

    def finish(self) -> None:
        """Refuse a key that nothing has read: it is a misspelling or belongs elsewhere."""
        for field in self.values:
            if field not in self._read:
                raise self.refuse(field, listed(sorted(self._read)))


def _words(table: Table, field: str, value: object) -> Words:
    if isinstance(value, dict) and value.keys() == {"ko", "en"}:
        ko, en = value["ko"], value["en"]
        if isinstance(ko, str) and isinstance(en, str) and ko.strip() and en.strip():
            return Words(ko, en)
    raise table.refuse(field, '{ ko = "…", en = "…" }')


def read_toml(path: Path) -> Table:
    """The root table of a TOML file; a mistake of syntax is raised with its line."""
    return parse_toml(path.read_bytes(), path.name)


def parse_toml(raw: bytes, file: str) -> Table:
    """As `read_toml`, from bytes already read."""
    mistakes: list[Mistake] = []
    text = decoded(raw, file, mistakes) or ""
    raise_first(mistakes)
    try:
        values = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        told = _ERROR_LINE.search(str(wrong))
        line = int(told[1]) if told else text.count("\n") + 1
        lines = text.splitlines()
        here = lines[line - 1] if line <= len(lines) else ""
        raise Mistake(file, line, here.split("=")[0].strip() or "*", str(wrong), _("TOML")).error() from wrong
    return Table(file, values, text)


def key_lines(text: str) -> dict[tuple[str, ...], int]:
    """Where each key of a TOML text stands, by its path; tomllib tells no lines for values.

    An array of tables counts its members in the path, ("service", "0", "age"); a key of an inline table
    has the line of the key, or of the array's line, that holds it.
    """
    lines: dict[tuple[str, ...], int] = {}
    members: dict[tuple[str, ...], int] = {}
    at: tuple[str, ...] = ()
    inside: tuple[str, ...] = ()
    depth = 0
    for number, line in enumerate(text.splitlines(), 1):
        bare = _STRING.sub("", line)
        if not depth and (header := _HEADER.match(bare)):
            at = _header_path(header[2], members)
            if header[1] == "[[":
                if at[-1].isdigit():
                    at = at[:-1]
                members[at] = members.get(at, -1) + 1
                at = (*at, str(members[at]))
            lines[at] = number
            continue
        if depth == 1 and bare.lstrip().startswith("{"):
            members[inside] = members.get(inside, -1) + 1
            lines[(*inside, str(members[inside]))] = number
        elif not depth and (key := _KEY.match(line)):
            inside = (*at, key[1].strip('"'))
            lines[inside] = number
        depth += sum(map(bare.count, "[{")) - sum(map(bare.count, "]}"))
    return lines


def _header_path(dotted: str, members: Mapping[tuple[str, ...], int]) -> tuple[str, ...]:
    at: tuple[str, ...] = ()
    for part in dotted.split("."):
        at = (*at, part.strip())
        if at in members:
            at = (*at, str(members[at]))
    return at
