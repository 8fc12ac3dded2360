"""A mistake in a data file: told by file, line, field, what was found and what is allowed."""

from collections.abc import Collection, Sequence
from typing import NamedTuple

from callcenter.errors import DataFileError
from callcenter.language import _


class Mistake(NamedTuple):
    """One wrong value: where it stands (line counted from 1), what was found and what is allowed."""

    file: str
    line: int
    field: str
    found: str
    allowed: str

    def error(self) -> DataFileError:
        """The refusal to raise when this mistake stops the work."""
        return DataFileError(file=self.file, line=self.line, field=self.field, found=self.found, allowed=self.allowed)


def raise_first(mistakes: Sequence[Mistake]) -> None:
    """Raise the first mistake, if there is one."""
    if mistakes:
        raise mistakes[0].error()


def listed(allowed: Collection[str]) -> str:
    """Allowed codes as the sentence of a mistake names them."""
    return ", ".join(allowed)


def decoded(raw: bytes, file: str, mistakes: list[Mistake], *, cp949: bool = False) -> str | None:
    """The text of a file in UTF-8, with or without a byte order mark; with `cp949` also what Korean Excel saves.

    None, and a mistake with the line of the first wrong byte, when it is neither.
    """
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as wrong:
        if cp949:
            try:
                return raw.decode("cp949")
            except UnicodeDecodeError:
                pass  # neither of the two: told with the place that is wrong as UTF-8
        allowed = _("text in UTF-8 or CP949") if cp949 else _("text in UTF-8")
        line = raw.count(b"\n", 0, wrong.start) + 1
        mistakes.append(Mistake(file, line, "*", repr(raw[wrong.start : wrong.end]), allowed))
        return None
