"""Refusals: every one has a stable code and a sentence that tells the operator what to do."""

from typing import ClassVar

from callcenter.language import _, mark


class CallcenterError(Exception):
    """Something was refused; `str()` is the sentence for the operator in the language in use."""

    code: ClassVar[str] = "error"
    sentence: ClassVar[str] = mark("Something went wrong. Please tell your supervisor.")

    def __init__(self, **values: object) -> None:
        super().__init__(self.code)
        self.values = values

    def __str__(self) -> str:
        return _(self.sentence).format(**self.values)


class DataFileError(CallcenterError):
    """A data file has a mistake. Values: file, line, field, found, allowed."""

    code = "data_file"
    sentence = mark("{file}, line {line}, field {field}: {found} is not allowed. Allowed: {allowed}.")
