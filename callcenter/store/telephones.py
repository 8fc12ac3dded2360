"""Telephone numbers of providers that turned out to be wrong."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite3 import Connection


def doubted(connection: "Connection", provider_id: str) -> frozenset[str]:
    """The numbers at which the provider was not to be reached, whether its record still has them or not."""
    rows = connection.execute("SELECT number FROM telephone_doubt WHERE provider_id = ?", (provider_id,))
    return frozenset(row[0] for row in rows)
