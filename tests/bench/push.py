"""A desk's whole journal goes to the centre, against COPY of the same rows into a table with the same keys."""

from contextlib import closing
from pathlib import Path
from time import perf_counter
from typing import Any

from psycopg import Connection

from callcenter.journal.entry import Entry, header, header_text
from callcenter.store import entries as rows
from callcenter.store.engine import open_reader
from tests.bench.centre import join, linked, standing, written_desk
from tests.bench.figures import Figure, median
from tests.bench.filled import FilledDesks
from tests.sync.conftest import Centre

RATIO = 0.25
_COLUMNS = "chain, seq, id, hlc, at, kind, subject, header, body, salt, body_digest, prev, digest"


def run(desks: FilledDesks) -> list[Figure]:
    """Entries a second from the desk's file into the centre's tables, committed; raises when not all are there."""
    path = written_desk(desks)
    ours: list[float] = []
    theirs: list[float] = []
    count = 0
    for _ in range(1 if desks.quick else 3):
        join(path)
        with standing("A") as centre:
            count = _pushed(centre, path, ours)
            _copied(centre, path, theirs)
    return [
        Figure(
            "push",
            f"{count:,} entries of one desk to the centre",
            median(ours),
            "entries/s",
            median(theirs),
            "COPY of the same rows, encoded before, same keys",
            RATIO,
            judged="ratio",
            promise="at_least",
        )
    ]


def _pushed(centre: Centre, path: Path, rates: list[float]) -> int:
    with linked(path, centre, "A") as (desk, _link, exchange):
        began = perf_counter()
        while exchange.pushing.send():
            pass
        took = perf_counter() - began
        expected = desk.connection.execute("SELECT count(*) FROM entry WHERE desk = 'A'").fetchone()[0]
    with centre.admin() as connection:
        there = _one(connection, "SELECT count(*) FROM callcenter.entry")
        if there != expected:
            raise AssertionError(f"{there} of {expected} entries are at the centre")
    rates.append(expected / took)
    return int(expected)


def _copied(centre: Centre, path: Path, rates: list[float]) -> None:
    """The raw limit: rows made into COPY's text beforehand, into a table with the same columns and indexes."""
    with closing(open_reader(path)) as connection:
        found = [Entry._make(row) for row in rows.of_chain_after(connection, "A", 0)]
    text = "".join("\t".join(map(_cell, _row(entry))) + "\n" for entry in found).encode()
    with centre.admin() as connection:
        connection.execute("CREATE TABLE raw_entry (LIKE callcenter.entry INCLUDING ALL)")
        began = perf_counter()
        with connection.cursor().copy(f"COPY raw_entry ({_COLUMNS}) FROM STDIN") as copy:
            copy.write(text)
        took = perf_counter() - began
        if _one(connection, "SELECT count(*) FROM raw_entry") != len(found):
            raise AssertionError("not all rows were copied")
    rates.append(len(found) / took)


def _row(entry: Entry) -> tuple[object, ...]:
    texts = (entry.kind, entry.subject, header_text(header(entry)), entry.body)
    secrets = (entry.salt, entry.body_digest, entry.prev, entry.digest)
    return (entry.desk, entry.seq, entry.id, entry.hlc, entry.at, *texts, *secrets)


def _cell(value: object) -> str:
    if value is None:
        return "\\N"
    if isinstance(value, bytes):
        return "\\\\x" + value.hex()
    return str(value).replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


def _one(connection: "Connection[Any]", statement: str) -> int:
    row = connection.execute(statement.encode()).fetchone()
    assert row is not None
    found: int = row[0]
    return found
