"""People's records: looking at them leaves a trace, and erasing them leaves only digests."""

from datetime import datetime
from typing import Literal

from callcenter.care.codes import RecordUse
from callcenter.desk.checks import UnknownCode
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
    reason: str,
    words: str = "",
    count: int = 1,
) -> None:
    """Write into the journal that the actor read personal data of the subject: a code why, and words of one's own.

    The words go with the person when that is erased. Raises `UnknownCode`.
    """
    from callcenter.journal import bodies

    _check(desk, reason, "read")
    with desk.writing(actor.name, now) as chain:
        reading = chain.append(subject, bodies.RecordRead(what=what, why=reason, count=count))
        if said := kept_text(words):
            chain.append(subject, bodies.RecordExplained(reading=reading.id, words=said))


@requires("person.erase")
def erase_guardian(desk: Desk, actor: Actor, now: datetime, guardian_id: str, reason: str) -> int:
    """Erase a guardian, the children, the calls' numbers and the notes; returns the number of entries emptied.

    `reason` is a code. The work stays countable: requests keep their times, region and outcome. Backups made before are
    not touched. Raises `UnknownCode`.
    """
    from callcenter.journal import bodies, history

    _check(desk, reason, "erase")
    with desk.writing(actor.name, now) as chain:
        if reads.guardian(desk.connection, guardian_id) is None:
            raise NotFound(what=_("The guardian"))
        drafts.forget_person(desk.connection, guardian_id)
        subjects = reads.subjects_of_guardian(desk.connection, guardian_id)
        erasing = chain.append(guardian_id, bodies.PersonErased(reason=reason, subjects=tuple(subjects)))
        erased = history.erase(desk.connection, erasing)
    desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    return erased


def _check(desk: Desk, code: str, use: RecordUse) -> None:
    allowed = [one.code for one in desk.reference.record_reasons.values() if one.use == use]
    if code not in allowed:
        raise UnknownCode(found=code, allowed=", ".join(allowed))
