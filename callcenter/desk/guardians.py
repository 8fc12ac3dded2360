"""People's records: looking at them leaves a trace, and erasing them leaves only digests."""

from datetime import datetime
from typing import Literal

from callcenter.desk.free_text import kept_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.session import Desk, NotFound
from callcenter.language import _
from callcenter.store import drafts, reads


@requires("record.reveal")
def note_reading(
    desk: Desk,
    actor: Actor,
    now: datetime,
    subject: str,
    what: Literal["open", "reveal", "search", "export"],
    why: str,
    count: int = 1,
) -> None:
    """Write into the journal that the actor read personal data of the subject, and why."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        chain.append(subject, bodies.RecordRead(what=what, why=kept_text(why), count=count))


@requires("person.erase")
def erase_guardian(desk: Desk, actor: Actor, now: datetime, guardian_id: str, reason: str) -> int:
    """Erase a guardian, the children, the calls' numbers and the notes; returns the number of entries emptied.

    The work stays countable: requests keep their times, region and outcome. Backups made before are not touched.
    """
    from callcenter.journal import bodies, history

    with desk.writing(actor.name, now) as chain:
        if reads.guardian(desk.connection, guardian_id) is None:
            raise NotFound(what=_("The guardian"))
        drafts.forget_person(desk.connection, guardian_id)
        subjects = reads.subjects_of_guardian(desk.connection, guardian_id)
        erasing = chain.append(guardian_id, bodies.PersonErased(reason=kept_text(reason), subjects=tuple(subjects)))
        erased = history.erase(desk.connection, erasing)
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return erased
