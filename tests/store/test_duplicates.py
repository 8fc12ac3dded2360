"""Finding requests that may be the same one, by indexes alone."""

from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import pytest

from callcenter.store import duplicates, engine
from callcenter.store.tables import schema

if TYPE_CHECKING:
    from sqlite3 import Connection

_REQUEST = (
    "INSERT INTO request VALUES (?,?,?,'normal','41110',NULL,NULL,'hotline',?,NULL,0,3600,'overtime',?,?,'김상담',\
NULL,NULL,NULL,?,NULL,NULL)"
)


@pytest.fixture
def connection(tmp_path: Path) -> "Iterator[Connection]":
    made = engine.create(tmp_path / "desk.db", schema())
    yield made
    made.close()


def add(connection: "Connection", number: int, phone: str, child: tuple[str, str], state: str, at: int) -> None:
    guardian, name = f"g{number}", f"보호자{number}"
    connection.execute("INSERT INTO guardian VALUES (?, ?, ?, 'mother', 'ko', '', '', '', '')", (guardian, name, phone))
    row = (f"c{number}", guardian, child[1], child[0])
    connection.execute("INSERT INTO child VALUES (?, ?, ?, ?, NULL, NULL, '', '', '', '', '')", row)
    connection.execute(_REQUEST, (f"r{number}", f"A-{number:06}", state, guardian, at, at, at))
    connection.execute("INSERT INTO request_child VALUES (?, 0, ?)", (f"r{number}", f"c{number}"))


def test_it_is_found_by_number_or_child_while_open_or_recent(connection: "Connection") -> None:
    add(connection, 1, "+821000001111", ("2018-03-02", "박새봄"), "open", 100)
    add(connection, 2, "+821000002222", ("2018-03-02", "박새봄"), "cancelled", 5000)
    add(connection, 3, "+821000001111", ("2020-01-01", "박여름"), "finished", 200)
    add(connection, 4, "", ("2021-01-01", ""), "open", 5000)

    def found(phone: str, *children: tuple[str, str]) -> list[tuple[str, set[str]]]:
        rows = duplicates.alike(connection, phone, children, since=1000)
        return [(row.id, set(row.why)) for row in rows]

    assert found("+821000001111") == [("r1", {"number"})]
    assert found("", ("2018-03-02", "박새봄")) == [("r1", {"child"}), ("r2", {"child"})]
    assert found("+821000001111", ("2018-03-02", "박새봄"))[0] == ("r1", {"number", "child"})
    assert found("", ("2018-03-02", "")) == []
    assert found("") == []
    assert found("", ("2021-01-01", "")) == []


def test_no_table_is_read_through(connection: "Connection") -> None:
    for number in range(200):
        add(connection, number, f"+82100000{number:04}", ("2018-03-02", f"아이{number}"), "open", number)
    values = {"phone": "x", "children": "[]", "open": "[]", "since": 0, "most": 50, "shown": 5}
    plan = connection.execute(f"EXPLAIN QUERY PLAN {duplicates._FOUND}", values).fetchall()
    steps = [row[3] for row in plan]
    assert [one for one in steps if one.startswith(("SCAN g", "SCAN r", "SCAN c"))] == []
    assert sum(one.startswith(("SEARCH g ", "SEARCH r ", "SEARCH c ", "SEARCH rc ")) for one in steps) >= 5, steps


def test_a_number_with_very_many_requests_is_no_burden(connection: "Connection") -> None:
    add(connection, 0, "+821000001111", ("2018-03-02", "박새봄"), "open", 0)
    random = Random(3)
    rows = [(f"x{one}", f"B-{one:06}", "finished", "g0", at := random.randrange(900), at, at) for one in range(5000)]
    connection.executemany(_REQUEST, rows)
    assert duplicates.alike(connection, "+821000001111", [], since=1000) == []
    connection.execute("UPDATE request SET state = 'open' WHERE opened_at > 890")
    assert len(duplicates.alike(connection, "+821000001111", [], since=1000)) == 5
