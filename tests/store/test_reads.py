"""What screens read: the queue in its order and in pages, its figures, and the clocks that run out."""

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from itertools import product
from random import Random
from typing import TYPE_CHECKING, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.care.lifecycle import REQUEST
from callcenter.care.priority import SOON_WITHIN, TODAY_WITHIN, Urgency, band, cutoffs
from callcenter.store import reads
from callcenter.store.engine import create
from callcenter.store.tables import Request, schema
from callcenter.store.writes import insert_row

if TYPE_CHECKING:
    from sqlite3 import Connection

NOW = datetime(2026, 11, 24, 8, 40, tzinfo=UTC)
AT = int(NOW.timestamp())


@pytest.fixture(scope="module")
def connection(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Connection]":
    with closing(create(tmp_path_factory.mktemp("reads") / "desk.db", schema())) as made:
        yield made


@pytest.fixture(autouse=True)
def _empty(connection: "Connection") -> None:
    for table in ("request", "request_child", "child", "offer", "call", "guardian", "provider", "provider_group"):
        connection.execute(f"DELETE FROM {table}")


PENDING = """INSERT INTO offer VALUES ('offer', ?, 'p', 'pending', 1, '김상담', ?, ?,
             NULL, NULL, NULL, NULL, NULL, NULL, 0, 'A', 0, 0, 'alone', '', '', '', '', NULL)"""


def add(connection: "Connection", serial: int, **changed: object) -> str:
    row: dict[str, object] = {
        "id": f"request-{serial:05d}",
        "number": f"A-1124-{serial:03d}",
        "state": "open",
        "urgency": "normal",
        "region": "41110",
        "channel": "hotline",
        "guardian_id": "guardian",
        "start_at": AT + 7200,
        "end_at": AT + 14400,
        "reason": "overtime",
        "opened_at": AT - 60,
        "asked_at": AT - 60,
        "operator": "김상담",
        "changed_at": AT - 60,
        **changed,
    }
    insert_row(connection, Request, row)
    return str(row["id"])


EDGES = [0, *(int(ahead.total_seconds()) for ahead in (SOON_WITHIN, TODAY_WITHIN))]
AHEAD = st.sampled_from([edge + by for edge in EDGES for by in (-1, 0, 1)]) | st.integers(-90_000, 200_000)
REQUESTS = st.tuples(
    st.sampled_from(get_args(Urgency)),
    AHEAD,
    st.none() | AHEAD,
    st.integers(0, 5),
    st.sampled_from(sorted(REQUEST.words)),
)


@settings(max_examples=60)
@given(rows=st.lists(REQUESTS, max_size=12), within=st.floats(0, 0.999))
def test_the_queue_is_that_of_the_rules(
    connection: "Connection",
    rows: list[tuple[Urgency, int, int | None, int, str]],
    within: float,
) -> None:
    connection.execute("DELETE FROM request")
    now = NOW + timedelta(seconds=within)
    expected = []
    for number, (urgency, start, promised, waited, state) in enumerate(rows):
        identifier = add(
            connection,
            number,
            urgency=urgency,
            start_at=AT + start,
            promised_at=None if promised is None else AT + promised,
            opened_at=AT - waited,
            state=state,
        )
        if state in REQUEST.open:
            begins = NOW + timedelta(seconds=start)
            due = None if promised is None else NOW + timedelta(seconds=promised)
            expected.append((band(urgency, begins, due, now), AT - waited, identifier))
    expected.sort()
    found = reads.queue(connection, cutoffs(now), 0, 100)
    assert [(row.band, row.opened_at, row.id) for row in found] == expected
    for place, (_band, _opened, identifier) in enumerate(expected):
        assert reads.queue_position(connection, cutoffs(now), identifier) == place
        assert reads.queue(connection, cutoffs(now), place, 1) == [found[place]]
    figures = reads.queue_figures(connection, cutoffs(now))
    oldest = min((opened for _band, opened, _id in expected), default=None)
    assert figures == (len(expected), sum(one[0] <= 2 for one in expected), 0, oldest, 0, None)
    assert reads.open_requests(connection, cutoffs(now)) == found


@pytest.mark.parametrize("within", [timedelta(), timedelta(seconds=0.5)])
def test_the_bands_part_at_the_same_second_as_in_the_rules(connection: "Connection", within: timedelta) -> None:
    seconds = [edge + by for edge in EDGES for by in (-1, 0, 1)]
    expected = {}
    for serial, (start, promised) in enumerate(product(seconds, [None, *seconds])):
        due = None if promised is None else NOW + timedelta(seconds=promised)
        identifier = add(
            connection, serial, start_at=AT + start, promised_at=None if promised is None else AT + promised
        )
        expected[identifier] = band("normal", NOW + timedelta(seconds=start), due, NOW + within)
    found = reads.queue(connection, cutoffs(NOW + within), 0, 1000)
    assert {row.id: row.band for row in found} == expected
    assert set(expected.values()) == {1, 2, 3, 4}


def test_pages_put_together_are_the_whole_queue(connection: "Connection") -> None:
    rng = Random(3)
    for number in range(57):
        add(connection, number, start_at=AT + rng.randrange(0, 200_000), opened_at=AT - rng.randrange(0, 4))
    cuts = cutoffs(NOW)
    whole = reads.queue(connection, cuts, 0, 1000)
    assert len(whole) == 57
    for size in (1, 7, 20, 57, 60):
        pages = [row for offset in range(0, 57, size) for row in reads.queue(connection, cuts, offset, size)]
        assert pages == whole
    assert reads.queue(connection, cuts, 57, 20) == []


def test_a_row_of_the_queue_names_its_people_and_its_offer(connection: "Connection") -> None:
    request = add(connection, 1, state="offered")
    connection.execute(
        "INSERT INTO guardian VALUES ('guardian', '박하나', '+821000001234', 'mother', 'ko', '', '', '', '')"
    )
    for position, (birth, school) in enumerate([("2018-05-05", "elementary"), ("2025-01-01", None)]):
        # The younger one has the lower identifier: the order is that of the request.
        values = (f"child-{9 - position}", "guardian", "이름", birth, school)
        connection.execute("INSERT INTO child VALUES (?, ?, ?, ?, ?, 1, '', '', '', '', '')", values)
        connection.execute("INSERT INTO request_child VALUES (?, ?, ?)", (request, position, f"child-{9 - position}"))
    connection.execute("INSERT INTO provider VALUES ('p', 's', '돌봄센터', '41110', 37.0, 127.0, '{}')")
    connection.execute(
        PENDING,
        (request, AT, AT + 600),
    )
    (row,) = reads.queue(connection, cutoffs(NOW), 0, 10)
    assert (row.guardian, row.provider, row.offer_expires_at) == ("박하나", "돌봄센터", AT + 600)
    assert row.children == "2018-05-05/elementary 2025-01-01/"


def test_alarms_ring_from_the_second_they_are_due_and_the_oldest_first(connection: "Connection") -> None:
    add(connection, 1, state="held", held_until=AT + 5)
    add(connection, 2, promised_at=AT + 3)
    offered = add(connection, 3, state="offered", promised_at=AT + 900)
    connection.execute(
        PENDING,
        (offered, AT - 600, AT + 4),
    )
    # What is over rings no more.
    add(connection, 4, state="cancelled", promised_at=AT - 100)
    add(connection, 5, state="confirmed", promised_at=AT - 100)
    add(connection, 6, state="matching", held_until=AT - 100)
    assert reads.alarms(connection, AT + 2) == []
    assert [row.kind for row in reads.alarms(connection, AT + 3)] == ["promise"]
    assert [(row.kind, row.number, row.due) for row in reads.alarms(connection, AT + 5)] == [
        ("promise", "A-1124-002", AT + 3),
        ("offer", "A-1124-003", AT + 4),
        ("hold", "A-1124-001", AT + 5),
    ]
    assert [row.kind for row in reads.alarms(connection, AT + 900)] == ["promise", "offer", "hold", "promise"]


def test_the_nearest_providers_come_first_and_far_ones_not_at_all(connection: "Connection") -> None:
    # A degree of longitude is 0.8 of one of latitude here: the one to the east is nearer.
    for name, lat, lon in (
        ("north", 37.10, 127.0),
        ("east", 37.0, 127.11),
        ("here", 37.0, 127.0),
        ("far", 38.0, 127.0),
    ):
        connection.execute("INSERT INTO provider VALUES (?, 's', ?, '41110', ?, ?, '{}')", (name, name, lat, lon))
    connection.execute("INSERT INTO provider VALUES ('other', 't', 'other', '41110', 37.0, 127.0, '{}')")
    box = (0.2, 0.25)
    near = reads.providers_near(connection, "s", 37.0, 127.0, box, 10)
    assert near == ["here", "east", "north"]
    assert reads.providers_near(connection, "s", 37.0, 127.0, box, 1) == ["here"]
    assert {row.id: row.lat for row in reads.providers_of(connection, [*near, "gone"])} == {
        "here": 37.0,
        "east": 37.0,
        "north": 37.1,
    }


def test_a_number_is_found_and_the_highest_of_a_day_is_not_the_longest_string(connection: "Connection") -> None:
    for number in (9, 10, 999, 1000):
        add(connection, number)
    add(connection, 5, number="A-1125-005")
    add(connection, 6, number="AB-1124-777")
    assert reads.last_number(connection, "A-1124-") == 1000
    assert reads.last_number(connection, "A-1126-") == 0
    assert reads.last_number(connection, "A-1124-", 2000) == 2000
    for number in (2001, 2002, 2003):
        add(connection, number)
    assert reads.last_number(connection, "A-1124-", 2000) == 2003
    assert reads.last_number(connection, "A-1124-") == 1000
    found = reads.request_by_number(connection, "A-1124-010")
    assert found is not None
    assert found.id == "request-00010"
    assert reads.request_by_number(connection, "A-1124-011") is None


def test_an_in_list_of_any_length_is_bound_not_built(connection: "Connection") -> None:
    hostile = ["'); DROP TABLE request; --", '"', "\\", "\u0000"]
    assert reads.groups_of(connection, [*hostile, *map(str, range(40_000))]) == []
    assert reads.taken(connection, hostile, 0, 1) == []
    assert reads.records_of(connection, hostile) == {}
    assert connection.execute("SELECT count(*) FROM request").fetchone() == (0,)


def test_every_row_type_has_the_columns_of_its_table(connection: "Connection") -> None:
    """`SELECT *` into a tuple goes wrong silently when a table and its row disagree."""
    pairs: dict[str, tuple[str, ...]] = {
        "request": reads.RequestRow._fields,
        "guardian": reads.GuardianRow._fields,
        "child": reads.ChildRow._fields,
        "call": reads.CallRow._fields,
        "note": reads.NoteRow._fields,
        "provider": reads.ProviderRow._fields,
        "provider_group": reads.GroupRow._fields,
        "place_taken": reads.TakenRow._fields,
        "operator": reads.PersonRow._fields,
    }
    for table, row in pairs.items():
        columns = tuple(column[1] for column in connection.execute(f"PRAGMA table_info({table})"))
        assert columns == row, table
    columns = tuple(column[1] for column in connection.execute("PRAGMA table_info(offer)"))
    assert (*columns, "provider", "number") == reads.OfferRow._fields
