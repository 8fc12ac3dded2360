"""Which needs of which child the provider of an offer said it knows of."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


def acknowledged(connection: "Connection", request_id: str) -> frozenset[tuple[str, str, str]]:
    """The (offer, child, need) of a request that were acknowledged."""
    sql = "SELECT offer_id, child_id, need FROM acknowledgement WHERE request_id = ?"
    return frozenset(connection.execute(sql, (request_id,)).fetchall())
