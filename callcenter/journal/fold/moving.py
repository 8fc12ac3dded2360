"""How a request comes to another state, and how what it held is released."""

from typing import TYPE_CHECKING

from callcenter.journal.entry import Entry
from callcenter.store import tables
from callcenter.store.placements import give_back_all, owe_notice
from callcenter.store.writes import delete_rows, update_rows

if TYPE_CHECKING:
    from sqlite3 import Connection


def move(connection: "Connection", entry: Entry, state: str, **values: object) -> None:
    """Bring the request of the entry to the state that the entry names."""
    changed = {"state": state, "changed_at": entry.at // 1000, **values}
    update_rows(connection, tables.Request, {"id": entry.subject}, changed)


def release_request(connection: "Connection", entry: Entry) -> None:
    """Give back every place the request of the entry holds, withdraw its live offers, let go what was only kept."""
    request = entry.subject
    owe_notice(connection, request, None, entry.at // 1000)
    give_back_all(connection, request)
    delete_rows(connection, tables.Placement, {"request_id": request})
    update_rows(connection, tables.Offer, {"request_id": request, "state": "reserved"}, {"state": "released"})
    for state in ("pending", "conditional", "accepted"):
        update_rows(connection, tables.Offer, {"request_id": request, "state": state}, {"state": "withdrawn"})
