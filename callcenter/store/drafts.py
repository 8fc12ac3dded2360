"""The drafts of a desk: what was typed and not saved, by rows of their own; bound SQL on the driver's connection.

Times are seconds since 1970 in UTC; a body is JSON. Nothing here needs the table definitions: the first keystroke does
not wait for them.
"""

import json
import re
from typing import TYPE_CHECKING, NamedTuple

from callcenter.store.engine import version_of

if TYPE_CHECKING:
    from sqlite3 import Connection

_FIRST_VERSION = 2


class DraftRow(NamedTuple):
    """A draft, of a call or of a request that is amended, or of neither."""

    id: str
    operator: str
    call_id: str | None
    request_id: str | None
    saved_at: int
    body: str


def save(connection: "Connection", draft: DraftRow) -> None:
    """Put the draft in the place of what stood there before under its identifier."""
    connection.execute("INSERT OR REPLACE INTO draft VALUES (?, ?, ?, ?, ?, ?)", draft)


def drop(connection: "Connection", draft_id: str) -> None:
    """Forget a draft; one that is not there is nothing."""
    connection.execute("DELETE FROM draft WHERE id = ?", (draft_id,))


def drop_told(connection: "Connection", than: int) -> int:
    """Forget the drafts of which somebody was told before this time; returns how many there were."""
    return connection.execute("DELETE FROM draft WHERE json_extract(body, '$.told') < ?", (than,)).rowcount


def tell(connection: "Connection", saved_before: int, draft_id: str, at: int) -> int | None:
    """Since when somebody knows that a draft last saved before a time is old: from now on, unless it was told before.

    None for a draft that is not old. The next key typed into it takes that away.
    """
    connection.execute(
        """UPDATE draft SET body = json_set(body, '$.told', ?)
           WHERE id = ? AND saved_at < ? AND json_extract(body, '$.told') IS NULL""",
        (at, draft_id, saved_before),
    )
    found = connection.execute("SELECT json_extract(body, '$.told') FROM draft WHERE id = ?", (draft_id,)).fetchone()
    return found[0] if found else None


def take_over(connection: "Connection", draft_id: str, operator: str, at: int) -> None:
    """The draft is this operator's from now on, who goes on with it."""
    connection.execute(
        "UPDATE draft SET operator = ?, saved_at = ?, body = json_remove(body, '$.told') WHERE id = ?",
        (operator, at, draft_id),
    )


def drafts(connection: "Connection") -> list[DraftRow]:
    """Every draft, the newest first; none in a file that an older program made and nobody has written to since."""
    if version_of(connection) < _FIRST_VERSION:
        return []
    return [DraftRow._make(row) for row in connection.execute("SELECT * FROM draft ORDER BY saved_at DESC, id")]


def forget_person(connection: "Connection", guardian_id: str) -> None:
    """Forget the drafts that name a guardian or the guardian's number, in the transaction of who erases the person."""
    found = connection.execute("SELECT phone FROM guardian WHERE id = ?", (guardian_id,)).fetchone()
    national = re.sub(r"^\+82", "", found[0]).lstrip("+") if found else ""
    for draft in drafts(connection):
        if guardian_id in draft.body or (national and _names(json.loads(draft.body), national)):
            drop(connection, draft.id)


def _names(value: object, digits: str) -> bool:
    """Whether any text in it holds these digits, however they are written."""
    if isinstance(value, dict):
        return any(_names(one, digits) for one in value.values())
    if isinstance(value, list):
        return any(_names(one, digits) for one in value)
    return isinstance(value, str) and digits in re.sub(r"\D", "", value)
