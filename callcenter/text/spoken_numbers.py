"""Telephone numbers in a line of intake, and the words for one that the caller hides."""

import re
from collections.abc import Iterator
from contextlib import suppress
from typing import NamedTuple

from callcenter.text.phone import PhoneError, read_phone

WITHHELD = "발신번호표시제한"
"""What stands in a line for a number that the caller hides, and the value of its word."""

# The minutes of a time are not the beginning of a number: 22:00 1588-0000.
_EXTENSION = r"(?:\s?#\d{1,6})?"
_PHONE = re.compile(
    rf"(?<![\w+-])(?<!\d:)(?:\(?0\d{{1,3}}\)?[-. )]?\s?\d{{3,4}}[-. ]?\d{{4}}{_EXTENSION}|1[568]\d\d-?\d{{4}}"
    rf"|00\d[\d-]{{7,18}}\d|\+\d[\d\-.() ]{{6,20}}\d{_EXTENSION})(?![\w-])"
)
_WITHHELD = re.compile(
    r"(?<!\w)(?:발신\s?번호\s?표시\s?제한|발신\s?표시\s?제한|발신\s?번호\s?제한|번호\s?비공개)(?!\w)"
)


class FoundNumber(NamedTuple):
    """A number in `text[start:end]` as it is shown, or WITHHELD."""

    start: int
    end: int
    number: str


def find_numbers(text: str) -> Iterator[FoundNumber]:
    """The numbers that can be rung, and the words for a hidden one."""
    for match in _WITHHELD.finditer(text):
        yield FoundNumber(match.start(), match.end(), WITHHELD)
    for match in _PHONE.finditer(text):
        number = match[0]
        while number:
            with suppress(PhoneError):
                yield FoundNumber(match.start(), match.start() + len(number), read_phone(number).display)
                break
            # A number from abroad may have blanks in it, and other numbers behind it.
            number = number.rpartition(" ")[0].rstrip()
