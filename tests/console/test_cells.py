"""Cells take exactly the room they are given, whatever stands in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len, split_graphemes

from callcenter.console.presentation.cells import Align, Cell, fit, fit_pieces, length, shown

GLYPHS = [*"가나다수원a …·\n\t\x1b\u200b\u202eé", "e\u0301", "\u1112\u1161\u11ab", "👨‍👩‍👧", "🇰🇷", "❤️"]
MIXED = st.one_of(st.text(), st.lists(st.sampled_from(GLYPHS)).map("".join))


@pytest.mark.parametrize(
    ("text", "width", "align", "expected"),
    [
        ("수원", 6, "left", "수원  "),
        ("수원", 6, "right", "  수원"),
        ("수원", 4, "left", "수원"),
        ("남양주시", 6, "left", "남양.."),
        ("남양주시", 7, "left", "남양.. "),
        ("Suwon City", 6, "left", "Suwo.."),
        ("수원시", 2, "left", ".."),
        ("수원시", 1, "left", "."),
        ("수원시", 0, "left", ""),
        ("a\nb\tc", 5, "left", "a b▫c"),
        ("10–12 · 네", 10, "left", "10-12 ∙ 네"),
        ("\u1112\u1161\u11ab\u1100\u1173\u11af", 4, "left", "\u1112\u1161\u11ab\u1100\u1173\u11af"),
    ],
)
def test_fit(text: str, width: int, align: Align, expected: str) -> None:
    assert fit(text, width, align) == expected


@given(MIXED, st.integers(0, 30), st.sampled_from(["left", "right"]))
def test_fit_is_exact_and_never_splits_a_glyph(text: str, width: int, align: Align) -> None:
    fitted = fit(text, width, align)
    assert cell_len(fitted) == width
    if cell_len(shown(text)) > width > 2:
        head = fitted[: fitted.rindex("..")]
        ends = {0, *(end for _start, end, _size in split_graphemes(shown(text))[0])}
        assert head in {shown(text)[:end] for end in ends}


@given(st.lists(MIXED.map(Cell)), st.integers(0, 40))
def test_pieces_fit_exactly(pieces: list[Cell], width: int) -> None:
    assert length(fit_pieces(pieces, width)) == width


def test_pieces_keep_their_looks_and_the_last_is_cut() -> None:
    pieces = (Cell("수원", "ok"), Cell("8 years", "muted"))
    assert fit_pieces(pieces, 8) == (Cell("수원", "ok"), Cell("8 ..", "muted"))
    assert fit_pieces(pieces, 12) == (Cell("수원", "ok"), Cell("8 years", "muted"), Cell(" "))
