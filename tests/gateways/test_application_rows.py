"""Applications as CSV: what Excel saves, siblings in several rows, and bad rows that keep nobody else out."""

import csv
import io
import json
from copy import deepcopy
from pathlib import Path

import pytest

from callcenter.gateways.application import EXAMPLE, read_application
from callcenter.gateways.application_rows import COLUMNS, MAX_BYTES, read_application_rows

CELLS = {
    "external_id": "web-20261124-0001",
    "guardian_name": "박하나",
    "guardian_phone": "010-0000-1234",
    "guardian_relation": "mother",
    "guardian_language": "ko",
    "region": "41110",
    "start": "2026-11-24T20:00:00+09:00",
    "end": "2026-11-24T23:00:00+09:00",
    "reason": "overtime",
    "note": "갑자기 야근이 잡혔습니다.",
    "consent_collect": "yes",
    "consent_sensitive": "yes",
    "consent_third_party": "yes",
    "consent_at": "2026-11-24T17:30:00+09:00",
    "child_name": "박새봄",
    "child_birth": "2018-05-05",
    "child_school": "elementary",
    "child_registered": "yes",
    "child_needs": "allergy",
    "child_care_note": "땅콩 알레르기",
}
CANARY = "홍길동-010-0000-9876"


def table(*rows: dict[str, str], columns: tuple[str, ...] = COLUMNS, encoding: str = "utf-8-sig") -> bytes:
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, columns)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue().encode(encoding)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp949"])
def test_a_row_is_the_same_application_as_its_json(encoding: str) -> None:
    read = read_application_rows(table(CELLS, encoding=encoding))
    assert read == ([read_application(json.dumps(EXAMPLE))], [])


def test_siblings_are_rows_of_one_application() -> None:
    sibling = CELLS | {
        "child_name": "박가을",
        "child_birth": "2020-02-02",
        "child_school": "",
        "child_registered": "no",
    }
    read = read_application_rows(table(CELLS, sibling))
    assert read.refused == []
    (found,) = read.applications
    assert [(child.name, child.school, child.registered) for child in found.wish.children] == [
        ("박새봄", "elementary", True),
        ("박가을", None, False),
    ]
    both = deepcopy(EXAMPLE)
    both["children"].append(
        {
            "name": "박가을",
            "birth": "2020-02-02",
            "registered": False,
            "needs": ["allergy"],
            "care_note": "땅콩 알레르기",
        }
    )
    assert found.digest == read_application(json.dumps(both)).digest


def test_what_is_wrong_is_told_by_line_and_field_and_keeps_nobody_out() -> None:
    rows = (
        CELLS | {"external_id": "1", "region": CANARY},
        CELLS | {"external_id": "2"},
        CELLS | {"external_id": "3", "child_registered": CANARY},
        CELLS | {"external_id": "4"},
        CELLS | {"external_id": "4", "guardian_phone": CANARY},
        CELLS | {"external_id": ""},
    )
    read = read_application_rows(table(*rows))
    assert [one.external_id for one in read.applications] == ["2"]
    assert read.refused == [
        "line 2: region: has characters or a length that are not allowed",
        "line 4: children.0.registered: has to be true or false",
        "line 5, 6: rows of one application differ in guardian_phone",
        "line 7: external_id: is missing",
    ]


def test_the_readme_shows_a_file_that_is_taken() -> None:
    text = (Path(__file__).parent.parent.parent / "README.md").read_text(encoding="utf-8")
    shown = text[text.index("external_id,") :].partition("```")[0]
    read = read_application_rows(shown.encode())
    assert (len(read.applications), read.refused) == (1, [])


@pytest.mark.parametrize(
    ("raw", "told"),
    [
        (b"", "line 1, external_id"),
        (table(), "the file holds no application"),
        (table(columns=COLUMNS[1:]), "line 1, external_id: allowed is all of these columns"),
        (f"2,41110,{CANARY}\r\n".encode(), "line 1, external_id, region"),
        (table(columns=(*COLUMNS, "주민번호")), "line 1, 주민번호"),
        (b"\xff\xfe\x00", "line 1, *: allowed is text in UTF-8 or CP949"),
        (table(CELLS) + f"{CANARY},1\r\n".encode(), "line 3, *: allowed is 23 fields"),
        (b"x" * (MAX_BYTES + 1), "the text is larger than 1048576 bytes"),
    ],
)
def test_a_file_of_another_shape_is_refused_without_an_echo(raw: bytes, told: str) -> None:
    refused = read_application_rows(raw).refused
    assert refused[0].startswith(told)
    assert CANARY not in " ".join(refused)
