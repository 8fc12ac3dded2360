"""Resident registration numbers (주민등록번호), which may not be taken down: Personal Information Protection Act, 24-2.

A number is the birth date in six digits and seven more, the registration numbers of foreigners too. While a line is
typed what may become one is refused already; a text that was written to its end loses whole numbers only, so that the
case numbers of other agencies and spans of days stay.
"""

import re

from callcenter.errors import CallcenterError
from callcenter.language import mark

_HYPHENS = r"\-‐‑‒–—―−－~_"
_DAY = r"(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])"
_WHOLE = re.compile(
    rf"(?<![\d+])(?:\d\d{_DAY}\d{{7}}|(?:19|20)?\d\d{_DAY}[^\S\n]?(?:[{_HYPHENS}.·*/:,][^\S\n]?|[^\S\n])\d{{7}})(?!\d)"
)
BEGUN = re.compile(
    rf"(?<![\d+])(?:\d{{13}}(?!\d)|(?!00)\d{{14,}}|\d{{6}}\s?[{_HYPHENS}.·*]\s?\d{{7,}}|\d{{6}}\s\d{{7}}(?!\d)"
    rf"|(?:\d\d)?\d\d{_DAY}[{_HYPHENS}]\d[\d*]*(?![\d{_HYPHENS}]))"
)
"""Six digits, perhaps a hyphen, and seven: also while the last of them are not typed yet. Digits that begin with a plus
are a telephone number from abroad."""
# The same without a hyphen, before its last digits: a birth date and more than a date has; no number begins so.
_HALF_TYPED = re.compile(rf"(?<![\d+])\d\d{_DAY}\d{{3,6}}(?!\d)")


class ResidentNumber(CallcenterError):
    """Somebody typed one."""

    code = "resident_number"
    sentence = mark("Do not take the resident number; it is not kept. The birth date is enough.")


# A Korean keyboard can write digits as wide as a syllable.
_NARROW = {ord("０") + digit: str(digit) for digit in range(10)}


def without_resident_numbers(text: str) -> str:
    """A text that was written to its end, without resident registration numbers."""
    found = [match.span() for match in _WHOLE.finditer(text.translate(_NARROW))]
    for start, end in reversed(found):
        text = text[:start] + text[end:]
    return text


def without_begun_numbers(text: str, *, half_typed: bool = False) -> str:
    """A text that is being typed, without what looks like such a number; with `half_typed` without what may become one.

    What is half typed looks like other long numbers, so it is left out of what is kept only, never of what is seen.
    """
    text = BEGUN.sub("", text)
    return _HALF_TYPED.sub("", text) if half_typed else text
