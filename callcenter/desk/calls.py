"""Calls: taking one, knowing who calls, ending it; and the shortest path of all, closing an enquiry."""

from datetime import datetime
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.care.lifecycle import CALL, CallState, next_state
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import reads
from callcenter.text.phone import read_phone
from callcenter.text.sanitize import clean

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain


class UnknownCallType(CallcenterError):
    """The topic is none of the call types. Values: topic."""

    code = "unknown_call_type"
    sentence = mark("There is no call type «{topic}». Choose one of the list.")


class CallTaken(NamedTuple):
    """The call that was taken, and the guardian that the number belongs to, if there is just one."""

    call_id: str
    phone: str | None
    guardian_id: str | None


@requires("call.take")
def open_call(desk: Desk, actor: Actor, now: datetime, phone: str | None = None) -> CallTaken:
    """Take a call; `phone` is what the display shows or the caller says, None while it is not known.

    Raises the named errors of `text.phone` for a number that cannot be one.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        call_id = chain.new_id()
        chain.append(call_id, bodies.CallOpened())
        if phone is None:
            return CallTaken(call_id, None, None)
        return _identify(desk, chain, call_id, phone)


@requires("call.take")
def identify_caller(desk: Desk, actor: Actor, now: datetime, call_id: str, phone: str) -> CallTaken:
    """Note the caller's number on an open call."""
    with desk.writing(actor.name, now) as chain:
        _open_call(desk, call_id)
        return _identify(desk, chain, call_id, phone)


@requires("call.end")
def end_call(
    desk: Desk, actor: Actor, now: datetime, call_id: str, outcome: str = "answered", topic: str | None = None
) -> None:
    """End a call: its outcome, and the call type if it was an enquiry."""
    if topic is not None:
        _known_topic(desk, topic)
    with desk.writing(actor.name, now) as chain:
        _end(desk, chain, call_id, outcome, topic)


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
        if text := clean(note, lines=True).strip():
            chain.append(call_id, bodies.NoteAdded(text=text))
        _end(desk, chain, call_id, "answered", topic)
    return call_id


def _known_topic(desk: Desk, topic: str) -> None:
    if topic not in desk.reference.call_types:
        raise UnknownCallType(topic=topic)


def _open_call(desk: Desk, call_id: str) -> reads.CallRow:
    call = reads.call(desk.connection, call_id)
    if call is None:
        raise NotFound(what=_("The call"))
    return call


def _identify(desk: Desk, chain: "Chain", call_id: str, phone: str) -> CallTaken:
    from callcenter.journal import bodies

    stored = read_phone(phone).stored
    known = reads.guardians_by_phone(desk.connection, stored)
    guardian = known[0].id if len(known) == 1 else None
    chain.append(call_id, bodies.CallerIdentified(phone=stored, guardian=guardian))
    return CallTaken(call_id, stored, guardian)


def _end(desk: Desk, chain: "Chain", call_id: str, outcome: str, topic: str | None) -> None:
    from callcenter.journal import bodies

    next_state(CALL, cast(CallState, _open_call(desk, call_id).state), "closed")
    chain.append(call_id, bodies.CallEnded(outcome=outcome, topic=topic))
