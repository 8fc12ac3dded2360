"""A living evening: calls come in, a colleague works on some of them, and the providers answer."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random

from callcenter.care.lifecycle import Told, TransitionRefusedError
from callcenter.care.priority import cutoffs
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import TakenAlready, close_enquiry, end_call, take_call
from callcenter.desk.care_admission import AtTheDoor, NotHere, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.offer_answers import answer_offer
from callcenter.desk.offers import NoPlaceLeft, OfferOver, RulesForbid
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.requests import leave_unplaced
from callcenter.desk.restricted import Restricted
from callcenter.desk.session import Desk, NotFound
from callcenter.simulator.happenings import (
    CALLS_AN_HOUR,
    Answers,
    Asks,
    Enquires,
    GivesUp,
    Happening,
    Rings,
    events,
    luck_of,
    reply,
)
from callcenter.simulator.stories import COLLEAGUE, agree, offer_best, take
from callcenter.store import calls, reads, stays
from callcenter.text.moments import moment

_WORKED_ON = 0.4
_FETCHED_LATE = 0.1
_EARLY = 300  # seconds before the start at which the first children come
_STAYS = 200
_SILENCE = timedelta(minutes=2)

# What may have happened meanwhile, by somebody else's hand: the evening goes on with the next thing.
_MEANWHILE = (TransitionRefusedError, NoPlaceLeft, RulesForbid, OfferOver, NotFound, TakenAlready, Restricted, NotHere)


@dataclass
class Evening:
    """An evening being played on a desk: what came in is written, what is due on the desk is answered."""

    desk: Desk
    seed: int
    start: datetime
    calls_an_hour: float = CALLS_AN_HOUR
    played: int = 0
    met: dict[str, int] = field(default_factory=dict)
    """How often something had happened meanwhile, by the refusal's code."""

    def __post_init__(self) -> None:
        self._coming = events(Random(self.seed), self.desk.reference, self.start, self.calls_an_hour)
        self._next = next(self._coming)
        self._call: str | None = None

    def play(self, now: datetime) -> None:
        """Let everything happen that is due up to `now`."""
        while self._next[0] <= now:
            at, happening = self._next
            self._next = next(self._coming)
            with self._meanwhile():
                self._happen(at, happening)
            self.played += 1
        with self._meanwhile():
            self._let_go(now)
        for offer in reads.pending_offers(self.desk.connection):
            with self._meanwhile():
                self._answer(now, offer)
        for stay in stays.live_stays(self.desk.connection, int(now.timestamp()) + _EARLY, _STAYS):
            with self._meanwhile():
                self._look_after(now, stay)
        for row in reads.open_requests(self.desk.connection, cutoffs(now)):
            if row.opened_at >= self.start.timestamp() and row.state in ("open", "matching", "accepted"):
                with self._meanwhile():
                    self._work_on(now, row.id)

    @contextmanager
    def _meanwhile(self) -> Iterator[None]:
        try:
            yield
        except _MEANWHILE as refusal:
            self.met[refusal.code] = self.met.get(refusal.code, 0) + 1

    def _happen(self, at: datetime, happening: Happening) -> None:
        if isinstance(happening, Rings):
            self._call = self._ring(at, happening.phone)
            return
        if isinstance(happening, Asks) and happening.wish.channel == "platform":
            take(self.desk, COLLEAGUE, at, happening.wish, None)
            return
        call = self._call
        if isinstance(happening, Answers):
            if call is not None:
                take_call(self.desk, COLLEAGUE, at, call)
            return
        self._call = None
        found = reads.call(self.desk.connection, call) if call else None
        if call is None or found is None:
            return
        if isinstance(happening, GivesUp):
            if found.state == "ringing":
                self._tell(at, found, "ended")
        elif found.operator != COLLEAGUE.name:
            # Somebody at the console took it: what comes of it is theirs.
            return
        elif isinstance(happening, Asks):
            take(self.desk, COLLEAGUE, at, happening.wish, call)
            end_call(self.desk, COLLEAGUE, at, call)
        elif isinstance(happening, Enquires):
            close_enquiry(self.desk, COLLEAGUE, at, happening.topic, call_id=call)
        else:
            end_call(self.desk, COLLEAGUE, at, call, outcome="dropped")

    def _ring(self, at: datetime, phone: str) -> str:
        """A call that the telephone system tells of; its name there is the moment it came in."""
        name = f"evening-{int(at.timestamp() * 1000)}"
        return receive_event(self.desk, TELEPHONE, at, CallEvent(name, "ringing", at, caller=phone)).call_id

    def _tell(self, at: datetime, call: reads.CallRow, state: Told) -> None:
        if call.external_id is not None:
            receive_event(self.desk, TELEPHONE, at, CallEvent(call.external_id, state, at))

    def _let_go(self, now: datetime) -> None:
        """Callers whom somebody else talks to hang up after a while, so that no call is forgotten."""
        for call in calls.open_calls(self.desk.connection):
            hers = call.operator in ("", COLLEAGUE.name) or call.state not in ("talking", "held")
            length = timedelta(seconds=luck_of(self.seed, call.external_id).randint(100, 240))
            if not hers and call.external_id is not None and now >= moment(call.opened_at) + length:
                self._tell(now, call, "ended")

    def _answer(self, now: datetime, offer: reads.OfferRow) -> None:
        found = reply(self.seed, offer)
        begun = max(moment(offer.made_at), self.start)
        due = moment(offer.expires_at) + _SILENCE if found.answer == "no_answer" else begun + found.after
        if now >= due:
            answer_offer(self.desk, COLLEAGUE, now, offer.id, found.answer, reason=found.reason, free=found.free)

    def _look_after(self, now: datetime, stay: stays.StayRow) -> None:
        """Children whom the colleague placed come around the start and are fetched around the end, some late."""
        request = reads.request(self.desk.connection, stay.request_id)
        if request is None or request.operator != COLLEAGUE.name or stay.confirmed_at is None:
            return
        rng = luck_of(self.seed, stay.number, stay.child_id)
        came, home = stay.start_at + rng.randint(-_EARLY, 400), stay.end_at + rng.randint(-600, 300)
        if rng.random() < _FETCHED_LATE:
            home += rng.randint(900, 2400)
        if stay.admitted_at is None and now.timestamp() >= came and stay.held_at is None:
            seen = AtTheDoor(code_word=True, temperature=rng.randint(360, 370), disinfected=True)
            admit(self.desk, COLLEAGUE, now, stay.request_id, stay.child_id, seen)
        elif stay.admitted_at is not None and now.timestamp() >= home:
            pick_up(self.desk, COLLEAGUE, now, stay.request_id, stay.child_id, "guardian", identified="checked")

    def _work_on(self, now: datetime, request_id: str) -> None:
        """The colleague places some of the requests she took; the others are left for whoever sits at the console."""
        request = reads.request(self.desk.connection, request_id)
        if request is None or request.operator != COLLEAGUE.name:
            return
        hers = luck_of(self.seed, request.number).random() < _WORKED_ON
        delay = timedelta(seconds=luck_of(self.seed, request.number, request.changed_at).randint(40, 180))
        if not hers or now < moment(request.changed_at) + delay:
            return
        if request.state == "accepted":
            agree(self.desk, COLLEAGUE, now, request_id)
        elif offer_best(self.desk, COLLEAGUE, now, request_id) is None:
            asked = reads.offers_of_request(self.desk.connection, request_id)
            leave_unplaced(self.desk, COLLEAGUE, now, request_id, "all_full" if asked else "late_request")
