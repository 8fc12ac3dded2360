from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from callcenter.datafile.mistakes import Mistake, raise_first
from callcenter.datafile.rows import Row, parse_rows, read_rows
from callcenter.errors import DataFileError

COLUMNS = ("id", "day", "size")


def rows(text: str | bytes, *, cp949: bool = False) -> tuple[list[Row], list[Mistake]]:
    mistakes: list[Mistake] = []
    raw = text if isinstance(text, bytes) else text.encode()
    return parse_rows(raw, "some.csv", COLUMNS, mistakes, cp949=cp949), mistakes


def where(mistakes: list[Mistake]) -> list[tuple[int, str, str]]:
    return [(one.line, one.field, one.found) for one in mistakes]


def test_rows_keep_the_line_they_begin_on() -> None:
    found, mistakes = rows('id,day,size\na,,1\n\n"b\nb",,2\nc,,3\n')
    assert [(row.line, row.text("id")) for row in found] == [(2, "a"), (4, "b\nb"), (6, "c")]
    assert mistakes == []


def test_columns_in_any_order_with_a_byte_order_mark() -> None:
    found, mistakes = rows(b"\xef\xbb\xbfsize,id,day\n1,a,\n")
    assert (found[0].text("id"), mistakes) == ("a", [])


def test_korean_excel_is_read_when_allowed() -> None:
    raw = "id,day,size\n가,,1\n".encode("cp949")
    assert rows(raw, cp949=True)[0][0].text("id") == "가"
    found, mistakes = rows(raw)
    assert (found, [(one.line, one.allowed) for one in mistakes]) == ([], [(2, "text in UTF-8")])


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        ("id,day\na,\n", 1, "size"),
        ("id,day,size,extra\na,,1,2\n", 1, "extra"),
        ("id,day,size,id\na,,1,b\n", 1, "id"),
        ("", 1, "id, day, size"),
        ("id;day;size\na;;1\n", 1, "id, day, size"),
        ("id,day,size\na,,1\nb,1\n", 3, "*"),
        ('id,day,size\na,,1\n"b"x,,1\n', 3, "*"),
    ],
)
def test_a_mistake_of_shape(text: str, line: int, field: str) -> None:
    _rows, mistakes = rows(text)
    assert (mistakes[0].line, mistakes[0].field) == (line, field)


def test_every_wrong_cell_is_told() -> None:
    found, mistakes = rows("id,day,size\na,2026-02-30,x\n,26-1-1,9\n")
    for row in found:
        row.text("id", required=True)
        row.day("day")
        row.number("size", 1, 8)
    assert where(mistakes) == [
        (2, "day", "2026-02-30"),
        (2, "size", "x"),
        (3, "id", "nothing"),
        (3, "day", "26-1-1"),
        (3, "size", "9"),
    ]


def test_right_cells() -> None:
    mistakes: list[Mistake] = []
    row = Row("f", 2, {"d": " 2026-11-26 ", "n": "-3.5", "y": "yes", "e": "", "c": "b a", "o": "a"}, mistakes)
    assert row.day("d") == date(2026, 11, 26)
    assert row.number("n", -5, 5) == -3.5
    assert (row.flag("y"), row.flag("e")) == (True, None)
    assert row.codes("c", ("a", "b")) == ("b", "a")
    assert row.one_of("o", ("a", "b")) == "a"
    assert mistakes == []


@pytest.mark.parametrize("value", ["nan", "inf", "1e3", "１", "--1", "1.", " "])
def test_what_is_no_number(value: str) -> None:
    mistakes: list[Mistake] = []
    assert Row("f", 2, {"n": value}, mistakes).number("n", -10, 10) is None
    assert bool(mistakes) is bool(value.strip())


def test_the_first_mistake_stops_the_start(tmp_path: Path) -> None:
    path = tmp_path / "some.csv"
    path.write_text("id,day\n", encoding="utf-8")
    mistakes: list[Mistake] = []
    read_rows(path, COLUMNS, mistakes)
    with pytest.raises(DataFileError) as refused:
        raise_first(mistakes)
    assert refused.value.values == {
        "file": "some.csv",
        "line": 1,
        "field": "size",
        "found": "no such column",
        "allowed": "all of these columns: id, day, size",
    }


def test_another_header_is_two_mistakes_however_many_columns_it_has() -> None:
    _rows, mistakes = rows("id,when,how big\na,,1\n")
    assert where(mistakes) == [(1, "day, size", "no such column"), (1, "*", "when, how big")]


@given(st.binary(max_size=300))
def test_no_bytes_raise_anything(raw: bytes) -> None:
    found, mistakes = rows(raw, cp949=True)
    assert found or mistakes or not raw.decode("utf-8-sig", "replace").strip("\r\n ,") or raw.count(b"\n") < 2
