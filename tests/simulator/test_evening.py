"""A living evening, played in virtual time and once in a process of its own."""

import time
from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice, takewhile
from pathlib import Path
from random import Random

import pytest

from callcenter.care.calendar import SEOUL
from callcenter.desk.calls import take_call
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.requests import cancel_request
from callcenter.desk.session import Desk, open_desk
from callcenter.journal import history
from callcenter.reference import Reference
from callcenter.simulator.clock import SimulatedClock, demo_start
from callcenter.simulator.evening import Evening
from callcenter.simulator.evening_process import beside
from callcenter.simulator.happenings import Answers, Asks, GivesUp, Happening, Rings, events, reply
from callcenter.simulator.stories import OPERATOR, offer_best
from callcenter.store import callbacks, calls, reads
from tests.patience import soon
from tests.simulator.conftest import NOW
from tests.simulator.invariants import broken


def play(evening: Evening, length: timedelta, step: timedelta = timedelta(seconds=15)) -> None:
    now = evening.start
    while now < evening.start + length:
        now += step
        evening.play(now)


def test_two_hours_leave_a_sound_desk(demo: Desk) -> None:
    before = len(list(history.entries(demo.connection)))
    evening = Evening(demo, seed=7, start=NOW)
    play(evening, timedelta(hours=2))
    assert broken(demo.connection) == {}
    kinds = Counter(entry.kind for entry in islice(history.entries(demo.connection), before, None))
    assert 60 < kinds["call.rang"] + kinds["request.opened"] < 260
    assert kinds["callback.missed"] >= 5
    assert kinds["offer.made"] >= 10
    assert kinds["offer.answered"] >= 10
    assert kinds["offer.confirmed"] >= 5
    still = reads.pending_offers(demo.connection)
    assert all(offer.expires_at > (NOW + timedelta(hours=2, minutes=-3)).timestamp() for offer in still)


def test_the_same_seed_plays_the_same_evening(demo_path: Path, data: Reference, tmp_path: Path) -> None:
    def played(name: str, seed: int) -> list[tuple[str, int, str | None]]:
        path = tmp_path / name
        path.write_bytes(demo_path.read_bytes())
        desk = open_desk(path, data, Random(1).randbytes)
        play(Evening(desk, seed, NOW), timedelta(minutes=40))
        entries = [(entry.kind, entry.at, entry.body) for entry in history.entries(desk.connection)]
        desk.close()
        return entries

    assert played("one.db", 7) == played("two.db", 7)
    assert played("three.db", 8) != played("two.db", 7)


def test_providers_accept_as_often_as_carers_did_in_2025(demo: Desk, data: Reference) -> None:
    offer = reads.pending_offers(demo.connection)[0]
    replies = [
        reply(7, offer._replace(number=f"A-1124-{number}", places_known=number % 2 == 1)) for number in range(3000)
    ]
    answers = Counter(one.answer for one in replies)
    assert 0.54 < answers["accepted"] / 3000 < 0.60
    assert min(answers["declined"], answers["no_answer"]) > 300
    for number, one in enumerate(replies):
        assert (one.reason is not None) == (one.answer == "declined")
        assert one.reason is None or data.refusals[one.reason].use == "answer"
        assert one.free is None or number % 2 == 0


def test_what_the_operator_does_first_is_left_as_it_is(demo: Desk) -> None:
    first, second = reads.pending_offers(demo.connection)
    answer_offer(demo, OPERATOR, NOW, first.id, "declined", reason="full")
    cancel_request(demo, OPERATOR, NOW, second.request_id, "withdrawn")
    play(Evening(demo, seed=7, start=NOW, calls_an_hour=1), timedelta(minutes=30))
    answered = reads.offer(demo.connection, first.id)
    cancelled = reads.request(demo.connection, second.request_id)
    assert answered is not None
    assert cancelled is not None
    assert (answered.state, answered.answer) == ("declined", "full")
    assert cancelled.state == "cancelled"


def test_an_offer_of_the_operator_gets_its_answer(demo: Desk) -> None:
    request_id = next(row[0] for row in demo.connection.execute("SELECT id FROM request WHERE state = 'matching'"))
    offer_id = offer_best(demo, OPERATOR, NOW, request_id)
    assert offer_id is not None
    play(Evening(demo, seed=7, start=NOW, calls_an_hour=1), timedelta(minutes=13))
    offer = reads.offer(demo.connection, offer_id)
    assert offer is not None
    assert offer.state in ("accepted", "declined", "no_answer")


def test_a_refusal_met_on_the_way_is_counted_and_the_evening_goes_on(
    demo: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    evening = Evening(demo, seed=7, start=NOW)
    stale = reads.pending_offers(demo.connection)
    answer_offer(demo, OPERATOR, NOW, stale[0].id, "accepted")
    monkeypatch.setattr(reads, "pending_offers", lambda _connection: stale)
    play(evening, timedelta(minutes=5))
    assert evening.met["transition"] >= 1
    assert evening.played > 0


def minutes_of(stream: Iterator[tuple[datetime, Happening]], start: datetime, hours: int) -> list[datetime]:
    until = start + timedelta(hours=hours)
    return [
        at for at, what in takewhile(lambda event: event[0] < until, stream) if not isinstance(what, Rings | Answers)
    ]


def test_arrivals_come_in_order_at_the_rate_of_the_hour(data: Reference) -> None:
    busy = minutes_of(events(Random(1), data, NOW), NOW, 3)
    night = NOW.replace(hour=1)
    quiet = minutes_of(events(Random(1), data, night), night, 3)
    assert busy == sorted(busy)
    assert 70 < len(busy) < 200
    assert len(quiet) < len(busy) / 4


def test_a_call_is_over_before_the_next_one_rings(data: Reference) -> None:
    ringing = talking = False
    met = set()
    for _at, what in islice(events(Random(2), data, NOW, calls_an_hour=600), 400):
        met.add(type(what).__name__)
        if isinstance(what, Rings):
            assert not ringing
            assert not talking
            ringing = True
        elif isinstance(what, Answers | GivesUp):
            assert ringing
            ringing, talking = False, isinstance(what, Answers)
        elif not (isinstance(what, Asks) and what.wish.channel == "platform"):
            assert talking
            talking = False
    assert met == {"Rings", "Answers", "GivesUp", "Asks", "Enquires", "HangsUp"}


def rung(evening: Evening, demo: Desk, minutes: int = 30) -> tuple[datetime, str]:
    """Play until a call rings; when, and which."""
    now = evening.start
    while now < evening.start + timedelta(minutes=minutes):
        now += timedelta(seconds=2)
        evening.play(now)
        found = [call for call in calls.open_calls(demo.connection) if call.state == "ringing"]
        if found:
            return now, found[0].id
    raise AssertionError("nothing rang")


def test_a_call_that_the_operator_takes_is_left_to_the_operator_until_the_caller_hangs_up(demo: Desk) -> None:
    evening = Evening(demo, seed=7, start=NOW)
    now, call_id = rung(evening, demo)
    take_call(demo, OPERATOR, now, call_id)
    states: list[str] = []
    for second in range(0, 300, 10):
        evening.play(now + timedelta(seconds=second))
        row = reads.call(demo.connection, call_id)
        assert row is not None
        assert row.operator == OPERATOR.name
        if not states or states[-1] != row.state:
            states.append(row.state)
    assert states == ["talking", "wrap_up"]


def test_the_demo_begins_with_call_backs_that_are_owed(demo: Desk) -> None:
    rows = callbacks.waiting(demo.connection)
    assert {row.kind for row in rows} >= {"missed", "promised"}
    assert max(row.calls for row in rows if row.kind == "missed") == 2


def test_the_evening_runs_in_its_own_process_and_ends_with_ours(demo_path: Path, data: Reference) -> None:
    start = SimulatedClock(NOW, time.time(), speed=300)
    desk = open_desk(demo_path, data)
    before = desk.connection.execute("SELECT count(*) FROM request").fetchone()[0]
    with beside(demo_path, seed=7, clock=start) as log:
        soon(lambda: desk.connection.execute("SELECT count(*) FROM request").fetchone()[0] >= before + 3)
    assert log.read_text(encoding="utf-8") == ""
    settled = desk.connection.execute("SELECT max(hlc) FROM entry").fetchone()
    time.sleep(0.5)
    assert desk.connection.execute("SELECT max(hlc) FROM entry").fetchone() == settled
    assert broken(desk.connection) == {}
    desk.close()


def test_two_clocks_made_alike_show_the_same_time() -> None:
    wall = 1_000.0
    clocks = [SimulatedClock(NOW, 400.0, 4.0, lambda: wall) for _ in range(2)]
    assert clocks[0].now() == clocks[1].now() == NOW + timedelta(minutes=40)


@pytest.mark.parametrize(
    ("today", "begins"),
    [
        ("2026-11-24T09:00", "2026-11-24"),
        ("2026-11-22T09:00", "2026-11-20"),
        ("2026-09-26T09:00", "2026-09-23"),  # the weekend of 추석
    ],
)
def test_a_demo_begins_on_an_ordinary_weekday(data: Reference, today: str, begins: str) -> None:
    now = datetime.fromisoformat(today).replace(tzinfo=SEOUL)
    assert demo_start(data.calendar, now) == datetime.fromisoformat(f"{begins}T18:20").replace(tzinfo=SEOUL)
