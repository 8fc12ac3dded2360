"""What of the form's raw values decides what can be said already, and what was said, to join a request that is here."""

from datetime import date, datetime
from typing import cast

from callcenter.care.priority import Urgency
from callcenter.console.forms.filled import Raw, children_in, needs_of, note_of
from callcenter.console.forms.reading import birth_of, promise_of
from callcenter.desk.duplicates import Asked
from callcenter.desk.so_far import Typed
from callcenter.errors import CallcenterError
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.text.moments import SEOUL
from callcenter.text.phone import PhoneError, read_phone


def stored_phone(text: str) -> str:
    """The number in its stored form; "" while it is none, or withheld."""
    try:
        return read_phone(text).stored
    except PhoneError:
        return ""


def typed_of(raw: Raw, reference: Reference, now: datetime, blank: datetime | None, request_id: str = "") -> Typed:
    """What was typed so far, of a new request or the one of this identifier.

    `blank` is when to call back where nothing was typed about it.
    """
    today = now.astimezone(SEOUL).date()
    children = tuple(
        (birth, name)
        for number in children_in(raw)
        if (name := raw.get(f"child{number}.name", "").strip())
        and (birth := _birth(raw.get(f"child{number}.birth", ""), today))
    )
    return Typed(
        needs_of(raw, reference, now),
        # Who amends a request knows of the others already.
        Asked() if request_id else Asked(stored_phone(raw.get("phone", "")), children),
        _promised(raw.get("promised", ""), now, blank),
        cast(Urgency, raw.get("urgency") or "normal"),
        request_id,
    )


def said_again(raw: Raw) -> str:
    """What is written to a request when its family calls again."""
    said = [raw.get("line", "").strip(), raw.get("note", "").strip()]
    if not said[0]:
        said = [raw.get("when", "").strip(), note_of(raw)]
    told = "\n".join(filter(None, said))
    return _("Called again: {said}").format(said=told) if told else _("The family called again.")


def _birth(text: str, today: date) -> date | None:
    try:
        return birth_of(text, today)
    except CallcenterError:
        # Not there yet; the field says so while the cursor is in it.
        return None


def _promised(text: str, now: datetime, blank: datetime | None) -> datetime | None:
    try:
        return promise_of(text, now, blank)
    except CallcenterError:
        # As above.
        return None
