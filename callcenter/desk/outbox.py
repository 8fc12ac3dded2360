"""The outbox: which message leaves next, and what became of it; for the process that sends them.

A message is first written down as leaving, then sent, then written down as sent. Whoever dies in between leaves it
leaving, and after a while it is sent again under the same id: at least once, never not at all, and the receiver's
service tells by the id that it has it already.
"""

from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.care.messages import pause
from callcenter.desk.care_telling import told_of_release
from callcenter.desk.messages import PENDING, applies, due_by_clock, is_silent, queue_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, seconds
from callcenter.store import messages as rows
from callcenter.store import reads
from callcenter.store.messages import MessageRow

if TYPE_CHECKING:
    from callcenter.journal.chain import Chain

LATE = "late"
LOST = "lost"


@requires("message.send")
def queue_due(desk: Desk, actor: Actor, now: datetime) -> int:
    """Queue what the clock sends: that care ends soon, or should have ended; returns how many."""
    wanted = [(one, due_by_clock(one, now)) for one in desk.reference.messages.templates.values()]
    found = [
        (template, row)
        for template, times in wanted
        if times is not None
        for row in rows.care_ending(desk.connection, desk.name, template.occasion, *times)
    ]
    if not found:
        return 0
    count = 0
    with desk.writing(actor.name, now) as chain:
        for template, row in found:
            request = reads.request(desk.connection, row.request_id)
            if request is None or is_silent(desk.connection, request) or request.end_at != row.end_at:
                continue
            count += queue_text(desk, chain, now, request, template, row.offer_id, seconds(now)) is not None
    return count


@requires("message.send")
def take_next(desk: Desk, actor: Actor, now: datetime) -> MessageRow | None:
    """The message to send now, written down as leaving; None when none is due.

    On the way what is not true any more is dropped, and what comes too late or was lost too often fails.
    """
    at = seconds(now)
    # Looked at first, so that a desk with nothing to send never waits for, nor holds up, a writer.
    if rows.next_to_leave(desk.connection, desk.name, at) is None:
        return None
    with desk.writing(actor.name, now) as chain:
        while (row := rows.next_to_leave(desk.connection, desk.name, at)) is not None:
            if _leaves(desk, chain, row, at):
                return rows.message(desk.connection, row.id)
    return None


@requires("message.send")
def note_sent(desk: Desk, actor: Actor, now: datetime, message_id: str, result: str) -> bool:
    """The gateway took the message; False when that is known already, or its people were erased meanwhile."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        row = rows.message(desk.connection, message_id)
        if row is None or row.state != "leaving":
            return False
        chain.append(row.request_id, bodies.MessageSent(message=row.id, result=result))
        told_of_release(desk, chain, row)
    return True


@requires("message.send")
def note_failed(
    desk: Desk, actor: Actor, now: datetime, message_id: str, reason: str, *, permanent: bool, spread: float
) -> datetime | None:
    """The gateway did not take the message: when it is tried again, or None when a person has to see to it.

    `spread` is drawn from 0 to 1 (see `care.messages.pause`).
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        row = rows.message(desk.connection, message_id)
        if row is None or row.state != "leaving":
            return None
        rest = None if permanent else pause(desk.reference.messages.retry, row.tries, spread)
        again = None if rest is None else now + rest
        when = None if again is None else seconds(again)
        chain.append(row.request_id, bodies.MessageFailed(message=row.id, reason=reason, again=when))
    return again


def _leaves(desk: Desk, chain: "Chain", row: MessageRow, at: int) -> bool:
    """Write down that the message leaves, or why it does not."""
    from callcenter.journal import bodies

    request = reads.request(desk.connection, row.request_id)
    if request is None or not applies(desk.connection, row.occasion, request, row.offer_id, row.about):
        chain.append(row.request_id, bodies.MessageDropped(message=row.id, why="overtaken"))
    elif is_silent(desk.connection, request):
        chain.append(row.request_id, bodies.MessageDropped(message=row.id, why="restricted"))
    elif at > row.until:
        chain.append(row.request_id, bodies.MessageFailed(message=row.id, reason=LATE, again=None))
    elif row.state not in PENDING and row.tries >= desk.reference.messages.retry.tries:
        chain.append(row.request_id, bodies.MessageFailed(message=row.id, reason=LOST, again=None))
    else:
        chain.append(row.request_id, bodies.MessageLeaving(message=row.id, tries=row.tries + 1))
        return True
    return False
