"""Two desks and a centre: what one writes the other has, whatever happened to the line in between."""

import math
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from select import select
from threading import Thread

import pytest

from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import RequestTaken, open_request
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.session import open_desk
from callcenter.journal.history import verify
from callcenter.reference import Reference
from callcenter.store import joined as kept
from callcenter.store import reads
from callcenter.store.engine import data_version, open_writer
from callcenter.store.entries import chain_here
from callcenter.store.transactions import somebody_waits, writing
from callcenter.sync.exchange import Exchange
from callcenter.sync.link import open_link
from callcenter.sync.problems import NoSuchCentre
from tests.conftest import SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import ONE_PLACE, mother, wish
from tests.patience import PATIENCE, soon
from tests.sync.conftest import Centre
from tests.sync.desks import Clock, Joined, dump, join, operator, quiet

Pair = tuple[Joined, Joined]


@pytest.fixture
def pair(tmp_path: Path, data: Reference, centre: Centre) -> Iterator[Pair]:
    clock = Clock()
    one = join(tmp_path, data, centre.add("A"), clock=clock)
    other = join(tmp_path, data, centre.add("B"), clock=clock)
    wishes.have(one.desk, ONE_PLACE)
    quiet(one, other)
    yield one, other
    one.close()
    other.close()


def ask(at: Joined, phone: str = "010-0000-1234") -> RequestTaken:
    """A request for one child this evening."""
    at.clock.ahead(seconds=1)
    return open_request(at.desk, operator(at), at.clock(), wish(guardian=mother(phone)))


def offer(at: Joined, request: str) -> str:
    """The one place there is, offered as a desk does whose link is as it is."""
    at.clock.ahead(seconds=1)
    live = at.loop.state.state == "live"
    desk = replace(at.desk, claim=lambda: "asked" if live else "provisional")
    return make_offer(desk, operator(at), at.clock(), request, ONE_PLACE.id).offer_id


def claim(at: Joined, offer_id: str) -> tuple[str, str]:
    """State and claim of the offer."""
    row = reads.offer(at.desk.connection, offer_id)
    assert row is not None
    return row.state, row.claim


def test_what_one_desk_writes_the_other_has(pair: Pair) -> None:
    one, other = pair
    request = ask(one).request_id
    offered = offer(one, request)
    quiet(one, other)
    assert claim(other, offered) == ("pending", "granted")
    answer_offer(other.desk, operator(other), other.clock(), offered, "accepted")
    quiet(one, other)
    assert claim(one, offered) == ("accepted", "granted")
    assert dump(one.desk) == dump(other.desk)
    assert verify(one.desk.connection)[1] == verify(other.desk.connection)[1] == []


def test_a_place_is_asked_for_before_its_entry_is_pushed(pair: Pair, centre: Centre) -> None:
    one, other = pair
    request = ask(one).request_id
    quiet(one, other)
    offered = offer(one, request)
    exchange = one.loop._exchange
    assert exchange is not None
    outlook = kept.outlook(one.desk.connection)
    assert outlook is not None
    exchange.pushing._claim(outlook, [])
    assert claim(one, offered) == ("pending", "granted")
    leases = "SELECT lease_until IS NULL FROM callcenter.claim WHERE offer_id = %s"
    entries = "SELECT count(*) FROM callcenter.entry WHERE kind = 'offer.made'"
    with centre.admin() as connection:
        assert connection.execute(leases, (offered,)).fetchone() == (False,)
        assert connection.execute(entries).fetchone() == (0,)
        quiet(one, other)
        assert connection.execute(leases, (offered,)).fetchone() == (True,)
        assert connection.execute(entries).fetchone() == (1,)


def test_a_claim_that_a_busy_centre_does_not_answer_is_asked_again_on_the_same_line(pair: Pair, centre: Centre) -> None:
    one, other = pair
    request = ask(one).request_id
    quiet(one, other)
    offered = offer(one, request)
    exchange, outlook = one.loop._exchange, kept.outlook(one.desk.connection)
    assert exchange is not None
    assert outlook is not None
    with centre.admin() as connection, connection.transaction():
        connection.execute("LOCK TABLE callcenter.claim IN EXCLUSIVE MODE")
        exchange.pushing._claim(outlook, [])
    assert claim(one, offered) == ("pending", "asked")
    quiet(one, other)
    assert claim(one, offered) == ("pending", "granted")
    assert one.loop._exchange is exchange


@pytest.mark.parametrize("state", ["40P01", "40001", "55P03", "57014"])
def test_a_claim_that_the_centre_gives_up_is_answered_with_the_push(pair: Pair, centre: Centre, state: str) -> None:
    one, other = pair
    request = ask(one).request_id
    quiet(one, other)
    line = one.loop._exchange
    with centre.admin() as connection:
        # Only the claim that is asked before the push has a time of half a second.
        connection.execute(
            "CREATE FUNCTION give_up() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN"
            " IF current_setting('lock_timeout') = '500ms' THEN"
            f" RAISE EXCEPTION 'given up' USING ERRCODE = '{state}'; END IF; RETURN NULL; END $$".encode()
        )
        connection.execute(
            "CREATE TRIGGER slow AFTER INSERT ON callcenter.place_taken FOR EACH STATEMENT EXECUTE FUNCTION give_up()"
        )
    offered = offer(one, request)
    quiet(one, other)
    assert claim(one, offered) == claim(other, offered) == ("pending", "granted")
    assert one.loop._exchange is line
    assert "given up" in centre.server.log


def test_the_next_push_is_made_ready_while_the_centre_works(pair: Pair) -> None:
    one, other = pair
    exchange = exchange_of(one)
    exchange._memory.batch = 2
    for number in range(4):
        ask(one, f"010-0000-6{number:03}")
    assert exchange.pushing.send()
    ready, row = exchange.pushing._ahead, kept.joined(one.desk.connection)
    assert ready is not None
    assert row is not None
    assert ready.behind == row.acked < ready.batch[0].seq
    # What was written since waits its turn, and what no longer fits is not sent.
    ask(one, "010-0000-6999")
    exchange.pushing._ahead = ready._replace(behind=row.acked - 1, text="{}")
    quiet(one, other)
    assert dump(one.desk) == dump(other.desk)


def test_an_offer_that_changed_since_the_next_push_was_made_ready_is_asked_about_again(
    pair: Pair, centre: Centre
) -> None:
    one, other = pair
    offered = offer(one, ask(one).request_id)
    quiet(one, other)
    undo_offer(other.desk, operator(other), other.clock(), offered)
    exchange = one.loop._exchange
    assert exchange is not None
    exchange._memory.batch = 20
    exchange._memory.unsettled[offered] = None
    for number in range(7):
        ask(one, f"010-0000-6{number:03}")
    assert exchange.pushing.send()
    assert exchange.pushing._ahead is not None
    assert [item["offer"] for item in exchange.pushing._ahead.argument["places"]] == [offered]
    other.live()
    exchange.pulling.take(lambda: None)
    quiet(one, other)
    with centre.admin() as connection:
        assert connection.execute("SELECT offer_id FROM callcenter.place_taken").fetchall() == []


def test_no_place_is_asked_for_twice_while_a_long_queue_goes_out(pair: Pair) -> None:
    one, other = pair
    offered = offer(one, ask(one).request_id)
    exchange = exchange_of(one)
    pushing = exchange.pushing
    exchange._memory.batch = 2
    exchange._memory.unsettled[offered] = None
    for number in range(3):
        ask(one, f"010-0000-6{number:03}")
    asked = []
    while pushing.send():
        asked += [item["offer"] for item in pushing._ahead.argument["places"]] if pushing._ahead else []
    assert asked == [offered]
    quiet(one, other)


def test_the_next_page_is_fetched_while_one_is_folded(pair: Pair) -> None:
    one, other = pair
    for number in range(6):
        ask(one, f"010-0000-6{number:03}")
    one.live()
    exchange = exchange_of(other)
    exchange._memory.page = 10
    first, following = exchange.pulling.take(lambda: None), exchange.pulling._fetched
    assert first.more
    assert following is not None
    assert following.behind == (first.sx, first.n)
    assert exchange.pulling.take(lambda: None) is following.page
    # What was fetched behind another cursor is not what comes next.
    exchange.pulling._fetched = following
    assert exchange.pulling.take(lambda: None) is not following.page
    quiet(one, other)
    assert dump(one.desk) == dump(other.desk)


def test_a_page_is_one_transaction_until_somebody_waits_to_write(pair: Pair) -> None:
    one, other = pair
    taken: list[int] = []
    for waits in (False, True):
        for number in range(6):
            ask(one, f"010-0000-{5 + waits}{number:03}")
        one.live()
        exchange = exchange_of(other)
        # So slow that a few entries take as long as somebody may wait.
        exchange._memory.pace._rate = 0.0
        transactions: list[bool] = []
        with writer_beside(exchange, waits=waits):
            exchange.pulling.take(lambda transactions=transactions: transactions.append(True))  # type: ignore[misc]
        taken.append(len(transactions))
    assert taken == [1, 2]
    quiet(one, other)
    assert dump(one.desk) == dump(other.desk)


@contextmanager
def writer_beside(exchange: Exchange, *, waits: bool) -> Iterator[None]:
    """Somebody who comes to write, if at all, when the first entries are being folded."""
    connection = exchange._desk.connection

    def write() -> None:
        with closing(open_writer(exchange._desk.path)) as beside, writing(beside):
            pass

    thread = Thread(target=write)

    def come(statement: str) -> None:
        if "INSERT INTO entry" in statement and not thread.ident:
            thread.start()
            soon(somebody_waits)

    if not waits:
        yield
        return
    connection.set_trace_callback(come)
    yield
    connection.set_trace_callback(None)
    thread.join()


def exchange_of(joined: Joined) -> Exchange:
    """What the desk and its centre tell each other over the link that stands."""
    assert joined.loop._exchange is not None
    return joined.loop._exchange


def test_two_programs_of_one_desk_speak_to_the_centre_at_once(pair: Pair) -> None:
    one, other = pair
    beside = Joined(open_desk(one.desk.path, one.data), one.file, one.data, one.clock)
    for number in range(4):
        ask(one, f"010-0000-7{number:03}")
        ask(other, f"010-0000-8{number:03}")
        other.live()
        # Both have fetched the same page when the first of them takes it in.
        meanwhile = [True]

        def overtake(meanwhile: list[bool] = meanwhile) -> None:
            if meanwhile.pop() if meanwhile else False:
                one.live()

        beside.loop._breathe = overtake  # type: ignore[method-assign]  # between any two local transactions
        beside.live()
    quiet(one, other, beside)
    assert dump(one.desk) == dump(other.desk)
    assert chain_here(one.desk.connection) == "A"
    beside.close()


def test_of_two_who_want_the_last_place_one_gets_it_and_the_other_is_told_who(pair: Pair, centre: Centre) -> None:
    one, other = pair
    first, second = ask(one).request_id, ask(other, "010-0000-4321").request_id
    quiet(one, other)
    mine, theirs = offer(one, first), offer(other, second)
    one.live()
    other.live()
    assert claim(one, mine) == ("pending", "granted")
    # Nobody had been told: the desk took it back by itself.
    assert claim(other, theirs) == ("withdrawn", "refused")
    row = reads.offer(other.desk.connection, theirs)
    assert row is not None
    assert (row.claim_other, row.claim_desk) == (mine, "A")
    quiet(one, other)
    assert dump(one.desk) == dump(other.desk)
    with centre.admin() as connection:
        held = connection.execute("SELECT DISTINCT offer_id FROM callcenter.place_taken").fetchall()
    assert held == [(mine,)]


def test_a_place_given_back_is_free_for_the_offer_made_next(pair: Pair) -> None:
    one, other = pair
    first, second = ask(one).request_id, ask(one, "010-0000-4321").request_id
    mine = offer(one, first)
    quiet(one, other)
    undo_offer(one.desk, operator(one), one.clock(), mine)
    again = offer(one, second)
    quiet(one, other)
    assert claim(other, mine)[0] == "undone"
    assert claim(other, again) == ("pending", "granted")
    assert dump(one.desk) == dump(other.desk)


def test_two_desks_without_a_line_take_one_place_and_one_of_them_is_a_conflict(pair: Pair) -> None:
    one, other = pair
    one.loop.stop()
    other.loop.stop()
    mine = offer(one, ask(one).request_id)
    theirs = offer(other, ask(other, "010-0000-4321").request_id)
    answer_offer(other.desk, operator(other), other.clock(), theirs, "accepted")
    assert claim(one, mine)[1] == claim(other, theirs)[1] == "provisional"
    other.connect()
    other.live()
    assert claim(other, theirs) == ("accepted", "granted")
    one.connect()
    quiet(one, other)
    # A machine cancels nothing that somebody may have been told of.
    assert claim(one, mine) == ("pending", "refused")
    assert dump(one.desk) == dump(other.desk)
    # Once the other gives its place back, this one has it without anybody asking.
    answer_offer(other.desk, operator(other), other.clock(), theirs, "withdrawn")
    quiet(one, other)
    assert claim(one, mine) == ("pending", "granted")
    assert dump(one.desk) == dump(other.desk)


def test_who_is_erased_at_one_desk_is_erased_at_the_other_and_at_the_centre(pair: Pair, centre: Centre) -> None:
    one, other = pair
    request = ask(one).request_id
    quiet(one, other)
    guardian = reads.request(other.desk.connection, request)
    assert guardian is not None
    erase_guardian(other.desk, SUPERVISOR, other.clock(), guardian.guardian_id, "requested")
    quiet(one, other)
    assert reads.guardian(one.desk.connection, guardian.guardian_id) is None
    assert dump(one.desk) == dump(other.desk)
    with centre.admin() as connection:
        bodies = connection.execute("SELECT body FROM callcenter.entry WHERE body LIKE '%%박하나%%'").fetchall()
    assert bodies == []


def test_a_quiet_link_writes_nothing(pair: Pair) -> None:
    one, _other = pair
    # But for the beat, whose time may come meanwhile.
    one.loop._due["beat"] = math.inf
    before = data_version(one.desk.connection)
    one.step(50)
    assert data_version(one.desk.connection) == before


def test_an_older_centre_does_all_that_it_knows(pair: Pair, centre: Centre) -> None:
    one, other = pair
    with centre.admin() as connection:
        for function in ("work(jsonb)", "claim(jsonb)", "hashes(bigint)"):
            connection.execute(f"DROP FUNCTION callcenter.{function}")
    one.loop.stop()
    one.connect()
    offered = offer(one, ask(one).request_id)
    quiet(one, other)
    assert claim(other, offered) == ("pending", "granted")
    assert isinstance(one.loop.state.problem, NoSuchCentre)
    assert one.loop.state.live


def test_a_desk_is_not_rung_for_what_it_said_itself(centre: Centre) -> None:
    with closing(open_link(centre.add("A"))) as ours, closing(open_link(centre.add("B"))) as theirs:
        for link, chain in ((ours, "A"), (theirs, "B")):
            link.call("hello", {"chain": chain, "last_seq": 0, "last_digest": None})
        assert ours.bell is not None
        ours.call("push", {"chain": "A", "entries": []})
        # It does come, to everybody who listens.
        assert select([ours.bell], [], [], PATIENCE)[0]
        assert ours.rings() == set()
        theirs.call("push", {"chain": "B", "entries": []})
        assert select([ours.bell], [], [], PATIENCE)[0]
        assert ours.rings() == {""}
