"""The places two offers want: the older has it, the other stands behind, in whatever order they came and went."""

from typing import TYPE_CHECKING

from hypothesis import given, settings
from hypothesis import strategies as st

from callcenter.store import tables
from callcenter.store.placements import give_back, give_back_span, is_contested
from callcenter.store.writes import Gathering, insert_rows
from tests.journal.conftest import connection as connection  # the same empty file

if TYPE_CHECKING:
    from sqlite3 import Connection

OFFERS = "abcde"
SLOTS = range(4)
STEPS = st.lists(
    st.tuples(st.sampled_from(["take", "take", "give", "span"]), st.sampled_from(OFFERS), st.integers(0, 3)),
    max_size=25,
)


def take(connection: "Connection", offer: str, slots: range = SLOTS) -> None:
    place = {"group_id": "g", "place_no": 1, "offer_id": offer, "request_id": f"request of {offer}"}
    insert_rows(connection, tables.PlaceTaken, [{**place, "slot": slot} for slot in slots])


def taken(connection: "Connection") -> list[tuple[int, str, str]]:
    return connection.execute("SELECT slot, offer_id, request_id FROM place_taken ORDER BY slot").fetchall()


def behind(connection: "Connection") -> list[tuple[int, str]]:
    return connection.execute("SELECT slot, offer_id FROM place_contested ORDER BY slot, offer_id").fetchall()


@settings(max_examples=60)
@given(steps=STEPS, gathered=st.booleans())
def test_who_has_a_place_follows_from_who_wants_it(
    connection: "Connection", steps: list[tuple[str, str, int]], gathered: bool
) -> None:
    connection.execute("BEGIN")
    gathering = Gathering(connection)
    on: Connection = gathering if gathered else connection  # type: ignore[assignment] # it executes as one does
    wanted: set[tuple[int, str]] = set()
    for what, offer, slot in steps:
        if what == "take":
            take(on, offer, range(slot, len(SLOTS)))
            wanted |= {(one, offer) for one in range(slot, len(SLOTS))}
        elif what == "give":
            give_back(on, offer)
            wanted = {one for one in wanted if one[1] != offer}
        else:
            give_back_span(on, offer, "g", 1, range(slot, slot + 2))
            wanted -= {(slot, offer), (slot + 1, offer)}
    gathering.write()
    first = {slot: min(offer for one, offer in wanted if one == slot) for slot, _ in wanted}
    assert taken(connection) == [(slot, first[slot], f"request of {first[slot]}") for slot in sorted(first)]
    assert behind(connection) == sorted((slot, offer) for slot, offer in wanted if first[slot] != offer)
    connection.execute("ROLLBACK")


def test_the_older_offer_is_not_asked_for_its_place_but_both_are_told_of_each_other(connection: "Connection") -> None:
    take(connection, "b")
    assert not is_contested(connection, "g", 1, SLOTS)
    take(connection, "a", range(1))
    assert taken(connection)[:2] == [(0, "a", "request of a"), (1, "b", "request of b")]
    assert is_contested(connection, "g", 1, SLOTS)
    assert not is_contested(connection, "g", 1, range(1, 4))
