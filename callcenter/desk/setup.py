"""A desk's database as a file: making it, backing it up, restoring it."""

import os
import re
import shutil
from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path

from callcenter.desk.providers import provider_body
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.reference import Reference
from callcenter.store.engine import create, explaining, open_reader, writing

_DESK_NAME = re.compile(r"[A-Z0-9]{1,6}")


class BadDeskName(CallcenterError):
    """The desk's name stands in every receipt number, so it is short and can be read aloud. Values: name."""

    code = "bad_desk_name"
    sentence = mark("«{name}» cannot be a desk's name. Use one to six capital letters or digits, such as A or B2.")


class UnknownProgram(CallcenterError):
    """The program is not in the data. Values: program, known."""

    code = "unknown_program"
    sentence = mark("There is no program «{program}». These are: {known}.")


class FileInTheWay(CallcenterError):
    """A file would be overwritten. Values: path."""

    code = "file_in_the_way"
    sentence = mark("{path} exists already. Choose another name, or add --force to replace it (the old one is kept).")


def init_desk(
    path: Path,
    reference: Reference,
    now: datetime,
    *,
    name: str,
    programs: Sequence[str],
    supervisor: str,
    entropy: Callable[[int], bytes] = os.urandom,
) -> Desk:
    """Make a desk's database with its first supervisor and the providers of its programs, or leave no file behind."""
    from callcenter.journal import bodies, history
    from callcenter.store.tables import schema

    if not _DESK_NAME.fullmatch(name):
        raise BadDeskName(name=name)
    known = [program.id for program in reference.programs]
    for program in programs:
        if program not in known:
            raise UnknownProgram(program=program, known=", ".join(known))
    connection = create(path, schema())
    desk = Desk(path, connection, reference, name, tuple(programs), entropy)
    try:
        with writing(connection):
            history.rebuild(connection)
        with desk.writing(supervisor, now) as chain:
            chain.append(chain.new_id(), bodies.DeskOpened(name=name, programs=list(programs)))
            chain.append(chain.new_id(), bodies.OperatorAdded(name=supervisor, role="supervisor"))
            for provider in reference.providers:
                if reference.services[provider.service].program in programs:
                    chain.append(provider.id, provider_body(reference, provider))
    except BaseException:
        connection.close()
        for leftover in (path, *_beside(path)):
            leftover.unlink(missing_ok=True)
        raise
    return desk


def backup(path: Path, target: Path, *, force: bool = False) -> None:
    """Write a compact copy of the database, encrypted as it is; it is opened once before it counts."""
    connection = open_reader(path)
    try:
        if target.exists() and not force:
            raise FileInTheWay(path=target)
        unfinished = target.with_name(f"{target.name}.part")
        unfinished.unlink(missing_ok=True)
        with explaining(target):
            connection.execute("PRAGMA query_only=OFF")
            connection.execute("VACUUM INTO ?", (str(unfinished),))
        _prove(unfinished)
    finally:
        connection.close()
    keep_old(target)
    unfinished.replace(target)


def restore(source: Path, path: Path, now: datetime, *, force: bool = False) -> Path | None:
    """Put a backup in the place of the database; returns where the old file was kept, if there was one."""
    _prove(source)
    if path.exists() and not force:
        raise FileInTheWay(path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    arriving = path.with_name(f"{path.name}.part")
    shutil.copyfile(source, arriving)
    _prove(arriving)
    kept = keep_old(path, f"{now:%Y%m%d-%H%M%S}")
    arriving.replace(path)
    return kept


def keep_old(path: Path, stamp: str = "old") -> Path | None:
    """Move a file that is about to be replaced aside, its WAL folded in first; returns where it is."""
    if not path.exists():
        return None
    kept = path.with_name(f"{path.name}.{stamp}")
    number = 1
    while kept.exists():
        number += 1
        kept = path.with_name(f"{path.name}.{stamp}-{number}")
    path.replace(kept)
    for leftover in _beside(path):
        if leftover.exists():
            leftover.replace(Path(str(kept) + str(leftover)[len(str(path)) :]))
    return kept


def _beside(path: Path) -> list[Path]:
    return [Path(f"{path}-wal"), Path(f"{path}-shm")]


def _prove(path: Path) -> None:
    """Open the file as a desk's database and check every page; raises a named refusal."""
    from callcenter.store.engine import NotOurDatabase

    connection = open_reader(path)
    try:
        with explaining(path):
            if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
                raise NotOurDatabase(path=path)
    finally:
        connection.close()
