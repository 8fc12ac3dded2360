"""Pushing on a real server: once is often enough, nothing bad blocks, a fork stores nothing."""

import json
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Any

import psycopg
import pytest
from psycopg import Connection

from callcenter.journal.entry import Entry, digest_of_entry, header
from tests.sync.conftest import Centre
from tests.sync.wire import Reader, Writer, call, wire

Pushed = tuple[Centre, "Connection[Any]", Writer]


@pytest.fixture
def pushed(centre: Centre) -> Pushed:
    """Desk A, which has said hello, with three entries that are not pushed yet."""
    centre.add("A")
    centre.add("B")
    a = centre.connect("A")
    writer = Writer("A")
    call(a, "hello", writer.hello())
    for number in range(3):
        writer.write(f"subject-{number}")
    return centre, a, writer


def stored(centre: Centre) -> list[tuple[str, int, str]]:
    rows = centre.admin().execute("SELECT chain, seq, id FROM callcenter.entry ORDER BY chain, seq").fetchall()
    return [(row[0], row[1], row[2]) for row in rows]


def rechained(entry: Entry, **changed: Any) -> Entry:  # noqa: ANN401 - columns of every type
    """The entry with other columns, and a digest that fits them."""
    made = entry._replace(**changed)
    return made._replace(digest=digest_of_entry(made.prev, header(made), made.body_digest))


def test_columns_are_taken_from_the_header(pushed: Pushed) -> None:
    centre, a, writer = pushed
    call(a, "push", writer.batch())
    columns = "id, chain, seq, hlc, at, kind, subject, header, body, salt, body_digest, prev, digest"
    rows = centre.admin().execute(f"SELECT {columns} FROM callcenter.entry ORDER BY seq").fetchall()
    assert rows == [
        (one.id, one.desk, one.seq, one.hlc, one.at, one.kind, one.subject, wire(one)[0], *one[9:])
        for one in writer.entries
    ]


def test_the_same_push_again_changes_nothing(pushed: Pushed) -> None:
    centre, a, writer = pushed
    first = call(a, "push", writer.batch())
    before = centre.admin().execute("SELECT * FROM callcenter.entry ORDER BY seq").fetchall()
    assert call(a, "push", writer.batch()) == first
    assert call(a, "push", writer.batch(1)) == first
    writer.write("subject-3")
    # An overlap: two that are here, one that is new.
    assert call(a, "push", writer.batch(1)) == {**first, "last_seq": 4}
    rows = centre.admin().execute("SELECT * FROM callcenter.entry ORDER BY seq").fetchall()
    assert rows[:3] == before
    assert len(rows) == 4


def test_the_same_push_from_four_connections_at_once_is_stored_once(pushed: Pushed) -> None:
    centre, _a, writer = pushed
    for number in range(200):
        writer.write(f"subject-{number % 7}")
    connections = [centre.connect("A") for _number in range(3)]
    with ThreadPoolExecutor(3) as pool:
        answers = list(pool.map(lambda one: call(one, "push", writer.batch()), connections))
    assert answers == [{"last_seq": 203, "fork": False, "parked": [], "places": []}] * 3
    assert [row[1] for row in stored(centre)] == list(range(1, 204))


def test_a_push_behind_a_gap_stores_nothing_and_says_where_to_go_on(pushed: Pushed) -> None:
    centre, a, writer = pushed
    assert call(a, "push", writer.batch(1)) == {"last_seq": 0, "fork": False, "parked": [], "places": []}
    assert stored(centre) == []
    assert call(a, "push", writer.batch())["last_seq"] == 3


@pytest.mark.parametrize("since", [0, 1, 2])
def test_a_fork_stores_nothing_of_the_push(pushed: Pushed, since: int) -> None:
    centre, a, writer = pushed
    call(a, "push", {**writer.batch(), "entries": writer.batch()["entries"][:2]})
    copy = Writer("A", entries=writer.entries[:1], at=writer.at)
    copy.write("subject-1", text="otherwise")
    copy.write("subject-2")
    items = [{"offer": "o", "request": "r", "number": "A-1", "hlc": 1, "keys": [["g", 1, 1]]}]
    answer = call(a, "push", copy.batch(since, places=items))
    assert answer == {"last_seq": 2, "fork": True, "parked": [], "places": []}
    assert stored(centre) == [("A", one.seq, one.id) for one in writer.entries[:2]]
    assert centre.admin().execute("SELECT count(*) FROM callcenter.place_taken").fetchone() == (0,)


def test_another_entry_at_a_known_place_is_a_fork_though_nothing_goes_on(pushed: Pushed) -> None:
    centre, a, writer = pushed
    call(a, "push", writer.batch())
    copy = Writer("A", entries=writer.entries[:1], at=writer.at)
    copy.write("subject-1", text="otherwise")
    assert call(a, "push", copy.batch()) == {"last_seq": 3, "fork": True, "parked": [], "places": []}
    assert stored(centre) == [("A", one.seq, one.id) for one in writer.entries]


def broken(reason: str, entry: Entry) -> list[str | None]:
    """The entry as it must not be stored."""
    if reason == "unreadable":
        return ["[not json", *wire(entry)[1:]]
    if reason == "short":
        return [json.dumps(["x", "A", entry.seq]), *wire(entry)[1:]]
    if reason == "null":
        return wire(entry._replace(body='{"text": "\\u0000"}'))
    if reason == "number":
        return wire(rechained(entry, hlc="late"))
    if reason == "huge":
        return wire(rechained(entry, at=10**30))
    if reason == "other chain":
        return wire(rechained(entry, desk="B"))
    if reason == "other digest":
        return wire(entry._replace(kind="request.opened"))
    if reason == "other body":
        return wire(entry._replace(body='{"text": "otherwise"}'))
    if reason == "no salt":
        return wire(entry._replace(salt=None))
    assert reason == "bad hex"
    return [*wire(entry)[:3], "zz", *wire(entry)[4:]]


@pytest.mark.parametrize(
    ("reason", "told"),
    [
        ("unreadable", "header"),
        ("short", "header"),
        ("number", "header"),
        ("huge", "header"),
        ("other chain", "header"),
        ("bad hex", "header"),
        ("other digest", "digest"),
        ("other body", "body"),
        ("null", "body"),
        ("no salt", "body"),
    ],
)
def test_a_bad_entry_is_parked_and_the_queue_goes_on(pushed: Pushed, reason: str, told: str) -> None:
    centre, a, writer = pushed
    batch = writer.batch()
    bad = broken(reason, writer.entries[1])
    if reason in ("number", "huge", "other chain"):
        # These have digests of their own: what follows is chained to them.
        writer.entries[1] = writer.entries[1]._replace(digest=bytes.fromhex(str(bad[5])))
        writer.entries[2] = rechained(writer.entries[2], prev=writer.entries[1].digest)
        batch = writer.batch()
    batch["entries"][1] = bad
    answer = {"last_seq": 3, "fork": False, "parked": [{"seq": 2, "reason": told}], "places": []}
    assert call(a, "push", batch) == answer
    assert [row[1] for row in stored(centre)] == [1, 3]
    rows = centre.admin().execute("SELECT chain, seq, reason, raw FROM callcenter.parked").fetchall()
    assert rows == [("A", 2, told, bad)]
    assert call(a, "hello", writer.hello())["parked"] == 1
    # Sent again, it is neither parked twice nor a fork.
    assert call(a, "push", batch) == {**answer, "parked": []}
    writer.write("subject-9")
    assert call(a, "push", writer.batch(3))["last_seq"] == 4


def test_an_entry_whose_digest_cannot_be_read_does_not_end_the_chain(pushed: Pushed) -> None:
    centre, a, writer = pushed
    batch = writer.batch()
    batch["entries"][1][5] = "zz"
    assert call(a, "push", batch)["last_seq"] == 3
    assert [row[1] for row in stored(centre)] == [1, 3]
    batch = writer.batch()
    batch["entries"] = batch["entries"][:1]
    assert call(a, "push", batch)["last_seq"] == 3


def test_an_identifier_that_stands_elsewhere_is_parked(pushed: Pushed) -> None:
    centre, a, writer = pushed
    call(a, "push", writer.batch())
    b = centre.connect("B")
    other = Writer("B")
    call(b, "hello", other.hello())
    other.write("subject-0")
    other.entries[0] = rechained(other.entries[0], id=writer.entries[0].id)
    assert call(b, "push", other.batch())["parked"] == [{"seq": 1, "reason": "known"}]
    assert len(stored(centre)) == 3


def test_unknown_kinds_and_versions_are_stored_like_any_other(pushed: Pushed) -> None:
    centre, a, writer = pushed
    writer.write("subject-0", kind="from.the.future")
    writer.entries[3] = rechained(writer.entries[3], version=99)
    assert call(a, "push", writer.batch())["parked"] == []
    assert Reader(centre.connect("B")).all() == [one.id for one in writer.entries]


def test_an_erased_entry_is_emptied_wherever_it_lies_and_arrives_emptied(pushed: Pushed) -> None:
    centre, a, writer = pushed
    batch = writer.batch()
    batch["entries"][2] = broken("other body", writer.entries[2])
    call(a, "push", batch)
    b = centre.connect("B")
    other = Writer("B")
    call(b, "hello", other.hello())
    ids = [writer.entries[0].id, writer.entries[2].id]
    call(b, "push", {**other.batch(), "erased": ids})
    rows = centre.admin().execute("SELECT body IS NULL, salt IS NULL FROM callcenter.entry ORDER BY seq").fetchall()
    assert rows == [(True, True), (False, False)]
    emptied = "SELECT name, emptied FROM callcenter.desk ORDER BY name"
    assert centre.admin().execute(emptied).fetchall() == [("A", 0), ("B", 1)]
    call(b, "push", {**other.batch(), "erased": ids})
    assert centre.admin().execute(emptied).fetchall() == [("A", 0), ("B", 1)]
    assert centre.admin().execute("SELECT raw FROM callcenter.parked").fetchone() == (None,)
    writer.write("subject-8")
    writer.entries[-1] = writer.entries[-1]._replace(body=None, salt=None)
    assert call(a, "push", writer.batch(3)) == {"last_seq": 4, "fork": False, "parked": [], "places": []}


def test_another_desks_chain_takes_only_what_was_lost_and_extends_it(pushed: Pushed) -> None:
    centre, a, writer = pushed
    call(a, "push", {**writer.batch(), "entries": writer.batch()["entries"][:1]})
    b = centre.connect("B")
    with pytest.raises(psycopg.Error, match="not_your_chain"):
        call(b, "push", writer.batch())
    assert call(b, "push", writer.batch(recovered=True))["last_seq"] == 3
    assert call(b, "push", writer.batch(recovered=True))["last_seq"] == 3
    forged = replace(writer, entries=writer.entries[:1])
    forged.write("subject-1", text="forged")
    assert call(b, "push", forged.batch(recovered=True))["fork"]
    lost = Writer("C~2")
    lost.write("subject-5")
    assert call(b, "push", lost.batch(recovered=True))["last_seq"] == 1
    rows = centre.admin().execute("SELECT name, desk, recovered FROM callcenter.chain ORDER BY name").fetchall()
    assert rows == [("A", "A", 2), ("C~2", "C", 1)]
    # Whoever brings the entries back, the places are those of the desk that wrote them.
    place = {"offer": "offer-1", "request": "subject-5", "number": "C-1", "hlc": 9, "keys": [["g", 1, 1]]}
    assert call(b, "push", lost.batch(places=[place], recovered=True))["places"][0]["outcome"] == "granted"
    assert centre.admin().execute("SELECT desk FROM callcenter.claim").fetchall() == [("C",)]
    assert call(a, "hello", writer.hello())["chain"] == "A"


def test_a_chain_nobody_asked_for_is_unknown(pushed: Pushed) -> None:
    _centre, a, _writer = pushed
    for chain, more in (("A~9", {}), ("x y", {"recovered": True})):
        with pytest.raises(psycopg.Error, match="unknown_chain") as refused:
            call(a, "push", {"chain": chain, "entries": [], **more})
        assert refused.value.sqlstate == "CC003"


def test_a_push_rings_once_and_without_a_word(pushed: Pushed) -> None:
    centre, a, writer = pushed
    listener = centre.listener("B")
    call(a, "push", writer.batch())
    assert centre.rung(listener) == [""]
