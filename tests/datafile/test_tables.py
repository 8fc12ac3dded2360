from datetime import date

import pytest

from callcenter.datafile.tables import Table, key_lines, parse_toml
from callcenter.errors import DataFileError
from callcenter.language import Words

TEXT = """\
# a comment with [brackets] and = signs
title = "x # no comment ] = ["
born = 2026-11-26

[deep.er]
size = 3   # [

[[item]]
name = "one"
list = [
    { ko = "가", en = "a" },
    { ko = "나", en = "b" },
]
[[item.part]]
size = 1
[[item.part]]
size = 2

[[item]]
name = "two"
[[item.part]]
size = 9
"""


@pytest.mark.parametrize(
    ("path", "line"),
    [
        (("title",), 2),
        (("born",), 3),
        (("deep", "er"), 5),
        (("deep", "er", "size"), 6),
        (("item", "0", "name"), 9),
        (("item", "0", "list"), 10),
        (("item", "0", "list", "1"), 12),
        (("item", "0", "part", "1", "size"), 17),
        (("item", "1", "name"), 20),
        (("item", "1", "part", "0", "size"), 22),
    ],
)
def test_where_a_key_stands(path: tuple[str, ...], line: int) -> None:
    assert key_lines(TEXT)[path] == line


def refusal(text: str) -> tuple[object, object]:
    with pytest.raises(DataFileError) as refused:
        read(parse_toml(text.encode(), "some.toml"))
    return refused.value.values["line"], refused.value.values["field"]


def read(root: Table) -> object:
    found: list[object] = [
        root.text("name"),
        root.whole("size", 1, 9),
        root.day("born"),
        root.one_of("kind", ("a", "b")),
        root.codes("tags", ("x", "y")),
        root.words("said"),
        root.words_list("more"),
    ]
    for part in root.tables("part"):
        found.append(part.text("name"))
        part.finish()
    root.finish()
    return found


GOOD = 'name = "n"\nsize = 3\nborn = 2026-11-26\nkind = "a"\ntags = ["y"]\nsaid = { ko = "가", en = "a" }\n'


def test_a_right_table() -> None:
    found = read(parse_toml(GOOD.encode() + b'[[part]]\nname = "p"\n', "some.toml"))
    assert found == ["n", 3, date(2026, 11, 26), "a", ("y",), Words("가", "a"), (), "p"]


@pytest.mark.parametrize(
    ("text", "line", "field"),
    [
        pytest.param(GOOD.replace('"n"', "1"), 1, "name", id="not a text"),
        pytest.param(GOOD.replace("3", "10"), 2, "size", id="too large"),
        pytest.param(GOOD.replace("3", "true"), 2, "size", id="a flag is no number"),
        pytest.param(GOOD.replace("2026-11-26", '"2026-11-26"'), 3, "born", id="a text is no date"),
        pytest.param(GOOD.replace("2026-11-26", "2026-02-30"), 3, "born", id="no such day"),
        pytest.param(GOOD.replace('"a"\n', '"c"\n', 1), 4, "kind", id="not a known code"),
        pytest.param(GOOD.replace('["y"]', '["z"]'), 5, "tags", id="not a known code in a list"),
        pytest.param(GOOD.replace('"가"', '""'), 6, "said", id="no Korean"),
        pytest.param(GOOD + "more = [1]\n", 7, "more", id="not texts"),
        pytest.param(GOOD + "colour = 1\n", 7, "colour", id="unknown key"),
        pytest.param(
            GOOD + '[[part]]\nname = "p"\n[[part]]\nname = "q"\nsise = 1\n', 11, "sise", id="deep unknown key"
        ),
        pytest.param(GOOD + "part = 3\n", 7, "part", id="not tables"),
        pytest.param(GOOD + "what\n", 7, "what", id="no TOML"),
        pytest.param(GOOD + GOOD, 7, "name", id="the same key twice"),
    ],
)
def test_a_mistake_is_told_by_line_and_field(text: str, line: int, field: str) -> None:
    assert refusal(text) == (line, field)


def test_a_missing_key_is_told() -> None:
    assert refusal(GOOD.replace('name = "n"\n', ""))[1] == "name"


def test_bytes_that_are_no_text() -> None:
    with pytest.raises(DataFileError) as refused:
        parse_toml(b'name = "n"\nsaid = "\xff"\n', "some.toml")
    assert refused.value.values["line"] == 2
