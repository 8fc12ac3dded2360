"""How the centre stands: its desks, what waits, what nobody decided, what holds the cursors back."""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, LiteralString

from callcenter.sync.centre import ensure_current

if TYPE_CHECKING:
    from psycopg import Connection


_DESKS = """
    SELECT desk, connections, chain, entries, waiting, behind, conflicts, parked, recovered, seen, pushed, app_version,
        now.everything AS all, now.programs, now.regions, now.revoked, known.emptied
    FROM callcenter.desks_now() AS now JOIN callcenter.desk AS known ON known.name = now.desk
    ORDER BY now.desk
"""
# Where nobody has been heard of for an hour, nobody works on it any more; the desks are told so when one asks next.
_WORK = """
    SELECT work.request_id AS request, opened.body AS number, work.desk, work.operator,
        extract(epoch FROM now() - work.since)::bigint AS for_seconds,
        extract(epoch FROM now() - work.beat)::bigint AS silent_seconds
    FROM callcenter.works_now() AS work LEFT JOIN LATERAL (
        SELECT body FROM callcenter.entry WHERE subject = work.request_id AND kind = 'request.opened' LIMIT 1
    ) AS opened ON true
    WHERE work.beat >= now() - interval '1 hour'
    ORDER BY work.since
"""


@dataclass(frozen=True, slots=True)
class CentreStatus:
    """The centre as a whole, and each desk and each request in work as a row of plain values.

    A request's `number` is None until its first entry has come.

    `settle_lag` is for how many milliseconds a transaction has been holding back what desks may pull; None when the
    owner may not see that. `xids_ahead` says that a dump was restored and nobody said so yet.
    """

    epoch: str
    version: int
    server: str
    entries: int
    parked: int
    conflicts: int
    settle_lag: int | None
    xids_ahead: bool
    desks: tuple[dict[str, Any], ...]
    work: tuple[dict[str, Any], ...]


def read_status(connection: "Connection[Any]") -> CentreStatus:
    """Ask the centre; times are ISO 8601 in UTC. Raises `NotMade`, `OlderCentre`."""
    ensure_current(connection)
    whole = _rows(connection, "SELECT * FROM callcenter.centre_now()")[0]
    return CentreStatus(
        epoch=whole["epoch"],
        version=whole["version"],
        server=(connection.info.parameter_status("server_version") or "").partition(" ")[0],
        entries=whole["entries"],
        parked=whole["parked"],
        conflicts=whole["conflicts"],
        settle_lag=whole["settle_lag"],
        xids_ahead=whole["xids_ahead"],
        desks=tuple(_rows(connection, _DESKS)),
        work=tuple({**row, "number": _number(row["number"])} for row in _rows(connection, _WORK)),
    )


def _number(body: str | None) -> str | None:
    """The receipt number that the request's first entry says; None while that is not here, or cannot be read."""
    try:
        said = json.loads(body or "{}")
    except ValueError:
        return None
    number = said.get("number") if isinstance(said, dict) else None
    return number if isinstance(number, str) else None


def _rows(connection: "Connection[Any]", query: LiteralString) -> list[dict[str, Any]]:
    from psycopg.rows import dict_row

    with connection.cursor(row_factory=dict_row) as cursor:
        return [{name: _plain(value) for name, value in row.items()} for row in cursor.execute(query)]


def _plain(value: object) -> object:
    return value.astimezone(UTC).isoformat(timespec="seconds") if isinstance(value, datetime) else value
