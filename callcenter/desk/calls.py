"""Calls: taking one, knowing who calls, holding and ending it; and the shortest path of all, closing an enquiry."""

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, cast, get_args

from callcenter.care.callbacks import REJOIN_WITHIN
from callcenter.care.lifecycle import CALL, CallEvent, CallState, TransitionRefusedError, next_state
from callcenter.desk.callbacks import owe, settle
from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import calls, reads
from callcenter.text.moments import clock
from callcenter.text.phone import read_phone

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

# How a call that somebody spoke on ends: 응답, 끊김, 이관, 오접속, 무응답. One that nobody answered is 포기.
Outcome = Literal["answered", "dropped", "transferred", "wrong_number", "silent"]


class UnknownCallType(CallcenterError):
    """The topic is none of the call types. Values: topic."""

    code = "unknown_call_type"
    sentence = mark("There is no call type «{topic}». Choose one of the list.")


class UnknownOutcome(CallcenterError):
    """A call does not end in this way. Values: outcome, allowed."""

    code = "unknown_outcome"
    sentence = mark("A call does not end as «{outcome}». Allowed: {allowed}.")


class AgencyMissing(CallcenterError):
    """A call was transferred, and nobody said to whom."""

    code = "agency_missing"
    sentence = mark("Please say to whom the call was transferred: 112, 119 or another agency.")


class TakenAlready(CallcenterError):
    """Another operator was faster. Values: who, when."""

    code = "call_taken"
    sentence = mark("{who} has had this call since {when}. The next one that rings is yours.")


class CallTaken(NamedTuple):
    """The call that was taken, and the guardian that the number belongs to, if there is just one."""

    call_id: str
    phone: str | None
    guardian_id: str | None


@requires("call.take")
def open_call(
    desk: Desk, actor: Actor, now: datetime, phone: str | None = None, *, rejoin: timedelta = REJOIN_WITHIN
) -> CallTaken:
    """Take a call that no telephone system told of; a call that the actor talks on goes on hold.

    `phone` is what the display shows or the caller says, None while it is not known. A caller whose call was cut off
    less than `rejoin` ago goes on with that one. Raises the named errors of `text.phone` for a number that cannot be
    one.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        _hold_others(desk, chain, actor, now)
        call_id = chain.new_id()
        chain.append(call_id, bodies.CallOpened())
        if phone is not None:
            _identified(desk, chain, call_id, phone, now, rejoin)
        return _taken(load_call(desk, call_id))


@requires("call.take")
def take_call(desk: Desk, actor: Actor, now: datetime, call_id: str) -> CallTaken:
    """Take a call that rings, or that was answered at a telephone and is nobody's yet; the actor's other goes on hold.

    Of two operators one wins; the other's `TakenAlready` says who and when. Taking one's own call again does nothing.
    """
    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        if call.operator == actor.name:
            return _taken(call)
        if call.operator:
            raise TakenAlready(who=call.operator, when=_time(call.answered_at or call.opened_at))
        if call.state in ("abandoned", "ended"):
            raise TransitionRefusedError(CALL, cast(CallState, call.state), "answered")
        _hold_others(desk, chain, actor, now)
        make_own(desk, chain, call, now)
        return _taken(load_call(desk, call_id))


@requires("call.take")
def identify_caller(
    desk: Desk, actor: Actor, now: datetime, call_id: str, phone: str, *, rejoin: timedelta = REJOIN_WITHIN
) -> CallTaken:
    """Note the caller's number on a call."""
    with desk.writing(actor.name, now) as chain:
        load_call(desk, call_id)
        _identified(desk, chain, call_id, phone, now, rejoin)
        return _taken(load_call(desk, call_id))


@requires("call.take")
def hold_call(desk: Desk, actor: Actor, now: datetime, call_id: str) -> None:
    """Let the caller wait. 보류: hold."""
    with desk.writing(actor.name, now) as chain:
        move(chain, load_call(desk, call_id), "held", seconds(now))


@requires("call.take")
def resume_call(desk: Desk, actor: Actor, now: datetime, call_id: str) -> None:
    """Talk to a caller again who was on hold; the call that the actor talks on goes on hold in its place."""
    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        _hold_others(desk, chain, actor, now)
        move(chain, call, "resumed", seconds(now))


@requires("call.end")
def hang_up_call(desk: Desk, actor: Actor, now: datetime, call_id: str) -> None:
    """Note that the line is dead, where no telephone system tells; a call that still rang was missed."""
    with desk.writing(actor.name, now) as chain:
        call = load_call(desk, call_id)
        state = move(chain, call, "hung_up", seconds(now))
        if state == "abandoned":
            owe(desk, chain, call, "missed", seconds(now))


@requires("call.end")
def end_call(
    desk: Desk,
    actor: Actor,
    now: datetime,
    call_id: str,
    outcome: str = "answered",
    topic: str | None = None,
    *,
    agency: str | None = None,
) -> None:
    """End a call: its outcome, the call type if it was an enquiry, the agency it was transferred to.

    A call that was cut off is owed a call-back, unless the caller is on the line again.
    """
    if topic is not None:
        _known_topic(desk, topic)
    if outcome not in get_args(Outcome):
        raise UnknownOutcome(outcome=outcome, allowed=", ".join(get_args(Outcome)))
    told = kept_text(agency or "")
    if outcome == "transferred" and not told:
        raise AgencyMissing
    with desk.writing(actor.name, now) as chain:
        call = _end(desk, chain, call_id, outcome, topic, told or None)
        if outcome == "dropped" and not calls.went_on(desk.connection, call):
            owe(desk, chain, call, "dropped", seconds(now))


@requires("call.end")
def close_enquiry(
    desk: Desk, actor: Actor, now: datetime, topic: str, *, call_id: str | None = None, note: str = ""
) -> str:
    """Close an enquiry in one step, with the call it came by or, where none was taken, as one of its own.

    Returns the call's id. 단순문의 종결: close enquiry.
    """
    from callcenter.journal import bodies

    _known_topic(desk, topic)
    with desk.writing(actor.name, now) as chain:
        if call_id is None:
            call_id = chain.new_id()
            chain.append(call_id, bodies.CallOpened())
        if text := kept_text(note, lines=True):
            chain.append(call_id, bodies.NoteAdded(text=text))
        # Nobody there and nobody meant are topics that are ends of their own.
        outcome = topic if topic in ("wrong_number", "silent") else "answered"
        _end(desk, chain, call_id, outcome, topic, None)
    return call_id


def touch(desk: Desk, chain: "Chain", call_id: str, request_id: str) -> None:
    """Note that a call touched a request that an earlier one made."""
    from callcenter.journal import bodies

    load_call(desk, call_id)
    if not calls.is_joined(desk.connection, call_id, request_id):
        chain.append(call_id, bodies.CallJoined(request=request_id))


def load_call(desk: Desk, call_id: str) -> reads.CallRow:
    """The call as it is now; raises `NotFound`."""
    call = reads.call(desk.connection, call_id)
    if call is None:
        raise NotFound(what=_("The call"))
    return call


def make_own(desk: Desk, chain: "Chain", call: reads.CallRow, now: datetime) -> None:
    """Make a call that is nobody's the actor's; one that rings is answered by it."""
    from callcenter.journal import bodies

    state = "talking" if call.state == "ringing" else call.state
    answered = seconds(now) if call.answered_at is None else call.answered_at
    chain.append(call.id, bodies.CallTaken(state=state, answered=answered))
    if state in ("talking", "held"):
        settle(desk, chain, call)


def identify(desk: Desk, chain: "Chain", call_id: str, stored: str, at: int, rejoin: timedelta) -> None:
    """Note a number in its stored form, who it belongs to, and the cut-off call that goes on here."""
    from callcenter.journal import bodies

    known = reads.guardians_by_phone(desk.connection, stored)
    guardian = known[0].id if len(known) == 1 else None
    chain.append(call_id, bodies.CallerIdentified(phone=stored, guardian=guardian))
    earlier = calls.cut_off(desk.connection, stored, at - int(rejoin.total_seconds()), call_id)
    if earlier is not None:
        chain.append(call_id, bodies.CallJoined(call=earlier.id))


def move(chain: "Chain", call: reads.CallRow, event: Literal["held", "resumed", "hung_up"], at: int) -> str:
    """Move a call by a key, and its times with it; returns the state it comes to."""
    from callcenter.journal import bodies

    moved: CallEvent = event
    state = next_state(CALL, cast(CallState, call.state), moved)
    abandoned = state == "abandoned"
    chain.append(
        call.id,
        bodies.CallMoved(
            event=event,
            state=state,
            opened=call.opened_at,
            answered=call.answered_at,
            held=at if event == "held" else None if event == "resumed" else call.held_at,
            hung_up=at if event == "hung_up" else call.hung_up_at,
            ended=at if abandoned else None,
            outcome="abandoned" if abandoned else None,
            extension=call.extension,
            heard=call.heard,
        ),
    )
    return state


def _taken(call: reads.CallRow) -> CallTaken:
    return CallTaken(call.id, call.phone, call.guardian_id)


def _time(at: int) -> str:
    return clock(datetime.fromtimestamp(at, UTC))


def _hold_others(desk: Desk, chain: "Chain", actor: Actor, now: datetime) -> None:
    """One operator talks on one call."""
    for call in reads.calls_of_operator(desk.connection, actor.name):
        if call.state == "talking":
            move(chain, call, "held", seconds(now))


def _identified(desk: Desk, chain: "Chain", call_id: str, phone: str, now: datetime, rejoin: timedelta) -> None:
    identify(desk, chain, call_id, read_phone(phone).stored, seconds(now), rejoin)
    call = load_call(desk, call_id)
    if call.state in ("talking", "held"):
        settle(desk, chain, call)


def _known_topic(desk: Desk, topic: str) -> None:
    if topic not in desk.reference.call_types:
        raise UnknownCallType(topic=topic)


def _end(
    desk: Desk, chain: "Chain", call_id: str, outcome: str, topic: str | None, agency: str | None
) -> reads.CallRow:
    from callcenter.desk.reservations import let_go_of_call
    from callcenter.journal import bodies

    call = load_call(desk, call_id)
    next_state(CALL, cast(CallState, call.state), "closed")
    chain.append(call_id, bodies.CallEnded(outcome=outcome, topic=topic, agency=agency))
    let_go_of_call(desk, chain, call_id)
    return call
