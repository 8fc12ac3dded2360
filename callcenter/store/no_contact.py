"""Which families and providers are kept apart, and since when."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection


class NoContactRow(NamedTuple):
    """A family that is not placed with a provider, for a reason that only supervisors read."""

    guardian_id: str
    provider_id: str
    reason: str
    set_at: int
    set_by: str


def kept_apart(connection: "Connection", guardian_id: str) -> frozenset[str]:
    """The providers that the guardian's children are not placed with."""
    sql = "SELECT provider_id FROM no_contact WHERE guardian_id = ?"
    return frozenset(row[0] for row in connection.execute(sql, (guardian_id,)))


def no_contacts(connection: "Connection", guardian_id: str | None = None) -> list[NoContactRow]:
    """All that are kept apart, or those of a guardian, by guardian and provider."""
    sql = (
        "SELECT * FROM no_contact WHERE :guardian IS NULL OR guardian_id = :guardian ORDER BY guardian_id, provider_id"
    )
    return [NoContactRow._make(row) for row in connection.execute(sql, {"guardian": guardian_id})]
