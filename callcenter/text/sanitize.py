"""Text from outside: cleaned at the door, and made visible again at the last step before a terminal."""

import re
import unicodedata

# Control (Cc), format (Cf: bidi overrides, zero-width signs, tags), surrogates (Cs), line and paragraph
# separators (Zl, Zp) and the Hangul fillers, which are letters that show as nothing.
_UNSAFE_CLASS = (
    "\x00-\x09\x0b-\x1f\x7f-\x9f\u00ad\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u180e"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ud800-\udfff\ufeff\uffa0\ufff0-\ufffb"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
)
UNSAFE = re.compile(f"[{_UNSAFE_CLASS}]")
"""One character that must not reach a terminal; the newline is not among them."""

_BREAK = re.compile("\r\n|[\n\r\x0b\x0c\x85\u2028\u2029]")


def clean(text: str, *, lines: bool = False) -> str:
    """Text fit to be stored: NFC, without control, format and filler characters.

    A tab becomes a space, and so does the end of a line unless `lines` keeps it as a newline. Cleaning
    what is clean changes nothing.
    """
    text = _BREAK.sub("\n" if lines else " ", text).replace("\t", " ")
    return unicodedata.normalize("NFC", UNSAFE.sub("", text))


def visible(text: str) -> str:
    """The same text with ▫ for every character that a terminal would obey instead of show."""
    return UNSAFE.sub("▫", text)
