"""What was written to providers and guardians, and what is to leave next. Times are seconds since 1970 in UTC."""

from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from sqlite3 import Connection

LEASE_SECONDS = 60
"""After so long a message that somebody took to send, and said nothing of, is taken again."""


class MessageRow(NamedTuple):
    """A message; `state` is waiting, leaving, sent, failed or dropped."""

    id: str
    desk: str
    request_id: str
    offer_id: str | None
    occasion: str
    receiver: str
    phone: str
    language: str
    text: str
    state: str
    operator: str
    made_at: int
    not_before: int
    until: int
    about: int | None
    tries: int
    changed_at: int | None
    result: str | None


class ClockRow(NamedTuple):
    """An offer whose children are in care, and when that ends."""

    request_id: str
    offer_id: str
    end_at: int


# To one number in the order they were written: none goes while another is on its way. Of a place that may be another
# desk's nobody is told; what can wait no longer comes up to be given up.
_NEXT = """
    SELECT m.* FROM message m
    WHERE m.desk = :desk
      AND (m.until < :now OR NOT EXISTS (SELECT 1 FROM offer o WHERE o.id = m.offer_id
                                         AND o.state IN ('reserved', 'pending', 'conditional', 'accepted')
                                         AND (o.claim = 'asked' OR o.claim = 'refused' AND o.decided = '')))
      AND (m.state = 'waiting' AND m.not_before <= :now OR m.state = 'leaving' AND m.changed_at <= :lost)
      AND NOT EXISTS (SELECT 1 FROM message o WHERE o.state = 'leaving' AND o.changed_at > :lost AND o.phone = m.phone)
    ORDER BY m.not_before, m.made_at, m.id LIMIT 1
"""
_LEFT = "SELECT 1 FROM message WHERE offer_id = ? AND state IN ('leaving', 'sent') LIMIT 1"
_OF_REQUEST = "SELECT * FROM message WHERE request_id = ? ORDER BY made_at, id"
_ENDING = """
    SELECT DISTINCT r.id, p.offer_id, r.end_at FROM request r JOIN placement p ON p.request_id = r.id
    WHERE r.state = 'in_care' AND r.number GLOB :desk || '-*' AND r.end_at BETWEEN :first AND :last
      AND p.admitted_at IS NOT NULL AND p.ended_at IS NULL
      AND NOT EXISTS (SELECT 1 FROM message m WHERE m.request_id = r.id AND m.offer_id = p.offer_id
                      AND m.occasion = :occasion AND m.about = r.end_at)
    ORDER BY r.end_at, r.id, p.offer_id
"""
_LISTED = """
    SELECT r.number, m.* FROM message m JOIN request r ON r.id = m.request_id
    WHERE (:state IS NULL OR m.state = :state) ORDER BY m.made_at DESC, m.id DESC LIMIT :limit
"""


def message(connection: "Connection", message_id: str) -> MessageRow | None:
    """The message, or None when unknown or erased."""
    row = connection.execute("SELECT * FROM message WHERE id = ?", (message_id,)).fetchone()
    return MessageRow._make(row) if row else None


def messages_of_request(connection: "Connection", request_id: str) -> list[MessageRow]:
    """The request's messages, the oldest first."""
    return [MessageRow._make(row) for row in connection.execute(_OF_REQUEST, (request_id,))]


def next_to_leave(connection: "Connection", desk: str, now: int) -> MessageRow | None:
    """The message of this desk that is to be sent next, if one is due."""
    row = connection.execute(_NEXT, {"desk": desk, "now": now, "lost": now - LEASE_SECONDS}).fetchone()
    return MessageRow._make(row) if row else None


def has_left(connection: "Connection", offer_id: str) -> bool:
    """Whether a message of the offer is on its way or was sent."""
    return connection.execute(_LEFT, (offer_id,)).fetchone() is not None


def care_ending(connection: "Connection", desk: str, occasion: str, first: int, last: int) -> list[ClockRow]:
    """This desk's offers in care that end between the two times, where no message of the occasion tells of it yet."""
    values = {"desk": desk, "occasion": occasion, "first": first, "last": last}
    return [ClockRow._make(row) for row in connection.execute(_ENDING, values)]


def listed(connection: "Connection", state: str | None, limit: int) -> list[tuple[str, MessageRow]]:
    """Messages with the numbers of their requests, the newest first."""
    rows = connection.execute(_LISTED, {"state": state, "limit": limit})
    return [(row[0], MessageRow._make(row[1:])) for row in rows]
