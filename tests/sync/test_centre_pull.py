"""Pulling on a real server: nothing is missed, nothing is torn, nothing is shown to those it is not for."""

import json
import threading
import time
from random import Random
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from tests.patience import PATIENCE
from tests.sync.conftest import Centre
from tests.sync.wire import Reader, Writer, call

DAY = 86_400_000
MANY = 200


def say_hello(centre: Centre, name: str) -> "tuple[Connection[Any], Writer]":
    connection, writer = centre.connect(name), Writer(name)
    call(connection, "hello", writer.hello())
    return connection, writer


def ids(writer: Writer) -> list[str]:
    return [one.id for one in writer.entries]


def test_a_page_never_ends_within_a_use_case(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    random = Random(3)
    for _use_case in range(40):
        at = writer.at + 1
        for _entry in range(random.choice((1, 1, 2, 5, 30))):
            writer.write(f"subject-{random.randrange(6)}", at=at)
    # In two pushes, cut where a desk would.
    half = next(n for n in range(100, len(writer.entries)) if writer.entries[n].at != writer.entries[n - 1].at)
    call(a, "push", {**writer.batch(), "entries": writer.batch()["entries"][:half]})
    call(a, "push", writer.batch(half))
    at_of = {one.id: one.at for one in writer.entries}
    b = centre.connect("B")
    for limit in (1, 2, 3, 7, 25, 500):
        reader, last, more = Reader(b), 0, True
        while more:
            rows, more = reader.page(limit)
            times = [at_of[json.loads(row[3])[0]] for row in rows]
            assert not times or times[0] != last
            # At most the limit and the rest of one use case.
            assert len(rows) < limit + 30
            last = times[-1] if times else last
        assert reader.seen == ids(writer)


def test_the_rows_are_the_entries_as_they_were_pushed(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    writer.write("subject", text="감사합니다")
    call(a, "push", writer.batch())
    rows, more = Reader(centre.connect("B")).page()
    entry = writer.entries[0]
    assert [row[2:4] + row[4:9] for row in rows] == [
        ("A", writer.batch()["entries"][0][0], entry.body, entry.salt, entry.body_digest, entry.prev, entry.digest)
    ]
    assert not more


def test_nothing_is_missed_beside_slow_and_rolled_back_writers(centre: Centre) -> None:
    """Eight writers for three seconds or more; a cursor by number or time loses most of what they write."""
    centre.add("R")
    names = [f"W{number}" for number in range(8)]
    for name in names:
        centre.add(name)
    reader = Reader(centre.connect("R"))
    written: dict[str, Writer] = {}
    stop = threading.Event()

    def write(name: str) -> None:
        random = Random(name)
        connection, writer = say_hello(centre, name)
        written[name] = writer
        while not stop.is_set():
            before = len(writer.entries)
            for _entry in range(random.randint(1, 4)):
                writer.write(f"subject-{random.randrange(50)}")
            kind = random.random()
            if kind < 0.2:
                connection.execute("BEGIN")
                call(connection, "push", writer.batch(before))
                time.sleep(0.05 if kind < 0.1 else 0)
                connection.execute("COMMIT" if random.random() < 0.6 else "ROLLBACK")
            # What was rolled back is pushed again here; what was not is known.
            call(connection, "push", writer.batch(before))

    writers = [threading.Thread(target=write, args=(name,)) for name in names]
    for thread in writers:
        thread.start()
    begun = time.monotonic()

    def enough() -> bool:
        return sum(len(writer.entries) for writer in list(written.values())) > MANY

    while time.monotonic() - begun < 3 or not (enough() or time.monotonic() - begun > PATIENCE):
        reader.page(Random(len(reader.seen)).choice((1, 5, 50, 500)))
    stop.set()
    for thread in writers:
        thread.join()
    reader.all()
    expected = {one.id for writer in written.values() for one in writer.entries}
    assert len(expected) > MANY
    assert len(reader.seen) == len(set(reader.seen))
    assert set(reader.seen) == expected


def test_what_is_newer_than_a_running_transaction_waits_and_is_told_as_tail(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    reader = Reader(centre.connect("B"))
    admin = centre.admin()
    admin.execute("BEGIN")
    admin.execute("SELECT pg_current_xact_id()")
    writer.write("subject")
    call(a, "push", writer.batch())
    assert reader.all() == []
    assert reader.tail
    admin.execute("COMMIT")
    assert reader.all() == ids(writer)
    assert not reader.tail
    assert reader.all() == []


def scoped(centre: Centre) -> "tuple[Connection[Any], Writer, dict[str, Reader]]":
    """Desk A and what it writes; readers for Suwon, for Gyeongsan, for one program everywhere here, and for all."""
    centre.add("A")
    centre.add("S", ("p1", "p2"), ("41110",), everything=False)
    centre.add("G", ("p3",), ("47290",), everything=False)
    centre.add("T", ("p1",), ("41110", "47290"), everything=False)
    centre.add("Z")
    a, writer = say_hello(centre, "A")
    return a, writer, {name: Reader(centre.connect(name)) for name in "SGTZ"}


def subject(name: str, program: str | None, region: str | None, *, is_open: bool = True) -> dict[str, object]:
    return {"id": name, "program": program, "region": region, "open": is_open}


def test_a_desk_sees_what_it_serves(centre: Centre) -> None:
    a, writer, readers = scoped(centre)
    told = [
        subject("p1-suwon", "p1", "41110"),
        subject("p2-suwon", "p2", "41110"),
        subject("p3-gyeongsan", "p3", "47290"),
        subject("p3-suwon", "p3", "41110"),
        subject("p1-somewhere", "p1", ""),
        subject("gyeongsan", "", "47290"),
        subject("all", None, None),
    ]
    names = [str(one["id"]) for one in told] + ["unsaid"]
    for name in names:
        writer.write(name)
    call(a, "push", writer.batch(subjects=told))
    name_of = {one.id: one.subject for one in writer.entries}
    seen = {name: [name_of[one] for one in reader.all()] for name, reader in readers.items()}
    assert seen == {
        "S": ["p1-suwon", "p2-suwon", "p1-somewhere", "all", "unsaid"],
        "G": ["p3-gyeongsan", "gyeongsan", "all", "unsaid"],
        "T": ["p1-suwon", "p1-somewhere", "gyeongsan", "all", "unsaid"],
        "Z": names,
    }
    for name, reader in readers.items():
        rows = reader.connection.execute(
            "SELECT header FROM callcenter.fetch(%s)", (json.dumps(ids(writer)),)
        ).fetchall()
        assert [name_of[json.loads(row[0])[0]] for row in rows] == seen[name]
        counted = reader.connection.execute("SELECT sum(many) FROM callcenter.hashes(0)").fetchone()
        assert counted == (len(seen[name]),)


def test_a_subject_that_comes_into_a_scope_comes_whole(centre: Centre) -> None:
    a, writer, readers = scoped(centre)
    for _number in range(3):
        writer.write("request")
    call(a, "push", writer.batch(subjects=[subject("request", "p1", "41110")]))
    assert readers["G"].all() == []
    assert readers["S"].all() == ids(writer)
    writer.write("request")
    call(a, "push", writer.batch(3, subjects=[subject("request", "p3", "47290")]))
    assert readers["G"].all() == ids(writer)
    # Those who saw it go on seeing it: scopes only grow.
    assert readers["S"].all()[-1] == writer.entries[-1].id
    assert set(readers["S"].seen) == set(ids(writer))
    assert readers["Z"].all() == ids(writer)
    writer.write("request")
    call(a, "push", writer.batch(4, subjects=[subject("request", "p3", "47290")]))
    assert readers["G"].all() == [writer.entries[4].id]


def test_a_desk_goes_on_seeing_what_it_wrote_about(centre: Centre) -> None:
    """A call from the next city: the request goes there, and the desk that took it hears what became of it."""
    _a, _writer, readers = scoped(centre)
    g, taken = readers["G"].connection, Writer("G")
    call(g, "hello", taken.hello())
    taken.write("request")
    call(g, "push", taken.batch(subjects=[subject("request", "p1", "41110")]))
    s, placed = readers["S"].connection, Writer("S")
    call(s, "hello", placed.hello())
    assert readers["S"].all() == ids(taken)
    placed.write("request")
    call(s, "push", placed.batch())
    assert Reader(g, own="G").all() == ids(placed)


def test_what_is_over_and_old_is_passed_over_until_it_wakes(centre: Centre) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    row = centre.admin().execute("SELECT (extract(epoch FROM now()) * 1000)::bigint").fetchone()
    assert row is not None
    now = int(row[0])
    writer.write("over", at=now - 100 * DAY)
    writer.write("open", at=now - 100 * DAY)
    writer.write("recent", at=now - DAY)
    told = [subject("over", None, None, is_open=False), subject("open", None, None), subject("recent", None, None)]
    told[2]["open"] = False
    call(a, "push", writer.batch(subjects=told))
    young = Reader(centre.connect("B"), since=now - 90 * DAY)
    old = Reader(centre.connect("B"), since=now - 200 * DAY)
    assert young.all() == [writer.entries[1].id, writer.entries[2].id]
    assert old.all() == ids(writer)
    writer.write("over", at=now)
    call(a, "push", writer.batch(3))
    assert young.all() == [writer.entries[0].id, writer.entries[3].id]
    # Passed over, but the cursor is behind it.
    assert young.all() == []


def plans(centre: Centre, name: str, query: str) -> str:
    """The plans of all statements in a query of a desk, as the server logs them."""
    admin = centre.admin()
    admin.execute("LOAD 'auto_explain'")
    for setting in ("log_min_duration = 0", "log_nested_statements = on", "log_analyze = on"):
        admin.execute(f"SET auto_explain.{setting}")
    admin.execute(psycopg.sql.SQL("SET SESSION AUTHORIZATION {}").format(psycopg.sql.Identifier(name)))
    before = len(centre.server.log)
    admin.execute(query)
    return centre.server.log[before:]


@pytest.mark.parametrize("analysed", [False, True])
def test_an_empty_pull_does_not_read_the_table(centre: Centre, analysed: bool) -> None:
    centre.add("A")
    centre.add("B")
    a, writer = say_hello(centre, "A")
    for number in range(3000):
        writer.write(f"subject-{number % 300}")
    for start in range(0, 3000, 1000):
        call(a, "push", {**writer.batch(), "entries": writer.batch(start)["entries"][:1000]})
    if analysed:
        centre.admin().execute("ANALYZE callcenter.entry, callcenter.subject")
    reader = Reader(centre.connect("B"))
    reader.all()
    sx, n = reader.cursor
    query = f"SELECT * FROM callcenter.pull('{sx}', {n}, 500)"
    for _again in range(8):
        # Past the plans made for one call, to the one that is kept.
        reader.connection.execute(query)
    told = plans(centre, centre.desks["B"].user, query)
    assert "entry_sx" in told
    assert "Seq Scan on entry" not in told
    assert "Seq Scan on subject" not in told
    assert "JIT" not in told
    half = writer.entries[1500]
    row = centre.admin().execute("SELECT sx::text, n FROM callcenter.entry WHERE id = %s", (half.id,)).fetchone()
    assert row is not None
    told = plans(centre, centre.desks["B"].user, f"SELECT * FROM callcenter.pull('{row[0]}', {row[1]}, 10)")
    assert "Seq Scan on entry" not in told
    assert "Seq Scan on subject" not in told
    assert "JIT" not in told
