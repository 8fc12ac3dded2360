"""A desk's database as a file: making it, backing it up, restoring it."""

import os
import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from callcenter.desk.accounts import NamelessPerson
from callcenter.desk.free_text import kept_text
from callcenter.desk.providers import provider_body
from callcenter.desk.reading import desk_of
from callcenter.desk.session import Desk
from callcenter.errors import CallcenterError
from callcenter.language import mark
from callcenter.reference import Reference
from callcenter.store.engine import (
    DamagedDatabase,
    EmptyDatabase,
    NewerDatabase,
    NoDatabase,
    NotOurDatabase,
    beside,
    create,
    explaining,
    open_reader,
    open_writer,
    remove,
)
from callcenter.store.transactions import writing

DESK_NAME = re.compile(r"[A-Z0-9]{1,6}")


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
    from callcenter.store.tables import Here, schema
    from callcenter.store.writes import insert_row

    if not DESK_NAME.fullmatch(name):
        raise BadDeskName(name=name)
    known = [program.id for program in reference.programs]
    for program in programs:
        if program not in known:
            raise UnknownProgram(program=program, known=", ".join(known))
    supervisor = kept_text(supervisor)
    if not supervisor:
        raise NamelessPerson
    connection = create(path, schema())
    desk = Desk(path, connection, reference, name, tuple(programs), entropy)
    try:
        with writing(connection):
            history.rebuild(connection)
            insert_row(connection, Here, {"chain": name})
        with desk.writing(supervisor, now) as chain:
            chain.append(chain.new_id(), bodies.DeskOpened(name=name, programs=list(programs)))
            chain.append(chain.new_id(), bodies.OperatorAdded(name=supervisor, role="supervisor"))
            for provider in reference.providers:
                if reference.services[provider.service].program in programs:
                    chain.append(provider.id, provider_body(reference, provider))
    except BaseException:
        connection.close()
        remove(path)
        raise
    return desk


def backup(path: Path, target: Path, *, force: bool = False) -> None:
    """Write a compact copy of the database, encrypted as it is; it is opened once before it counts."""
    unfinished = target.with_name(f"{target.name}.part")
    with closing(open_reader(path)) as connection:
        if target.is_dir() or (target.exists() and (not force or target.samefile(path))):
            raise FileInTheWay(path=target)
        try:
            with _tried(unfinished, target), explaining(target):
                connection.execute("PRAGMA query_only=OFF")
                connection.execute("VACUUM INTO ?", (str(unfinished),))
                _prove(unfinished)
        except DamagedDatabase as damage:
            # What the copy has wrong it has from the database.
            damage.values["path"] = path
            raise
    keep_old(target)
    unfinished.replace(target)


def restore(source: Path, path: Path, now: datetime, *, force: bool = False) -> Path | None:
    """Put a backup in the place of the database; returns where the old file was kept, if there was one.

    The backup is only read. Raises `DatabaseLocked` while another program has the old file open.
    """
    if not source.is_file():
        raise NoDatabase(path=source)
    if path.is_dir() or (path.exists() and not force):
        raise FileInTheWay(path=path)
    path.parent.mkdir(parents=True, exist_ok=True)
    arriving = path.with_name(f"{path.name}.part")
    with _tried(arriving, source):
        for file, copy in zip((source, *beside(source)), (arriving, *beside(arriving)), strict=True):
            if file.exists():
                shutil.copyfile(file, copy)
        _prove(arriving)
    try:
        _settle(path)
    except BaseException:
        remove(arriving)
        raise
    kept = keep_old(path, f"{now:%Y%m%d-%H%M%S}")
    arriving.replace(path)
    return kept


def keep_old(path: Path, stamp: str = "old") -> Path | None:
    """Move a file that is about to be replaced aside, with what lies beside it; returns where it is."""
    kept = path.with_name(f"{path.name}.{stamp}")
    number = 1
    while any(file.exists() for file in (kept, *beside(kept))):
        number += 1
        kept = path.with_name(f"{path.name}.{stamp}-{number}")
    found = path.exists()
    for file, aside in zip((path, *beside(path)), (kept, *beside(kept)), strict=True):
        # A WAL without its file would be folded into whatever takes the file's place.
        if file.exists():
            file.replace(aside)
    return kept if found else None


@contextmanager
def _tried(copy: Path, named: Path) -> Iterator[None]:
    """Remove the copy when it turns out to be no good, and let the refusal name the file that the operator knows."""
    remove(copy)
    try:
        yield
    except BaseException as error:
        remove(copy)
        if isinstance(error, CallcenterError) and "path" in error.values:
            error.values["path"] = named
        raise


def _settle(path: Path) -> None:
    """Fold the WAL of a file that is about to be replaced into it, which succeeds only when nobody has it open."""
    try:
        with closing(open_writer(path)) as connection, explaining(path):
            connection.execute("PRAGMA journal_mode=DELETE")
    except (NoDatabase, EmptyDatabase, NotOurDatabase, DamagedDatabase, NewerDatabase):
        # Nothing, or nothing we could read: it goes aside as it is.
        return


def _prove(path: Path) -> None:
    """Open the file as a desk's database and check every page; raises a named refusal."""
    with closing(open_writer(path)) as connection, explaining(path):
        if connection.execute("PRAGMA quick_check").fetchone()[0] != "ok":
            raise DamagedDatabase(path=path)
        desk_of(connection, path)
