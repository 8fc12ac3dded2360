"""Applications as rows of a CSV file, as Korean Excel saves it: a row a child, siblings share their identifier."""

import json
from collections.abc import Iterator, Mapping
from typing import Any, NamedTuple

from callcenter.datafile.mistakes import Mistake
from callcenter.datafile.rows import Row, parse_rows
from callcenter.desk.applications import Application
from callcenter.gateways.application import BadForm, read_application
from callcenter.language import _

MAX_BYTES = 1_048_576

_REQUEST = ("external_id", "region", "residence", "start", "end", "reason", "service", "note")
_GUARDIAN = ("name", "phone", "relation", "language")
_CHILD = ("name", "birth", "school", "registered", "needs", "symptoms", "care_note")
_CONSENT = ("collect", "sensitive", "third_party", "at")
_SHARED = (
    *_REQUEST,
    *(f"guardian_{field}" for field in _GUARDIAN),
    *(f"consent_{field}" for field in _CONSENT),
)
COLUMNS = (*_SHARED, *(f"child_{field}" for field in _CHILD))


class RowsRead(NamedTuple):
    """What a CSV file holds: the good applications, and a sentence for each that is not."""

    applications: list[Application]
    refused: list[str]


def read_application_rows(raw: bytes) -> RowsRead:
    """Every application of a CSV file in UTF-8 or CP949; one that is wrong does not keep the others out."""
    if len(raw) > MAX_BYTES:
        return RowsRead([], [_("the text is larger than {limit} bytes").format(limit=MAX_BYTES)])
    mistakes: list[Mistake] = []
    rows = parse_rows(raw, "", COLUMNS, mistakes, cp949=True)
    applications: list[Application] = []
    # Without what was found there, which may be about a person.
    refused = [
        _("line {line}, {field}: allowed is {allowed}").format(line=one.line, field=one.field, allowed=one.allowed)
        for one in mistakes
    ]
    if not rows and not mistakes:
        refused.append(_("the file holds no application"))
    together: dict[str, list[Row]] = {}
    for row in rows:
        together.setdefault(row.text("external_id"), []).append(row)
    for family in together.values():
        lines = ", ".join(str(row.line) for row in family)
        if differing := _differing(family):
            told = _("line {lines}: rows of one application differ in {fields}")
            refused.append(told.format(lines=lines, fields=", ".join(differing)))
            continue
        try:
            applications.append(read_application(json.dumps(_as_json(family), ensure_ascii=False)))
        except BadForm as wrong:
            refused.append(_("line {lines}: {reasons}").format(lines=lines, reasons=wrong.values["reasons"]))
    return RowsRead(applications, refused)


def _differing(family: list[Row]) -> list[str]:
    return [column for column in _SHARED if len({row.text(column) for row in family}) > 1]


def _as_json(family: list[Row]) -> dict[str, Any]:
    """The rows of one application as the JSON form has them; blank cells are left out."""
    first = family[0]
    application: dict[str, Any] = {
        **_cells(first, _REQUEST),
        "guardian": _cells(first, _GUARDIAN, "guardian_"),
        "children": [dict(_child(_cells(row, _CHILD, "child_"))) for row in family],
    }
    if consents := _cells(first, _CONSENT, "consent_"):
        application["consents"] = {field: _flag(text) for field, text in consents.items()}
    return application


def _cells(row: Row, fields: tuple[str, ...], prefix: str = "") -> dict[str, str]:
    return {field: text for field in fields if (text := row.text(prefix + field))}


def _child(cells: Mapping[str, str]) -> Iterator[tuple[str, Any]]:
    for field, text in cells.items():
        if field == "registered":
            yield field, _flag(text)
        elif field in ("needs", "symptoms"):
            yield field, text.split()
        else:
            yield field, text


def _flag(text: str) -> bool | str:
    return {"yes": True, "no": False}.get(text, text)
