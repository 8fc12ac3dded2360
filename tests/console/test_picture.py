"""Pictures: a Hangul text is as long as its cells."""

from callcenter.console.picture import widened

AND = '<text textLength="36.6">a&#160;&amp;</text>'


def test_hangul_is_two_cells_wide_and_latin_one() -> None:
    svg = '<text class="a" x="0" textLength="24.4" clip-path="url(#x)">수원</text>'
    assert widened(svg + AND) == svg.replace("24.4", "48.8") + AND
