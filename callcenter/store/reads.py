"""What screens, commands and use cases read: bound SQL into named tuples, on the driver's own connection.

Times are seconds since 1970 in UTC. Nothing here needs the table definitions, so that the first paint does not wait for
them.
"""

import json
from collections.abc import Iterable, Sequence
from datetime import timedelta
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.care.callbacks import PAUSE
from callcenter.care.lifecycle import CALL, OFFER, REQUEST
from callcenter.care.priority import Cutoffs
from callcenter.store.messages import STUCK_SECONDS

if TYPE_CHECKING:
    from sqlite3 import Connection

OPEN_STATES = tuple(sorted(REQUEST.open))
OPEN_CALLS = tuple(sorted(CALL.open))


class QueueRow(NamedTuple):
    """A request as the queue shows it. `children` is `birth/school` of each, separated by spaces."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    service: str | None
    channel: str
    opened_at: int
    start_at: int
    end_at: int
    reason: str
    promised_at: int | None
    held_until: int | None
    changed_at: int
    guardian: str | None
    children: str
    offer_expires_at: int | None
    provider: str | None
    band: int
    claim: str = ""
    """How far the places of the offer under way are this desk's own; "" without one, and once people have decided."""
    hidden: bool = False
    """Whether its content was left out for who looks."""


class RequestRow(NamedTuple):
    """A request with everything its own table knows."""

    id: str
    number: str
    state: str
    urgency: str
    region: str
    residence: str | None
    service: str | None
    channel: str
    guardian_id: str
    call_id: str | None
    start_at: int
    end_at: int
    reason: str
    opened_at: int
    asked_at: int
    operator: str
    promised_at: int | None
    held_until: int | None
    ended_reason: str | None
    changed_at: int
    care_place: str | None = None
    handover: str | None = None


class GuardianRow(NamedTuple):
    """A guardian."""

    id: str
    name: str
    phone: str
    relation: str
    language: str
    second_name: str = ""
    second_phone: str = ""
    address: str = ""
    reachable: str = ""


class ChildRow(NamedTuple):
    """A child; `needs` and `symptoms` are codes separated by spaces."""

    id: str
    guardian_id: str
    name: str
    birth: str
    school: str | None
    registered: bool | None
    needs: str
    symptoms: str
    care_note: str
    sex: str = ""
    registration: str = ""


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


class OfferRow(NamedTuple):
    """An offer, with its provider's name and the number of the request."""

    id: str
    request_id: str
    provider_id: str
    state: str
    places_known: bool
    operator: str
    made_at: int
    expires_at: int
    answered_at: int | None
    answer: str | None
    free_said: int | None
    confirmed_at: int | None
    call_id: str | None
    condition: str | None
    ring_again: bool
    desk: str
    first_slot: int
    last_slot: int
    claim: str
    claim_why: str
    claim_other: str
    claim_desk: str
    decided: str
    claimed_at: int | None
    provider: str | None
    number: str

    @property
    def stage(self) -> str:
        """How far it is: its state, or confirmed."""
        return self.state if self.confirmed_at is None else "confirmed"


class NoteRow(NamedTuple):
    """A note."""

    id: str
    subject: str
    at: int
    operator: str
    text: str


class ProviderRow(NamedTuple):
    """A provider; `record` is its whole record as JSON."""

    id: str
    service: str
    name: str
    region: str
    lat: float
    lon: float
    record: str


class GroupRow(NamedTuple):
    """A group of a provider."""

    id: str
    provider_id: str
    position: int
    label: str
    months_min: int
    months_max: int
    children_per_place: int
    places: int | None
    confirmed_at: int | None
    confirmed_by: str | None
    confirmed_how: str | None
    lowered_at: int | None = None


class TakenRow(NamedTuple):
    """A taken place."""

    group_id: str
    slot: int
    place_no: int
    offer_id: str
    request_id: str


class Record(NamedTuple):
    """How a provider answered so far."""

    offered: int
    accepted: int
    last_offered_at: int | None


class QueueFigures(NamedTuple):
    """The header's figures of the queue, and of the calls from outside that nobody has taken yet."""

    open: int
    urgent: int
    talking: int
    oldest_opened_at: int | None
    ringing: int = 0
    ringing_since: int | None = None


class AlarmRow(NamedTuple):
    """A request or a call-back whose clock has run out or soon will.

    `kind` is offer, again (a provider is to be rung again), conditional, reserved, promise, hold, conflict (its place
    was refused), crossed (two desks worked on it at once) or message (one was not sent) of a request, whose receipt
    number is `number`; or missed, dropped or promised of a call-back, and `number` is the telephone number as it is
    stored, empty where the call is restricted.
    """

    kind: str
    subject: str
    number: str
    due: int


class DeskRow(NamedTuple):
    """A desk: its name and the programs it serves."""

    id: str
    name: str
    programs: tuple[str, ...]


class PersonRow(NamedTuple):
    """One of the desk's people."""

    id: str
    name: str
    role: str
    desk: str


HERE = "(SELECT substr(chain, 1, instr(chain || '~', '~') - 1) FROM here)"
"""SQL: the desk whose chain this file writes. What rings or talks at another is not this desk's to answer."""
_LAST_OF_THREE_DIGITS = 999

# `care.priority.band` says the same in Python; a test holds the two together.
_BANDED = """
    WITH banded AS (
        SELECT r.id, r.opened_at, CASE WHEN r.urgency IN ('emergency', 'abuse') THEN 0
                         WHEN r.promised_at IS NOT NULL AND r.promised_at <= :overdue THEN 1
                         WHEN r.urgency = 'urgent' OR r.start_at <= :soon THEN 2
                         WHEN r.start_at <= :today THEN 3
                         ELSE 4 END AS band
        FROM request r WHERE r.state IN (SELECT value FROM json_each(:open))
    )
"""
_QUEUE = """
    SELECT q.id, q.number, q.state, q.urgency, q.region, q.service, q.channel, q.opened_at, q.start_at, q.end_at,
           q.reason, q.promised_at, q.held_until, q.changed_at,
           (SELECT name FROM guardian WHERE id = q.guardian_id),
           coalesce((SELECT group_concat(c.birth || '/' || coalesce(c.school, ''), ' ')
                     FROM request_child rc JOIN child c ON c.id = rc.child_id WHERE rc.request_id = q.id), ''),
           o.expires_at,
           (SELECT name FROM provider WHERE id = o.provider_id),
           page.band,
           CASE WHEN o.decided <> '' THEN '' ELSE coalesce(o.claim, '') END
    FROM (SELECT * FROM banded ORDER BY band, opened_at, id LIMIT :limit OFFSET :offset) page
    JOIN request q ON q.id = page.id
    LEFT JOIN offer o ON o.id = (SELECT id FROM offer WHERE request_id = q.id
                                 AND state IN ('reserved', 'pending', 'conditional', 'accepted')
                                 ORDER BY state = 'reserved', state = 'accepted', made_at, id LIMIT 1)
    ORDER BY page.band, page.opened_at, page.id
"""
_POSITION = """
    SELECT count(*) FROM banded b, (SELECT band, opened_at, id FROM banded WHERE id = :id) me
    WHERE (b.band, b.opened_at, b.id) < (me.band, me.opened_at, me.id)
"""
_FIGURES = f"""
    SELECT count(*), sum(band <= 2), (SELECT count(*) FROM call WHERE state = 'talking' AND +desk = {HERE}),
           min(opened_at),
           (SELECT count(*) FROM call WHERE state = 'ringing' AND direction = 'in' AND +desk = {HERE}),
           (SELECT min(opened_at) FROM call WHERE state = 'ringing' AND direction = 'in' AND +desk = {HERE})
    FROM banded
"""  # noqa: S608 - ours, no value
# `care.callbacks.next_due` says the same in Python; a test holds the two together.
TIMED = """
    , timed AS MATERIALIZED (
        SELECT o.*, coalesce((SELECT max(t.at) + :pause FROM callback_try t
                              WHERE t.subject = o.id AND t.at >= o.promised_at), o.promised_at) AS due
        FROM owed o
    )
"""
_OVERDUE = """
    WITH owed AS (
        SELECT 'promise' AS kind, id, number, promised_at FROM request
        WHERE promised_at <= :until AND state IN ('open', 'matching', 'offered', 'accepted')
        UNION ALL
        SELECT b.kind, b.id, CASE WHEN c.safety IS NULL THEN b.phone ELSE '' END, b.due_at
        FROM callback b LEFT JOIN call c ON c.id = b.call_id WHERE b.closed_at IS NULL AND b.due_at <= :until
    )
"""
_ALARMS = """
    SELECT CASE WHEN o.state = 'pending' AND o.ring_again THEN 'again' WHEN o.state = 'pending' THEN 'offer'
                ELSE o.state END, r.id, r.number, o.expires_at
    FROM offer o JOIN request r ON r.id = o.request_id
    WHERE o.state IN ('reserved', 'pending', 'conditional') AND o.expires_at <= :until
    UNION ALL
    SELECT kind, id, number, due FROM timed WHERE due <= :until
    UNION ALL
    SELECT 'hold', r.id, r.number, r.held_until FROM request r WHERE r.state = 'held' AND r.held_until <= :until
    UNION ALL
    SELECT 'message', r.id, r.number, m.changed_at FROM message m JOIN request r ON r.id = m.request_id
    WHERE m.state = 'failed'
    UNION
    SELECT 'message', r.id, r.number, m.not_before FROM message m JOIN request r ON r.id = m.request_id
    WHERE m.state IN ('waiting', 'leaving') AND m.not_before <= :stuck
    ORDER BY 4, 3
"""
_OFFERS = """
    SELECT o.*, (SELECT name FROM provider WHERE id = o.provider_id), r.number
    FROM offer o JOIN request r ON r.id = o.request_id
"""
# The index has all that is asked for.
_NEAR = """
    SELECT id, (lat - :lat) * (lat - :lat) + (lon - :lon) * (lon - :lon) * :squeeze AS apart FROM provider
    WHERE service = :service AND lat BETWEEN :south AND :north AND lon BETWEEN :west AND :east
    ORDER BY apart, id LIMIT :limit
"""


def _in(values: Sequence[str]) -> str:
    """The values as one JSON parameter: an IN list of any length without building SQL."""
    return json.dumps(list(values))


def _banded(cutoffs: Cutoffs, **values: object) -> dict[str, object]:
    return {
        "open": _in(OPEN_STATES),
        "overdue": cutoffs.overdue,
        "soon": cutoffs.soon,
        "today": cutoffs.today,
        **values,
    }


def queue(connection: "Connection", cutoffs: Cutoffs, offset: int, limit: int) -> list[QueueRow]:
    """A page of the open requests, the most urgent band first, the oldest first in it."""
    values = _banded(cutoffs, limit=limit, offset=offset)
    return [QueueRow(*row) for row in connection.execute(_BANDED + _QUEUE, values)]


def queue_position(connection: "Connection", cutoffs: Cutoffs, request: str) -> int:
    """How many open requests stand before this one."""
    position: int = connection.execute(_BANDED + _POSITION, _banded(cutoffs, id=request)).fetchone()[0]
    return position


def queue_figures(connection: "Connection", cutoffs: Cutoffs) -> QueueFigures:
    """How many are open and urgent, since when the oldest waits; how many calls talk and ring, and since when."""
    opened, urgent, *others = connection.execute(_BANDED + _FIGURES, _banded(cutoffs)).fetchone()
    return QueueFigures(opened, urgent or 0, *others)


def alarms(connection: "Connection", until: int, pause: timedelta = PAUSE) -> list[AlarmRow]:
    """Clocks that run out up to `until`: offers, call-backs, holds; the oldest first. A try silences for a pause."""
    values = {"until": until, "pause": int(pause.total_seconds()), "stuck": until - STUCK_SECONDS}
    return [AlarmRow._make(row) for row in connection.execute(_OVERDUE + TIMED + _ALARMS, values)]


def request(connection: "Connection", request_id: str) -> RequestRow | None:
    """The request, or None."""
    row = connection.execute("SELECT * FROM request WHERE id = ?", (request_id,)).fetchone()
    return RequestRow._make(row) if row else None


def request_by_number(connection: "Connection", number: str) -> RequestRow | None:
    """The request with this receipt number, or None."""
    row = connection.execute("SELECT * FROM request WHERE number = ?", (number,)).fetchone()
    return RequestRow._make(row) if row else None


def last_number(connection: "Connection", prefix: str, after: int = 0) -> int:
    """The highest counter of a receipt number that begins so, of those above `after`; `after` itself without one.

    Numbers are given one after another from there, and have three digits or more.
    """
    found = after
    if after < _LAST_OF_THREE_DIGITS:
        sql = """SELECT number FROM request WHERE number BETWEEN :prefix || '000' AND :prefix || '999'
                 AND length(number) = length(:prefix) + 3 ORDER BY number DESC LIMIT 1"""
        row = connection.execute(sql, {"prefix": prefix}).fetchone()
        found = max(after, int(row[0].removeprefix(prefix))) if row else after
        if found < _LAST_OF_THREE_DIGITS:
            return found
    # Text sorts A-1121-1000 before A-1121-999: the rest is found by steps that double, then halve.
    step = 1
    while _is_number(connection, f"{prefix}{found + step}"):
        found, step = found + step, step * 2
    while step := step // 2:
        if _is_number(connection, f"{prefix}{found + step}"):
            found += step
    return found


def _is_number(connection: "Connection", number: str) -> bool:
    return connection.execute("SELECT 1 FROM request WHERE number = ?", (number,)).fetchone() is not None


def children_of_request(connection: "Connection", request_id: str) -> list[ChildRow]:
    """The children of a request in the order they were named."""
    sql = """SELECT c.* FROM request_child rc JOIN child c ON c.id = rc.child_id
             WHERE rc.request_id = ? ORDER BY rc.position"""
    return [ChildRow._make(row) for row in connection.execute(sql, (request_id,))]


def guardian(connection: "Connection", guardian_id: str) -> GuardianRow | None:
    """The guardian, or None when unknown or erased."""
    row = connection.execute("SELECT * FROM guardian WHERE id = ?", (guardian_id,)).fetchone()
    return GuardianRow._make(row) if row else None


def guardians_by_phone(connection: "Connection", phone: str) -> list[GuardianRow]:
    """Who calls from this number: both parents may share one."""
    rows = connection.execute("SELECT * FROM guardian WHERE phone = ? AND phone <> '' ORDER BY id", (phone,))
    return [GuardianRow._make(row) for row in rows]


def children_of_guardian(connection: "Connection", guardian_id: str) -> list[ChildRow]:
    """The guardian's children, the oldest first."""
    rows = connection.execute("SELECT * FROM child WHERE guardian_id = ? ORDER BY birth, id", (guardian_id,))
    return [ChildRow._make(row) for row in rows]


def requests_of_guardian(connection: "Connection", guardian_id: str, limit: int) -> list[RequestRow]:
    """The guardian's requests, the newest first."""
    sql = "SELECT * FROM request WHERE guardian_id = ? ORDER BY opened_at DESC, id DESC LIMIT ?"
    return [RequestRow._make(row) for row in connection.execute(sql, (guardian_id, limit))]


def open_requests_of_guardian(connection: "Connection", guardian_id: str) -> list[RequestRow]:
    """The guardian's open requests, the oldest first."""
    found = requests_of_guardian(connection, guardian_id, 1000)
    return [row for row in reversed(found) if row.state in OPEN_STATES]


def subjects_of_guardian(connection: "Connection", guardian_id: str) -> list[str]:
    """The requests and calls that may hold personal facts of the guardian beside the guardian's own record."""
    sql = """SELECT id FROM request WHERE guardian_id = :id
             UNION SELECT call_id FROM request WHERE guardian_id = :id AND call_id IS NOT NULL
             UNION SELECT id FROM call WHERE guardian_id = :id
             UNION SELECT c.id FROM guardian g JOIN call c ON c.phone = g.phone WHERE g.id = :id AND g.phone <> ''
             UNION SELECT id FROM callback WHERE guardian_id = :id
             UNION SELECT b.id FROM guardian g JOIN callback b ON b.phone = g.phone
                   WHERE g.id = :id AND g.phone <> ''
             UNION SELECT id FROM complaint WHERE guardian_id = :id"""
    return [row[0] for row in connection.execute(sql, {"id": guardian_id})]


def notes(connection: "Connection", subject: str) -> list[NoteRow]:
    """The notes to a call or a request, the oldest first."""
    rows = connection.execute("SELECT * FROM note WHERE subject = ? ORDER BY at, id", (subject,))
    return [NoteRow._make(row) for row in rows]


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
    return [CallRow._make(row) for row in connection.execute(sql, (_in(OPEN_CALLS), operator))]


def offer(connection: "Connection", offer_id: str) -> OfferRow | None:
    """The offer, or None."""
    row = connection.execute(_OFFERS + "WHERE o.id = ?", (offer_id,)).fetchone()
    return OfferRow._make(row) if row else None


def offers_of_request(connection: "Connection", request_id: str) -> list[OfferRow]:
    """The offers of a request in the order they were made."""
    rows = connection.execute(_OFFERS + "WHERE o.request_id = ? ORDER BY o.made_at, o.id", (request_id,))
    return [OfferRow._make(row) for row in rows]


def live_offers(connection: "Connection", request_id: str) -> list[OfferRow]:
    """The offers of a request that hold places, in the order they were made."""
    return [offer for offer in offers_of_request(connection, request_id) if offer.state in OFFER.open]


def leading(offers: Iterable[OfferRow]) -> OfferRow | None:
    """Which of a request's offers the next key is about: the first that waits, else that was accepted, else is kept."""
    rank = {"pending": 0, "conditional": 0, "accepted": 1, "reserved": 2}
    live = sorted((offer for offer in offers if offer.state in OFFER.open), key=lambda one: rank[one.state])
    return live[0] if live else None


def pending_offers(connection: "Connection") -> list[OfferRow]:
    """Every offer that waits for an answer, the first to expire first."""
    rows = connection.execute(_OFFERS + "WHERE o.state IN ('pending', 'conditional') ORDER BY o.expires_at, o.id")
    return [OfferRow._make(row) for row in rows]


def pending_among(connection: "Connection", offer_ids: Iterable[str]) -> set[str]:
    """Which of these offers have not been accepted yet, or only keep a place."""
    sql = """SELECT o.id FROM json_each(?) wanted JOIN offer o ON o.id = wanted.value
             WHERE o.state IN ('reserved', 'pending', 'conditional')"""
    return {row[0] for row in connection.execute(sql, (_in(sorted(set(offer_ids))),))}


def groups_of_offer(connection: "Connection", offer_id: str) -> list[str]:
    """The groups in which an offer has seats."""
    rows = connection.execute("SELECT DISTINCT group_id FROM offer_seat WHERE offer_id = ? ORDER BY 1", (offer_id,))
    return [row[0] for row in rows]


def providers(connection: "Connection", *, region: str | None = None) -> list[ProviderRow]:
    """Every provider, or those of a region, by region and name."""
    sql = "SELECT * FROM provider WHERE :region IS NULL OR region = :region ORDER BY region, name, id"
    return [ProviderRow._make(row) for row in connection.execute(sql, {"region": region})]


def provider(connection: "Connection", provider_id: str) -> ProviderRow | None:
    """The provider, or None."""
    row = connection.execute("SELECT * FROM provider WHERE id = ?", (provider_id,)).fetchone()
    return ProviderRow._make(row) if row else None


def providers_near(
    connection: "Connection", service: str, lat: float, lon: float, degrees: tuple[float, float], limit: int
) -> list[str]:
    """The nearest providers of a service in a box of ± degrees (latitude, longitude) around a point."""
    rows: list[tuple[str, float]] = []
    # Where there are many in the half of it, most of the box would be sorted for nothing.
    for part in (0.5, 1.0):
        high, wide = (part * half for half in degrees)
        values: dict[str, Any] = {
            "service": service,
            "lat": lat,
            "lon": lon,
            "south": lat - high,
            "north": lat + high,
            "west": lon - wide,
            "east": lon + wide,
            # A degree of longitude is shorter than one of latitude; SQL here has no cosine.
            "squeeze": (high / wide) ** 2,
            "limit": limit,
        }
        rows = connection.execute(_NEAR, values).fetchall()
        if len(rows) == limit and rows[-1][1] <= high**2:
            # Whoever is outside is further away.
            break
    return [row[0] for row in rows]


def providers_of(connection: "Connection", ids: Sequence[str]) -> list[ProviderRow]:
    """The providers with these identifiers, in no order."""
    sql = "SELECT p.* FROM json_each(?) wanted CROSS JOIN provider p ON p.id = wanted.value"
    return [ProviderRow._make(row) for row in connection.execute(sql, (_in(ids),))]


def groups_of(connection: "Connection", provider_ids: Sequence[str]) -> list[GroupRow]:
    """The groups of these providers."""
    sql = """SELECT g.* FROM json_each(?) wanted JOIN provider_group g ON g.provider_id = wanted.value
             ORDER BY g.provider_id, g.position"""
    return [GroupRow._make(row) for row in connection.execute(sql, (_in(provider_ids),))]


def group(connection: "Connection", group_id: str) -> GroupRow | None:
    """The group, or None."""
    row = connection.execute("SELECT * FROM provider_group WHERE id = ?", (group_id,)).fetchone()
    return GroupRow._make(row) if row else None


def taken(connection: "Connection", group_ids: Sequence[str], first_slot: int, last_slot: int) -> list[TakenRow]:
    """The places of these groups that are taken in the slots from first to last."""
    sql = """SELECT p.* FROM json_each(?) wanted JOIN place_taken p ON p.group_id = wanted.value
             WHERE p.slot BETWEEN ? AND ? ORDER BY p.group_id, p.slot, p.place_no"""
    return [TakenRow._make(row) for row in connection.execute(sql, (_in(group_ids), first_slot, last_slot))]


def records_of(connection: "Connection", provider_ids: Sequence[str]) -> dict[str, Record]:
    """How these providers answered: offers answered, those accepted, and when the last one was made.

    Busy, a wrong number, and a condition that the guardian did not want are no refusals.
    """
    # An offer that the guardian's cancelling ended has no answer, and says nothing of the provider.
    sql = """SELECT o.provider_id,
                    coalesce(sum(o.answer NOT IN ('busy', 'wrong_number', 'conditional', 'condition_refused')), 0),
                    coalesce(sum(o.answer = 'accepted'), 0), max(o.made_at)
             FROM json_each(?) wanted JOIN offer o ON o.provider_id = wanted.value
             WHERE o.state NOT IN ('reserved', 'pending', 'conditional', 'released', 'undone') GROUP BY o.provider_id"""
    rows = connection.execute(sql, (_in(provider_ids),))
    return {row[0]: Record._make(row[1:]) for row in rows}


def people(connection: "Connection") -> list[PersonRow]:
    """The desk's people, supervisors after operators."""
    sql = f"SELECT * FROM operator WHERE desk = {HERE} ORDER BY role, name, id"  # noqa: S608 - ours, no value
    return [PersonRow._make(row) for row in connection.execute(sql)]


def desk(connection: "Connection") -> DeskRow | None:
    """The desk this file belongs to, whose chain it goes on writing."""
    sql = f"SELECT id, name, programs FROM desk WHERE name = {HERE} ORDER BY id LIMIT 1"  # noqa: S608 - ours
    row = connection.execute(sql).fetchone()
    return DeskRow(row[0], row[1], tuple(row[2].split())) if row else None


def heads(connection: "Connection", subject: str) -> list[tuple[str, str, str]]:
    """The newest amendments of a subject: field, entry, value as JSON; two of one field are a conflict."""
    sql = "SELECT field, entry_id, value FROM field_head WHERE subject = ? ORDER BY field, entry_id"
    return connection.execute(sql, (subject,)).fetchall()


def open_requests(connection: "Connection", cutoffs: Cutoffs) -> list[QueueRow]:
    """Every open request in the order of the queue."""
    return queue(connection, cutoffs, 0, -1)
