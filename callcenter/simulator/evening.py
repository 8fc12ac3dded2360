"""A living evening: calls come in, a colleague works on some of them, and the providers answer.

Run as a program it plays on a desk's file beside the console, until its standard input ends.
"""

import argparse
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from threading import Event, Thread
from typing import NamedTuple

from callcenter import reference as reference_data
from callcenter.care.calendar import SEOUL
from callcenter.care.lifecycle import Told, TransitionRefusedError
from callcenter.care.priority import cutoffs
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.calls import TakenAlready, close_enquiry, end_call, take_call
from callcenter.desk.care_admission import AtTheDoor, NotHere, admit
from callcenter.desk.care_ending import pick_up
from callcenter.desk.new_requests import NewRequest
from callcenter.desk.offer_answers import Answer, answer_offer
from callcenter.desk.offers import NoPlaceLeft, OfferOver, RulesForbid
from callcenter.desk.permission import TELEPHONE
from callcenter.desk.requests import leave_unplaced
from callcenter.desk.restricted import Restricted
from callcenter.desk.session import Desk, NotFound, open_desk
from callcenter.reference import Reference
from callcenter.simulator import people
from callcenter.simulator.clock import SimulatedClock
from callcenter.simulator.demo_data import load_demo
from callcenter.simulator.stories import COLLEAGUE, agree, offer_best, take
from callcenter.store import calls, reads, stays
from callcenter.text.moments import moment

CALLS_AN_HOUR = 60.0
"""At the busiest hour; a real hotline has one or two (5,849 in five months, ajunews.com 2024-12-14)."""

# How busy each hour of the day is, next to the busiest.
BUSY = (.1, .05, .05, .05, .05, .1, .3, .6, .7, .6, .6, .6, .5, .6, .7, .7, .8, .9, 1, 1, .9, .7, .4, .2)  # fmt: skip
_ACCEPTED = 0.57  # of the offers to home-visit carers in 2025 (kmcn.kr 8153)
_SILENT = 0.13
_REASONS = ("full", "no_staff", "no_staff", "outside_hours", "too_far", "other")
_WORKED_ON = 0.4
_FETCHED_LATE = 0.1
_EARLY = 300  # seconds before the start at which the first children come
_STAYS = 200
_SILENCE = timedelta(minutes=2)
_TICK_SECONDS = 0.2

# What may have happened meanwhile, by somebody else's hand: the evening goes on with the next thing.
_MEANWHILE = (TransitionRefusedError, NoPlaceLeft, RulesForbid, OfferOver, NotFound, TakenAlready, Restricted, NotHere)


@dataclass(frozen=True, slots=True)
class Rings:
    """The telephone rings. `phone` is "" when the caller's number is withheld."""

    phone: str


@dataclass(frozen=True, slots=True)
class Answers:
    """The colleague takes the call, if nobody was faster."""


@dataclass(frozen=True, slots=True)
class GivesUp:
    """The caller hangs up before anybody answered; with somebody who did they go on talking."""


@dataclass(frozen=True, slots=True)
class Enquires:
    """The caller wanted to know something, and the call ends."""

    topic: str


@dataclass(frozen=True, slots=True)
class HangsUp:
    """The caller is gone in the middle of the call."""


@dataclass(frozen=True, slots=True)
class Asks:
    """Somebody asks for care: at the end of the call, or by the platform."""

    wish: NewRequest


Happening = Rings | Answers | GivesUp | Enquires | HangsUp | Asks


def events(
    rng: Random, reference: Reference, start: datetime, calls_an_hour: float = CALLS_AN_HOUR
) -> Iterator[tuple[datetime, Happening]]:
    """What comes in from `start` on, without end, in the order of time; a call is over before the next one rings."""
    data = load_demo(reference)
    topics = [code for code, kind in reference.call_types.items() if kind.enquiry]
    at = start
    while True:
        at = _next_arrival(rng, at, calls_an_hour)
        wish = people.wish(data, reference, rng, at)
        if wish.channel == "platform":
            yield at, Asks(wish)
            continue
        what = rng.choices(("asks", "enquires", "hangs_up", "gives_up"), (48, 34, 6, 12))[0]
        yield at, Rings(wish.guardian.phone if what == "asks" or rng.random() < 0.9 else "")
        at += timedelta(seconds=rng.randint(8, 25))
        if what == "gives_up":
            yield at, GivesUp()
            continue
        yield at, Answers()
        at += timedelta(seconds=rng.randint(15, 45))
        if what == "asks":
            yield at, Asks(wish)
        else:
            yield at, Enquires(rng.choice(topics)) if what == "enquires" else HangsUp()


def _next_arrival(rng: Random, at: datetime, calls_an_hour: float) -> datetime:
    """The next arrival of a random stream whose rate follows the hours: candidates at the full rate, thinned out."""
    while True:
        at += timedelta(hours=rng.expovariate(calls_an_hour))
        if rng.random() < BUSY[at.astimezone(SEOUL).hour]:
            return at


class Reply(NamedTuple):
    """What a provider says to an offer, how long after it was asked, and how many places it has when they are unknown.

    `no_answer` is silence: it is noted a while after the offer's clock has run out.
    """

    after: timedelta
    answer: Answer
    reason: str | None
    free: int | None


def reply(seed: int, offer: reads.OfferRow) -> Reply:
    """What the provider will say, decided by the seed, the request's number and the provider alone."""
    rng = _luck(seed, offer.number, offer.provider_id)
    after = timedelta(seconds=rng.randint(25, 150))
    luck = rng.random()
    if luck < _ACCEPTED:
        return Reply(after, "accepted", None, None if offer.places_known else rng.randint(1, 4))
    if luck >= 1 - _SILENT:
        return Reply(after, "no_answer", None, None)
    reason = rng.choice(_REASONS)
    return Reply(after, "declined", reason, 0 if reason == "full" and not offer.places_known else None)


def _luck(*of: object) -> Random:
    """Luck that belongs to a thing, not to when it is looked at: the operator's own pace changes nothing else."""
    return Random(" ".join(map(str, of)))


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
            length = timedelta(seconds=_luck(self.seed, call.external_id).randint(100, 240))
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
        rng = _luck(self.seed, stay.number, stay.child_id)
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
        hers = _luck(self.seed, request.number).random() < _WORKED_ON
        delay = timedelta(seconds=_luck(self.seed, request.number, request.changed_at).randint(40, 180))
        if not hers or now < moment(request.changed_at) + delay:
            return
        if request.state == "accepted":
            agree(self.desk, COLLEAGUE, now, request_id)
        elif offer_best(self.desk, COLLEAGUE, now, request_id) is None:
            asked = reads.offers_of_request(self.desk.connection, request_id)
            leave_unplaced(self.desk, COLLEAGUE, now, request_id, "all_full" if asked else "late_request")


def run(path: Path, seed: int, clock: SimulatedClock, stop: Event, calls_an_hour: float = CALLS_AN_HOUR) -> Evening:
    """Play the evening on the file in the clock's time until `stop` is set; returns what was played."""
    desk = open_desk(path, reference_data.load(reference_data.data_folder()))
    try:
        evening = Evening(desk, seed, clock.start, calls_an_hour)
        while not stop.wait(_TICK_SECONDS):
            evening.play(clock.now())
        return evening
    finally:
        desk.close()


@contextmanager
def beside(path: Path, seed: int, clock: SimulatedClock, calls_an_hour: float = CALLS_AN_HOUR) -> Iterator[Path]:
    """Play the evening in another process while the block runs; gives the file that says what went wrong there."""
    log = path.with_name(f"{path.name}.evening.log")
    command = [sys.executable, "-m", "callcenter.simulator.evening"]
    command += ["--db", str(path), "--seed", str(seed), "--speed", str(clock.speed)]
    command += ["--start", clock.start.isoformat(), "--real-start", repr(clock.real_start)]
    command += ["--calls-an-hour", str(calls_an_hour)]
    with log.open("wb") as errors:
        child = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=errors,
            # A key that interrupts the console is not for the evening.
            start_new_session=True,
        )
        try:
            yield log
        finally:
            child.communicate()


def _ended(stop: Event) -> None:
    """Set `stop` when the standard input ends: whoever started us is gone."""
    # Not sys.stdin: its lock, held by a waiting thread, aborts the interpreter's exit.
    while os.read(0, 4096):
        pass
    stop.set()


def main(arguments: Sequence[str] | None = None) -> int:
    """Play an evening on a desk's file until the standard input ends."""
    parser = argparse.ArgumentParser(prog="callcenter.simulator.evening", description=main.__doc__)
    parser.add_argument("--db", type=Path, required=True)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--speed", type=float, default=1.0)
    parser.add_argument("--start", type=datetime.fromisoformat, required=True)
    parser.add_argument("--real-start", type=float, required=True)
    parser.add_argument("--calls-an-hour", type=float, default=CALLS_AN_HOUR)
    given = parser.parse_args(arguments)
    stop = Event()
    Thread(target=_ended, args=(stop,), daemon=True).start()
    clock = SimulatedClock(given.start, given.real_start, given.speed)
    run(given.db, given.seed, clock, stop, given.calls_an_hour)
    return 0


if __name__ == "__main__":
    sys.exit(main())
