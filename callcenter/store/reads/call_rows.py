"""Telephone calls."""

import json
from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.lifecycle import CALL
from callcenter.store.reads.desk_rows import HERE

if TYPE_CHECKING:
    from sqlite3 import Connection

OPEN_CALLS = tuple(sorted(CALL.open))


class CallRow(NamedTuple):
    """A call; `operator` is empty until somebody takes it, `heard` what a telephone system told of it."""

    id: str
    state: str
    operator: str
    opened_at: int
    ended_at: int | None
    phone: str | None
    guardian_id: str | None
    outcome: str | None
    topic: str | None
    direction: str = "in"
    external_id: str | None = None
    extension: str | None = None
    called: str | None = None
    heard: str = ""
    answered_at: int | None = None
    held_at: int | None = None
    hung_up_at: int | None = None
    joined_call: str | None = None
    agency: str | None = None
    safety: str | None = None
    raised_by: str = ""
    desk: str = ""


def call(connection: "Connection", call_id: str) -> CallRow | None:
    """The call, or None."""
    row = connection.execute("SELECT * FROM call WHERE id = ?", (call_id,)).fetchone()
    return CallRow._make(row) if row else None


def calls_of_operator(connection: "Connection", operator: str) -> list[CallRow]:
    """The calls of this desk that the operator has not ended yet; the first is what the keys act on.

    The one that talks, then those to write up, then those on hold; of each the newest first.
    """
    sql = f"""SELECT * FROM call WHERE state IN (SELECT value FROM json_each(?)) AND operator = ? AND +desk = {HERE}
             ORDER BY CASE state WHEN 'talking' THEN 0 WHEN 'wrap_up' THEN 1 ELSE 2 END, opened_at DESC, id DESC"""  # noqa: S608 - ours, no value
    return [CallRow._make(row) for row in connection.execute(sql, (json.dumps(OPEN_CALLS), operator))]
