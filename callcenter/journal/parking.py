"""An entry that cannot be folded is parked with its reason, and the others go on."""

from collections.abc import Callable
from typing import TYPE_CHECKING

from callcenter.journal.entry import Entry
from callcenter.journal.proof import ALTERED
from callcenter.store import tables
from callcenter.store.engine import UNSTORABLE
from callcenter.store.writes import put_rows

if TYPE_CHECKING:
    from sqlite3 import Connection

UNFOLDABLE = (*UNSTORABLE, ValueError, LookupError, TypeError, OverflowError, RecursionError)
"""What a fold may meet in an entry of another program: a form it does not know, or values that fit nowhere.

Not a full disk or a lock: those are no fault of the entry.
"""

OTHER_BYTES = "other_bytes"
"""An entry is known with another digest than it arrived with; the one that was here first is kept."""
FORK = "fork"
"""Another entry of the same desk has its number."""
REFUSED = (OTHER_BYTES, FORK, *ALTERED)
"""The reasons for which an entry is not kept at all."""


def all_or_nothing(connection: "Connection", work: Callable[[], None]) -> str | None:
    """Do the work, or none of it where an entry cannot be folded; returns why not."""
    connection.execute("SAVEPOINT folding")
    try:
        work()
    except UNFOLDABLE as error:
        connection.execute("ROLLBACK TO folding")
        connection.execute("RELEASE folding")
        # Names of errors only: their sentences may hold what the entry says of people.
        return type(error).__name__
    connection.execute("RELEASE folding")
    return None


def fold_or_park(connection: "Connection", entry: Entry, work: Callable[[], None]) -> bool:
    """Fold one entry, or park it; returns whether it was folded."""
    reason = all_or_nothing(connection, work)
    if reason is not None:
        park(connection, entry, reason)
    return reason is None


def park(connection: "Connection", entry: Entry, reason: str) -> None:
    """Write down that the entry could not be taken in, when it was written, and why."""
    row = {"entry_id": entry.id, "way": "in", "reason": reason, "at": entry.at // 1000}
    put_rows(connection, tables.Parked, [row])
