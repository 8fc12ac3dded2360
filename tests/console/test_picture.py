"""Pictures: a Hangul text is as long as its cells."""

from callcenter.console.picture import mended

AND = '<text textLength="36.6">a&#160;&amp;</text>'


def test_hangul_is_two_cells_wide_and_latin_one() -> None:
    svg = '<text class="a" x="0" textLength="24.4" clip-path="url(#x)">수원</text>'
    assert mended(svg + AND) == svg.replace("24.4", "48.8") + AND


def test_a_picture_asks_the_network_for_nothing() -> None:
    font = '@font-face {\n  font-family: "x";\n  src: url("https://example.invalid/x.woff2");\n}\n'
    assert mended(f"<style>{font}{font}.a {{ fill: red }}</style>") == "<style>.a { fill: red }</style>"
