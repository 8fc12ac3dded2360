"""What the operator does with messages: read the texts of a request out, send one by hand, say that it was told."""

from collections.abc import Collection
from datetime import datetime
from typing import Any, NamedTuple

from callcenter.care.messages import Occasion, Receiver
from callcenter.desk.care_telling import told_of_release
from callcenter.desk.message_texts import facts_of, language_of, number_of, text_of
from callcenter.desk.messages import PENDING, applies, is_silent, queue_text
from callcenter.desk.permission import Actor, requires
from callcenter.desk.requests import load_for
from callcenter.desk.session import Desk, NotFound, seconds
from callcenter.errors import CallcenterError
from callcenter.language import Language, _, mark
from callcenter.store import messages as rows
from callcenter.store import reads
from callcenter.store.messages import MessageRow

# Said when it happens, and not by hand.
_NOT_BY_HAND = frozenset({"extended"})
# Not about one offer, but about the request.
_OF_THE_REQUEST = frozenset({"callback_promised", "cancelled", "unplaced"})


class NoTextNumber(CallcenterError):
    """Nobody can be sent a text: the number is a land line, withheld or not known."""

    code = "no_text_number"
    sentence = mark("There is no mobile number to send this to. Please tell it by telephone.")


class SendingOff(CallcenterError):
    """No gateway for messages is set up at this desk."""

    code = "sending_off"
    sentence = mark("This desk sends no messages. Read the text out, or copy it.")


class NothingToSend(CallcenterError):
    """The text is not for this request as it stands now, or it is restricted."""

    code = "nothing_to_send"
    sentence = mark("This text cannot be sent for the request now. Look at it again.")


class Text(NamedTuple):
    """A text that goes with a request as it stands; `phone` is "" where nobody can be sent one.

    `message` is what became of it, None while it is only here to be read.
    """

    occasion: Occasion
    to: Receiver
    language: Language
    text: str
    phone: str
    offer_id: str | None
    message: MessageRow | None


@requires("message.write")
def read_texts(desk: Desk, actor: Actor, now: datetime, request_id: str) -> list[Text]:
    """The texts that go with a request as it stands, to be read out: they hold names, so the journal says who read.

    First what was written already, then what else can be said; what was dropped is left out. Raises `Restricted`.
    """
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        written = [row for row in rows.messages_of_request(desk.connection, request_id) if row.state != "dropped"]
        found = [_written(row) for row in written]
        if not is_silent(desk.connection, request):
            found += _to_read(desk, now, request, {(row.occasion, row.receiver, row.offer_id) for row in written})
        chain.append(request_id, bodies.RecordRead(what="open", why="message", count=len(found)))
    return found


@requires("message.write")
def send_text(
    desk: Desk,
    actor: Actor,
    now: datetime,
    request_id: str,
    occasion: Occasion,
    to: Receiver,
    *,
    offer_id: str | None = None,
) -> str:
    """Queue a text by hand, at once, in the place of one that has not left; returns its id.

    Raises `SendingOff`, `NoTextNumber`, `NothingToSend`, `Restricted`.
    """
    if desk.follow is None:
        raise SendingOff
    template = desk.reference.messages.templates.get((occasion, to))
    with desk.writing(actor.name, now) as chain:
        request = load_for(desk, actor, request_id)
        if template is None or is_silent(desk.connection, request):
            raise NothingToSend
        if not applies(desk.connection, occasion, request, offer_id):
            raise NothingToSend
        message_id = queue_text(desk, chain, now, request, template, offer_id, seconds(now))
        if message_id is None:
            raise NoTextNumber
    return message_id


@requires("message.write")
def note_told(desk: Desk, actor: Actor, now: datetime, message_id: str) -> None:
    """Somebody told it by telephone: the message that has not left is not needed any more."""
    from callcenter.journal import bodies

    with desk.writing(actor.name, now) as chain:
        row = rows.message(desk.connection, message_id)
        if row is None or row.state not in PENDING:
            raise NotFound(what=_("The message"))
        load_for(desk, actor, row.request_id)
        chain.append(row.request_id, bodies.MessageDropped(message=message_id, why="told"))
        told_of_release(desk, chain, row)


def _written(row: MessageRow) -> Text:
    language: Language = "ko" if row.language == "ko" else "en"
    occasion: Any = row.occasion
    to: Any = row.receiver
    return Text(occasion, to, language, row.text, row.phone, row.offer_id, row)


def _to_read(
    desk: Desk, now: datetime, request: reads.RequestRow, written: Collection[tuple[str, str, str | None]]
) -> list[Text]:
    """What can be said of the request beside what was written; about each offer, or about the request alone."""
    offers = reads.offers_of_request(desk.connection, request.id)
    found = []
    for template in desk.reference.messages.templates.values():
        if template.occasion in _NOT_BY_HAND:
            continue
        for offer in [None] if template.occasion in _OF_THE_REQUEST else offers:
            key = (template.occasion, template.to, offer.id if offer else None)
            if key in written or not applies(desk.connection, template.occasion, request, key[2]):
                continue
            facts = facts_of(desk.connection, desk.reference, desk.programs, request, offer)
            text, language = text_of(facts, template, now), language_of(facts, template.to)
            found.append(
                Text(template.occasion, template.to, language, text, number_of(facts, template.to), key[2], None)
            )
    return found
