"""Random operators, providers and clocks through every use case of a request's life.

After each step every child stands in exactly one place, with a clock until it is closed; the places that are taken are
those of live offers; the journal tells all of it again, and the same without what was corrected.
"""

import shutil
import tempfile
from collections.abc import Callable, Iterator
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from callcenter.care.lifecycle import OFFER, REQUEST, RequestEvent, clock_of
from callcenter.care.messages import FIELDS
from callcenter.care.priority import RESERVED_FOR
from callcenter.care.provider_record import GroupRecord, ProviderRecord
from callcenter.care.whereabouts import ENDS, ChildFacts, whereabouts
from callcenter.desk.after import acknowledge_incidents, note_satisfaction, open_complaint, raise_incident
from callcenter.desk.care_admission import AtTheDoor, admit, note_approach, turn_away
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_extension import extend_stay
from callcenter.desk.care_missed import note_early_end, note_no_show
from callcenter.desk.care_telling import note_care_try, note_provider_told, release_places
from callcenter.desk.corrections import REASONS, correct, steps
from callcenter.desk.messages import follow
from callcenter.desk.new_requests import open_request
from callcenter.desk.offer_answers import Answer, answer_offer, confirm_request
from callcenter.desk.offers import make_offer, undo_offer
from callcenter.desk.outbox import note_failed, note_sent, queue_due, take_next
from callcenter.desk.permission import MESSENGER, Actor
from callcenter.desk.queue_plan import PlanTaken, proposal, take_plan, takings, undo_plan
from callcenter.desk.requests import (
    amend_request,
    cancel_request,
    hold_request,
    leave_unplaced,
    reopen_request,
    resume_request,
)
from callcenter.desk.reservations import give_back_places, renew_offer, reserve_places
from callcenter.desk.sending import note_told, send_text
from callcenter.desk.session import Desk, open_desk
from callcenter.errors import CallcenterError
from callcenter.journal import history
from callcenter.store import reads
from callcenter.store.engine import create
from callcenter.store.messages import MessageRow, messages_of_request
from callcenter.store.tables import schema
from callcenter.store.transactions import writing
from callcenter.store.whereabouts import child_facts
from callcenter.text.moments import moment
from tests.conftest import NOW, SUPERVISOR
from tests.desk import wishes
from tests.desk.wishes import CARER, CENTRE, ONE_PLACE, UNKNOWN
from tests.journal.evenings import folded
from tests.published import REFERENCE

SECOND = ONE_PLACE._replace(id="second", name="둘째 센터", groups=(GroupRecord("72-155m", 72, 155, 1),))
ROOMY = CENTRE._replace(id="roomy", name="넓은 센터", groups=(GroupRecord("72-155m", 72, 155, 9),))
PROVIDERS = (ROOMY, CENTRE, ONE_PLACE, SECOND, UNKNOWN, CARER)
ACTORS = (Actor("김상담", "operator"), Actor("박상담", "operator"), SUPERVISOR)

actors = st.sampled_from(ACTORS)
providers = st.sampled_from(PROVIDERS)
picks = st.integers(0, 20)
moves: st.SearchStrategy[RequestEvent] = st.sampled_from(["cancelled", "unplaced", "held", "resumed", "reopened"])
goals = st.sampled_from(["nothing", "nothing", "in_care", "home", "no_show", "held", "released"])


class Lifecycle(RuleBasedStateMachine):
    fresh: Path
    """A desk's file with the providers, copied for every run."""
    requests: Bundle[str] = Bundle("requests")

    @initialize(target=requests, goal=goals)
    def begin(self, goal: str) -> str:
        self.folder = tempfile.TemporaryDirectory(prefix="callcenter-lifecycle-")
        path = Path(self.folder.name) / "desk.db"
        shutil.copy(self.fresh, path)
        # As where text messages leave: each step queues and drops those that go with it.
        self.desk = open_desk(path, REFERENCE, Random(8).randbytes, follow=follow)
        self.now = NOW
        self.done: set[str] = set()
        return self.taken_in(ACTORS[0], 1, 0, False, goal, 0)

    def teardown(self) -> None:
        if not hasattr(self, "desk"):
            return
        wishes.holds(self.desk)
        self.without_what_was_corrected()
        self.desk.close()
        self.folder.cleanup()
        DONE.update(self.done)

    def without_what_was_corrected(self) -> None:
        """A journal that never had the corrected entries nor their corrections folds to the same tables."""
        connection = self.desk.connection
        whole = list(history.entries(connection))
        out = {row[0] for row in connection.execute("SELECT entry_id FROM correction")}
        other = create(Path(self.folder.name) / "other.db", schema())
        with writing(other):
            history.receive(
                other, [entry for entry in whole if entry.id not in out and entry.kind != "entry.corrected"]
            )
        ours, theirs = folded(connection), folded(other)
        del ours["correction"], theirs["correction"]
        assert ours == theirs
        other.close()

    def attempt(self, actor: Actor, step: Callable[..., object], *args: object, **kwargs: object) -> object | None:
        """The step, or nothing: a refusal in words must not have written anything. No two steps are of one moment."""
        self.now += timedelta(milliseconds=7)
        before = wishes.entries(self.desk.connection)
        try:
            result = step(self.desk, actor, self.now, *args, **kwargs)
        except CallcenterError:
            assert wishes.entries(self.desk.connection) == before
            return None
        if wishes.entries(self.desk.connection) > before:
            self.done.add(step.__name__)
        return result

    @rule(
        target=requests,
        actor=actors,
        children=st.integers(1, 3),
        later=st.integers(0, 2),
        promised=st.booleans(),
        goal=goals,
        pick=picks,
    )
    def open_request(self, actor: Actor, children: int, later: int, promised: bool, goal: str, pick: int) -> str:
        return self.taken_in(actor, children, later, promised, goal, pick)

    def taken_in(self, actor: Actor, children: int, later: int, promised: bool, goal: str, pick: int) -> str:
        """A request as it comes in, and what the goal brings about at once."""
        start = wishes.START + timedelta(minutes=30 * later)
        asked = wishes.wish(
            *(wishes.child(f"박새봄{number}", f"2018-0{number + 1}-05") for number in range(children)),
            start=start,
            end=start + timedelta(hours=2),
            channel="platform",
            promised=self.now + timedelta(minutes=20) if promised else None,
        )
        self.now += timedelta(milliseconds=7)
        request = open_request(self.desk, actor, self.now, asked).request_id
        if goal != "nothing":
            self.reach(goal, request, actor, pick)
        return request

    @rule(
        request=requests,
        actor=actors,
        provider=providers,
        beside=st.booleans(),
        part=st.none() | st.integers(1, 7),
        follows=st.sampled_from(["nothing", "nothing", "accepted", "confirmed"]),
    )
    def make_offer(
        self, request: str, actor: Actor, provider: ProviderRecord, beside: bool, part: int | None, follows: str
    ) -> None:
        children = [one.id for one in reads.children_of_request(self.desk.connection, request)]
        chosen = None if part is None else [one for bit, one in enumerate(children) if part >> bit & 1]
        self.attempt(actor, make_offer, request, provider.id, children=chosen, beside=beside)
        if follows != "nothing":
            for offer in reads.live_offers(self.desk.connection, request):
                self.attempt(actor, answer_offer, offer.id, "accepted")
        if follows == "confirmed":
            self.attempt(actor, confirm_request, request)

    @rule(request=requests, actor=actors, pick=picks, seconds=st.sampled_from([0, 0, 11]))
    def undo_offer(self, request: str, actor: Actor, pick: int, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)
        if (offer := self.offer(self.ready(request, "offer_undone"), pick)) is not None:
            self.attempt(actor, undo_offer, offer)

    @rule(
        request=requests,
        actor=actors,
        pick=picks,
        answer=st.sampled_from(["accepted", "accepted", "declined", "no_answer", "withdrawn"]),
        free=st.none() | st.integers(0, 3),
    )
    def answer_offer(self, request: str, actor: Actor, pick: int, answer: Answer, free: int | None) -> None:
        if (offer := self.offer(request, pick)) is not None:
            self.attempt(actor, answer_offer, offer, answer, free=free)

    @rule(
        request=requests,
        actor=actors,
        provider=providers,
        follows=st.sampled_from(["nothing", "renewed", "given back", "asked", "forgotten"]),
    )
    def keep_a_place(self, request: str, actor: Actor, provider: ProviderRecord, follows: str) -> None:
        """A place is kept while the guardian thinks, and then not, or asked for, or nobody comes back to it."""
        request = self.ready(request, "reserved")
        self.attempt(actor, reserve_places, request, provider.id)
        kept = [one.id for one in reads.live_offers(self.desk.connection, request) if one.state == "reserved"]
        if follows == "forgotten":
            self.now += RESERVED_FOR
        for offer in kept:
            if follows == "renewed":
                self.attempt(actor, renew_offer, offer)
            elif follows == "given back":
                self.attempt(actor, give_back_places, offer)
            elif follows == "asked":
                self.attempt(actor, make_offer, request, provider.id)

    @rule(
        request=requests,
        actor=actors,
        provider=providers,
        then=st.sampled_from(["nothing", "accepted", "condition_refused", "withdrawn"]),
    )
    def yes_on_a_condition(self, request: str, actor: Actor, provider: ProviderRecord, then: str) -> None:
        request = self.ready(request, "offer_made")
        self.attempt(actor, make_offer, request, provider.id, beside=True)
        for offer in reads.live_offers(self.desk.connection, request):
            self.attempt(actor, answer_offer, offer.id, "conditional", condition="간식을 보내 주세요")
            if then != "nothing":
                self.attempt(actor, answer_offer, offer.id, then)

    @rule(actor=actors, undone=st.booleans())
    def take_the_plan_of_the_whole_queue(self, actor: Actor, undone: bool) -> None:
        plan = proposal(self.desk.connection, REFERENCE, self.desk.programs, self.now, actor)
        taken = self.attempt(actor, take_plan, takings(plan))
        if undone and isinstance(taken, PlanTaken):
            self.attempt(actor, undo_plan, [offer.offer_id for offer in taken.offers])

    @rule(request=requests, actor=actors, pick=picks)
    def write_a_text_by_hand(self, request: str, actor: Actor, pick: int) -> None:
        occasion, to = list(FIELDS)[pick % len(FIELDS)]
        self.attempt(actor, send_text, request, occasion, to, offer_id=self.offer(request, pick))
        for message in messages_of_request(self.desk.connection, request)[: pick % 3]:
            self.attempt(actor, note_told, message.id)

    @rule(most=st.integers(1, 4), fails=st.sampled_from(["no", "once", "for good"]))
    def texts_leave(self, most: int, fails: str) -> None:
        """The process that sends takes what is due; its gateway may not take it."""
        self.attempt(MESSENGER, queue_due)
        for _message in range(most):
            row = self.attempt(MESSENGER, take_next)
            if not isinstance(row, MessageRow):
                return
            if fails == "no":
                self.attempt(MESSENGER, note_sent, row.id, "ok")
            else:
                permanent = fails == "for good"
                self.attempt(MESSENGER, note_failed, row.id, "timeout", permanent=permanent, spread=0.5)

    @rule(request=requests, actor=actors)
    def confirm(self, request: str, actor: Actor) -> None:
        self.attempt(actor, confirm_request, request)

    @rule(request=requests, actor=actors, event=moves)
    def move(self, request: str, actor: Actor, event: RequestEvent) -> None:
        request = self.ready(request, event)
        if event == "cancelled":
            self.attempt(actor, cancel_request, request, "withdrawn")
        elif event == "unplaced":
            self.attempt(actor, leave_unplaced, request, "all_full")
        elif event == "held":
            self.attempt(actor, hold_request, request, self.now + timedelta(minutes=30))
        elif event == "resumed":
            self.attempt(actor, resume_request, request)
        else:
            self.attempt(actor, reopen_request, request)

    @rule(request=requests, actor=actors, minutes=st.sampled_from([-30, 30]))
    def amend(self, request: str, actor: Actor, minutes: int) -> None:
        found = reads.request(self.desk.connection, request)
        assert found is not None
        self.attempt(actor, amend_request, request, {"end_at": found.end_at + 60 * minutes})

    @rule(
        request=requests,
        actor=actors,
        pick=picks,
        reason=st.sampled_from(sorted(REASONS)),
    )
    def correct(self, request: str, actor: Actor, pick: int, reason: str) -> None:
        self.correct_newest(request, actor, pick // 7, reason)

    def correct_newest(self, request: str, actor: Actor, older: int, reason: str) -> None:
        """Correct the newest step, or one older by so many: nothing may have been built upon it."""
        found = [step for step in steps(self.desk.connection, request) if step.corrected is None]
        if found:
            self.attempt(actor, correct, request, found[min(older, len(found) - 1)].entries[0], reason)

    @rule(request=requests, actor=actors, pick=picks, fever=st.booleans(), arrived=st.booleans())
    def at_the_door(self, request: str, actor: Actor, pick: int, fever: bool, arrived: bool) -> None:
        if arrived:
            self.attempt(actor, note_approach, request, "arrived")
        seen = AtTheDoor(temperature=385 if fever else 366)
        self.attempt(actor, admit, request, self.child(request, pick), seen)

    @rule(request=requests, actor=actors, pick=picks, goal=goals)
    def all_the_way(self, request: str, actor: Actor, pick: int, goal: str) -> None:
        self.reach(goal, request, actor, pick)

    def reach(self, goal: str, request: str, actor: Actor, pick: int) -> None:
        """From wherever it is towards a goal, as most requests go: chance alone seldom gets there."""
        provider = ROOMY if pick < 10 else PROVIDERS[pick % len(PROVIDERS)]
        self.attempt(actor, make_offer, request, provider.id)
        for offer in reads.live_offers(self.desk.connection, request):
            self.attempt(actor, answer_offer, offer.id, "accepted")
        if goal == "released":
            self.attempt(actor, release_places, request, "guardian_refused")
        self.attempt(actor, confirm_request, request)
        if goal == "no_show":
            found = reads.request(self.desk.connection, request)
            assert found is not None
            self.now = max(self.now, moment(found.start_at))
            self.attempt(actor, note_no_show, request)
        for child in reads.children_of_request(self.desk.connection, request):
            self.attempt(actor, admit, request, child.id, AtTheDoor(temperature=390 if goal == "held" else 366))
            if goal == "held" and pick % 2:
                self.attempt(actor, turn_away, request, child.id)
            if goal == "home":
                self.attempt(actor, pick_up, request, child.id, "guardian")
        if pick % 4 == 0:
            self.correct_newest(request, actor, 0, "wrong_key")

    @rule(request=requests, actor=actors, pick=picks)
    def turn_away(self, request: str, actor: Actor, pick: int) -> None:
        self.attempt(actor, turn_away, request, self.child(request, pick))

    @rule(request=requests, actor=actors, pick=picks, early=st.booleans())
    def pick_up(self, request: str, actor: Actor, pick: int, early: bool) -> None:
        self.attempt(actor, pick_up, request, self.child(request, pick), "guardian")
        if early:
            self.attempt(actor, note_early_end, request, "ill")

    @rule(request=requests, actor=actors, minutes=st.sampled_from([30, 60]))
    def extend(self, request: str, actor: Actor, minutes: int) -> None:
        found = reads.request(self.desk.connection, request)
        assert found is not None
        self.attempt(actor, extend_stay, request, moment(found.end_at) + timedelta(minutes=minutes))

    @rule(request=requests, actor=actors, pick=st.none() | picks)
    def no_show(self, request: str, actor: Actor, pick: int | None) -> None:
        self.attempt(actor, note_no_show, request, None if pick is None else [self.child(request, pick)])

    @rule(request=requests, actor=actors)
    def give_places_back(self, request: str, actor: Actor) -> None:
        self.attempt(actor, note_care_try, request, "guardian", "no_answer")
        self.attempt(actor, release_places, request, "guardian_unreached")
        for offer in reads.offers_of_request(self.desk.connection, request):
            self.attempt(actor, note_provider_told, offer.id)

    @rule(request=requests, actor=actors, score=st.integers(-1, 101))
    def afterwards(self, request: str, actor: Actor, score: int) -> None:
        self.attempt(actor, raise_incident, request, "injury", "미끄럼틀에서 넘어짐")
        self.attempt(actor, note_satisfaction, request, score, again=score > 50)
        self.attempt(actor, open_complaint, "늦게 왔음", request_id=request)
        self.attempt(actor, acknowledge_incidents, request)

    @rule(seconds=st.sampled_from([1, 11, 60, 700]))
    def time_passes(self, seconds: int) -> None:
        self.now += timedelta(seconds=seconds)

    def ready(self, request: str, event: RequestEvent) -> str:
        """The request, or the newest that the event may happen to when it may not to this one and there is any."""
        rows = self.desk.connection.execute("SELECT id, state FROM request ORDER BY number DESC").fetchall()
        fit = [one for one, state in rows if (state, event) in REQUEST.moves]
        return request if request in fit or not fit else fit[0]

    def offer(self, request: str, pick: int) -> str | None:
        """One of the request's offers, over or not."""
        made = reads.offers_of_request(self.desk.connection, request)
        return made[-1 - pick % len(made)].id if made else None

    def child(self, request: str, pick: int) -> str:
        """One of the request's children."""
        children = reads.children_of_request(self.desk.connection, request)
        return children[pick % len(children)].id

    def facts(self) -> list[ChildFacts]:
        ids = [row[0] for row in self.desk.connection.execute("SELECT id FROM request")]
        return child_facts(self.desk.connection, ids)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def each_child_is_in_exactly_one_place(self) -> None:
        for child in self.facts():
            holds = {where for where, found in _places(child) if found}
            assert len(holds) == 1, (child, holds)
            where, due = whereabouts(child, int(self.now.timestamp()))
            assert where in (*holds, "needs_person")
            assert (due is None) == (holds == {"closed"})

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def no_state_is_left_without_a_clock_or_an_end(self) -> None:
        for (state,) in self.desk.connection.execute("SELECT DISTINCT state FROM request"):
            assert state in ENDS or clock_of(REQUEST, state) is not None

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def the_places_taken_are_those_of_the_seats_of_live_offers(self) -> None:
        live = {row[0] for row in self.desk.connection.execute("SELECT id FROM offer WHERE state IN " + _OPEN)}
        seats = {
            (offer, group, place)
            for offer, group, place in self.desk.connection.execute(
                "SELECT offer_id, group_id, place_no FROM offer_seat"
            )
            if offer in live
        }
        held = self.desk.connection.execute("SELECT DISTINCT offer_id, group_id, place_no FROM place_taken").fetchall()
        assert set(held) <= seats
        wanted = set(self.desk.connection.execute(_NEEDED).fetchall())
        assert wanted <= set(held)

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def who_has_a_place_has_it_of_an_accepted_offer(self) -> None:
        wrong = """SELECT p.child_id FROM placement p LEFT JOIN offer o ON o.id = p.offer_id
                   WHERE o.state IS NOT 'accepted'"""
        assert self.desk.connection.execute(wrong).fetchall() == []

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def what_was_taken_back_nobody_was_told(self) -> None:
        told = """SELECT m.id FROM message m JOIN offer o ON o.id = m.offer_id
                  WHERE o.state = 'undone' AND m.state NOT IN ('waiting', 'dropped')"""
        assert self.desk.connection.execute(told).fetchall() == []

    @precondition(lambda self: hasattr(self, "desk"))
    @invariant()
    def every_message_that_has_not_ended_has_a_clock(self) -> None:
        lost = """SELECT id FROM message WHERE state IN ('waiting', 'leaving') AND until < not_before
                  OR state NOT IN ('waiting', 'leaving', 'sent', 'failed', 'dropped')
                  OR state = 'leaving' AND changed_at IS NULL"""
        assert self.desk.connection.execute(lost).fetchall() == []


_OPEN = "('" + "', '".join(sorted(OFFER.open)) + "')"
# Each child that is offered or placed and not over needs its seat's place.
_NEEDED = (
    """
    SELECT s.offer_id, s.group_id, s.place_no FROM offer_seat s JOIN offer o ON o.id = s.offer_id
    LEFT JOIN placement p ON p.request_id = s.request_id AND p.child_id = s.child_id
    WHERE p.ended_at IS NULL AND o.state IN
"""
    + _OPEN
)
DONE: set[str] = set()
SELDOM: tuple[Callable[..., object], ...] = (
    *(reserve_places, renew_offer, give_back_places, undo_offer, take_plan, undo_plan),
    *(hold_request, resume_request, cancel_request, leave_unplaced, reopen_request),
    *(send_text, take_next, note_failed, note_sent),
)


def _places(child: ChildFacts) -> Iterator[tuple[str, bool]]:
    """Each place, and whether the child is there by rules of its own, in the order of no other."""
    ended = child.state in ENDS or child.ended_at is not None
    placed = child.accepted_at is not None and not ended
    yield "closed", ended
    yield "in_care", placed and child.admitted_at is not None and child.state == "in_care"
    yield "placed", placed and child.admitted_at is None
    yield "offered", child.accepted_at is None and child.offer_expires_at is not None and child.state == "offered"
    free = child.accepted_at is None and child.offer_expires_at is None
    yield "waiting", free and child.state in ("open", "matching", "offered", "held")


@pytest.fixture
def fresh(desk: Desk) -> Path:
    """The file that every run begins with."""
    wishes.have(desk, SECOND, ROOMY)
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    Lifecycle.fresh = desk.path
    DONE.clear()
    return desk.path


@pytest.mark.usefixtures("fresh")
def test_any_life_of_any_request() -> None:
    run_state_machine_as_test(
        Lifecycle,
        settings=settings(
            max_examples=30,
            stateful_step_count=50,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    # A machine that is refused everything proves nothing.
    assert {"make_offer", "answer_offer", "confirm_request", "admit", "pick_up", "note_no_show", "correct"} <= DONE


@pytest.mark.usefixtures("fresh")
def test_what_chance_seldom_gets_to_is_not_refused_either() -> None:
    one, life = ACTORS[0], Lifecycle()
    life.begin("nothing")
    request = life.taken_in(one, 1, 0, True, "nothing", 0)
    for follows in ("renewed", "given back", "asked"):
        life.keep_a_place(request, one, ROOMY, follows)
    life.undo_offer(request, one, 0, 0)
    life.yes_on_a_condition(request, one, ROOMY, "condition_refused")
    moves: tuple[RequestEvent, ...] = ("held", "resumed", "cancelled", "reopened", "unplaced", "reopened")
    for event in moves:
        life.move(request, one, event)
    life.take_the_plan_of_the_whole_queue(one, undone=True)
    life.write_a_text_by_hand(request, one, list(FIELDS).index(("callback_promised", "guardian")))
    life.texts_leave(1, "once")
    life.time_passes(60)
    life.texts_leave(1, "no")
    for invariant_of_all in (
        life.each_child_is_in_exactly_one_place,
        life.the_places_taken_are_those_of_the_seats_of_live_offers,
        life.every_message_that_has_not_ended_has_a_clock,
    ):
        invariant_of_all()
    life.teardown()
    assert {step.__name__ for step in SELDOM} <= DONE
