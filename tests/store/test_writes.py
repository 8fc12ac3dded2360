"""Insertions that are held back are there for every statement that could meet them."""

from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlcipher3 import dbapi2

from callcenter.store import tables
from callcenter.store.tables import folded_schema
from callcenter.store.writes import Gathering, delete_rows, insert_row, put_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection

_STEP = st.tuples(st.sampled_from(["insert", "update", "delete"]), st.integers(0, 3), st.sampled_from("abc"))


def _made() -> "Connection":
    connection: Connection = dbapi2.connect(":memory:", isolation_level=None)
    for statement in folded_schema()[0]:
        connection.execute(statement)
    return connection


def _people(connection: "Connection") -> list[tuple[str, str, str]]:
    return connection.execute("SELECT id, name, role FROM operator ORDER BY id").fetchall()


def _carry_out(connection: "Connection", steps: list[tuple[str, int, str]]) -> list[int]:
    changed = []
    for what, number, name in steps:
        key = {"id": str(number)}
        if what == "insert":
            delete_rows(connection, tables.Operator, key)
            insert_row(connection, tables.Operator, {**key, "name": name, "role": "operator", "desk": "A"})
        elif what == "update":
            changed.append(update_rows(connection, tables.Operator, key, {"name": name}))
        else:
            delete_rows(connection, tables.Operator, key)
    return changed


@given(st.lists(_STEP, max_size=30))
def test_held_back_or_not_the_rows_are_the_same(steps: list[tuple[str, int, str]]) -> None:
    plain, held = _made(), _made()
    gathering = Gathering(held)
    assert _carry_out(plain, steps) == _carry_out(cast("Connection", gathering), steps)
    gathering.write()
    assert _people(plain) == _people(held)


def test_what_is_held_back_is_written_when_there_is_much_of_it() -> None:
    connection = _made()
    target = cast("Connection", Gathering(connection))
    for number in range(5000):
        insert_row(target, tables.Operator, {"id": str(number), "name": "a", "role": "operator", "desk": "A"})
    written = connection.execute("SELECT count(*) FROM operator").fetchone()[0]
    assert 0 < written < 5000


@given(st.lists(st.tuples(st.integers(0, 200), st.sampled_from("abc")), max_size=150))
def test_of_rows_that_take_anothers_place_the_last_stands(steps: list[tuple[int, str]]) -> None:
    held = _made()
    gathering = Gathering(held)
    for number, name in steps:
        put_rows(
            cast("Connection", gathering),
            tables.Operator,
            [{"id": str(number), "name": name, "role": "operator", "desk": "A"}],
        )
    gathering.write()
    assert {row[0]: row[1] for row in _people(held)} == {str(number): name for number, name in steps}


def test_a_key_that_is_there_already_is_refused() -> None:
    gathering = Gathering(_made())
    target = cast("Connection", gathering)
    for _ in range(2):
        insert_row(target, tables.Operator, {"id": "1", "name": "a", "role": "operator", "desk": "A"})
    with pytest.raises(dbapi2.IntegrityError):
        gathering.write()
