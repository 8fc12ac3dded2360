"""What the console shows of the telephone at one moment: who rings, the operator's own calls, whom to call back."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.callbacks import PAUSE, TRIES, Try
from callcenter.desk.call_view import CallCard, call_card, owed_calls
from callcenter.desk.permission import Actor
from callcenter.desk.restricted import shown
from callcenter.store import callbacks, calls, reads

if TYPE_CHECKING:
    from sqlite3 import Connection

SHOWN = 2
"""Of the calls that nobody has taken yet so many are told of; the others are counted."""
_OWN = 3


class CallSeen(NamedTuple):
    """A call, who it is as far as the number tells, and the call that was cut off and goes on in it."""

    card: CallCard
    cut_off: reads.CallRow | None


class PhoneView(NamedTuple):
    """The telephone at one moment.

    `own` are the actor's calls, first the one that the keys act on. `waiting` are the oldest of those that nobody has
    taken: they ring, or were answered at a telephone and are nobody's yet; `waiting_count` is how many there are.
    `owed` counts the call-backs; `callbacks` is a page of them from `offset` on, none unless it was asked for, and
    `tries` what was tried for each.
    """

    own: list[CallSeen]
    waiting: list[CallSeen]
    waiting_count: int
    owed: int
    callbacks: list[callbacks.CallbackRow]
    tries: Mapping[str, list[Try]]
    offset: int


def phone_view(
    connection: "Connection",
    now: datetime,
    actor: Actor | None,
    *,
    pause: timedelta = PAUSE,
    limit_tries: int = TRIES,
    offset: int = 0,
    limit: int = 0,
) -> PhoneView:
    """Everything the console shows of the telephone; with a `limit` a page of the call-backs too."""
    waiting = [call for call in calls.open_calls(connection) if not call.operator and call.direction == "in"]
    own = reads.calls_of_operator(connection, actor.name) if actor else []
    listed = (
        owed_calls(connection, actor, pause=pause, limit_tries=limit_tries, offset=offset, limit=limit) if limit else []
    )
    return PhoneView(
        _seen(connection, own[:_OWN], now, actor),
        _seen(connection, waiting[:SHOWN], now, actor),
        len(waiting),
        callbacks.count(connection),
        listed,
        callbacks.tries(connection, [row.id for row in listed]) if listed else {},
        offset,
    )


def _seen(
    connection: "Connection", rows: Iterable[reads.CallRow], now: datetime, actor: Actor | None
) -> list[CallSeen]:
    found = []
    for row in rows:
        card = call_card(connection, row.id, now, actor)
        if card is not None:
            earlier = reads.call(connection, row.joined_call) if row.joined_call else None
            found.append(CallSeen(card, shown(connection, earlier, actor) if earlier else None))
    return found
