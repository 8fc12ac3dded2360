"""What the console shows of calls at one moment: who is ringing, the calls of the day, the call-backs that are owed."""

from collections.abc import Collection
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.callbacks import PAUSE, TRIES
from callcenter.desk.permission import Actor
from callcenter.desk.restricted import hidden, may_see, shown, shown_requests
from callcenter.store import callbacks, calls, reads
from callcenter.store.after import NoShows, no_shows
from callcenter.text.moments import SEOUL

if TYPE_CHECKING:
    from sqlite3 import Connection

_REQUESTS = 5
_MISSED_WITHIN = timedelta(hours=24)
_LAST = 20


class CallCard(NamedTuple):
    """Who rings, as far as the number tells.

    `guardian` and `children` are those of the number if it is just one guardian's; `guardians` how many it has.
    `last` is the last call of the number that was answered, `missed` how many were not within a day, `owed` the
    call-backs it waits for. `restricted` says that danger was raised in a call of this number.
    """

    call: reads.CallRow
    guardians: int
    guardian: reads.GuardianRow | None
    children: list[reads.ChildRow]
    requests: list[reads.RequestRow]
    last: reads.CallRow | None
    missed: int
    owed: list[callbacks.OwedRow]
    restricted: bool
    no_shows: NoShows | None = None


class CallLine(NamedTuple):
    """A call of the day as the actor may see it, and its guardian's name."""

    call: reads.CallRow
    guardian: str | None
    hidden: bool


def call_card(connection: "Connection", call_id: str, now: datetime, actor: Actor | None) -> CallCard | None:
    """Who rings, for the banner; None when there is no such call. Every query goes by an index and is bounded."""
    call = reads.call(connection, call_id)
    if call is None:
        return None
    seen = shown(connection, call, actor)
    if not seen.phone:
        return CallCard(seen, 0, None, [], [], None, 0, [], call.safety is not None)
    phone = seen.phone
    found = reads.guardians_by_phone(connection, phone)
    only = found[0] if len(found) == 1 else None
    earlier = calls.calls_of_number(connection, phone, _LAST, call.id)
    answered = (one for one in earlier if one.state == "ended" and one.direction == "in")
    last = next(answered, None)
    since = int((now - _MISSED_WITHIN).timestamp())
    return CallCard(
        seen,
        len(found),
        only,
        reads.children_of_guardian(connection, only.id) if only else [],
        shown_requests(connection, calls.open_requests_of_number(connection, phone, _REQUESTS), actor),
        shown(connection, last, actor) if last else None,
        calls.missed_calls(connection, phone, since, call.id),
        callbacks.owed_to(connection, phone),
        any(one.safety is not None for one in (call, *earlier)),
        no_shows(connection, only.id) if only else None,
    )


def calls_today(
    connection: "Connection", now: datetime, actor: Actor | None, *, offset: int = 0, limit: int = 100
) -> list[CallLine]:
    """The calls that are not over, those that ring first; then a page of the day's others, the newest first."""
    midnight = datetime.combine(now.astimezone(SEOUL), time(), SEOUL)
    going_on = calls.open_calls(connection) if offset == 0 else []
    over = calls.ended_calls(connection, int(midnight.timestamp()), offset, limit)
    return [_line(connection, call, actor) for call in (*going_on, *over)]


def open_calls(connection: "Connection", actor: Actor | None) -> list[CallLine]:
    """The calls that are not over, those that ring first."""
    return [_line(connection, call, actor) for call in calls.open_calls(connection)]


def owed_calls(
    connection: "Connection",
    actor: Actor | None,
    *,
    until: datetime | None = None,
    pause: timedelta = PAUSE,
    limit_tries: int = TRIES,
    offset: int = 0,
    limit: int = 100,
) -> list[callbacks.CallbackRow]:
    """The call-backs that are owed, the first that is due first; who, only where the actor may see what it is for."""
    rows = callbacks.waiting(connection, until=until, pause=pause, limit_tries=limit_tries, offset=offset, limit=limit)
    unseen = hidden(connection, [row.id for row in rows if row.kind == "request"], actor)
    return [_owed(connection, row, actor, unseen) for row in rows]


def _line(connection: "Connection", call: reads.CallRow, actor: Actor | None) -> CallLine:
    seen = shown(connection, call, actor)
    found = reads.guardian(connection, seen.guardian_id) if seen.guardian_id else None
    return CallLine(seen, found.name if found else None, not may_see(connection, call, actor))


def _owed(
    connection: "Connection", row: callbacks.CallbackRow, actor: Actor | None, unseen: Collection[str]
) -> callbacks.CallbackRow:
    call = reads.call(connection, row.call_id) if row.safety is not None and row.call_id is not None else None
    if row.id not in unseen and (call is None or may_see(connection, call, actor)):
        return row
    return row._replace(phone="", guardian_id=None, name=None, second_name="", second_phone="")
