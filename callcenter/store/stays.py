"""Who has a place tonight and who is in care: the placements that are not over, and the providers to be told."""

from typing import TYPE_CHECKING, NamedTuple

from callcenter.care.stays import Stay

if TYPE_CHECKING:
    from sqlite3 import Connection


class StayRow(NamedTuple):
    """A child with an accepted place; names are None once erased. `fee` is in won."""

    request_id: str
    child_id: str
    number: str
    request_state: str
    region: str
    guardian_id: str
    guardian: str | None
    phone: str
    second_name: str
    second_phone: str
    child: str | None
    birth: str | None
    needs: str
    care_note: str
    offer_id: str
    provider_id: str
    provider: str
    provider_region: str
    service: str
    start_at: int
    end_at: int
    accepted_at: int
    confirmed_at: int | None
    under_way_at: int | None
    arrived_at: int | None
    held_at: int | None
    held_why: str | None
    admitted_at: int | None
    ended_at: int | None
    ending: str | None
    fee: int | None

    @property
    def stay(self) -> Stay:
        """Its moments alone, as the rules see them."""
        return Stay(
            self.start_at,
            self.end_at,
            self.accepted_at,
            self.confirmed_at,
            self.under_way_at,
            self.arrived_at,
            self.held_at,
            self.admitted_at,
            self.ended_at,
        )


class NoticeRow(NamedTuple):
    """A provider that must be told that its place was given back; `record` is its whole record as JSON."""

    offer_id: str
    request_id: str
    number: str
    provider: str
    record: str
    since: int


class ScreeningRow(NamedTuple):
    """A child as it was at the door; the temperature in tenths of a degree, symptoms separated by spaces."""

    id: str
    request_id: str
    child_id: str
    at: int
    operator: str
    brought_by: str
    brought_name: str
    code_word: bool | None
    temperature: int | None
    symptoms: str
    disinfected: bool | None


class HandOverRow(NamedTuple):
    """To whom a child was given."""

    id: str
    request_id: str
    child_id: str
    at: int
    operator: str
    by: str
    name: str
    identified: str


class BarRow(NamedTuple):
    """Somebody to whom a child must not be given."""

    child_id: str
    name: str
    why: str


_STAYS = """
    SELECT r.id, p.child_id, r.number, r.state, r.region, r.guardian_id, g.name, coalesce(g.phone, ''),
           coalesce(g.second_name, ''), coalesce(g.second_phone, ''), c.name, c.birth, coalesce(c.needs, ''),
           coalesce(c.care_note, ''), p.offer_id, p.provider_id, coalesce(v.name, ''), coalesce(v.region, ''),
           coalesce(v.service, ''), r.start_at, r.end_at, p.accepted_at, p.confirmed_at, p.under_way_at, p.arrived_at,
           p.held_at, p.held_why, p.admitted_at, p.ended_at, p.ending, p.fee
    FROM request r JOIN placement p ON p.request_id = r.id
    LEFT JOIN guardian g ON g.id = r.guardian_id LEFT JOIN child c ON c.id = p.child_id
    LEFT JOIN provider v ON v.id = p.provider_id
"""
# The first clock of each, coarsely: what rings is among them however many there are.
_LIVE = """
    WHERE p.ended_at IS NULL AND r.id IN (
        SELECT id FROM request WHERE state IN ('accepted', 'confirmed', 'in_care') AND start_at < :until
        ORDER BY CASE state WHEN 'accepted' THEN changed_at WHEN 'confirmed' THEN start_at ELSE end_at - 1800 END, id
        LIMIT :limit)
    ORDER BY r.start_at, r.id, c.birth, p.child_id
"""
_NOTICES = """
    SELECT n.offer_id, n.request_id, r.number, v.name, v.record, n.since
    FROM release_notice n JOIN request r ON r.id = n.request_id JOIN provider v ON v.id = n.provider_id
    WHERE n.told_at IS NULL ORDER BY n.since, n.offer_id LIMIT ?
"""


def live_stays(connection: "Connection", until: int, limit: int) -> list[StayRow]:
    """The children of so many requests who have a place that starts before a moment, and are not home yet."""
    return [StayRow._make(row) for row in connection.execute(_STAYS + _LIVE, {"until": until, "limit": limit})]


def stays_of(connection: "Connection", request_id: str) -> list[StayRow]:
    """The children of a request who have a place, those who are home again too, the oldest first."""
    sql = _STAYS + "WHERE r.id = ? ORDER BY c.birth, p.child_id"
    return [StayRow._make(row) for row in connection.execute(sql, (request_id,))]


def in_care(connection: "Connection") -> int:
    """How many children are in care now."""
    sql = """SELECT count(*) FROM request r JOIN placement p ON p.request_id = r.id
             WHERE r.state = 'in_care' AND p.admitted_at IS NOT NULL AND p.ended_at IS NULL"""
    found: int = connection.execute(sql).fetchone()[0]
    return found


def open_notices(connection: "Connection", limit: int) -> list[NoticeRow]:
    """The providers that must still be told, the one that waits longest first."""
    return [NoticeRow._make(row) for row in connection.execute(_NOTICES, (limit,))]


def owes_notice(connection: "Connection", offer_id: str) -> str | None:
    """The request of an offer whose provider must still be told; None when nobody has to be."""
    sql = "SELECT request_id FROM release_notice WHERE offer_id = ? AND told_at IS NULL"
    row = connection.execute(sql, (offer_id,)).fetchone()
    return row[0] if row else None


def screenings(connection: "Connection", request_id: str) -> list[ScreeningRow]:
    """What was seen at the door of a request's children, the oldest first."""
    rows = connection.execute("SELECT * FROM screening WHERE request_id = ? ORDER BY at, id", (request_id,))
    return [ScreeningRow._make(row) for row in rows]


def hand_overs(connection: "Connection", request_id: str) -> list[HandOverRow]:
    """To whom a request's children were given, the oldest first."""
    rows = connection.execute("SELECT * FROM hand_over WHERE request_id = ? ORDER BY at, id", (request_id,))
    return [HandOverRow._make(row) for row in rows]


def bars(connection: "Connection", child_id: str) -> list[BarRow]:
    """To whom the child must not be given, by name."""
    sql = "SELECT child_id, name, why FROM pickup_bar WHERE child_id = ? ORDER BY name"
    return [BarRow._make(row) for row in connection.execute(sql, (child_id,))]
