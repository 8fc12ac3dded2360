"""Several handles on one file want the same place, or the same call, at the same moment."""

import multiprocessing
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Barrier, Thread

from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import TakenAlready, take_call
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import make_offer, make_offers
from callcenter.desk.permission import TELEPHONE, Actor
from callcenter.desk.session import Desk, open_desk
from callcenter.errors import CallcenterError
from callcenter.reference import Reference, data_folder, load
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CENTRE, ONE_PLACE, SLOTS, state, take, taken

ROUNDS = 4


def attempt(desk: Desk, request_id: str) -> str:
    try:
        make_offer(desk, OPERATOR, NOW, request_id, ONE_PLACE.id)
    except CallcenterError as refusal:
        return refusal.code
    return "made"


def _threads(desk: Desk, data: Reference, requests: list[str]) -> list[str]:
    """Each request is offered by a handle of its own, all at once; what came of each."""
    outcomes: list[str] = []
    together = Barrier(len(requests))

    def work(request_id: str) -> None:
        with closing(open_desk(desk.path, data)) as own:
            together.wait()
            outcomes.append(attempt(own, request_id))

    workers = [Thread(target=work, args=(request_id,)) for request_id in requests]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return outcomes


def test_threads_that_race_for_the_last_place(desk: Desk, data: Reference) -> None:
    for night in range(ROUNDS):
        moved = {"start": wishes.START + timedelta(days=night), "end": wishes.END + timedelta(days=night)}
        requests = [take(desk, **moved).request_id for _ in range(3)]
        before = wishes.entries(desk.connection)
        assert sorted(_threads(desk, data, requests)) == ["made", "no_place_left", "no_place_left"]
        assert wishes.kinds(desk, before) == ["offer.made"]
        assert len(taken(desk)) == SLOTS * (night + 1)
        assert sorted(state(desk, request_id) for request_id in requests) == ["offered", "open", "open"]


def test_threads_that_offer_the_same_request(desk: Desk, data: Reference) -> None:
    request_id = take(desk).request_id
    assert sorted(_threads(desk, data, [request_id] * 3)) == ["made", "transition", "transition"]
    assert len(taken(desk)) == SLOTS


def _takers(desk: Desk, data: Reference, call_id: str) -> dict[str, str]:
    """Three operators take a call at once, each at a console of their own; what each was told."""
    told: dict[str, str] = {}
    operators = [Actor(name, "operator") for name in ("김상담", "이상담", "박상담")]
    together = Barrier(len(operators))

    def work(actor: Actor) -> None:
        with closing(open_desk(desk.path, data)) as own:
            together.wait()
            try:
                take_call(own, actor, NOW, call_id)
                told[actor.name] = "taken"
            except TakenAlready as refusal:
                told[actor.name] = str(refusal)

    workers = [Thread(target=work, args=(actor,)) for actor in operators]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return told


def test_threads_that_take_the_same_call(desk: Desk, data: Reference) -> None:
    for serial in range(ROUNDS):
        event = CallEvent(f"c{serial}", "ringing", NOW, caller="010-0000-1234")
        call_id = receive_event(desk, TELEPHONE, NOW, event).call_id
        told = _takers(desk, data, call_id)
        (winner,) = [name for name, outcome in told.items() if outcome == "taken"]
        call = reads.call(desk.connection, call_id)
        assert call is not None
        assert (call.operator, call.state) == (winner, "talking")
        assert len(told) == 3
        assert all(winner in outcome for name, outcome in told.items() if name != winner)


def _process(path: Path, requests: list[str], line: Connection) -> None:
    with closing(open_desk(path, load(data_folder()))) as desk:
        line.send("ready")
        line.recv()
        line.send([attempt(desk, request_id) for request_id in requests])


def _accepting(path: Path, offers: list[str], line: Connection) -> None:
    """Say that each of these was accepted; what came of it."""
    told = []
    with closing(open_desk(path, load(data_folder()))) as desk:
        line.send("ready")
        line.recv()
        for offer_id in offers:
            try:
                answer_offer(desk, OPERATOR, NOW, offer_id, "accepted")
                told.append("accepted")
            except CallcenterError as refusal:
                told.append(refusal.code)
        line.send(told)


def test_processes_that_accept_two_parallel_offers_of_the_same_children(desk: Desk) -> None:
    requests = [
        take(desk, start=wishes.START + timedelta(days=day), end=wishes.END + timedelta(days=day)).request_id
        for day in range(12)
    ]
    pairs = []
    for request_id in requests:
        made = make_offers(desk, OPERATOR, NOW, request_id, [(CENTRE.id, 1), (ONE_PLACE.id, 2)])
        pairs.append([one.offer_id for one in made])
    outcomes = _side_by_side(desk, _accepting, [list(offers) for offers in zip(*pairs, strict=True)])
    for one, other in zip(*outcomes, strict=True):
        assert sorted((one, other)) == ["accepted", "offer_over"]
    # Each request has one place and one provider, whoever was faster.
    assert len(taken(desk)) == SLOTS * len(requests)
    assert {state(desk, request_id) for request_id in requests} == {"accepted"}
    assert desk.connection.execute("SELECT count(*) FROM placement").fetchone() == (len(requests),)


def _side_by_side(
    desk: Desk, work: Callable[[Path, list[str], Connection], None], shares: list[list[str]]
) -> list[list[str]]:
    """Each share is worked on by a process of its own, all at once; what each said of it."""
    context = multiprocessing.get_context("spawn")
    lines, workers = [], []
    for share in shares:
        ours, theirs = context.Pipe()
        lines.append(ours)
        workers.append(context.Process(target=work, args=(desk.path, share, theirs)))
    for worker in workers:
        worker.start()
    assert [line.recv() for line in lines] == ["ready"] * len(lines)
    for line in lines:
        line.send("go")
    outcomes = [line.recv() for line in lines]
    for worker in workers:
        worker.join()
    return outcomes


def test_processes_that_race_for_the_last_place_of_many_evenings(desk: Desk) -> None:
    evenings = [timedelta(days=day) for day in range(12)]
    shares = [
        [take(desk, start=wishes.START + day, end=wishes.END + day).request_id for day in evenings] for _ in range(2)
    ]
    outcomes = _side_by_side(desk, _process, shares)
    for one, other in zip(*outcomes, strict=True):
        assert sorted((one, other)) == ["made", "no_place_left"]
    assert len(taken(desk)) == SLOTS * len(evenings)
