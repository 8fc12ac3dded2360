"""Claims and pushes at the same moment on a real server: who waits for whom, and that each has its answer."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from random import Random
from threading import Barrier
from typing import Any

import pytest
from psycopg import Connection
from psycopg.errors import DeadlockDetected, LockNotAvailable

from tests.sync.conftest import Centre
from tests.sync.questions import NEXT_PLACE, NEXT_SLOT, SEAT, Two, granted, held, item, push, refused, two_desks
from tests.sync.wire import call, calls


@pytest.fixture
def two(centre: Centre) -> Two:
    """Desks A and B, greeted."""
    return two_desks(centre)


@pytest.fixture
def alert(two: Two) -> Iterator[None]:
    """The server soon looks whether two wait for each other."""
    yield from looking_after(two, 100)


@pytest.fixture
def inattentive(two: Two) -> Iterator[None]:
    """The server leaves two who wait for each other to their own patience."""
    yield from looking_after(two, 60_000)


def looking_after(two: Two, milliseconds: int) -> Iterator[None]:
    """The server looks whether two wait for each other after so long."""
    admin = two[0].admin()
    admin.execute(f"ALTER SYSTEM SET deadlock_timeout = {milliseconds}".encode())
    admin.execute("SELECT pg_reload_conf()")
    said = "SELECT setting FROM pg_settings WHERE name = 'deadlock_timeout'"
    while any(desk.execute(said).fetchone() != (str(milliseconds),) for desk in two[1:]):
        time.sleep(0.01)
    yield
    admin.execute("ALTER SYSTEM RESET deadlock_timeout")
    admin.execute("SELECT pg_reload_conf()")


@contextmanager
def gate(admin: "Connection[Any]", desk: "Connection[Any]") -> Iterator[None]:
    """Whenever the desk has taken places it waits until the block is over, and as long as that may take."""
    desk.execute("SET statement_timeout = 0")
    admin.execute("CREATE TABLE gate (role text)")
    admin.execute("INSERT INTO gate VALUES (%s)", (desk.info.user,))
    admin.execute(
        "CREATE FUNCTION wait_at_gate() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN"
        " WHILE EXISTS (SELECT FROM public.gate WHERE role = session_user) LOOP PERFORM pg_sleep(0.01); END LOOP;"
        " RETURN NULL; END $$"
    )
    admin.execute(
        "CREATE TRIGGER slow AFTER INSERT ON callcenter.place_taken FOR EACH STATEMENT EXECUTE FUNCTION wait_at_gate()"
    )
    yield
    admin.execute("DELETE FROM gate")


def until_asleep(admin: "Connection[Any]") -> None:
    """Returns when somebody waits at the gate."""
    sql = "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND datname = current_database()"
    while admin.execute(sql).fetchone() == (0,):
        time.sleep(0.01)


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


def deadlocks(centre: Centre) -> int:
    """How often the server has seen two wait for each other."""
    return centre.server.log.count("deadlock detected")


def until_waiting(admin: "Connection[Any]") -> None:
    """Returns when somebody waits for a lock."""
    while admin.execute("SELECT count(*) FROM pg_locks WHERE NOT granted").fetchone() == (0,):
        time.sleep(0.01)


def test_each_of_four_asking_twice_together_has_one_answer_and_each_place_one_offer(two: Two) -> None:
    """Four connections, forty rounds for one place each; every question is asked by two at the same moment."""
    centre, _a, _b = two
    centre.add("C")
    connections = [centre.connect(name) for name in "ABBC"]
    barrier = Barrier(4)

    def ask(number: int) -> list[dict[str, Any]]:
        answers: list[dict[str, Any]] = []
        for turn in range(40):
            barrier.wait()
            asked = item(f"o{turn}-{number // 2}", ("g", turn, 1), (f"h{turn % 3}", turn, 1))
            while len(answers) == turn:
                # Where the disk takes longer than a claim may wait, it is asked again, as desks do.
                with suppress(LockNotAvailable):
                    answers.append(call(connections[number], "claim", asked))
        return answers

    with ThreadPoolExecutor(4) as pool:
        found = list(pool.map(ask, range(4)))
    assert found[0] == found[1]
    assert found[2] == found[3]
    for turn in range(40):
        assert {found[0][turn]["outcome"], found[2][turn]["outcome"]} == {"granted", "refused"}
    assert len(held(centre)) == 80


@pytest.mark.usefixtures("alert")
def test_pushes_that_want_the_same_places_in_other_orders_do_not_wait_for_each_other(two: Two) -> None:
    centre, _a, _b = two
    before = deadlocks(centre)
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
    assert deadlocks(centre) == before


def test_a_claim_does_not_wait_for_long_and_is_asked_again(two: Two) -> None:
    centre, a, _b = two
    # Not because the desk's role may wait no longer, which is five seconds.
    a.execute("SET lock_timeout = 0")
    a.execute("SET statement_timeout = 0")
    with centre.admin().transaction() as held_back:
        held_back.connection.execute("LOCK TABLE callcenter.claim IN EXCLUSIVE MODE")
        began = time.monotonic()
        with pytest.raises(LockNotAvailable):
            call(a, "claim", item("o1", SEAT))
        assert time.monotonic() - began > 0.4
    assert call(a, "claim", item("o1", SEAT)) == granted("o1")


def test_a_claim_does_not_wait_for_one_on_another_place_of_the_group(two: Two) -> None:
    centre, a, b = two
    with a.transaction():
        assert call(a, "claim", item("o1", SEAT)) == granted("o1")
        assert calls(a, "claim", [item("o2", NEXT_SLOT)]) == [granted("o2")]
        assert call(b, "claim", item("o3", NEXT_PLACE)) == granted("o3")
        assert calls(b, "claim", [item("o4", ("g", 102, 1))]) == [granted("o4")]
    assert len(held(centre)) == 4


@pytest.mark.usefixtures("inattentive")
def test_of_a_claim_and_a_push_that_wait_for_each_other_the_claim_gives_up(two: Two) -> None:
    centre, a, b = two
    admin = centre.admin()
    for setting in ("idle_in_transaction_session_timeout", "lock_timeout", "statement_timeout"):
        for connection in (a, b):
            connection.execute(f"SET {setting} = 0".encode())
    with ThreadPoolExecutor(1) as pool:
        a.execute("BEGIN")
        call(a, "claim", item("o1", SEAT))
        pushed = pool.submit(push, b, "B", item("o2", NEXT_PLACE), item("o3", SEAT))
        until_waiting(admin)
        with pytest.raises(LockNotAvailable):
            call(a, "claim", item("o4", NEXT_PLACE))
        a.execute("ROLLBACK")
        assert pushed.result() == [granted("o2"), granted("o3")]
    assert held(centre) == {NEXT_PLACE: "o2", SEAT: "o3"}


@pytest.mark.usefixtures("alert")
def test_of_two_lone_claims_that_wait_for_each_other_one_gives_up_and_both_are_answered(two: Two) -> None:
    """A has its second place and wants the first, which was given back meanwhile; B has that and wants the second."""
    centre, a, b = two
    before = deadlocks(centre)
    admin = centre.admin()
    # However slow this machine is: neither ends before the server has seen that they wait for each other.
    admin.execute("ALTER FUNCTION callcenter.claim(jsonb) SET lock_timeout = 0")
    b.execute("SET statement_timeout = 0")
    assert call(b, "claim", item("o0", SEAT)) == granted("o0")
    with ThreadPoolExecutor(2) as pool:
        with gate(admin, a):
            first = pool.submit(answer, a, item("oA", SEAT, NEXT_SLOT))
            until_asleep(admin)
            assert call(b, "claim", item("o0", hlc=2)) == granted("o0")
            second = pool.submit(answer, b, item("oB", SEAT, NEXT_SLOT))
            until_waiting(admin)
        answers = {"oA": first.result(), "oB": second.result()}
    winner, loser = sorted(answers, key=lambda offer: answers[offer] is None)
    assert answers == {winner: granted(winner), loser: None}
    assert deadlocks(centre) == before + 1
    # Whoever gave up asks again and hears who has it.
    again = call(a if loser == "oA" else b, "claim", item(loser, SEAT, NEXT_SLOT))
    assert again == refused(loser, winner, winner[-1])
    assert held(centre) == {SEAT: winner, NEXT_SLOT: winner}


def answer(connection: "Connection[Any]", question: dict[str, object]) -> dict[str, Any] | None:
    """What the centre says, None where it gave up."""
    try:
        return call(connection, "claim", question)
    except DeadlockDetected:
        return None


def test_what_is_given_back_between_asking_and_looking_is_really_taken(two: Two) -> None:
    """The place is taken when the claim asks for it, and free when it looks who has it."""
    centre, a, b = two
    push(a, "A", item("o1", SEAT))
    admin = centre.admin()
    with ThreadPoolExecutor(1) as pool:
        with gate(admin, b):
            asked = pool.submit(call, b, "claim", item("o2", SEAT))
            until_asleep(admin)
            admin.execute("DELETE FROM callcenter.place_taken")
        assert asked.result() == granted("o2")
    assert held(centre) == {SEAT: "o2"}
