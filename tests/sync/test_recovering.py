"""What the centre lost is brought back, whatever it refuses meanwhile; no state of the link lasts for ever."""

import socket
import struct
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from threading import Thread

import pytest

from callcenter.desk.guardians import erase_guardian
from callcenter.journal.history import rebuild
from callcenter.reference import Reference
from callcenter.store import joined as kept
from callcenter.store.entries import chain_here
from callcenter.store.transactions import writing
from callcenter.sync import drift, incarnation, outgoing
from callcenter.sync.link import open_link
from callcenter.sync.problems import CentreSilent, ChainMoved
from tests.conftest import SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import ONE_PLACE
from tests.patience import PATIENCE
from tests.sync.conftest import Centre
from tests.sync.desks import Clock, Joined, dump, join, quiet
from tests.sync.test_connection_file import MADE
from tests.sync.test_exchange import ask

Pair = tuple[Joined, Joined]
KEPT = 3
_REFUSING = """
    CREATE FUNCTION public.refuse() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
        IF (SELECT count(DISTINCT at) FROM added WHERE chain = 'A') {limit} THEN
            RAISE EXCEPTION 'refused' USING ERRCODE = '{state}';
        END IF;
        RETURN NULL;
    END $$;
    CREATE TRIGGER refuse AFTER INSERT ON callcenter.entry REFERENCING NEW TABLE AS added
    FOR EACH STATEMENT EXECUTE FUNCTION public.refuse();
"""


@pytest.fixture
def pair(tmp_path: Path, data: Reference, centre: Centre) -> Iterator[Pair]:
    clock = Clock()
    one, other = join(tmp_path, data, centre.add("A"), clock=clock), join(tmp_path, data, centre.add("B"), clock=clock)
    wishes.have(one.desk, ONE_PLACE)
    quiet(one, other)
    for number in range(4):
        ask(one, f"010-0000-100{number}")
    quiet(one, other)
    yield one, other
    one.close()
    other.close()


def lose(centre: Centre, digest: str = "(SELECT digest FROM callcenter.entry WHERE chain = 'A' AND seq = 3)") -> None:
    """The centre loses all but the first entries of desk A."""
    with centre.admin() as connection:
        connection.execute(f"DELETE FROM callcenter.entry WHERE chain = 'A' AND seq > {KEPT}".encode())
        lost = f"UPDATE callcenter.chain SET last_seq = {KEPT}, last_digest = {digest} WHERE name = 'A'"
        connection.execute(lost.encode())


def held(centre: Centre) -> int:
    """How far the centre has the chain of desk A."""
    # Over a connection that ends with it: it is asked often.
    with centre.server.connect(centre.database) as connection:
        row = connection.execute("SELECT last_seq FROM callcenter.chain WHERE name = 'A'").fetchone()
    assert row is not None
    return int(row[0])


def written(one: Joined) -> int:
    row = one.desk.connection.execute("SELECT max(seq) FROM entry WHERE desk = 'A'").fetchone()
    return int(row[0])


@pytest.mark.parametrize("state", ["57014", "54000"])
def test_too_much_at_once_is_brought_back_in_smaller_pieces(pair: Pair, centre: Centre, state: str) -> None:
    one, other = pair
    one.loop.stop()
    other.loop.stop()
    lose(centre)
    with centre.admin() as connection:
        connection.execute("UPDATE callcenter.centre SET restore_id = gen_random_uuid()")
        connection.execute(_REFUSING.format(limit="> 1", state=state).encode())
    other.connect()
    other.until(lambda: other.loop.state.state == "live")
    assert held(centre) == written(one)


def test_what_the_centre_never_takes_does_not_keep_the_desk_from_all_the_rest(pair: Pair, centre: Centre) -> None:
    one, other = pair
    one.loop.stop()
    other.loop.stop()
    lose(centre)
    with centre.admin() as connection:
        connection.execute("UPDATE callcenter.centre SET restore_id = gen_random_uuid()")
        connection.execute(_REFUSING.format(limit="> 0", state="54000").encode())
    other.connect()
    other.until(lambda: other.loop.state.state == "live")
    assert held(centre) == KEPT


def test_what_is_found_missing_by_the_hour_is_brought_back_then(pair: Pair, centre: Centre) -> None:
    one, other = pair
    one.loop.stop()
    lose(centre)
    other.loop._due["drift"] = 0.0
    other.until(lambda: held(centre) == written(one))


def test_who_was_erased_is_told_again_after_a_push_of_which_nothing_was_stored(pair: Pair, centre: Centre) -> None:
    one, other = pair
    one.loop.stop()
    guardian = other.desk.connection.execute("SELECT guardian_id FROM request").fetchone()[0]
    erase_guardian(other.desk, SUPERVISOR, other.clock(), guardian, "requested")
    told = kept.emptied(other.desk.connection, 1000)
    assert told
    # Its chain goes on otherwise at the centre.
    lose(centre, "decode(repeat('11', 32), 'hex')")
    exchange = other.loop._exchange
    assert exchange is not None
    batch = outgoing.next_batch(other.desk.connection, "A", KEPT)
    argument = outgoing.push_argument(other.desk, "A", batch, recovered=True)
    assert exchange.pushing._pushed(argument)["fork"]
    assert kept.emptied(other.desk.connection, 1000) == told


def test_of_two_programs_that_take_a_new_chain_the_second_leaves_what_the_first_wrote(
    tmp_path: Path, data: Reference
) -> None:
    one = join(tmp_path, data, replace(MADE, host="127.0.0.1"))
    with writing(one.desk.connection):
        kept.set_cursor(one.desk.connection, "70", 7)
    assert incarnation.incarnate(one.desk, "A", "A~2", 0) > 0
    row = kept.joined(one.desk.connection)
    # What a copy of the file wrote was passed over as our own; a power cut here must not leave it so.
    assert row is not None
    assert (row.sx, row.n) == ("0", 0)
    with pytest.raises(ChainMoved):
        incarnation.incarnate(one.desk, "A", "A~3", 0)
    assert chain_here(one.desk.connection) == "A~2"
    one.close()


def test_a_desk_that_nobody_can_tell_how_much_will_come_catches_up_all_the_same(
    tmp_path: Path, data: Reference, centre: Centre
) -> None:
    file = centre.add("A")
    with centre.admin() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION callcenter.hashes(since_ms bigint)"
            " RETURNS TABLE (bucket int, many bigint, total numeric) LANGUAGE sql VOLATILE SECURITY DEFINER"
            " AS 'SELECT 0, 0::bigint, 0::numeric FROM pg_sleep(4.5)'"
        )
    one = join(tmp_path, data, file)
    one.until(lambda: one.loop.state.state == "live")
    one.close()


def _says_nothing_after_the_greeting(listener: socket.socket) -> None:
    """A server that lets everybody in and then answers nothing."""
    taken = []
    told = {"server_version": "15.0", "in_hot_standby": "off", "default_transaction_read_only": "off"}
    while True:
        try:
            line = listener.accept()[0]
        except OSError:
            break
        taken.append(line)
        line.recv(4096)
        parts = [(b"R", struct.pack("!i", 0)), (b"K", struct.pack("!ii", 1, 1))]
        parts += [(b"S", f"{name}\0{value}\0".encode()) for name, value in told.items()]
        parts.append((b"Z", b"I"))
        line.sendall(b"".join(kind + struct.pack("!i", len(body) + 4) + body for kind, body in parts))
    for line in taken:
        line.close()


def test_a_server_that_falls_silent_right_after_the_greeting_is_given_up() -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = Thread(target=_says_nothing_after_the_greeting, args=(listener,), daemon=True)
        thread.start()
        file = replace(MADE, host="127.0.0.1", port=listener.getsockname()[1], password="x")
        with pytest.raises(CentreSilent):
            open_link(file)
        listener.shutdown(socket.SHUT_RDWR)
    thread.join(PATIENCE)
    assert not thread.is_alive()


def test_what_is_folded_after_a_new_chain_is_what_a_rebuild_makes_of_it(pair: Pair) -> None:
    one, _other = pair
    guardian = one.desk.connection.execute("SELECT guardian_id FROM request").fetchone()[0]
    erase_guardian(one.desk, SUPERVISOR, one.clock(), guardian, "requested")
    ask(one)
    assert incarnation.incarnate(one.desk, "A", "A~2", KEPT) > 0
    folded = dump(one.desk)
    erased = "SELECT DISTINCT desk FROM erased_subject"
    assert one.desk.connection.execute(erased).fetchall() == [("A~2",)]
    with writing(one.desk.connection):
        rebuild(one.desk.connection)
    assert dump(one.desk) == folded


def test_a_centre_too_large_to_be_compared_in_time_is_asked_for_less_the_next_time(pair: Pair, centre: Centre) -> None:
    one, _other = pair
    with centre.admin() as connection:
        connection.execute(
            "CREATE OR REPLACE FUNCTION callcenter.hashes(since_ms bigint) RETURNS TABLE (bucket int, many bigint,"
            " total numeric) LANGUAGE plpgsql AS $$ BEGIN RAISE query_canceled; END $$"
        )
    one.loop.stop()
    one.connect()
    one.until(lambda: one.loop.state.live)
    one.loop._due["drift"] = 0.0
    one.step(1)
    assert one.loop.state.live
    assert one.loop._looked_back == drift.LOOKED_BACK / 2
