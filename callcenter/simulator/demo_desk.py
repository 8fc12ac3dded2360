"""A desk in the middle of an evening: made through the desk's own use cases, at the times at which things happened."""

from collections.abc import Callable, Generator, Iterable
from dataclasses import replace
from datetime import datetime, timedelta
from heapq import heapify, heappop, heappush
from pathlib import Path
from random import Random

from callcenter.care.eligibility import verdict_for_all
from callcenter.desk.accounts import add_operator
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
from callcenter.desk.providers import confirm_places, record_providers
from callcenter.desk.requests import hold_request, leave_unplaced, load
from callcenter.desk.session import Desk
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.simulator import people
from callcenter.simulator.demo_data import DemoData, load_demo
from callcenter.simulator.demo_times import tell_times
from callcenter.store import reads, stays
from callcenter.text.phone import read_phone

SUPERVISOR = Actor("이팀장", "supervisor")
OPERATOR = Actor("김상담", "operator")
COLLEAGUE = Actor("박상담", "operator")

Story = Generator[datetime, None, None]
"""What happens to one request: each time it yields is when the next thing happens."""

_FOUNDED = timedelta(days=22)
_TALK = timedelta(minutes=3)
_EARLIER = timedelta(hours=6)
# Who is in care when the evening begins: since when, and until when.
_INSIDE = tuple(
    (timedelta(minutes=began), timedelta(minutes=ends)) for began, ends in ((120, 30), (60, 60), (90, 120), (30, 150))
)
_MOST_DRAWS = 200


def make_demo(path: Path, reference: Reference, rng: Random, now: datetime) -> Desk:
    """Make the demo's database at `path`, with an evening that stands at `now`; the same `rng` gives the same desk."""
    data = load_demo(reference)
    founded = now - _FOUNDED
    desk = init_desk(
        path,
        reference,
        founded,
        name="A",
        programs=[program.id for program in reference.programs],
        supervisor=SUPERVISOR.name,
        entropy=rng.randbytes,
    )
    for operator in (OPERATOR, COLLEAGUE):
        add_operator(desk, SUPERVISOR, founded, operator.name, "operator")
    record_providers(desk, SUPERVISOR, founded, data.providers)
    tell_times(desk, SUPERVISOR, founded, now, data.times)
    stories = [*_earlier_weeks(desk, data, rng, now), *_today(desk, data, rng, now), _confirmations(desk, data, now)]
    tell_stories(stories, now)
    return desk


def tell_stories(stories: Iterable[Story], now: datetime) -> None:
    """Let everything happen in the order of time, up to `now`."""
    waiting = [(at, place, story) for place, story in enumerate(stories) if (at := next(story, None)) is not None]
    heapify(waiting)
    while waiting:
        at, place, story = heappop(waiting)
        following = next(story, None) if at <= now else None
        if following is not None:
            heappush(waiting, (following, place, story))


def _confirmations(desk: Desk, data: DemoData, now: datetime) -> Story:
    for one in sorted(data.confirmed, key=lambda confirmed: (-confirmed.ago, confirmed.group)):
        at = now - one.ago
        yield at
        confirm_places(desk, OPERATOR, at, one.group, one.places)


def _earlier_weeks(desk: Desk, data: DemoData, rng: Random, now: datetime) -> list[Story]:
    """Placements of the last two weeks: they give providers a record, and some guardians a history."""
    stories = []
    for days in range(14, 0, -1):
        for hours in sorted(rng.sample(range(1, 7), 2)):
            at = now - timedelta(days=days, hours=hours)
            stories.append(_placed(desk, COLLEAGUE, _bookable(desk, data, rng, at), at, rng))
    return stories


def _today(desk: Desk, data: DemoData, rng: Random, now: datetime) -> list[Story]:
    """What was placed this afternoon, what is open now, and the enquiries between them."""

    def ago(minutes: float) -> datetime:
        return now - timedelta(minutes=minutes)

    def asked(minutes: float) -> NewRequest:
        return _bookable(desk, data, rng, ago(minutes))

    def open_story(tell: Callable[..., Story], minutes: float, *arguments: object) -> Story:
        actor = rng.choice((OPERATOR, COLLEAGUE))
        return tell(desk, actor, replace(asked(minutes), promised=None), ago(minutes), *arguments)

    regular = asked(21)
    soon = _bookable(desk, data, rng, ago(6), starts_within=timedelta(hours=2))
    stories = [
        *(_placed(desk, OPERATOR, asked(minutes), ago(minutes), rng) for minutes in (395, 340, 290, 245, 190, 150)),
        *(open_story(_open, minutes) for minutes in (58, 33, 9)),
        *(open_story(_declined, minutes) for minutes in (52, 40)),
        *(open_story(_offered, minutes, ago(made)) for minutes, made in ((29, 3.5), (24, 6))),
        *(open_story(_accepted, minutes, ago(made)) for minutes, made in ((47, 14), (36, 8))),
        open_story(_held, 44, now + timedelta(minutes=35)),
        *(_placed(desk, OPERATOR, _inside(desk, data, rng, now, *times), now - _EARLIER, rng) for times in _INSIDE),
        _open(desk, COLLEAGUE, _blocked(desk, data, rng, ago(16)), ago(16)),
        _open(desk, OPERATOR, _emergency(soon), ago(6)),
        _regular(desk, regular, now, rng),
    ]
    number = people.phone(rng)
    stories += [
        _missed(desk, number, ago(31), rng),
        _missed(desk, number, ago(12), rng),
        _missed(desk, people.phone(rng), ago(3), rng),
        _promised(desk, people.phone(rng), ago(14), now + timedelta(minutes=4)),
    ]
    topics = [code for code, kind in desk.reference.call_types.items() if kind.enquiry]
    stories += [_enquiry(desk, rng.choice(topics), ago(minutes), rng) for minutes in range(400, 0, -23)]
    return stories


def _bookable(
    desk: Desk, data: DemoData, rng: Random, at: datetime, starts_within: timedelta = timedelta(days=9)
) -> NewRequest:
    """A wish that at least one service can take at `at`."""

    def fits(found: NewRequest) -> bool:
        return found.start - at <= starts_within and not _verdicts(desk, found, at).isdisjoint({"available", "ask"})

    return _drawn(desk, data, rng, at, fits)


def _inside(desk: Desk, data: DemoData, rng: Random, now: datetime, began: timedelta, ends: timedelta) -> NewRequest:
    """A wish asked for earlier whose care began so long ago and ends so soon, on the half hours."""
    half_hour = now - timedelta(minutes=now.minute % 30, seconds=now.second, microseconds=now.microsecond)
    asked = now - _EARLIER
    start, end = half_hour - began, half_hour + ends
    for _draw in range(_MOST_DRAWS):
        found = replace(people.wish(data, desk.reference, rng, asked), start=start, end=end)
        if not _verdicts(desk, found, asked).isdisjoint({"available", "ask"}):
            break
    return found


def _blocked(desk: Desk, data: DemoData, rng: Random, at: datetime) -> NewRequest:
    """A wish that no service can take at `at`."""
    return _drawn(desk, data, rng, at, lambda found: _verdicts(desk, found, at) == {"blocked"})


def _drawn(desk: Desk, data: DemoData, rng: Random, at: datetime, fits: Callable[[NewRequest], bool]) -> NewRequest:
    """The first wish that fits; at an hour when none does, the last one drawn."""
    found = people.wish(data, desk.reference, rng, at)
    for _draw in range(_MOST_DRAWS):
        if fits(found):
            break
        found = people.wish(data, desk.reference, rng, at)
    return found


def _verdicts(desk: Desk, found: NewRequest, at: datetime) -> set[str]:
    needs = people.needs_of(found)
    calendar, coverage = desk.reference.calendar, desk.reference.coverage
    wanted = (one for one in desk.reference.services.values() if found.service in (None, one.id))
    return {verdict_for_all(one, needs, at, calendar, coverage, find_next=False).outcome for one in wanted}


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


def _open(desk: Desk, actor: Actor, found: NewRequest, at: datetime) -> Story:
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


def _placed(desk: Desk, actor: Actor, found: NewRequest, at: datetime, rng: Random) -> Story:
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


def _declined(desk: Desk, actor: Actor, found: NewRequest, at: datetime) -> Story:
    made = at + timedelta(minutes=4)
    yield from _answered(desk, actor, found, at, made, [("declined", "no_staff")])


def _accepted(desk: Desk, actor: Actor, found: NewRequest, at: datetime, made: datetime) -> Story:
    yield from _answered(desk, actor, found, at, made, [("accepted", None)])


def _offered(desk: Desk, actor: Actor, found: NewRequest, at: datetime, made: datetime) -> Story:
    yield at
    request_id = _asked(desk, actor, found, at)
    yield made
    offer_best(desk, actor, made, request_id)


def _held(desk: Desk, actor: Actor, found: NewRequest, at: datetime, until: datetime) -> Story:
    yield at
    request_id = _asked(desk, actor, found, at)
    later = at + timedelta(minutes=2)
    yield later
    hold_request(desk, actor, later, request_id, until)


def _enquiry(desk: Desk, topic: str, at: datetime, rng: Random) -> Story:
    yield at
    call = open_call(desk, OPERATOR, at, people.phone(rng))
    over = at + timedelta(seconds=rng.randrange(40, 200))
    yield over
    close_enquiry(desk, OPERATOR, over, topic, call_id=call.call_id)


def _missed(desk: Desk, phone: str, at: datetime, rng: Random) -> Story:
    """Nobody was free when the telephone rang."""
    yield at
    name = f"missed-{int(at.timestamp())}"
    receive_event(desk, TELEPHONE, at, CallEvent(name, "ringing", at, caller=phone))
    over = at + timedelta(seconds=rng.randrange(15, 50))
    yield over
    receive_event(desk, TELEPHONE, over, CallEvent(name, "ended", over))


def _promised(desk: Desk, phone: str, at: datetime, due: datetime) -> Story:
    """A question whose answer had to be looked up: the caller is rung back by a time."""
    yield at
    call = open_call(desk, OPERATOR, at, phone).call_id
    over = at + _TALK
    yield over
    promise_callback(desk, OPERATOR, over, call, due)
    close_enquiry(desk, OPERATOR, over, "how_to", call_id=call)


def _regular(desk: Desk, found: NewRequest, now: datetime, rng: Random) -> Story:
    """A guardian who asked three times before and asks again now."""
    for days in (21, 14, 7):
        moved = replace(found, start=found.start - timedelta(days=days), end=found.end - timedelta(days=days))
        yield from _placed(desk, OPERATOR, moved, now - timedelta(days=days, minutes=21), rng)
    yield from _open(desk, OPERATOR, found, now - timedelta(minutes=21))


def _emergency(found: NewRequest) -> NewRequest:
    return replace(
        found,
        urgency="emergency",
        channel="hotline",
        reason="illness",
        promised=None,
        note="보호자가 쓰러져 119 이송 중. 이웃이 아이와 함께 있음",
    )
