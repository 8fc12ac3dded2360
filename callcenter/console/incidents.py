"""Faults of the program: written down without a word of anybody's data, told to the operator as a number."""

import traceback
from datetime import datetime
from pathlib import Path

from callcenter.errors import CallcenterError
from callcenter.language import mark


class Incident(CallcenterError):
    """The program met a fault. Values: number, path."""

    code = "incident"
    sentence = mark("A fault of the program: incident {number}. Nothing saved is lost. Details: {path}")


def record(error: BaseException, folder: Path, now: datetime) -> Incident:
    """Append the fault to `incidents.log` in the folder and return what to tell.

    Only the kinds of the errors and the lines of code are kept: messages and variables may hold names and numbers.
    """
    number = f"{now:%m%d-%H%M%S}"
    path = folder / "incidents.log"
    lines = [f"incident {number} {now.isoformat(timespec='seconds')}"]
    cause: BaseException | None = error
    while cause is not None:
        lines.append(f"  {type(cause).__module__}.{type(cause).__qualname__}")
        lines += [
            f"    {frame.filename}:{frame.lineno} {frame.name}" for frame in traceback.extract_tb(cause.__traceback__)
        ]
        cause = cause.__cause__ or cause.__context__
    folder.mkdir(parents=True, exist_ok=True)
    with path.open("a", encoding="utf-8") as log:
        log.write("\n".join(lines) + "\n")
    return Incident(number=number, path=path)
