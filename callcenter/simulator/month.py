"""Weeks at a desk in virtual time: every call and every request through the use cases, in the order of time."""

from collections import Counter
from collections.abc import Generator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from callcenter.care.calendar import SEOUL
from callcenter.care.lifecycle import TransitionRefusedError
from callcenter.desk.after import note_satisfaction
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.callbacks import CallbackClosed, note_try
from callcenter.desk.calls import close_enquiry, end_call, take_call
from callcenter.desk.care_admission import AtTheDoor, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_missed import note_no_show
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import NoPlaceLeft, RulesForbid
from callcenter.desk.permission import TELEPHONE, Actor
from callcenter.desk.requests import cancel_request, leave_unplaced
from callcenter.desk.session import Desk
from callcenter.simulator import people
from callcenter.simulator.demo_data import DemoData, load_demo
from callcenter.simulator.happenings import BUSY, reply
from callcenter.simulator.stories import Story, agree, offer_best, take, tell_stories
from callcenter.store import callbacks, reads
from callcenter.store.placements import placements
from callcenter.text.moments import moment
from callcenter.text.phone import read_phone

CALLS_A_DAY = 331
OPERATORS = tuple(Actor(name, "operator") for name in ("김상담", "박상담", "최상담"))
_ASKS, _GIVES_UP = 0.1, 0.05  # nine of ten calls are enquiries (5,849 to 406, ajunews.com 2024-12-14)
_CANCELS, _NO_SHOWS, _ANSWERS = 0.08, 0.03, 0.3
_MOST_OFFERS = 4
# Care is asked for up to nine days ahead.
_LAST_CARE = timedelta(days=11)
_REFUSALS = (TransitionRefusedError, NoPlaceLeft, RulesForbid)


@dataclass
class Month:
    """Weeks that are played on a desk, and what came of them."""

    desk: Desk
    seed: int
    first: datetime
    """The midnight it begins with, in Seoul."""
    days: int = 30
    calls_a_day: int = CALLS_A_DAY
    happened: Counter[str] = field(default_factory=Counter)
    """How often what was done, and what was refused by the refusal's code."""

    def play(self) -> None:
        """Let everything happen from the first day to the last, and what follows from it."""
        data = load_demo(self.desk.reference)
        rng = Random(self.seed)
        moments = sorted(at for day in range(self.days) for at in self._rings(rng, day))
        stories = [self._call(data, number, at) for number, at in enumerate(moments)]
        tell_stories(stories, self.first + timedelta(days=self.days) + _LAST_CARE)

    def _rings(self, rng: Random, day: int) -> list[datetime]:
        midnight = self.first + timedelta(days=day)
        hours = rng.choices(range(24), BUSY, k=self.calls_a_day)
        return [midnight + timedelta(hours=hour, seconds=rng.randrange(3600)) for hour in hours]

    def _did(self, what: str) -> None:
        self.happened[what] += 1

    def _call(self, data: DemoData, number: int, at: datetime) -> Story:
        """One call: given up, an enquiry, or a request with all that follows."""
        rng = Random(f"{self.seed} {number}")
        luck = rng.random()
        wish = people.wish(data, self.desk.reference, rng, at) if luck < _ASKS else None
        phone = wish.guardian.phone if wish else people.phone(rng)
        actor = OPERATORS[number % len(OPERATORS)]
        yield at
        event = CallEvent(f"month-{number}", "ringing", at, caller=phone)
        call = receive_event(self.desk, TELEPHONE, at, event).call_id
        self._did("call")
        at += timedelta(seconds=rng.randint(4, 25))
        yield at
        if luck > 1 - _GIVES_UP:
            receive_event(self.desk, TELEPHONE, at, CallEvent(f"month-{number}", "ended", at))
            yield from self._ring_back(actor, phone, at + timedelta(minutes=rng.randint(3, 20)))
            return
        take_call(self.desk, actor, at, call)
        at += timedelta(seconds=rng.randint(30, 240))
        yield at
        if wish is None:
            topics = [code for code, kind in self.desk.reference.call_types.items() if kind.enquiry]
            close_enquiry(self.desk, actor, at, rng.choice(topics), call_id=call)
            self._did("enquiry")
            return
        request = take(self.desk, actor, at, wish, call)
        end_call(self.desk, actor, at, call)
        self._did("request")
        yield from self._place(actor, request, at + timedelta(seconds=rng.randint(20, 90)), rng)

    def _ring_back(self, actor: Actor, phone: str, at: datetime) -> Story:
        yield at
        for row in callbacks.owed_to(self.desk.connection, read_phone(phone).stored):
            try:
                note_try(self.desk, actor, at, row.id, "guardian", "reached")
                self._did("ring back")
            except CallbackClosed as refusal:
                self._did(refusal.code)

    def _place(self, actor: Actor, request: str, at: datetime, rng: Random) -> Story:
        """One provider after another, until one accepts, there is none left, or the patience is over."""
        for _turn in range(_MOST_OFFERS):
            yield at
            offer = self._offer(actor, at, request)
            if offer is None:
                break
            said = reply(self.seed, offer)
            at = moment(offer.expires_at) if said.answer == "no_answer" else at + said.after
            yield at
            answer_offer(self.desk, actor, at, offer.id, said.answer, reason=said.reason, free=said.free)
            self._did(said.answer)
            if said.answer == "accepted":
                yield from self._accepted(actor, request, at + timedelta(minutes=2), rng)
                return
            at += timedelta(seconds=30)
        leave_unplaced(self.desk, actor, at, request, "all_full")
        self._did("unplaced")

    def _offer(self, actor: Actor, at: datetime, request: str) -> reads.OfferRow | None:
        try:
            made = offer_best(self.desk, actor, at, request)
        except _REFUSALS as refusal:
            self._did(refusal.code)
            return None
        return reads.offer(self.desk.connection, made) if made else None

    def _accepted(self, actor: Actor, request: str, at: datetime, rng: Random) -> Generator[datetime, None, None]:
        yield at
        agree(self.desk, actor, at, request)
        self._did("confirmed")
        if rng.random() < _CANCELS:
            at += timedelta(minutes=rng.randint(5, 60))
            yield at
            cancel_request(self.desk, actor, at, request, "withdrawn")
            self._did("cancelled")
        else:
            yield from self._care_for(actor, request, rng)

    def _care_for(self, actor: Actor, request: str, rng: Random) -> Generator[datetime, None, None]:
        """The children come at the time and go at the time, or do not come at all."""
        row = reads.request(self.desk.connection, request)
        if row is None:
            return
        begins, ends = moment(row.start_at), moment(row.end_at)
        yield begins
        if rng.random() < _NO_SHOWS:
            note_no_show(self.desk, actor, begins, request)
            self._did("no-show")
            return
        children = [one.child_id for one in placements(self.desk.connection, request)]
        for child in children:
            admit(self.desk, actor, begins, request, child, AtTheDoor(temperature=rng.randint(362, 372)))
        yield ends
        for child in children:
            pick_up(self.desk, actor, ends, request, child, "guardian")
        self._did("home")
        if rng.random() < _ANSWERS:
            note_satisfaction(self.desk, actor, ends, request, min(100, int(rng.gauss(92, 8))), again=True)


def month_of(now: datetime) -> datetime:
    """The midnight in Seoul with which the month of `now` begins."""
    local = now.astimezone(SEOUL)
    return datetime(local.year, local.month, 1, tzinfo=SEOUL)
