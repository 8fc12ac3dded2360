"""No sign on screen may be drawn two cells wide by one terminal and one by another."""

import ast
from pathlib import Path

import pytest
from rich.cells import cell_len

import callcenter.console
from callcenter.console.presentation import glyphs

SIGNS = {name: value for name, value in vars(glyphs).items() if name.isupper() and isinstance(value, str)}
CONSOLE = Path(callcenter.console.__file__).parent


def docstrings(tree: ast.AST) -> set[int]:
    """The ids of the nodes that are docstrings: they are read in an editor, not in the terminal."""
    return {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }


def unsafe_literals(source: str) -> list[str]:
    """The string literals of a program text that hold a sign of unsafe width, docstrings left out."""
    tree = ast.parse(source)
    read_elsewhere = docstrings(tree)
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in read_elsewhere
        and not glyphs.safe(node.value)
    ]


@pytest.mark.parametrize("name", SIGNS)
def test_every_glyph_is_narrow_everywhere(name: str) -> None:
    assert glyphs.safe(SIGNS[name])
    assert cell_len(SIGNS[name]) == len(SIGNS[name])


@pytest.mark.parametrize("text", ["…", "·", "│", "●", "▓", "→", "✕ⓐ", "漢", "Ａ"])
def test_unsafe_signs_are_seen(text: str) -> None:
    assert not glyphs.safe(text)


def test_hangul_and_ascii_are_safe() -> None:
    assert glyphs.safe("수원 8세 20-23 (3/10)")


def test_the_signs_of_a_strip_differ_without_colour() -> None:
    assert len({glyphs.FREE, glyphs.TAKEN, glyphs.HELD, glyphs.CLOSED, glyphs.UNKNOWN}) == 5


def test_plain_leaves_no_typographic_sign_of_ambiguous_width() -> None:
    assert glyphs.plain("오늘 20–23시 · “네”…") == '오늘 20-23시 ∙ "네"..'
    assert glyphs.safe(glyphs.plain("…·‥–—―‘’“”×→"))


@pytest.mark.parametrize(
    "path", [path for path in CONSOLE.rglob("*.py") if path.name != "glyphs.py"], ids=lambda path: path.name
)
def test_no_literal_of_the_console_holds_an_unsafe_sign(path: Path) -> None:
    assert unsafe_literals(path.read_text(encoding="utf-8")) == []


def test_the_search_for_literals_finds_one() -> None:
    assert unsafe_literals('"""a … docstring"""\nname = "loading…"\n') == ["loading…"]
