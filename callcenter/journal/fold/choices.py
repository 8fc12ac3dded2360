"""How entries about why a request was placed as it was change the tables."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from callcenter.journal import bodies
from callcenter.journal.entry import Entry
from callcenter.store import tables
from callcenter.store.writes import insert_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def _choice_made(connection: "Connection", entry: Entry, body: bodies.ChoiceMade) -> None:
    if body.rank == 1 and not body.change:
        # The first as asked needs no line; the whole list stays in the journal.
        return
    row = {
        "request_id": entry.subject,
        "rank": body.rank,
        "why_not_first": body.why_not_first,
        "change": body.change,
    }
    insert_rows(connection, tables.Choice, [{"offer_id": offer, **row} for offer in body.offers])


HANDLERS: dict[type[bodies.Body], Callable[["Connection", Entry, Any], None]] = {bodies.ChoiceMade: _choice_made}
