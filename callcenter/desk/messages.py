"""Messages (문자): what happened to a request is told to its provider and guardian, in the transaction it happens in.

A desk that sends messages follows its own entries: whoever writes that an offer was made, released or confirmed, its
text is queued beside it. Nothing leaves before the undo window is over, nothing that is not true any more, and nothing
about a request that is restricted.
"""

from collections.abc import Collection
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, Literal

from callcenter.care.messages import Occasion, Template
from callcenter.care.priority import UNDO_WINDOW
from callcenter.desk.message_texts import facts_of, language_of, number_of, text_of
from callcenter.desk.session import Desk, seconds
from callcenter.store import messages as rows
from callcenter.store import reads
from callcenter.store.placements import placements
from callcenter.store.restricted import restricted_calls

if TYPE_CHECKING:
    from sqlite3 import Connection

    from callcenter.journal.chain import Chain

Why = Literal["undone", "overtaken", "restricted", "replaced", "told"]
PENDING = ("waiting", "failed")
"""States of a message that has not left, and that nobody is sending."""
_CARE = frozenset({"confirmed", "in_care"})
# An offer that ended through nothing the provider said.
_OVER = frozenset({"withdrawn", "expired"})
# What tells a provider that a place is not needed any more.
_NOTICES = frozenset({"offer_withdrawn", "released"})


def follow(desk: Desk, chain: "Chain", now: datetime) -> None:
    """Queue and drop the messages that the entries of this transaction call for; to be called at its end."""
    from callcenter.journal import bodies

    for subject, body in tuple(chain.said or ()):
        match body:
            case bodies.OfferMade(reserved=False) | bodies.OfferProposed():
                queue(desk, chain, now, "offer_made", subject, offer_id=body.offer)
            case bodies.OfferUndone():
                drop(desk, chain, subject, "undone", offer_id=body.offer)
            case bodies.OfferAnswered():
                drop(desk, chain, subject, "overtaken", offer_id=body.offer)
                _tell_released(desk, chain, now, subject)
            case bodies.OfferReleased(why="taken_back" | "taken_elsewhere"):
                # Nobody was told of it.
                drop(desk, chain, subject, "overtaken", offer_id=body.offer)
            case bodies.OfferReleased():
                _tell_released(desk, chain, now, subject)
            case bodies.OfferConfirmed():
                queue(desk, chain, now, "confirmed", subject, offer_id=body.offer)
            case bodies.OfferClaimed() | bodies.OfferReseated() | bodies.ConflictDecided():
                _say_anew(desk, chain, now, subject, body.offer)
            case bodies.RequestOpened():
                _tell_promise(desk, chain, now, subject)
            case bodies.RequestAmended() if "promised_at" in body.changes:
                _tell_promise(desk, chain, now, subject)
            case bodies.CareExtended():
                _tell_extended(desk, chain, now, subject)
            case bodies.RequestMoved(event="cancelled" | "unplaced" as ended):
                drop(desk, chain, subject, "overtaken")
                _tell_released(desk, chain, now, subject)
                queue(desk, chain, now, ended, subject)


def queue(
    desk: Desk, chain: "Chain", now: datetime, occasion: Occasion, request_id: str, *, offer_id: str | None = None
) -> list[str]:
    """Queue the texts of an occasion that leave by themselves, in the caller's transaction; returns their ids.

    A receiver without a number for texts gets none, and so does everybody about a restricted request.
    """
    request = reads.request(desk.connection, request_id)
    if request is None or is_silent(desk.connection, request):
        return []
    templates = [one for one in desk.reference.messages.templates.values() if one.occasion == occasion and one.sends]
    not_before = seconds(now + UNDO_WINDOW) + 1
    found = [queue_text(desk, chain, now, request, template, offer_id, not_before) for template in templates]
    return [message for message in found if message is not None]


def drop(
    desk: Desk,
    chain: "Chain",
    request_id: str,
    why: Why,
    *,
    offer_id: str | None = None,
    keep: Collection[str] = _NOTICES,
) -> None:
    """Drop the request's messages, or the offer's, that have not left; those of the occasions in `keep` stay."""
    from callcenter.journal import bodies

    for row in rows.messages_of_request(desk.connection, request_id):
        mine = offer_id is None or row.offer_id == offer_id
        if mine and row.state in PENDING and row.occasion not in keep:
            chain.append(request_id, bodies.MessageDropped(message=row.id, why=why))


def is_silent(connection: "Connection", request: reads.RequestRow) -> bool:
    """Whether nobody may be written to: somebody who should not know could read it on the telephone."""
    return request.urgency == "abuse" or bool(restricted_calls(connection, [request.id]))


def queue_text(
    desk: Desk,
    chain: "Chain",
    now: datetime,
    request: reads.RequestRow,
    template: Template,
    offer_id: str | None,
    not_before: int,
) -> str | None:
    """Queue this text in the place of one like it that has not left; None when the receiver has no number for it."""
    from callcenter.journal import bodies

    offer = reads.offer(desk.connection, offer_id) if offer_id else None
    facts = facts_of(desk.connection, desk.reference, desk.programs, request, offer)
    phone = number_of(facts, template.to)
    if not phone:
        return None
    for row in rows.messages_of_request(desk.connection, request.id):
        same = (row.occasion, row.receiver, row.offer_id) == (template.occasion, template.to, offer_id)
        if same and row.state in PENDING:
            chain.append(request.id, bodies.MessageDropped(message=row.id, why="replaced"))
    message_id = chain.new_id()
    body = bodies.MessageQueued(
        message=message_id,
        occasion=template.occasion,
        receiver=template.to,
        offer=offer_id,
        phone=phone,
        language=language_of(facts, template.to),
        text=text_of(facts, template, now),
        not_before=not_before,
        until=not_before + template.good_for * 60,
        about=_about(template.occasion, request),
    )
    chain.append(request.id, body)
    return message_id


def _about(occasion: Occasion, request: reads.RequestRow) -> int | None:
    if occasion == "callback_promised":
        return request.promised_at
    return request.end_at if occasion in ("ending_soon", "overdue", "extended") else None


def _tell_released(desk: Desk, chain: "Chain", now: datetime, request_id: str) -> None:
    """Whoever was asked or had agreed hears that it is over; who was told nothing yet hears nothing."""
    found = rows.messages_of_request(desk.connection, request_id)
    told = {row.offer_id for row in found if row.occasion in _NOTICES}
    for offer in reads.offers_of_request(desk.connection, request_id):
        said_so = offer.answer == "withdrawn" or offer.answer in desk.reference.refusals
        if offer.state not in _OVER or said_so or offer.id in told:
            continue
        asked = [row for row in found if row.offer_id == offer.id and row.occasion == "offer_made"]
        drop(desk, chain, request_id, "overtaken", offer_id=offer.id)
        if offer.answer == "accepted":
            queue(desk, chain, now, "released", request_id, offer_id=offer.id)
        elif not asked or any(row.state in ("leaving", "sent") for row in asked):
            queue(desk, chain, now, "offer_withdrawn", request_id, offer_id=offer.id)


def _say_anew(desk: Desk, chain: "Chain", now: datetime, request_id: str, offer_id: str) -> None:
    """What has not left says how sure the place is now."""
    request, offer = reads.request(desk.connection, request_id), reads.offer(desk.connection, offer_id)
    if request is None or offer is None:
        return
    facts = facts_of(desk.connection, desk.reference, desk.programs, request, offer)
    for row in rows.messages_of_request(desk.connection, request_id):
        if row.offer_id != offer_id or row.state != "waiting" or row.desk != desk.name:
            continue
        key: Any = row.occasion, row.receiver
        template = desk.reference.messages.templates.get(key)
        if template is not None and text_of(facts, template, now) != row.text:
            queue_text(desk, chain, now, request, template, offer_id, max(row.not_before, seconds(now)))


def _tell_promise(desk: Desk, chain: "Chain", now: datetime, request_id: str) -> None:
    request = reads.request(desk.connection, request_id)
    if request is not None and request.promised_at is not None and request.promised_at > seconds(now):
        queue(desk, chain, now, "callback_promised", request_id)


def _tell_extended(desk: Desk, chain: "Chain", now: datetime, request_id: str) -> None:
    for offer in reads.live_offers(desk.connection, request_id):
        if offer.confirmed_at is not None:
            queue(desk, chain, now, "extended", request_id, offer_id=offer.id)


def applies(
    connection: "Connection", occasion: str, request: reads.RequestRow, offer_id: str | None, about: int | None = None
) -> bool:
    """Whether a text says the truth about the request as it stands; `about` is the time that it tells of."""
    offer = reads.offer(connection, offer_id) if offer_id else None
    match occasion:
        case "offer_made":
            return offer is not None and offer.state == "pending"
        case "confirmed" | "extended":
            settled = offer is not None and offer.state == "accepted" and offer.confirmed_at is not None
            return settled and request.state in _CARE and about in (None, request.end_at)
        case "ending_soon" | "overdue":
            return about in (None, request.end_at) and any(
                place.offer_id == offer_id and place.admitted_at is not None and place.ended_at is None
                for place in placements(connection, request.id)
            )
        case "callback_promised":
            promised = request.promised_at is not None and request.state in reads.OPEN_STATES
            return promised and about in (None, request.promised_at)
        case "cancelled" | "unplaced":
            return request.state == occasion
    return offer is not None and offer.state in _OVER


def due_by_clock(template: Template, now: datetime) -> tuple[int, int] | None:
    """Between which ends of care a text is due now; None for one that no clock sends."""
    if not template.sends or (template.before_end is None and template.after_end is None):
        return None
    if template.before_end is not None:
        return seconds(now) + 1, seconds(now + timedelta(minutes=template.before_end))
    late = template.after_end or 0
    return seconds(now - timedelta(minutes=late + template.good_for)), seconds(now - timedelta(minutes=late))
