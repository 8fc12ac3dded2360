"""Free text (what somebody wrote or said in words) on its way into an entry."""

from callcenter.text.resident_numbers import without_resident_numbers
from callcenter.text.sanitize import clean


def kept_text(text: str, *, lines: bool = False) -> str:
    """The text as an entry may hold it: clean, without resident registration numbers and blanks around it.

    Every free text of a use case passes here before it becomes part of an entry or is compared with one. The end of a
    line becomes a space unless `lines` keeps it.
    """
    return without_resident_numbers(clean(text, lines=lines)).strip()
