"""What a telephone system tells of its calls: taken in twice, late, and in any order without harm."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from callcenter.care.callbacks import REJOIN_WITHIN
from callcenter.care.lifecycle import CallState, Direction, Told, told
from callcenter.desk.callbacks import owe, settle
from callcenter.desk.calls import identify, load_call
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, seconds
from callcenter.language import _
from callcenter.store import calls, reads
from callcenter.text.phone import PhoneError, read_phone
from callcenter.text.sanitize import clean

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

# Room for any name that is one; the rest of a longer text is of no use to anybody.
_SHOWN_CHARACTERS = 80
_MOVES: dict[Told, Literal["rang", "answered", "held", "hung_up"]] = {
    "ringing": "rang",
    "answered": "answered",
    "held": "held",
    "ended": "hung_up",
}
_UNANSWERED = ("ringing", "abandoned")
_SPOKEN = ("talking", "held", "wrap_up")


@dataclass(frozen=True, slots=True)
class CallEvent:
    """One piece of news of a call: `id` is the telephone system's name for the call.

    `caller` is the number as it was given, "" when withheld, None when the system does not know it; for a call that
    goes out `called` is the other side. `name` is what the caller's telephone says of itself: anybody's words.
    """

    id: str
    state: Told
    at: datetime
    direction: Direction = "in"
    caller: str | None = None
    called: str | None = None
    extension: str | None = None
    cause: str | None = None
    name: str = ""


class CallReceived(NamedTuple):
    """The call the news were of, its state now, and whether they changed anything."""

    call_id: str
    state: str
    changed: bool


@requires("telephone.tell")
def receive_event(
    desk: Desk, actor: Actor, now: datetime, event: CallEvent, *, rejoin: timedelta = REJOIN_WITHIN
) -> CallReceived:
    """Take in a telephone system's news of a call: each state of each call once, in whatever order they come.

    A call that ends before anybody answered is owed a call-back. One of the same number within `rejoin` of a call
    that was cut off goes on with that one. News from the future are taken as of now.
    """
    from callcenter.journal import bodies

    event = replace(event, id=clean(event.id), extension=_storable(event.extension), called=_storable(event.called))
    at = min(seconds(event.at), seconds(now))
    with desk.writing(actor.name, now) as chain:
        before = calls.call_by_external_id(desk.connection, event.id, at)
        call_id = before.id if before else chain.new_id()
        if before is None:
            body = bodies.CallRang(
                external_id=event.id,
                direction=event.direction,
                extension=event.extension,
                # Whom the desk rings is a person's number and belongs to what can be erased.
                called=event.called if event.direction == "in" else None,
                at=at,
                heard=event.state if event.state == "ringing" else "",
            )
            chain.append(call_id, body)
        call = load_call(desk, call_id)
        moved = _hear(chain, call, event, at)
        known = call.phone is None and _identify(desk, chain, call_id, event, at, rejoin)
        after = load_call(desk, call_id)
        if after.state == "abandoned" and (known or call.state != "abandoned"):
            owe(desk, chain, after, "missed", at if after.hung_up_at is None else after.hung_up_at)
        elif after.state in _SPOKEN and (known or call.state in _UNANSWERED):
            settle(desk, chain, after)
        return CallReceived(call_id, after.state, before is None or moved or known)


def _storable(text: str | None) -> str | None:
    return None if text is None else clean(text).strip()[:_SHOWN_CHARACTERS]


def _hear(chain: "Chain", call: reads.CallRow, event: CallEvent, at: int) -> bool:
    """Bring the call to the state it must be in with this news; whether they are news at all."""
    from callcenter.journal import bodies

    heard = call.heard.split()
    if event.state in heard:
        return False
    state = told(cast(CallState, call.state), event.state, cast(Direction, call.direction))
    answered = call.answered_at
    if event.state in ("answered", "held"):
        answered = at if answered is None else min(answered, at)
    hung_up = at if event.state == "ended" else call.hung_up_at
    outcome, ended = call.outcome, call.ended_at
    if state != call.state:
        outcome = {"abandoned": "abandoned", "ended": "answered"}.get(state)
        ended = hung_up if outcome else None
    chain.append(
        call.id,
        bodies.CallMoved(
            event=_MOVES[event.state],
            state=state,
            opened=min(call.opened_at, at),
            answered=answered,
            held=at if event.state == "held" else call.held_at,
            hung_up=hung_up,
            ended=ended,
            outcome=outcome,
            extension=call.extension or event.extension,
            heard=" ".join(sorted([*heard, event.state])),
        ),
    )
    return True


def _identify(desk: Desk, chain: "Chain", call_id: str, event: CallEvent, at: int, rejoin: timedelta) -> bool:
    """Note the number of the other side, if the news have one; whether it is known now."""
    from callcenter.journal import bodies

    other = event.called if event.direction == "out" else event.caller
    unread = [event.name]
    stored = None
    if other is not None:
        try:
            stored = read_phone(other).stored if other.strip() else ""
        except PhoneError:
            unread.append(other)
    shown = clean(" ".join(unread)).strip()[:_SHOWN_CHARACTERS]
    if shown:
        text = _("The telephone showed: {text}").format(text=shown)
        if all(note.text != text for note in reads.notes(desk.connection, call_id)):
            chain.append(call_id, bodies.NoteAdded(text=text))
    if stored is None:
        return False
    identify(desk, chain, call_id, stored, at, rejoin)
    return True
