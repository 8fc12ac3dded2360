"""Pieces on lines: whole where they fit, never wider than asked, no word lost."""

from hypothesis import given
from hypothesis import strategies as st

from callcenter.console.presentation.cells import Cell, Pieces, length
from callcenter.console.presentation.flow import cut, flowed, paragraph
from tests.console.presentation.rows import text

WORDS = st.lists(st.text("가나다 abc12", max_size=12).map(str.strip).filter(bool))


def test_as_many_side_by_side_as_fit() -> None:
    chunks: list[Pieces] = [(Cell("수원시"),), (), (Cell("오늘"), Cell(" 20-23")), (Cell("야근"),)]
    assert [text(line) for line in flowed(chunks, 19)] == ["수원시 ∙ 오늘 20-23", "야근"]
    assert [text(line) for line in flowed(chunks, 18)] == ["수원시", "오늘 20-23 ∙ 야근"]


def test_a_line_that_fits_stays_as_it_is() -> None:
    pieces = (Cell("수원", "ok"), Cell(" 8", "muted"))
    assert cut(pieces, 6) == pieces
    assert cut(pieces, 5) == (Cell("수원", "ok"), Cell(".", "muted"))
    assert cut(pieces, 4) == (Cell("수원", "ok"),)


def test_a_paragraph_stands_under_its_beginning() -> None:
    found = paragraph(Cell("17:40 "), Cell("엄마가 야근이라 늦음", "note"), 16)
    assert [text(line) for line in found] == ["17:40 엄마가", "      야근이라", "      늦음"]


def test_a_long_head_has_a_line_of_its_own() -> None:
    found = paragraph(Cell("17:40 김상담: "), Cell("야근"), 20)
    assert [text(line) for line in found] == ["17:40 김상담: ", "  야근"]


@given(WORDS, st.integers(4, 60))
def test_no_line_is_too_wide_and_no_word_is_lost(words: list[str], width: int) -> None:
    lines = paragraph(Cell("! "), Cell(" ".join(words)), width)
    assert all(length(line) <= width for line in lines)
    joined = "".join(text(line) for line in lines)
    assert "".join(joined.removeprefix("! ").split()) == "".join("".join(words).split())


@given(st.lists(st.lists(WORDS.map(" ".join).map(Cell)).map(tuple)), st.integers(2, 60))
def test_flowed_lines_are_not_too_wide(chunks: list[Pieces], width: int) -> None:
    assert all(length(line) <= width for line in flowed(chunks, width))
