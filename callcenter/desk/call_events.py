"""What a telephone system tells of its calls: taken in twice, late, and in any order without harm."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal, NamedTuple, cast

from callcenter.care.callbacks import REJOIN_WITHIN
from callcenter.care.lifecycle import CallState, Direction, Told, told
from callcenter.desk.callbacks import owe, settle
from callcenter.desk.calls import identify, load_call
from callcenter.desk.free_text import kept_text
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
_TURNS = ("answered", "held")
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
    """Take in a telephone system's news of a call, in whatever order they come and however often.

    A call rings and ends once. Between `answered` and `held` it goes back and forth: what is later counts, and what is
    no later than the last of them changes nothing. The same told again, however late, does not undo a key.

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


class _Heard(NamedTuple):
    """What was told of a call so far: every state, and the later of `answered` and `held` with its time.

    Of the two at one second `held` is the later: whoever holds a call has answered it.
    """

    states: frozenset[str]
    turn: tuple[int, str] | None

    def __str__(self) -> str:
        at, turn = self.turn or (0, "")
        return " ".join(f"{state}@{at}" if state == turn else state for state in sorted(self.states))

    def with_news(self, state: Told, at: int) -> "_Heard":
        """What was told with this."""
        turn = self.turn
        if state in _TURNS:
            turn = max((at, state), turn or (at, state))
        return _Heard(self.states | {state}, turn)


def _turns(call: reads.CallRow, before: _Heard, heard: _Heard) -> bool:
    """Whether the telephone went on hold, or back."""
    if before.turn is None or heard.turn is None:
        # The first «answered» says that somebody answered, not that a call goes on which a key put on hold.
        return "held" in heard.states or call.state != "held"
    return heard.turn[1] != before.turn[1]


def _heard(call: reads.CallRow) -> _Heard:
    parts = [state.partition("@") for state in call.heard.split()]
    timed = next(((int(at), state) for state, _at, at in parts if at), None)
    return _Heard(frozenset(state for state, _at, _seconds in parts), timed)


def _hear(chain: "Chain", call: reads.CallRow, event: CallEvent, at: int) -> bool:
    """Bring the call to the state it must be in with this news; whether they are news at all."""
    from callcenter.journal import bodies

    before = _heard(call)
    heard = before.with_news(event.state, at)
    answered, held = call.answered_at, call.held_at
    moves = event.state not in before.states
    if event.state in _TURNS:
        answered = at if answered is None else min(answered, at)
        moves = _turns(call, before, heard)
        if event.state == "held" and heard.turn != before.turn and (moves or held is not None):
            held = at
        elif moves:
            held = None
    if heard == before and answered == call.answered_at:
        return False
    state = cast(CallState, call.state)
    if moves:
        state = told(state, event.state, cast(Direction, call.direction))
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
            held=held,
            hung_up=hung_up,
            ended=ended,
            outcome=outcome,
            extension=call.extension or event.extension,
            heard=str(heard),
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
    shown = kept_text(" ".join(unread))[:_SHOWN_CHARACTERS]
    if shown:
        text = _("The telephone showed: {text}").format(text=shown)
        if all(note.text != text for note in reads.notes(desk.connection, call_id)):
            chain.append(call_id, bodies.NoteAdded(text=text))
    if stored is None:
        return False
    identify(desk, chain, call_id, stored, at, rejoin)
    return True
