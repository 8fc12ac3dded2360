"""Claims on a real server: a place is one offer's, and the same question has the same answer."""

import time
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier
from typing import Any

import pytest
from psycopg import Connection
from psycopg.errors import LockNotAvailable

from tests.sync.conftest import Centre
from tests.sync.wire import Writer, call, calls

Key = tuple[str, int, int]
Two = tuple[Centre, "Connection[Any]", "Connection[Any]"]
GRANTED = {"outcome": "granted", "why": "", "other": "", "other_desk": "", "other_number": ""}
SEAT: Key = ("g", 100, 1)
NEXT_SLOT: Key = ("g", 101, 1)
NEXT_PLACE: Key = ("g", 100, 2)
CHILD: Key = ("child:r1:c1", 0, 0)


@pytest.fixture
def two(centre: Centre) -> Two:
    """Desks A and B, greeted."""
    found = []
    for name in "AB":
        centre.add(name)
        found.append(centre.connect(name))
        call(found[-1], "hello", Writer(name).hello())
    return centre, found[0], found[1]


def item(offer: str, *keys: Key, hlc: int = 1, request: str = "r1", **more: object) -> dict[str, object]:
    wanted = [list(key) for key in keys]
    return {"offer": offer, "request": request, "number": f"N-{offer}", "hlc": hlc, "keys": wanted, **more}


def granted(offer: str) -> dict[str, str]:
    return {"offer": offer, **GRANTED}


def refused(offer: str, by: str, desk: str, why: str = "place") -> dict[str, str]:
    other = {"other": by, "other_desk": desk, "other_number": f"N-{by}"}
    return {"offer": offer, "outcome": "refused", "why": why, **other}


def held(centre: Centre) -> dict[Key, str]:
    rows = centre.admin().execute("SELECT group_id, slot, place_no, offer_id FROM callcenter.place_taken").fetchall()
    return {(row[0], row[1], row[2]): row[3] for row in rows}


def push(connection: "Connection[Any]", chain: str, *items: dict[str, object]) -> list[dict[str, Any]]:
    answer: list[dict[str, Any]] = call(connection, "push", {"chain": chain, "entries": [], "places": items})["places"]
    return answer


def test_a_refused_offer_that_is_over_gives_its_places_back_by_the_same_clock(two: Two) -> None:
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    push(b, "B", item("o2", NEXT_SLOT, request="r2"))
    # Another desk, whose clock is ahead, wanted more for the offer; the first learns of that clock and gives all back.
    assert push(b, "B", item("o1", SEAT, NEXT_SLOT, hlc=9)) == [refused("o1", "o2", "B")]
    push(a, "A", item("o1", hlc=9))
    assert held(centre) == {NEXT_SLOT: "o2"}


def leases(centre: Centre) -> dict[str, bool]:
    rows = centre.admin().execute("SELECT offer_id, lease_until IS NOT NULL FROM callcenter.claim").fetchall()
    return {row[0]: row[1] for row in rows}


def lapse(centre: Centre) -> None:
    """Two minutes go by for every lease."""
    centre.admin().execute("UPDATE callcenter.claim SET lease_until = lease_until - interval '2 minutes'")


def slow_down(centre: Centre, seconds: float) -> None:
    """Let every taking of places last so long, for others to come in between."""
    admin = centre.admin()
    admin.execute(
        b"CREATE FUNCTION wait_a_moment() RETURNS trigger LANGUAGE plpgsql AS"
        + f" $$ BEGIN PERFORM pg_sleep({seconds}); RETURN NULL; END $$".encode()
    )
    admin.execute(
        "CREATE TRIGGER slow AFTER INSERT ON callcenter.place_taken FOR EACH STATEMENT EXECUTE FUNCTION wait_a_moment()"
    )


def test_the_first_has_it_and_the_second_hears_who(two: Two) -> None:
    centre, a, b = two
    assert call(a, "claim", item("o1", SEAT, NEXT_SLOT)) == granted("o1")
    assert call(b, "claim", item("o2", NEXT_SLOT, request="r2")) == refused("o2", "o1", "A")
    assert call(b, "claim", item("o3", NEXT_PLACE, request="r2")) == granted("o3")
    assert held(centre) == {SEAT: "o1", NEXT_SLOT: "o1", NEXT_PLACE: "o3"}


def test_all_or_none(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", NEXT_SLOT))
    assert call(b, "claim", item("o2", SEAT, NEXT_SLOT, NEXT_PLACE))["outcome"] == "refused"
    assert held(centre) == {NEXT_SLOT: "o1"}


def test_the_same_question_has_the_same_answer_whatever_happened_meanwhile(two: Two) -> None:
    centre, a, b = two
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")
    assert call(b, "claim", item("o2", SEAT, hlc=5)) == refused("o2", "o1", "A")
    call(a, "claim", item("o1", hlc=2))
    assert call(b, "claim", item("o2", SEAT, hlc=5)) == refused("o2", "o1", "A")
    assert push(b, "B", item("o2", SEAT, hlc=5)) == [refused("o2", "o1", "A")]
    assert held(centre) == {}
    # What it asks anew is another question.
    assert call(b, "claim", item("o2", SEAT, hlc=6)) == granted("o2")


def test_an_older_question_changes_nothing(two: Two) -> None:
    centre, a, _b = two
    call(a, "claim", item("o1", SEAT, hlc=9))
    assert call(a, "claim", item("o1", NEXT_PLACE, hlc=8)) == granted("o1")
    assert push(a, "A", item("o1", hlc=3)) == [granted("o1")]
    assert held(centre) == {SEAT: "o1"}


def test_a_newer_question_moves_the_offer_and_a_refused_one_leaves_it_where_it_is(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT, NEXT_SLOT, hlc=1))
    call(b, "claim", item("o2", ("g", 102, 1)))
    # An extension by one slot that another offer has.
    longer = item("o1", SEAT, NEXT_SLOT, ("g", 102, 1), hlc=2)
    assert push(a, "A", longer) == [refused("o1", "o2", "B")]
    assert held(centre) == {SEAT: "o1", NEXT_SLOT: "o1", ("g", 102, 1): "o2"}
    assert push(a, "A", item("o1", NEXT_PLACE, hlc=3)) == [granted("o1")]
    assert held(centre) == {NEXT_PLACE: "o1", ("g", 102, 1): "o2"}
    assert push(a, "A", item("o1", hlc=4)) == [granted("o1")]
    assert held(centre) == {("g", 102, 1): "o2"}


def test_a_child_that_has_been_placed_is_told_before_the_place(two: Two) -> None:
    _centre, a, b = two
    push(a, "A", item("o1", SEAT, CHILD))
    assert push(b, "B", item("o2", NEXT_PLACE, CHILD)) == [refused("o2", "o1", "A", why="child")]
    assert push(b, "B", item("o2", SEAT, CHILD, hlc=2)) == [refused("o2", "o1", "A", why="child")]
    assert push(b, "B", item("o3", NEXT_PLACE, ("child:r2:c1", 0, 0), request="r2")) == [granted("o3")]


def test_several_questions_are_settled_in_their_order(two: Two) -> None:
    centre, a, _b = two
    call(a, "claim", item("o1", SEAT))
    assert calls(a, "claim", [item("o1", hlc=2), item("o2", SEAT, hlc=2)]) == [granted("o1"), granted("o2")]
    assert held(centre) == {SEAT: "o2"}


def test_a_claim_is_a_lease_until_its_entry_arrives(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    assert leases(centre) == {"o1": True}
    assert push(a, "A", item("o1", SEAT)) == [granted("o1")]
    assert leases(centre) == {"o1": False}
    lapse(centre)
    assert call(b, "claim", item("o2", SEAT)) == refused("o2", "o1", "A")


def test_a_lapsed_lease_gives_way_and_its_desk_hears_it_when_it_comes_back(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT, NEXT_SLOT))
    lapse(centre)
    assert call(b, "claim", item("o2", SEAT)) == granted("o2")
    assert held(centre) == {SEAT: "o2"}
    assert push(a, "A", item("o1", SEAT, NEXT_SLOT)) == [refused("o1", "o2", "B")]


def test_a_lapsed_lease_in_nobodys_way_is_good_and_asking_again_renews_it(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    lapse(centre)
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")
    assert call(b, "claim", item("o2", SEAT)) == refused("o2", "o1", "A")
    lapse(centre)
    assert push(a, "A", item("o1", SEAT)) == [granted("o1")]
    assert held(centre) == {SEAT: "o1"}


def test_one_lapsed_lease_does_not_open_a_place_that_another_holds(two: Two) -> None:
    centre, a, b = two
    call(a, "claim", item("o1", SEAT))
    lapse(centre)
    push(a, "A", item("o2", NEXT_SLOT))
    assert call(b, "claim", item("o3", SEAT, NEXT_SLOT)) == refused("o3", "o2", "A")
    assert NEXT_SLOT in held(centre)
    assert "o3" not in held(centre).values()


def test_a_refusal_that_people_decided_is_no_conflict_any_more(two: Two) -> None:
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    push(b, "B", item("o2", SEAT))

    def conflicts() -> int:
        row = centre.admin().execute("SELECT conflicts FROM callcenter.centre_now()").fetchone()
        assert row is not None
        return int(row[0])

    assert conflicts() == 1
    assert push(b, "B", item("o2", SEAT, hlc=2, decided="agreed")) == [refused("o2", "o1", "A")]
    assert conflicts() == 0
    push(b, "B", item("o3", SEAT))
    assert conflicts() == 1
    push(b, "B", item("o3", hlc=2))
    assert conflicts() == 0


def test_each_of_four_asking_twice_together_has_one_answer_and_each_place_one_offer(two: Two) -> None:
    """Four connections, forty rounds for one place each; every question is asked by two at the same moment."""
    centre, _a, _b = two
    centre.add("C")
    connections = [centre.connect(name) for name in "ABBC"]
    barrier = Barrier(4)

    def ask(number: int) -> list[dict[str, Any]]:
        answers = []
        for turn in range(40):
            barrier.wait()
            asked = item(f"o{turn}-{number // 2}", ("g", turn, 1), (f"h{turn % 3}", turn, 1))
            answers.append(call(connections[number], "claim", asked))
        return answers

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert found[0] == found[1]
    assert found[2] == found[3]
    for turn in range(40):
        assert {found[0][turn]["outcome"], found[2][turn]["outcome"]} == {"granted", "refused"}
    assert len(held(centre)) == 80


def test_pushes_that_want_the_same_places_in_other_orders_do_not_wait_for_each_other(two: Two) -> None:
    centre, _a, _b = two
    centre.admin().execute("ALTER SYSTEM SET deadlock_timeout = '100ms'")
    centre.admin().execute("SELECT pg_reload_conf()")
    slow_down(centre, 0.01)
    connections = {name: centre.connect(name) for name in "AB"}
    barrier = Barrier(2)

    def settle(name: str) -> int:
        random, answered = Random(name), 0
        for turn in range(5):
            wishes = [item(f"{name}{turn}-{n}", (f"g{n}", turn, 1), (f"child:{n}:{turn}", 0, 0)) for n in range(8)]
            random.shuffle(wishes)
            barrier.wait()
            answered += len(push(connections[name], name, *wishes))
        return answered

    with ThreadPoolExecutor(2) as pool:
        assert list(pool.map(settle, "AB")) == [40, 40]
    assert len(held(centre)) == 80
    assert "deadlock detected" not in centre.server.log


def test_a_claim_does_not_wait_for_long_and_is_asked_again(two: Two) -> None:
    centre, a, _b = two
    with centre.admin().transaction() as held_back:
        held_back.connection.execute("LOCK TABLE callcenter.claim IN EXCLUSIVE MODE")
        began = time.monotonic()
        with pytest.raises(LockNotAvailable):
            call(a, "claim", item("o1", SEAT))
        assert 0.4 < time.monotonic() - began < 3
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")


def test_what_is_given_back_between_asking_and_looking_is_really_taken(two: Two) -> None:
    """The place is taken when the claim asks for it, and free when it looks who has it."""
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    admin = centre.admin()
    admin.execute(
        "CREATE FUNCTION wait_a_moment() RETURNS trigger LANGUAGE plpgsql AS"
        " $$ BEGIN PERFORM pg_sleep(0.5); RETURN NULL; END $$"
    )
    admin.execute(
        "CREATE TRIGGER slow AFTER INSERT ON callcenter.place_taken FOR EACH STATEMENT EXECUTE FUNCTION wait_a_moment()"
    )
    with ThreadPoolExecutor(1) as pool:
        asked = pool.submit(call, b, "claim", item("o2", SEAT))
        time.sleep(0.2)
        centre.admin().execute("DELETE FROM callcenter.place_taken")
        assert asked.result() == granted("o2")
    assert held(centre) == {SEAT: "o2"}
