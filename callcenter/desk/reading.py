"""A desk's file opened to be read: what lists and the first paint begin with, without anything that writes."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from callcenter.reference import Reference
from callcenter.store import reads
from callcenter.store.engine import EmptyDatabase, explaining, is_folded, open_reader

if TYPE_CHECKING:
    from sqlite3 import Connection


def open_to_read(path: Path, reference: Callable[[], Reference]) -> "Connection":
    """A connection that reads; a file that an older program made is brought to what this one reads first."""
    connection = open_reader(path)
    with explaining(path):
        if is_folded(connection):
            return connection
    connection.close()
    from callcenter.desk.session import open_desk

    open_desk(path, reference()).close()
    return open_reader(path)


def desk_of(connection: "Connection", path: Path) -> tuple[str, tuple[str, ...]]:
    """The desk's name and programs; raises `EmptyDatabase` for a file whose first entry is missing."""
    row = reads.desk(connection)
    if row is None:
        raise EmptyDatabase(path=path)
    return row.name, row.programs
