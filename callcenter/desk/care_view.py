"""What the console shows of care at one moment: who has a place tonight, who is in care, what is due next, alarms."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.callbacks import Try
from callcenter.care.stays import WATCH, Due, StayState, Watch, due_of, state_of
from callcenter.desk.care_extension import most_minutes
from callcenter.desk.permission import Actor
from callcenter.desk.restricted import hidden
from callcenter.reference import Reference
from callcenter.store import callbacks, stays
from callcenter.store.reads import AlarmRow
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

AHEAD = timedelta(hours=24)
"""Whose care starts later is not expected yet."""
MOST = 200
"""Requests and notices that are looked at: those whose clock rings first."""
# A provider keeps a place free for nobody from this moment on; it is told within the next minutes.
_NOTICE_AFTER = timedelta(minutes=2)


class CareLine(NamedTuple):
    """A child with a place, or a provider to be told (`notice`): what is due next, and what was tried.

    `hidden` says that the actor may not see who it is. `bars` is to whom the child must not be given, `seen` the last
    look at the door.
    """

    key: str
    due: Due
    row: stays.StayRow | None
    notice: stays.NoticeRow | None = None
    tries: tuple[Try, ...] = ()
    hidden: bool = False
    at_home: bool = False
    bars: tuple[stays.BarRow, ...] = ()
    seen: stays.ScreeningRow | None = None

    @property
    def request_id(self) -> str:
        """The request it belongs to."""
        if self.row is not None:
            return self.row.request_id
        return self.notice.request_id if self.notice is not None else ""

    @property
    def number(self) -> str:
        """The receipt number of the request."""
        if self.row is not None:
            return self.row.number
        return self.notice.number if self.notice is not None else ""

    @property
    def state(self) -> "StayState | None":
        """How far the child is; None for a provider to be told."""
        return state_of(self.row.stay) if self.row is not None else None


class CareView(NamedTuple):
    """Everybody who has a place tonight or is in care, the one first whose clock rings first; and how many are in."""

    lines: list[CareLine]
    alarms: list[AlarmRow]
    in_care: int


def care_view(
    connection: "Connection", reference: Reference, now: datetime, actor: Actor | None, watch: Watch = WATCH
) -> CareView:
    """Everything the console shows of care, as the actor may see it."""
    at = int(now.timestamp())
    rows = stays.live_stays(connection, int((now + AHEAD).timestamp()), MOST)
    lines = care_lines(connection, reference, rows, at, actor, watch)
    notices = stays.open_notices(connection, MOST)
    unseen = hidden(connection, [row.request_id for row in notices], actor)
    lines += [
        CareLine(f"notice/{row.offer_id}", _notice_due(row), None, row, hidden=row.request_id in unseen)
        for row in notices
    ]
    lines.sort(key=lambda line: (line.due.since, line.number, line.key))
    return CareView(lines, alarms_of(lines, at), stays.in_care(connection))


def care_lines(
    connection: "Connection",
    reference: Reference,
    rows: Sequence[stays.StayRow],
    at: int,
    actor: Actor | None,
    watch: Watch = WATCH,
) -> list[CareLine]:
    """A line for each stay that is not over, in the order of the rows."""
    requests = list(dict.fromkeys(row.request_id for row in rows))
    tries = callbacks.tries(connection, requests)
    unseen = hidden(connection, requests, actor)
    found = []
    for row in rows:
        made = tries.get(row.request_id, [])
        longest = most_minutes(reference, row)
        due = due_of(
            row.stay,
            at,
            made,
            second_contact=bool(row.second_phone),
            longest=None if longest is None else longest * 60,
            watch=watch,
        )
        if due is None:
            continue
        since = [one for one in made if one.at >= row.accepted_at]
        closed = row.request_id in unseen
        shown = _without_people(row) if closed else row
        came = row.held_at is not None or row.admitted_at is not None
        looks = stays.screenings(connection, row.request_id) if came and not closed else []
        found.append(
            CareLine(
                f"{row.request_id}/{row.child_id}",
                due,
                shown,
                tries=tuple(since),
                hidden=closed,
                at_home=at_home(reference, row),
                bars=tuple(stays.bars(connection, row.child_id)) if came and not closed else (),
                seen=next((one for one in reversed(looks) if one.child_id == row.child_id), None),
            )
        )
    return found


def at_home(reference: Reference, row: stays.StayRow) -> bool:
    """Whether a carer comes to the child, by its service's rules."""
    service = reference.services.get(row.service)
    if service is None:
        return False
    placing = service.rules_on(moment(row.start_at).date(), row.provider_region, row.provider_id).placing
    return placing is not None and placing.at_home


def alarms_of(lines: Sequence[CareLine], at: int) -> list[AlarmRow]:
    """The clocks that ring: one for each request, kind and rung, however many children it has."""
    found = {
        (line.request_id, line.due.kind, line.due.rung, line.due.since): AlarmRow(
            kind_of(line.due),
            line.request_id,
            line.number,
            # Before the end it is told how long there is still.
            line.due.due if line.due.kind == "ending" else line.due.since,
        )
        for line in lines
        if line.due.since <= at
    }
    return list(found.values())


def kind_of(due: Due) -> str:
    """The kind of an alarm, with whom to ring next: `care_overdue_guardian`."""
    return "_".join(("care", due.kind, *([due.rung] if due.rung else [])))


def _notice_due(row: stays.NoticeRow) -> Due:
    return Due("notice", row.since + int(_NOTICE_AFTER.total_seconds()), row.since)


def _without_people(row: stays.StayRow) -> stays.StayRow:
    return row._replace(
        guardian_id="", guardian=None, phone="", second_name="", second_phone="", child=None, needs="", care_note=""
    )
