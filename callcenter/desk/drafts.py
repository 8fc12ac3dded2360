"""Drafts: what an operator typed and did not save is kept, offered again, taken over, and forgotten in time.

A draft is no fact, so nothing of it goes into the journal. These run on a writer's connection of their own thread:
a keystroke does not wait for use cases.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from callcenter.desk.permission import Actor
from callcenter.desk.session import seconds
from callcenter.store import drafts
from callcenter.store.drafts import DraftRow
from callcenter.store.transactions import writing
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from sqlite3 import Connection

SUPERVISOR_SEES_AFTER = timedelta(minutes=10)
"""For so long a draft is its operator's alone: who typed it is probably about to go on."""


def save(connection: "Connection", changed: Iterable[DraftRow], dropped: Iterable[str] = ()) -> None:
    """Keep these drafts as they are now and forget those, in one transaction."""
    with writing(connection):
        for draft in changed:
            drafts.save(connection, draft)
        for draft_id in dropped:
            drafts.drop(connection, draft_id)


def offered(connection: "Connection", actor: Actor, now: datetime) -> list[DraftRow]:
    """The drafts this actor may go on with, the newest first: one's own, and a supervisor everybody's after a while."""
    waited = seconds(now - SUPERVISOR_SEES_AFTER)
    return [
        draft
        for draft in drafts.drafts(connection)
        if draft.operator == actor.name or (actor.role == "supervisor" and draft.saved_at <= waited)
    ]


def take_over(connection: "Connection", actor: Actor, now: datetime, draft_id: str) -> bool:
    """Make a draft one's own; False when it is not offered to this actor (any more)."""
    with writing(connection):
        found = any(draft.id == draft_id for draft in offered(connection, actor, now))
        if found:
            drafts.take_over(connection, draft_id, actor.name, seconds(now))
    return found


def tell_old(connection: "Connection", told: Iterable[DraftRow], now: datetime, keep: timedelta) -> datetime | None:
    """Note of the drafts an operator is told of which are older than `keep`; until when the first of them stays.

    None when none is old: nothing that was typed is forgotten before somebody knew, however long the desk was closed.
    """
    with writing(connection):
        found = [drafts.tell(connection, seconds(now - keep), draft.id, seconds(now)) for draft in told]
    since = min((at for at in found if at is not None), default=None)
    return None if since is None else moment(since) + keep


def forget_old(connection: "Connection", now: datetime, keep: timedelta) -> int:
    """Forget the drafts nobody went on with for so long after `tell_old`; returns how many there were."""
    with writing(connection):
        return drafts.drop_told(connection, seconds(now - keep))
