"""Providers as a CSV file: taking one in, with every bad row reported, and writing one out."""

import csv
import io
import json
import re
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.places import free_count, slots
from callcenter.care.provider_record import COLUMNS, ProviderRecord, provider_of
from callcenter.datafile.mistakes import Mistake
from callcenter.datafile.rows import Row, read_rows
from callcenter.desk.checks import Supply
from callcenter.desk.presence import presences
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.reservations import taken_by_group
from callcenter.text.sanitize import clean

if TYPE_CHECKING:
    from sqlite3 import Connection


# What a spreadsheet computes instead of showing; a number with its sign, such as +82-31…, is harmless.
_FORMULA = re.compile(r"[=@\t\r]|[+-](?![0-9() -]*$)")


class ProviderFile(NamedTuple):
    """What a file holds: the good providers, every mistake, and how many rows had one."""

    providers: list[ProviderRecord]
    mistakes: list[Mistake]
    bad_rows: int


def read_provider_file(path: Path, reference: Reference) -> ProviderFile:
    """Read the whole file, UTF-8 or CP949 as Korean Excel saves it; one mistake never hides the next."""
    mistakes: list[Mistake] = []
    good: list[ProviderRecord] = []
    seen: set[str] = set()
    for raw in read_rows(path, COLUMNS, mistakes, cp949=True):
        before = len(mistakes)
        row = Row(raw.file, raw.line, {column: clean(_armed(cell)) for column, cell in raw.cells.items()}, mistakes)
        provider = provider_of(row, reference.regions, reference.services)
        if provider.id in seen:
            row.refuse("id", _("each provider once"))
        seen.add(provider.id)
        if len(mistakes) == before:
            good.append(provider)
    mistakes.sort(key=lambda mistake: mistake.line)
    return ProviderFile(good, mistakes, len({mistake.line for mistake in mistakes if mistake.line > 1}))


def providers_of(connection: "Connection", reference: Reference) -> list[ProviderRecord]:
    """The desk's providers as records."""
    found = []
    for row in reads.providers(connection):
        cells: dict[str, str] = json.loads(row.record)
        found.append(provider_of(Row("", 0, cells, []), reference.regions, reference.services))
    return found


def export_text(connection: "Connection") -> str:
    """The desk's providers as CSV; cells that a spreadsheet would take for a formula get an apostrophe in front."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, COLUMNS, lineterminator="\n")
    writer.writeheader()
    for row in reads.providers(connection):
        cells: dict[str, str] = json.loads(row.record)
        cells["groups"] = _with_places(cells["groups"], reads.groups_of(connection, [row.id]))
        writer.writerow({column: _defused(cells.get(column, "")) for column in COLUMNS})
    return out.getvalue()


def supply_of(connection: "Connection", reference: Reference) -> Supply:
    """How many places a provider has free over a time for a child of so many months."""

    def supply(provider_id: str, start: datetime, end: datetime, months: int) -> int | None:
        provider = reads.provider(connection, provider_id)
        if provider is None:
            return None
        window = slots(start, max(end, start + timedelta(minutes=1)))
        present = presences(connection, reference, [provider], window)[provider_id]
        groups = [
            present.group(group)
            for group in reads.groups_of(connection, [provider_id])
            if group.months_min <= months <= group.months_max
        ]
        rows = reads.taken(connection, [group.id for group in groups], window[0], window[-1])
        taken = taken_by_group(rows)
        free = [free_count(taken.get(group.id, ()), window, group.places) for group in groups]
        return None if not free or None in free else sum(filter(None, free))

    return supply


def _with_places(text: str, groups: Sequence[reads.GroupRow]) -> str:
    """The groups of a record with the places that were confirmed since."""
    from callcenter.care.provider_record import GroupRecord, groups_text

    if not text:
        return ""
    return groups_text(
        [GroupRecord(g.label, g.months_min, g.months_max, g.places, g.children_per_place) for g in groups]
    )


def _defused(cell: str) -> str:
    return f"'{cell}" if _FORMULA.match(cell) else cell


def _armed(cell: str) -> str:
    """The cell without the apostrophe that an export put in front."""
    return cell[1:] if cell.startswith("'") and _FORMULA.match(cell, 1) else cell
