"""What becomes of a desk whose line breaks, whose file is put back or copied, whose centre is not what it was."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from callcenter.desk.session import Desk, open_desk
from callcenter.journal.entry import desk_name
from callcenter.journal.history import verify
from callcenter.reference import Reference
from callcenter.store import joined
from callcenter.store.engine import beside
from callcenter.store.entries import chain_here
from callcenter.store.transactions import writing
from callcenter.sync import drift, incoming, outgoing
from callcenter.sync.link import CALL_SECONDS
from callcenter.sync.loop import STANDARD
from callcenter.sync.problems import CentreSilent, DeskRevoked, LinkCut, Unreachable, WrongPassword
from tests.desk import wishes
from tests.desk.wishes import ONE_PLACE
from tests.sync.conftest import Centre
from tests.sync.desks import QUICK, Clock, Joined, dump, join, quiet
from tests.sync.proxy import Proxy
from tests.sync.test_exchange import ask

Pair = tuple[Joined, Joined]


@pytest.fixture
def proxy(centre: Centre) -> Iterator[Proxy]:
    with Proxy(centre.server.port) as made:
        yield made


@pytest.fixture
def pair(tmp_path: Path, data: Reference, centre: Centre, proxy: Proxy) -> Iterator[Pair]:
    """The first desk speaks through the proxy."""
    clock = Clock()
    one = join(tmp_path, data, replace(centre.add("A"), port=proxy.port), clock=clock)
    other = join(tmp_path, data, centre.add("B"), clock=clock)
    wishes.have(one.desk, ONE_PLACE)
    quiet(one, other)
    yield one, other
    one.close()
    other.close()


def requests(desk: Desk) -> list[str]:
    return [row[0] for row in desk.connection.execute("SELECT number FROM request ORDER BY number")]


def sound(*joined: Joined) -> None:
    """The same everywhere, and every chain whole."""
    assert all(dump(one.desk) == dump(joined[0].desk) for one in joined)
    assert all(verify(one.desk.connection)[1] == [] for one in joined)


def test_a_cut_line_keeps_nobody_from_working_and_nothing_is_lost(pair: Pair, proxy: Proxy) -> None:
    one, other = pair
    proxy.set("refuse")
    one.until(lambda: one.loop.state.state == "offline")
    ask(one)
    one.step(5)
    assert isinstance(one.loop.state.problem, Unreachable | LinkCut)
    assert one.loop.state.waiting == 3
    proxy.set("pass")
    quiet(one, other)
    assert requests(other.desk) == ["A-1124-001"]
    assert one.loop.state.problem is None
    sound(one, other)


def test_what_waits_is_told_while_the_next_try_is_still_far(pair: Pair, proxy: Proxy) -> None:
    one, _other = pair
    one.timing = replace(QUICK, back_off=60, most_back_off=60)
    one.loop.stop()
    proxy.set("refuse")
    one.connect()
    one.until(lambda: one.loop.state.problem is not None)
    assert one.loop.state.waiting == 0
    ask(one)
    one.step()
    assert (one.loop.state.state, one.loop.state.waiting) == ("offline", 3)


@pytest.mark.parametrize("after", [0, 1, 200])
def test_a_lost_answer_is_asked_for_again_and_nothing_doubles(pair: Pair, proxy: Proxy, after: int) -> None:
    one, other = pair
    for _time in range(3):
        ask(one)
        proxy.cut("down", after)
        one.until(lambda: one.loop.state.state == "offline")
        one.live()
    quiet(one, other)
    assert len(requests(other.desk)) == 3
    sound(one, other)


def test_a_line_that_swallows_everything_is_noticed_within_five_seconds(pair: Pair, proxy: Proxy) -> None:
    one, _other = pair
    proxy.set("stall")
    one.until(lambda: isinstance(one.loop.state.problem, CentreSilent))
    assert STANDARD.poll + CALL_SECONDS < 5
    # It may only have been slow: the next try is with less.
    assert one.loop._memory.batch < outgoing.MOST_ENTRIES
    assert one.loop._memory.page < incoming.PAGE
    proxy.set("pass")
    ask(one)
    one.live()
    one.step(5)
    assert one.loop._memory.batch > outgoing.MOST_ENTRIES // 4


def reopened(one: Joined, path: Path) -> None:
    """The file at the path takes the place of the desk's own."""
    one.close()
    for file in (one.desk.path, *beside(one.desk.path)):
        file.unlink(missing_ok=True)
    shutil.copy(path, one.desk.path)
    one.desk = open_desk(one.desk.path, one.data)
    one.connect()


def kept(one: Joined, name: str) -> Path:
    """A copy of the desk's file as it is now."""
    one.desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return Path(shutil.copy(one.desk.path, one.desk.path.with_name(name)))


def test_a_file_put_back_goes_on_under_a_new_chain_and_gets_back_what_it_had_lost(pair: Pair) -> None:
    one, other = pair
    ask(one)
    backup = kept(one, "backup.db")
    quiet(one, other)
    ask(one, "010-0000-2222")
    quiet(one, other)
    reopened(one, backup)
    ask(one, "010-0000-3333")
    quiet(one, other)
    assert chain_here(one.desk.connection) == "A~2"
    chains = {row[0] for row in other.desk.connection.execute("SELECT DISTINCT desk FROM entry")}
    assert chains == {"A", "A~2", "B"}
    assert {desk_name(chain) for chain in chains} == {"A", "B"}
    phones = "SELECT count(*) FROM guardian"
    assert other.desk.connection.execute(phones).fetchone() == (3,)
    sound(one, other)


def test_of_two_machines_with_one_file_the_second_takes_a_chain_of_its_own(
    pair: Pair, tmp_path: Path, data: Reference
) -> None:
    one, other = pair
    copy = tmp_path / "copy"
    copy.mkdir()
    twin_path = Path(shutil.copy(kept(one, "twin.db"), copy / "A.db"))
    twin = Joined(open_desk(twin_path, data), one.file, data, one.clock)
    ask(one)
    quiet(one, other)
    ask(twin, "010-0000-2222")
    quiet(twin)
    assert (chain_here(one.desk.connection), chain_here(twin.desk.connection)) == ("A", "A~2")
    quiet(one, other, twin)
    assert other.desk.connection.execute("SELECT count(*) FROM guardian").fetchone() == (2,)
    sound(one, other, twin)
    twin.close()


def test_both_copies_of_a_file_at_once_fork_and_neither_loses_anything(
    pair: Pair, tmp_path: Path, data: Reference
) -> None:
    one, other = pair
    copy = tmp_path / "copy"
    copy.mkdir()
    twin_path = Path(shutil.copy(kept(one, "twin.db"), copy / "A.db"))
    twin = Joined(open_desk(twin_path, data), one.file, data, one.clock)
    twin.live()
    ask(one)
    ask(twin, "010-0000-2222")
    one.live()
    quiet(one, other, twin)
    assert other.desk.connection.execute("SELECT count(*) FROM guardian").fetchone() == (2,)
    sound(one, other, twin)
    twin.close()


def test_a_centre_that_was_put_back_is_given_again_what_it_lost(pair: Pair, centre: Centre) -> None:
    one, other = pair
    ask(one)
    quiet(one, other)
    # What a restored dump lacks: the newest entries of one desk, whose file others know of; and it says that it is new.
    with centre.admin() as connection:
        connection.execute("DELETE FROM callcenter.entry WHERE chain = 'A' AND seq > 3")
        connection.execute(
            "UPDATE callcenter.chain SET last_seq = 3,"
            " last_digest = (SELECT digest FROM callcenter.entry WHERE chain = 'A' AND seq = 3) WHERE name = 'A'"
        )
        connection.execute("UPDATE callcenter.centre SET restore_id = gen_random_uuid()")
    one.loop.stop()
    other.loop.stop()
    other.connect()
    quiet(other)
    with centre.admin() as connection:
        recovered = connection.execute("SELECT recovered FROM callcenter.chain WHERE name = 'A'").fetchone()
    assert recovered is not None
    assert recovered[0] > 0
    one.connect()
    ask(one, "010-0000-2222")
    quiet(one, other)
    assert requests(other.desk) == ["A-1124-001", "A-1124-002"]
    sound(one, other)


def test_what_a_cursor_passed_over_is_found_and_fetched(pair: Pair, centre: Centre) -> None:
    one, other = pair
    other.loop.stop()
    ask(one)
    quiet(one)
    with centre.admin() as connection:
        last = connection.execute("SELECT sx::text, n FROM callcenter.entry ORDER BY sx DESC, n DESC").fetchone()
    assert last is not None
    with writing(other.desk.connection):
        joined.set_cursor(other.desk.connection, *last)
    other.connect()
    other.live()
    assert requests(other.desk) == []
    assert other.loop._link is not None
    assert other.loop._exchange is not None
    look = (other._own, other.loop._link, other.loop._exchange, other.clock())
    assert drift.mend(*look) == drift.Mended(3, ())
    assert drift.mend(*look) == drift.Mended(0, ())
    sound(one, other)


def test_an_entry_that_the_centre_cannot_take_is_set_aside_and_the_others_go_on(pair: Pair) -> None:
    one, other = pair
    ask(one)
    with writing(one.desk.connection):
        one.desk.connection.execute("UPDATE entry SET body = '{\"broken\": 1}' WHERE kind = 'guardian.added'")
    one.live()
    reasons = one.desk.connection.execute("SELECT way, reason FROM parked").fetchall()
    assert reasons == [("out", "body")]
    quiet(other)
    assert requests(other.desk) == ["A-1124-001"]


def test_a_wrong_password_and_a_revoked_desk_are_told_apart(pair: Pair, centre: Centre) -> None:
    one, _other = pair
    one.loop.stop()
    right = one.file.password
    one.connect(password="wrong")
    one.until(lambda: isinstance(one.loop.state.problem, WrongPassword))
    one.connect(password=right)
    one.live()
    with centre.admin() as connection:
        connection.execute("UPDATE callcenter.desk SET revoked = now() WHERE name = 'A'")
    one.until(lambda: one.loop.state.state == "offline")
    one.until(lambda: isinstance(one.loop.state.problem, DeskRevoked))


def test_somebody_of_the_desk_can_write_while_much_comes_in(pair: Pair) -> None:
    one, other = pair
    for number in range(20):
        ask(one, f"010-0000-5{number:03}")
    one.live()
    written: list[int] = []

    def operator_writes() -> None:
        ask(other, f"010-0000-6{len(written):03}")
        written.append(1)

    other.loop._breathe = operator_writes  # type: ignore[method-assign]  # between any two local transactions
    quiet(other)
    assert written
    quiet(one, other)
    sound(one, other)
