"""Call-backs: owed for missed and dropped calls, promised, tried, and closed."""

from datetime import datetime
from typing import TYPE_CHECKING, Literal

from callcenter.care.callbacks import Result, Whom
from callcenter.desk.permission import Actor, requires
from callcenter.desk.restricted import Restricted, hidden, may_see
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import _, mark
from callcenter.store import callbacks, reads

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

_REQUEST_STATES = frozenset({"open", "matching", "offered", "accepted"})


class NothingToRing(CallcenterError):
    """The caller's number is not known or was withheld, so nobody can ring back."""

    code = "nothing_to_ring"
    sentence = mark("There is no number to call back. Please ask for one and note it with the call.")


class CallbackClosed(CallcenterError):
    """Nothing is owed any more. Values: who, when."""

    code = "callback_closed"
    sentence = mark("This call-back is done already. Look at the list again.")


class PromiseInThePast(CallcenterError):
    """A call-back can only be promised for a time to come."""

    code = "promise_in_the_past"
    sentence = mark("That time is over already. Please promise a later one.")


@requires("callback.promise")
def promise_callback(desk: Desk, actor: Actor, now: datetime, call_id: str, due: datetime) -> str:
    """Promise the caller of an enquiry to ring back by a time; a second promise moves the first. Returns its id.

    What is promised for a request is the request's own `promised_at`. Raises `NothingToRing`, `PromiseInThePast`.
    """
    from callcenter.journal import bodies

    if due <= now:
        raise PromiseInThePast
    with desk.writing(actor.name, now) as chain:
        call = reads.call(desk.connection, call_id)
        if call is None:
            raise NotFound(what=_("The call"))
        if not call.phone:
            raise NothingToRing
        open_ones = callbacks.owed_to(desk.connection, call.phone)
        promise = next((one for one in open_ones if one.kind == "promised"), None)
        callback_id = promise.id if promise else chain.new_id()
        body = bodies.CallbackPromised(phone=call.phone, guardian=call.guardian_id, call=call_id, due=seconds(due))
        chain.append(callback_id, body)
    return callback_id


@requires("callback.try")
def note_try(desk: Desk, actor: Actor, now: datetime, subject: str, whom: Whom, result: Result) -> None:
    """Note that somebody rang back for a call-back or for a request's promise; once reached, the promise is kept."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = _owed_request(desk, actor, subject)
        chain.append(subject, bodies.CallbackTried(whom=whom, result=result))
        if result != "reached":
            return
        if request is None:
            chain.append(subject, bodies.CallbackClosed(why="reached"))
        else:
            _keep_promise(desk, chain, subject)


@requires("callback.close")
def give_up_callback(desk: Desk, actor: Actor, now: datetime, subject: str) -> None:
    """Take a call-back off the list although nobody was reached; of a request only the promise goes."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        if _owed_request(desk, actor, subject) is None:
            chain.append(subject, bodies.CallbackClosed(why="given_up"))
        else:
            _keep_promise(desk, chain, subject)


def owe(desk: Desk, chain: "Chain", call: reads.CallRow, origin: Literal["missed", "dropped"], due: int) -> None:
    """Owe a call-back for a call that was missed or cut off: one row a number; none to a hidden number."""
    from callcenter.journal import bodies

    if not call.phone or call.direction == "out":
        return
    open_ones = callbacks.owed_to(desk.connection, call.phone)
    row = next((one for one in open_ones if one.kind != "promised"), None)
    body = bodies.CallbackMissed(
        origin=origin,
        phone=call.phone,
        guardian=call.guardian_id,
        call=call.id,
        calls=row.calls + 1 if row else 1,
        due=due,
    )
    chain.append(row.id if row else chain.new_id(), body)


def settle(desk: Desk, chain: "Chain", call: reads.CallRow) -> None:
    """Close what is owed to a caller for missed and dropped calls: somebody is talking to them. Promises stay."""
    from callcenter.journal import bodies

    if not call.phone or call.direction == "out":
        return
    for row in callbacks.owed_to(desk.connection, call.phone):
        if row.kind != "promised":
            chain.append(row.id, bodies.CallbackClosed(why="rang_again"))


def _owed_request(desk: Desk, actor: Actor, subject: str) -> reads.RequestRow | None:
    """The request whose promise it is, None for a call-back of its own; raises where nothing is owed, or `Restricted`.

    Whoever may not see whom it is owed to cannot have rung.
    """
    row = callbacks.owed(desk.connection, subject)
    if row is not None:
        if row.closed_at is not None:
            raise CallbackClosed
        call = reads.call(desk.connection, row.call_id)
        if call is not None and not may_see(desk.connection, call, actor):
            raise Restricted
        return None
    request = reads.request(desk.connection, subject)
    if request is None:
        raise NotFound(what=_("The call-back"))
    if request.promised_at is None or request.state not in _REQUEST_STATES:
        raise CallbackClosed
    if hidden(desk.connection, [subject], actor):
        raise Restricted
    return request


def _keep_promise(desk: Desk, chain: "Chain", request_id: str) -> None:
    from callcenter.journal import bodies

    heads = [entry for field, entry, _value in reads.heads(desk.connection, request_id) if field == "promised_at"]
    chain.append(request_id, bodies.RequestAmended(changes={"promised_at": bodies.Change(value=None, base=heads)}))
