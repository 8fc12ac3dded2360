"""Pictures of the screen as SVG, with Hangul as wide as the terminal draws it."""

import re
from html import unescape

from rich.cells import cell_len

_WEB_FONT = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
_TEXT = re.compile(r'(<text [^>]*textLength=")([0-9.]+)("[^>]*>)([^<]*)(</text>)')


def mended(svg: str) -> str:
    """The picture with every text as long as its cells, and with no font from the network.

    Rich reckons a Hangul syllable as one cell, not two, and links fonts that have no Hangul.
    """

    def lengthened(found: re.Match[str]) -> str:
        text = unescape(found[4])
        length = float(found[2]) / max(len(text), 1) * cell_len(text)
        return f"{found[1]}{length:g}{found[3]}{found[4]}{found[5]}"

    return _TEXT.sub(lengthened, _WEB_FONT.sub("", svg))
