"""Any evening of calls, offers and answers: places and requests always agree, and the journal tells it again.

The machine works on the desk as operators do, through the use cases, refusals included; what must hold is looked up
in the tables after every step.
"""

import shutil
import tempfile
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    rule,
    run_state_machine_as_test,
)

from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.care.provider_record import ProviderRecord
from callcenter.desk.acknowledgements import NotAcknowledged, acknowledge_need, unread
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import Answer, answer_offer, confirm_request
from callcenter.desk.offers import (
    AskedAlready,
    NoPlaceLeft,
    OfferOver,
    RulesForbid,
    UndoTooLate,
    make_offer,
    undo_offer,
)
from callcenter.desk.providers import confirm_places
from callcenter.desk.requests import (
    OfferStands,
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    reopen_request,
    resume_request,
)
from callcenter.desk.reservations import give_back_places, renew_offer, reserve_places
from callcenter.desk.session import Desk, NotFound, open_desk
from callcenter.store import reads
from tests.conftest import NOW, OPERATOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, UNKNOWN
from tests.published import REFERENCE

PROVIDERS = (CENTRE, ONE_PLACE, UNKNOWN, CARER)
LIVE = {"offered": {"pending", "conditional"}, "accepted": {"accepted"}, "confirmed": {"accepted"}}
"""The states of the live offers that a request's state asks for; the other states have no offer, or a kept place."""
RESTING = {"reserved"}
REFUSALS = (
    NotFound,
    TransitionRefusedError,
    NoPlaceLeft,
    RulesForbid,
    UndoTooLate,
    OfferOver,
    OfferStands,
    AskedAlready,
    NotAcknowledged,
)


class Evening(RuleBasedStateMachine):
    fresh: Path
    """A desk's file with the providers, copied for every evening."""
    requests: Bundle[str] = Bundle("requests")

    @initialize()
    def begin(self) -> None:
        self.folder = tempfile.TemporaryDirectory(prefix="callcenter-evening-")
        path = Path(self.folder.name) / "desk.db"
        shutil.copy(self.fresh, path)
        self.desk = open_desk(path, REFERENCE, Random(8).randbytes)
        self.now = NOW

    def teardown(self) -> None:
        if hasattr(self, "desk"):
            wishes.holds(self.desk)
            self.desk.close()
            self.folder.cleanup()

    def attempt(self, step: Callable[..., object], *args: object, **kwargs: object) -> object | None:
        """The step, or nothing: a refusal must not have written anything."""
        before = wishes.entries(self.desk.connection)
        try:
            return step(self.desk, OPERATOR, self.now, *args, **kwargs)
        except REFUSALS:
            assert wishes.entries(self.desk.connection) == before
            return None

    @rule(
        target=requests,
        children=st.integers(1, 3),
        night=st.integers(0, 1),
        later=st.integers(0, 3),
        needs=st.sampled_from([(), (), ("allergy",), ("court_order", "seizure")]),
    )
    def open_request(self, children: int, night: int, later: int, needs: tuple[str, ...]) -> str:
        begins = wishes.START + timedelta(days=night, minutes=30 * later)
        asked = wishes.wish(
            *(wishes.child(f"박새봄{number}", f"2018-0{number + 1}-05", needs=needs) for number in range(children)),
            start=begins,
            end=begins + timedelta(hours=2),
            channel="platform",
        )
        return open_request(self.desk, OPERATOR, self.now, asked).request_id

    @rule(
        request=requests,
        provider=st.sampled_from(PROVIDERS),
        follows=st.sampled_from(["nothing", "undone", "accepted", "confirmed"]),
    )
    def make_offer(self, request: str, provider: ProviderRecord, follows: str) -> None:
        self.attempt(make_offer, request, provider.id)
        if follows == "undone":
            self.undo(request)
        elif follows != "nothing":
            self.answer(request, "accepted", None)
            if follows == "confirmed":
                self.read_what_is_dangerous(request)
                self.confirm(request)

    @rule(request=requests, provider=st.sampled_from(PROVIDERS))
    def ask_beside(self, request: str, provider: ProviderRecord) -> None:
        self.attempt(make_offer, request, provider.id, beside=True)

    @rule(
        request=requests,
        provider=st.sampled_from(PROVIDERS),
        follows=st.sampled_from(["nothing", "renewed", "given up", "offered"]),
    )
    def keep_a_place(self, request: str, provider: ProviderRecord, follows: str) -> None:
        self.attempt(reserve_places, request, provider.id)
        if follows == "renewed":
            self.attempt(renew_offer, self.last_offer(request))
        elif follows == "given up":
            self.attempt(give_back_places, self.last_offer(request))
        elif follows == "offered":
            self.attempt(make_offer, request, provider.id)

    @rule(request=requests, minutes=st.none() | st.integers(0, 30))
    def ring_again(self, request: str, minutes: int | None) -> None:
        until = None if minutes is None else self.now + timedelta(minutes=minutes + 1)
        self.attempt(renew_offer, self.last_offer(request), until)

    @rule(request=requests)
    def read_what_is_dangerous(self, request: str) -> None:
        for item in unread(self.desk, request)[:2]:
            self.attempt(acknowledge_need, item.offer_id, item.child_id, item.need)

    @rule(request=requests)
    def undo_later(self, request: str) -> None:
        self.undo(request)

    @rule(
        request=requests,
        answer=st.sampled_from(
            ["accepted", "accepted", "declined", "no_answer", "busy", "wrong_number", "conditional", "withdrawn"]
        ),
        free=st.none() | st.integers(0, 3),
    )
    def answer_later(self, request: str, answer: Answer, free: int | None) -> None:
        self.answer(request, answer, free)

    @rule(request=requests)
    def confirm_later(self, request: str) -> None:
        self.confirm(request)

    @rule(request=requests, event=st.sampled_from(["cancel", "unplaced", "hold", "resume", "reopen", "amend"]))
    def move(self, request: str, event: str) -> None:
        if event == "cancel":
            self.attempt(cancel_request, request, "withdrawn")
        elif event == "unplaced":
            self.attempt(leave_unplaced, request, "all_full")
        elif event == "hold":
            self.attempt(hold_request, request, self.now + timedelta(minutes=30))
        elif event == "resume":
            self.attempt(resume_request, request)
        elif event == "reopen":
            self.attempt(reopen_request, request)
        else:
            end = "SELECT end_at FROM request WHERE id = ?"
            (was,) = self.desk.connection.execute(end, (request,)).fetchone()
            self.attempt(amend_request, request, {"end_at": was + 1800})

    def undo(self, request: str) -> None:
        self.attempt(undo_offer, self.last_offer(request))

    def answer(self, request: str, answer: Answer, free: int | None) -> None:
        self.attempt(answer_offer, self.last_offer(request), answer, free=free, condition="only until 22:00")

    def confirm(self, request: str) -> None:
        self.attempt(confirm_request, request)

    def last_offer(self, request: str) -> str:
        """The newest offer of the request, over or not; none gives an identifier that nobody has."""
        made = reads.offers_of_request(self.desk.connection, request)
        return made[-1].id if made else "none"

    @rule(provider=st.sampled_from(PROVIDERS), places=st.none() | st.integers(0, 3))
    def places(self, provider: ProviderRecord, places: int | None) -> None:
        confirm_places(self.desk, OPERATOR, self.now, f"{provider.id}/{provider.groups[0].label}", places)

    @rule(seconds=st.sampled_from([1, 9, 11, 600]))
    def time_passes(self, seconds: int) -> None:
        self.now = min(self.now + timedelta(seconds=seconds), _last(wishes.START))

    @invariant()
    def every_place_belongs_to_the_seat_of_one_live_offer(self) -> None:
        if not hasattr(self, "desk"):
            return
        sql = """SELECT r.id, s.group_id, s.place_no, r.start_at / 1800, (r.end_at + 1799) / 1800 - 1
                 FROM request r JOIN offer o ON o.request_id = r.id
                 AND o.state IN ('reserved', 'pending', 'conditional', 'accepted')
                 JOIN offer_seat s ON s.offer_id = o.id GROUP BY 1, 2, 3"""
        wanted = {
            (group, slot, number, request)
            for request, group, number, first, last in self.desk.connection.execute(sql)
            for slot in range(first, last + 1)
        }
        held = self.desk.connection.execute("SELECT group_id, slot, place_no, request_id FROM place_taken").fetchall()
        assert set(held) == wanted
        assert len(held) == len(wanted)

    @invariant()
    def a_request_and_its_live_offers_agree(self) -> None:
        if not hasattr(self, "desk"):
            return
        sql = """SELECT r.state, (SELECT group_concat(state) FROM offer WHERE request_id = r.id
                                  AND state IN ('reserved', 'pending', 'conditional', 'accepted')) FROM request r"""
        for request_state, found in self.desk.connection.execute(sql):
            states = found.split(",") if found else []
            allowed = LIVE.get(request_state, RESTING if request_state == "matching" else set())
            assert set(states) <= allowed, (request_state, states)
            assert (request_state in LIVE) <= bool(states), (request_state, states)
            # Only who is asked can be one of several.
            assert len(states) <= 1 or request_state == "offered", (request_state, states)

    @invariant()
    def each_child_is_placed_by_the_offer_that_was_accepted(self) -> None:
        if not hasattr(self, "desk"):
            return
        placed = self.desk.connection.execute("SELECT offer_id, child_id FROM placement").fetchall()
        sql = "SELECT o.id, s.child_id FROM offer o JOIN offer_seat s ON s.offer_id = o.id WHERE o.state = 'accepted'"
        assert sorted(placed) == sorted(self.desk.connection.execute(sql).fetchall())

    @invariant()
    def nothing_is_confirmed_that_was_not_read_out(self) -> None:
        if not hasattr(self, "desk"):
            return
        sql = "SELECT id FROM request WHERE state = 'confirmed'"
        assert not any(unread(self.desk, one) for (one,) in self.desk.connection.execute(sql))

    @invariant()
    def each_child_of_a_live_offer_has_one_seat(self) -> None:
        if not hasattr(self, "desk"):
            return
        sql = """SELECT (SELECT count(*) FROM request_child WHERE request_id = r.id),
                        (SELECT count(*) FROM offer_seat WHERE offer_id = o.id)
                 FROM request r JOIN offer o ON o.request_id = r.id
                 AND o.state IN ('reserved', 'pending', 'conditional', 'accepted')"""
        for children, seats in self.desk.connection.execute(sql):
            assert children == seats


def _last(start: datetime) -> datetime:
    """Up to when a centre of 수원 may still be offered this evening's care."""
    return start - timedelta(minutes=1)


def test_any_evening(desk: Desk) -> None:
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Evening.fresh = desk.path
    run_state_machine_as_test(
        Evening,
        settings=settings(
            max_examples=40,
            stateful_step_count=40,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
