"""Every sign the console draws besides words: each one cell wide in every terminal and in WGL4 or ASCII.

A terminal may be set to draw characters of ambiguous East Asian width (Unicode UAX #11, class A: `…`, `·`, `│`,
`●`, all block elements) two cells wide, which breaks every line after them; so none of those is used.
"""

import unicodedata

CUT = ".."  # an ellipsis is of ambiguous width; two full stops are not
CURSOR = ">"
SEPARATOR = "|"
DOT = "∙"
ON = "◘"
OFF = "◦"
YES = "o"
NO = "x"
URGENT = "‼"
SOON = "!"
NOTICE = "i"
PROMPT = "/"

FREE = "◦"
TAKEN = "▬"
HELD = "◊"
CLOSED = "x"
UNKNOWN = "?"


def safe(text: str) -> bool:
    """Whether no character of the text is of ambiguous width, and wide ones are Hangul syllables only."""
    return all(
        "가" <= character <= "힣" or unicodedata.east_asian_width(character) in {"N", "Na", "H"} for character in text
    )


_PLAIN = str.maketrans(
    {
        "…": "..",
        "·": "∙",
        "‥": "..",
        "–": "-",
        "—": "-",
        "―": "-",
        "‘": "'",
        "’": "'",
        "“": '"',
        "”": '"',
        "×": "x",
        "→": ">",
    }
)


def plain(text: str) -> str:
    """The text with the common typographic signs of ambiguous width replaced by ones that are one cell wide."""
    return text.translate(_PLAIN)
