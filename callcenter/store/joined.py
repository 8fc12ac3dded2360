"""How far the file and its centre know of each other: the one row of `joined`, and what was erased since."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Literal, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

_WAITING = """
    SELECT (SELECT max(seq) FROM entry WHERE desk = here.chain)
           - CASE WHEN joined.chain = here.chain THEN joined.acked ELSE 0 END
    FROM joined, here
"""
_OUTLOOK = """
    SELECT here.chain, coalesce((SELECT max(seq) FROM entry WHERE desk = here.chain), 0),
           EXISTS (SELECT 1 FROM emptied), joined.*
    FROM joined, here
"""
LIVE_SECONDS = 45
"""A link that nobody renewed for so long does not stand: the program that held it is gone."""


class JoinedRow(NamedTuple):
    """See `store.tables.Joined`."""

    epoch: str
    sx: str
    n: int
    since: int
    chain: str
    acked: int
    offset_ms: int
    live_at: int


def joined(connection: "Connection") -> JoinedRow | None:
    """The row, or None for a desk on its own."""
    row = connection.execute("SELECT * FROM joined").fetchone()
    return None if row is None else JoinedRow._make(row)


class Outlook(NamedTuple):
    """What there may be to tell the centre: the chain written here, its last entry, whether something was emptied."""

    chain: str
    last: int
    emptied: bool
    row: JoinedRow


def outlook(connection: "Connection") -> Outlook | None:
    """All that is asked before each look at the line, in one; None for a desk on its own."""
    found = connection.execute(_OUTLOOK).fetchone()
    return None if found is None else Outlook(found[0], found[1], bool(found[2]), JoinedRow._make(found[3:]))


def is_live(row: JoinedRow, now: int) -> bool:
    """Whether a program held the link just now (seconds)."""
    return row.live_at > 0 and abs(now - row.live_at) < LIVE_SECONDS


def claim_now(connection: "Connection", now: int) -> Literal["alone", "asked", "provisional"]:
    """How far the places of an offer that is made now (seconds) are the desk's own, as `OfferMade.claim` says it."""
    row = joined(connection)
    if row is None:
        return "alone"
    return "asked" if is_live(row, now) else "provisional"


def join(connection: "Connection", row: JoinedRow) -> None:
    """Begin with a centre, or begin anew."""
    connection.execute("DELETE FROM joined")
    connection.execute("INSERT INTO joined VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)


def leave(connection: "Connection") -> None:
    """Be a desk on its own."""
    connection.execute("DELETE FROM joined")


def set_cursor(connection: "Connection", sx: str, n: int) -> None:
    """All up to here has been taken in."""
    connection.execute("UPDATE joined SET sx = ?, n = ?", (sx, n))


def set_acked(connection: "Connection", chain: str, acked: int) -> None:
    """The centre has our chain up to this sequence number."""
    connection.execute("UPDATE joined SET chain = ?, acked = ?", (chain, acked))


def set_live(connection: "Connection", live_at: int, offset_ms: int) -> None:
    """The link stands now (seconds), or is cut (0)."""
    connection.execute("UPDATE joined SET live_at = ?, offset_ms = ?", (live_at, offset_ms))


def emptied(connection: "Connection", most: int) -> list[str]:
    """Entries of whom a person was erased, which the centre has not been told yet."""
    return [row[0] for row in connection.execute("SELECT entry_id FROM emptied LIMIT ?", (most,))]


def emptied_told(connection: "Connection", entries: Sequence[str]) -> None:
    """The centre has emptied these as well."""
    connection.executemany("DELETE FROM emptied WHERE entry_id = ?", [(entry,) for entry in entries])


def empty_all_again(connection: "Connection") -> None:
    """A centre that was put back may know again of whom a person was erased: tell it all of them."""
    connection.execute("INSERT OR IGNORE INTO emptied SELECT id FROM entry WHERE body IS NULL")


def waiting(connection: "Connection") -> int:
    """How many entries of this file's chain the centre does not have yet; 0 for a desk on its own."""
    row = connection.execute(_WAITING).fetchone()
    return 0 if row is None or row[0] is None else max(0, int(row[0]))
