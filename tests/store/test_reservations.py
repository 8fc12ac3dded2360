"""Which of the taken places a request cannot have, read for many groups at once."""

from collections.abc import Iterator
from contextlib import closing
from random import Random
from typing import TYPE_CHECKING

import pytest

from callcenter.store.engine import create
from callcenter.store.reservations import blocking, lines_taken
from callcenter.store.tables import schema

if TYPE_CHECKING:
    from sqlite3 import Connection

AT = 1_795_500_000
SLOTS = range(997_500, 997_600)
OFFER = """INSERT INTO offer VALUES (?, ?, 'p', ?, 1, '김상담', ?, ?,
           NULL, NULL, NULL, NULL, NULL, NULL, 0, 'A', 0, 0, 'alone', '', '', '', '', NULL)"""


@pytest.fixture
def connection(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Connection]":
    with closing(create(tmp_path_factory.mktemp("reservations") / "desk.db", schema())) as made:
        yield made


@pytest.mark.parametrize("seed", range(8))
def test_the_lines_are_the_rows_as_bits(connection: "Connection", seed: int) -> None:
    rng = Random(seed)
    for number in range(12):
        state = rng.choice(("reserved", "reserved", "pending", "accepted"))
        values = (f"o{number}", rng.choice(("ours", "theirs")), state, AT - 60, AT + rng.choice((-1, 0, 1)))
        connection.execute(OFFER, values)
    for _ in range(400):
        # An offer of another desk may hold places before it is here itself.
        place = (rng.choice("abcd"), rng.choice(SLOTS), rng.randint(1, 4), f"o{rng.randrange(14)}", "ours")
        connection.execute("INSERT OR IGNORE INTO place_taken VALUES (?, ?, ?, ?, ?)", place)
    window = range(SLOTS.start + rng.randrange(40), SLOTS.stop - rng.randrange(40))
    wanted: dict[str, dict[int, int]] = {}
    for row in blocking(connection, ["a", "b", "c", "e"], window[0], window[-1], AT, "ours"):
        line = wanted.setdefault(row.group_id, {})
        line[row.place_no] = line.get(row.place_no, 0) | 1 << (row.slot - window.start)
    assert set(wanted) == {"a", "b", "c"}
    assert lines_taken(connection, ["a", "b", "c", "e"], window, AT, "ours") == wanted
    assert lines_taken(connection, [], window, AT, "ours") == {}
