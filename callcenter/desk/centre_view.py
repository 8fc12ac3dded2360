"""What a desk's window on its centre tells beside the line itself: who works on what, what waits for a person."""

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.permission import Actor
from callcenter.store import reads
from callcenter.store.parked import ParkedRow, parked_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


class CentreView(NamedTuple):
    """The receipt numbers of requests that are worked on, those of conflicts to be decided, and what was kept aside."""

    numbers: Mapping[str, str]
    conflicts: tuple[str, ...]
    parked: tuple[ParkedRow, ...]
    """Only a supervisor is shown them: they say what went wrong inside."""


def centre_view(connection: "Connection", worked_on: Collection[str], actor: Actor | None) -> CentreView:
    """What is to be told of these requests (identifiers), of conflicts, and of entries that were kept aside."""
    from callcenter.desk.conflicts import conflicts

    found = {one: request.number for one in worked_on if (request := reads.request(connection, one)) is not None}
    supervisor = actor is not None and actor.role == "supervisor"
    return CentreView(
        found,
        tuple(one.refused.offer.number for one in conflicts(connection, actor)),
        tuple(parked_rows(connection)) if supervisor else (),
    )
