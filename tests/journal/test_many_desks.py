"""Several desks at work on the same families and providers, whose journals meet in any order."""

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any, NamedTuple

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from callcenter.care.lifecycle import OFFER
from callcenter.desk.care_admission import AtTheDoor, admit, turn_away
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_extension import extend_stay
from callcenter.desk.care_telling import release_places
from callcenter.desk.corrections import correct, steps
from callcenter.desk.guardians import erase_guardian
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import answer_offer, confirm_request
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.providers import confirm_places, record_providers
from callcenter.desk.requests import (
    add_note,
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    reopen_request,
    resume_request,
)
from callcenter.desk.reservations import reserve_places
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.errors import CallcenterError
from callcenter.reference import Reference
from callcenter.store import reads
from tests.conftest import NOW, SUPERVISOR
from tests.desk import wishes
from tests.journal.together import agree, exchange

NAMES = ("A", "B", "C", "D")
PROVIDERS = (wishes.ONE_PLACE, wishes.CENTRE, wishes.CARER)
LATER = wishes.END + timedelta(hours=1)


class Beginning(NamedTuple):
    """Four desks' files, and the reference data, with a short name for the report of a failed example."""

    folder: Path
    data: Reference

    def __repr__(self) -> str:
        return "Beginning()"


@pytest.fixture(scope="module")
def beginning(tmp_path_factory: pytest.TempPathFactory, data: Reference) -> Beginning:
    """Four desks' files, each with the providers as it recorded them itself, and with the same three requests."""
    folder = tmp_path_factory.mktemp("beginning")
    desks = []
    for number, name in enumerate(NAMES):
        entropy = Random(number).randbytes
        path = folder / f"{name}.db"
        made = init_desk(
            path, data, NOW, name=name, programs=["gyeongsan-119"], supervisor=SUPERVISOR.name, entropy=entropy
        )
        wishes.have(made, *PROVIDERS)
        desks.append(made)
    guardian = wishes.mother()
    wishes.take(desks[0], wishes.child(), guardian=guardian)
    wishes.take(desks[1], wishes.child(), wishes.child("박여름", "2019-07-07"), guardian=wishes.mother("010-0000-2222"))
    wishes.take(desks[2], wishes.child("박겨울"), guardian=wishes.mother("010-0000-3333"))
    exchange([desk.connection for desk in desks], Random(1))
    agree([desk.connection for desk in desks])
    for desk in desks:
        desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        desk.close()
    return Beginning(folder, data)


@contextmanager
def at_work(beginning: Beginning, folder: Path, count: int) -> Iterator[list[Desk]]:
    """So many of the desks, in files of their own."""
    desks = []
    for number, name in enumerate(NAMES[:count]):
        path = folder / f"{name}.db"
        shutil.copyfile(beginning.folder / path.name, path)
        desks.append(open_desk(path, beginning.data, Random(100 + number).randbytes))
    try:
        yield desks
    finally:
        for desk in desks:
            desk.close()


class Work:
    """What operators try at their desks; what a desk refuses in words is not done."""

    def __init__(self, desks: Sequence[Desk]) -> None:
        self.desks = desks
        self.now = NOW
        self.done: set[str] = set()

    def attempt(self, desk: Desk, step: Callable[..., object], *args: object) -> None:
        with suppress(CallcenterError):
            step(desk, SUPERVISOR, self.now, *args)
            self.done.add(step.__name__)

    def do(self, at: int, what: str, pick: int, later: timedelta) -> None:
        desk = self.desks[at % len(self.desks)]
        self.now += later
        requests = [row[0] for row in desk.connection.execute("SELECT id FROM request ORDER BY id")]
        request = requests[pick % len(requests)]
        live = [one.id for one in reads.live_offers(desk.connection, request)]
        children = [one.id for one in reads.children_of_request(desk.connection, request)]
        offer, child = live[pick % len(live)] if live else "", children[0] if children else ""
        provider = PROVIDERS[pick // 3 % len(PROVIDERS)].id
        seen = AtTheDoor(temperature=390 if pick % 5 == 0 else 366)
        tried: dict[str, tuple[Any, ...]] = {
            "offer": (make_offer, request, provider),
            "reserve": (reserve_places, request, provider),
            "accept": (answer_offer, offer, "accepted"),
            "decline": (answer_offer, offer, "declined"),
            "withdraw": (answer_offer, offer, "withdrawn"),
            "undo": (undo_offer, offer),
            "confirm": (confirm_request, request),
            "cancel": (cancel_request, request, "withdrawn"),
            "hold": (hold_request, request, self.now + timedelta(minutes=30)),
            "resume": (resume_request, request),
            "unplace": (leave_unplaced, request, "all_full"),
            "reopen": (reopen_request, request),
            "release": (release_places, request, "guardian_refused"),
            "admit": (admit, request, child, seen),
            "turn away": (turn_away, request, child),
            "pick up": (pick_up, request, child, "guardian"),
            "extend": (extend_stay, request, LATER),
            "note": (add_note, request, f"메모 {pick}"),
            "urgency": (amend_request, request, {"urgency": ("normal", "urgent")[pick % 2]}),
            "time": (amend_request, request, {"end_at": int((wishes.END - timedelta(hours=pick % 2)).timestamp())}),
            "places": (confirm_places, f"{wishes.ONE_PLACE.id}/72-155m", 1 + pick % 3),
        }
        if what in tried:
            step, *args = tried[what]
            self.attempt(desk, step, *args)
        elif what == "place":
            self.attempt(desk, make_offer, request, provider)
            for one in reads.live_offers(desk.connection, request)[:1]:
                self.attempt(desk, answer_offer, one.id, "accepted")
            self.attempt(desk, confirm_request, request)
        elif what == "ask":
            self.attempt(
                desk, open_request, wishes.wish(wishes.child("박가람"), guardian=wishes.mother("010-0000-4444"))
            )
        elif what == "record":
            self.attempt(desk, record_providers, [PROVIDERS[0]._replace(name=f"한자리 센터 {pick}")])
        elif what == "erase":
            found = reads.request(desk.connection, request)
            assert found is not None
            self.attempt(desk, erase_guardian, found.guardian_id, "requested")
        elif what == "correct" and (done := steps(desk.connection, request)):
            self.attempt(desk, correct, request, done[0].entries[-1], "wrong_key")
        elif what == "meet":
            other = self.desks[pick % len(self.desks)]
            exchange([desk.connection, other.connection], Random(pick))


EVERYDAY = ("offer", "offer", "accept", "confirm", "place", "place", "meet")
RARER = "reserve decline withdraw undo cancel hold resume unplace reopen release note urgency time places ask record"
CARE = ("admit", "turn away", "pick up", "extend", "erase", "correct")
ACTIONS = (*EVERYDAY, *RARER.split(), *CARE)
step = st.tuples(
    st.integers(0, 3),
    st.sampled_from(ACTIONS),
    st.integers(0, 17),
    st.sampled_from([timedelta(0), timedelta(seconds=3), timedelta(minutes=4), -timedelta(minutes=3)]),
)


@settings(max_examples=25, suppress_health_check=list(HealthCheck))
@given(count=st.integers(2, 4), done=st.lists(step, min_size=3, max_size=30), seed=st.integers(0, 1000))
def test_whatever_desks_do_at_once_their_tables_are_equal_when_they_have_met(
    beginning: Beginning,
    tmp_path_factory: pytest.TempPathFactory,
    count: int,
    done: list[tuple[int, str, int, timedelta]],
    seed: int,
) -> None:
    with at_work(beginning, tmp_path_factory.mktemp("work"), count) as desks:
        work = Work(desks)
        for one in done:
            work.do(*one)
        connections = [desk.connection for desk in desks]
        exchange(connections, Random(seed))
        agree(connections)
        for desk in desks:
            in_one_state(desk)


def test_not_everything_that_desks_try_is_refused(beginning: Beginning, tmp_path: Path) -> None:
    """What is always refused would prove nothing in the examples above."""
    with at_work(beginning, tmp_path, 2) as desks:
        work = Work(desks)
        for pick in range(18):
            work.do(pick, "place", pick, timedelta(0))
        assert work.done >= {"make_offer", "answer_offer", "confirm_request"}


def in_one_state(desk: Desk) -> None:
    """Every request is where its offers are, and only open offers hold places."""
    for (request_id,) in desk.connection.execute("SELECT id FROM request").fetchall():
        found = reads.request(desk.connection, request_id)
        assert found is not None
        live = [one.state for one in reads.live_offers(desk.connection, request_id)]
        placed = desk.connection.execute(
            "SELECT count(*), count(admitted_at) FROM placement WHERE request_id = ?",
            (request_id,),
        ).fetchone()
        match found.state:
            case "offered":
                assert {"pending", "conditional"} & set(live)
            case "confirmed":
                assert placed[0]
            case "accepted":
                assert placed[0]
                assert not {"pending", "conditional"} & set(live)
            case "in_care" | "finished":
                assert placed[1]
            case "cancelled" | "unplaced":
                assert not {"pending", "conditional", "reserved"} & set(live)
            case _:
                assert not {"pending", "conditional"} & set(live)
    held = "SELECT offer_id FROM place_taken UNION SELECT offer_id FROM place_contested"
    sql = f"SELECT DISTINCT o.state FROM offer o WHERE o.id IN ({held})"
    assert {row[0] for row in desk.connection.execute(sql)} <= OFFER.open
