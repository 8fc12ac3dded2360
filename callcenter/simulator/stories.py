"""What happens to one request or call, step by step in time, told through the desk's own use cases."""

from collections.abc import Generator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from random import Random

from callcenter.desk.acknowledgements import acknowledge_need, unread
from callcenter.desk.call_events import CallEvent, receive_event
from callcenter.desk.callbacks import promise_callback
from callcenter.desk.calls import close_enquiry, end_call, open_call
from callcenter.desk.care_admission import AtTheDoor, admit, note_approach
from callcenter.desk.care_ending import pick_up
from callcenter.desk.care_view import at_home
from callcenter.desk.matches import matches
from callcenter.desk.new_requests import NewRequest, open_request
from callcenter.desk.offer_answers import Answer, answer_offer, confirm_request
from callcenter.desk.offers import make_offer
from callcenter.desk.permission import TELEPHONE, Actor
from callcenter.desk.requests import hold_request, leave_unplaced, load
from callcenter.desk.session import Desk
from callcenter.simulator import people
from callcenter.store import reads, stays
from callcenter.text.phone import read_phone

SUPERVISOR = Actor("이팀장", "supervisor")
OPERATOR = Actor("김상담", "operator")
COLLEAGUE = Actor("박상담", "operator")

Story = Generator[datetime, None, None]
"""What happens to one request: each time it yields is when the next thing happens."""

_TALK = timedelta(minutes=3)


def tell_stories(stories: Iterable[Story], now: datetime) -> None:
    """Let everything happen in the order of time, up to `now`."""
    waiting = [(at, place, story) for place, story in enumerate(stories) if (at := next(story, None)) is not None]
    heapify(waiting)
    while waiting:
        at, place, story = heappop(waiting)
        following = next(story, None) if at <= now else None
        if following is not None:
            heappush(waiting, (following, place, story))


def take(desk: Desk, actor: Actor, at: datetime, found: NewRequest, call_id: str | None = None) -> str:
    """Open the request; who called before is known again, with the same name and the same children."""
    known = reads.guardians_by_phone(desk.connection, read_phone(found.guardian.phone).stored)
    if known:
        family = reads.children_of_guardian(desk.connection, known[0].id)
        found = people.again(found, known[0], family)
    return open_request(desk, actor, at, replace(found, call_id=call_id)).request_id


def offer_best(desk: Desk, actor: Actor, at: datetime, request_id: str) -> str | None:
    """Offer the request to its best match; None when there is none."""
    request = load(desk, request_id)
    children = reads.children_of_request(desk.connection, request_id)
    found = matches(desk.connection, desk.reference, desk.programs, request, children, at).ranking.matches
    if not found:
        return None
    return make_offer(desk, actor, at, request_id, found[0].candidate.provider_id).offer_id


def _asked(desk: Desk, actor: Actor, found: NewRequest, at: datetime) -> str:
    """The call and the request at its end; what comes by the platform has no call."""
    if found.channel == "platform":
        return take(desk, actor, at, found)
    call = open_call(desk, actor, at - _TALK, found.guardian.phone)
    request_id = take(desk, actor, at, found, call.call_id)
    end_call(desk, actor, at, call.call_id)
    return request_id


def opened(desk: Desk, actor: Actor, found: NewRequest, at: datetime) -> Story:
    """A request that is taken and waits."""
    yield at
    _asked(desk, actor, found, at)


def _answered(
    desk: Desk,
    actor: Actor,
    found: NewRequest,
    at: datetime,
    made: datetime,
    answers: Iterable[tuple[Answer, str | None]],
) -> Generator[datetime, None, tuple[str, str | None, datetime]]:
    """A request whose offers were answered so; gives its id, the last offer made, and when it was answered."""
    yield at
    request_id = _asked(desk, actor, found, at)
    offer = None
    for answer, reason in answers:
        yield made
        offer = offer_best(desk, actor, made, request_id)
        made += timedelta(minutes=4)
        if offer is None:
            break
        yield made
        answer_offer(desk, actor, made, offer, answer, reason=reason)
        made += timedelta(minutes=1)
    return request_id, offer, made


def agree(desk: Desk, actor: Actor, at: datetime, request_id: str) -> None:
    """The providers are told what they must know of the children, and the guardian says yes."""
    for item in unread(desk, request_id):
        acknowledge_need(desk, actor, at, item.offer_id, item.child_id, item.need)
    confirm_request(desk, actor, at, request_id)


def placed(desk: Desk, actor: Actor, found: NewRequest, at: datetime, rng: Random) -> Story:
    """A request placed after two refusals at most, or not at all; the children come, and go home again."""
    answers: list[tuple[Answer, str | None]] = [("accepted", None)]
    while rng.random() < 0.3 and len(answers) < 3:
        answers.insert(0, ("declined", rng.choice(("full", "no_staff"))))
    made = at + timedelta(minutes=2)
    request_id, offer, done = yield from _answered(desk, actor, found, at, made, answers)
    yield done
    if offer is None:
        leave_unplaced(desk, actor, done, request_id, "all_full")
    else:
        agree(desk, actor, done, request_id)
        yield from _cared_for(desk, actor, found, done, request_id, rng)


def _cared_for(desk: Desk, actor: Actor, found: NewRequest, placed: datetime, request_id: str, rng: Random) -> Story:
    """The children come within minutes of the start, and are home within minutes of the end."""
    rows = stays.stays_of(desk.connection, request_id)
    came = max(placed, found.start + timedelta(minutes=rng.randint(-8, 5)))
    if rows and at_home(desk.reference, rows[0]):
        left = max(placed, came - timedelta(minutes=25))
        yield left
        note_approach(desk, actor, left, request_id, "under_way")
    yield came
    for row in rows:
        seen = AtTheDoor(code_word=True, temperature=rng.randint(362, 369), disinfected=True)
        admit(desk, actor, came, request_id, row.child_id, seen)
    home = max(came + timedelta(minutes=20), found.end + timedelta(minutes=rng.randint(-12, 4)))
    yield home
    for row in rows:
        pick_up(desk, actor, home, request_id, row.child_id, "guardian", identified="checked")


def declined(desk: Desk, actor: Actor, found: NewRequest, at: datetime) -> Story:
    """A request whose first provider had nobody to look after a child."""
    made = at + timedelta(minutes=4)
    yield from _answered(desk, actor, found, at, made, [("declined", "no_staff")])


def accepted(desk: Desk, actor: Actor, found: NewRequest, at: datetime, made: datetime) -> Story:
    """A request whose provider said yes; the guardian has not been told yet."""
    yield from _answered(desk, actor, found, at, made, [("accepted", None)])


def offered(desk: Desk, actor: Actor, found: NewRequest, at: datetime, made: datetime) -> Story:
    """A request whose first provider is being asked."""
    yield at
    request_id = _asked(desk, actor, found, at)
    yield made
    offer_best(desk, actor, made, request_id)


def held(desk: Desk, actor: Actor, found: NewRequest, at: datetime, until: datetime) -> Story:
    """A request set aside until a time."""
    yield at
    request_id = _asked(desk, actor, found, at)
    later = at + timedelta(minutes=2)
    yield later
    hold_request(desk, actor, later, request_id, until)


def enquiry(desk: Desk, topic: str, at: datetime, rng: Random) -> Story:
    """A question, answered within minutes."""
    yield at
    call = open_call(desk, OPERATOR, at, people.phone(rng))
    over = at + timedelta(seconds=rng.randrange(40, 200))
    yield over
    close_enquiry(desk, OPERATOR, over, topic, call_id=call.call_id)


def missed(desk: Desk, phone: str, at: datetime, rng: Random) -> Story:
    """Nobody was free when the telephone rang."""
    yield at
    name = f"missed-{int(at.timestamp())}"
    receive_event(desk, TELEPHONE, at, CallEvent(name, "ringing", at, caller=phone))
    over = at + timedelta(seconds=rng.randrange(15, 50))
    yield over
    receive_event(desk, TELEPHONE, over, CallEvent(name, "ended", over))


def promised(desk: Desk, phone: str, at: datetime, due: datetime) -> Story:
    """A question whose answer had to be looked up: the caller is rung back by a time."""
    yield at
    call = open_call(desk, OPERATOR, at, phone).call_id
    over = at + _TALK
    yield over
    promise_callback(desk, OPERATOR, over, call, due)
    close_enquiry(desk, OPERATOR, over, "how_to", call_id=call)


def regular(desk: Desk, found: NewRequest, now: datetime, rng: Random) -> Story:
    """A guardian who asked three times before and asks again now."""
    for days in (21, 14, 7):
        moved = replace(found, start=found.start - timedelta(days=days), end=found.end - timedelta(days=days))
        yield from placed(desk, OPERATOR, moved, now - timedelta(days=days, minutes=21), rng)
    yield from opened(desk, OPERATOR, found, now - timedelta(minutes=21))
