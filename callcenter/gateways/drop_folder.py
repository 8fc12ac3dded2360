"""The drop folder: applications as files, taken in without a port being open.

A file is moved only after what it holds is committed, and an application that comes again is found again. So a crash
between any two steps loses nothing and doubles nothing: the file is still there and is simply taken once more.
"""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Literal, NamedTuple

from callcenter.desk.applications import Accepted, Application, ApplicationChanged, accept
from callcenter.desk.permission import PLATFORM
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.gateways.application import MAX_BYTES, BadForm, read_application
from callcenter.gateways.application_rows import MAX_BYTES as MAX_CSV_BYTES
from callcenter.gateways.application_rows import read_application_rows
from callcenter.language import _, mark
from callcenter.store.engine import DatabaseLocked, DatabaseUnwritable
from callcenter.text.sanitize import visible

SUFFIXES = (".json", ".csv")
SETTLED_SECONDS = 1.0
REASON = ".reason.txt"

Look = dict[Path, tuple[int, int]]
"""The files of a folder with their size and time of change in nanoseconds."""


class NoFolder(CallcenterError):
    """There is no folder to watch. Values: path."""

    code = "no_folder"
    sentence = mark("There is no folder {path}. Make it first, or check the path.")


class Taken(NamedTuple):
    """What became of one file; `requests` are those its applications became, new or not."""

    file: Path
    state: Literal["done", "refused", "waiting"]
    requests: tuple[Accepted, ...]
    reasons: tuple[str, ...]


def look(folder: Path) -> Look:
    """The applications that lie in the folder now; other files, links and folders in it are left alone."""
    found: Look = {}
    for path in sorted(folder.iterdir()):
        if path.suffix.lower() in SUFFIXES and path.is_file() and not path.is_symlink():
            try:
                status = path.stat()
            except FileNotFoundError:
                continue  # taken away by whoever put it there
            found[path] = (status.st_size, status.st_mtime_ns)
    return found


def settled(before: Look, now: Look) -> list[Path]:
    """The files that nobody wrote to between two looks."""
    return [path for path, state in now.items() if before.get(path) == state]


def watch(
    desk: Desk, folder: Path, clock: Callable[[], datetime], *, once: bool = False, pause: float = SETTLED_SECONDS
) -> Iterator[Taken]:
    """Take what settles in the folder, for ever or, with `once`, what is there now and still after the pause.

    A database that is locked or full leaves the file where it is, for the next look.
    """
    if not folder.is_dir():
        raise NoFolder(path=folder)
    before = look(folder)
    waiting: dict[Path, tuple[str, ...]] = {}
    while True:
        time.sleep(pause)
        now = look(folder)
        for path in settled(before, now):
            taken = take_file(desk, path, clock())
            if taken is None or (taken.state == "waiting" and waiting.get(path) == taken.reasons):
                continue
            waiting[path] = taken.reasons
            yield taken
        if once:
            return
        before = now
        waiting = {path: reasons for path, reasons in waiting.items() if path in now}


def take_file(desk: Desk, path: Path, now: datetime) -> Taken | None:
    """Take one file's applications and move it to `done` or `refused`; None when it is gone already."""
    try:
        applications, reasons = _read(path)
        requests = []
        for application in applications:
            try:
                requests.append(accept(desk, PLATFORM, now, application))
            except ApplicationChanged as refusal:
                reasons.append(str(refusal))
        state: Literal["done", "refused"] = "refused" if reasons else "done"
        # Another that watches the folder may have moved the file meanwhile.
        with suppress(FileNotFoundError):
            _move(path, state, _reason_text(reasons, len(requests)))
    except FileNotFoundError:
        return None
    except (DatabaseLocked, DatabaseUnwritable) as refusal:
        return Taken(path, "waiting", (), (str(refusal),))
    except PermissionError as refusal:
        # Windows gives no file away that somebody has open.
        return Taken(path, "waiting", (), (refusal.strerror or refusal.__class__.__name__,))
    return Taken(path, state, tuple(requests), tuple(reasons))


def told(taken: Taken) -> str:
    """One line about a file for whoever runs the gateway."""
    name = visible(taken.file.name).replace("\n", " ")
    if taken.state == "done":
        numbers = ", ".join(one.number for one in taken.requests)
        if all(one.state == "same" for one in taken.requests):
            return _("{file}: taken before, {numbers}").format(file=name, numbers=numbers)
        return _("{file}: taken, {numbers}").format(file=name, numbers=numbers)
    what = _("{file}: refused. {reasons}") if taken.state == "refused" else _("{file}: waits. {reasons}")
    return what.format(file=name, reasons=" / ".join(taken.reasons))


def _read(path: Path) -> tuple[list[Application], list[str]]:
    most = MAX_CSV_BYTES if path.suffix.lower() == ".csv" else MAX_BYTES
    with path.open("rb") as file:
        raw = file.read(most + 1)
    if path.suffix.lower() == ".csv":
        read = read_application_rows(raw)
        return read.applications, read.refused
    try:
        return [read_application(raw)], []
    except BadForm as wrong:
        return [], [str(wrong.values["reasons"])]


def _reason_text(reasons: Sequence[str], taken: int) -> str:
    """The text of the reason file; it names fields and rules, never what stood there."""
    if not reasons:
        return ""
    lines = [_("Not taken, or not all of it:"), *(f"- {reason}" for reason in reasons)]
    if taken:
        lines.append(
            _("Applications taken all the same: {count}. Sending them again changes nothing.").format(count=taken)
        )
    return "\n".join(lines) + "\n"


def _move(path: Path, state: str, reason: str) -> None:
    """Move the file below its folder under a name that is free there, its reasons beside it."""
    folder = path.parent / state
    folder.mkdir(exist_ok=True)
    target, number = folder / path.name, 1
    while target.exists():
        number += 1
        target = folder / f"{path.stem}-{number}{path.suffix}"
    if reason:
        # The byte order mark lets the Windows editor read Hangul; the reasons go first, so that no file is without.
        (folder / f"{target.name}{REASON}").write_text(reason, encoding="utf-8-sig")
    path.rename(target)
