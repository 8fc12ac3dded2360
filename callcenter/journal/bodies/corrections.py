"""What entries say about entries that were wrong."""

from typing import ClassVar

from callcenter.journal.bodies.body import Body


class EntryCorrected(Body):
    """Entries of the same subject were a mistake, for a reason of the list: the subject is as if they were not.

    They stay in the journal, as everything does. 정정: correction.
    """

    kind: ClassVar[str] = "entry.corrected"
    entries: list[str]
    reason: str
