"""A call on one line: its state and clock, who it is, and what must not be overlooked about the family."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from callcenter.console.presentation import after, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, length
from callcenter.console.presentation.flow import BETWEEN, cut
from callcenter.console.presentation.header import since
from callcenter.desk.phone_view import CallSeen, PhoneView
from callcenter.language import _, ngettext
from callcenter.reference import Reference
from callcenter.store.reads import CallRow, ChildRow
from callcenter.text import moments
from callcenter.text.masking import mask_name, mask_phone
from callcenter.text.moments import moment

_LOOKS: Mapping[str, StyleName] = {"ringing": "warning_alarm", "talking": "ok", "held": "soon", "wrap_up": "info"}
_REQUESTS = 2
_WATCH_CELLS = 5


def strip(
    view: PhoneView, reference: Reference, now: datetime, take: str, switch: str, width: int
) -> tuple[Pieces, ...]:
    """The operator's own calls, then those that nobody has taken, each on a line; nothing when there is none.

    `take` and `switch` are the names of the keys that take the oldest call and go to one on hold.
    """
    lines: list[Pieces] = []
    for number, seen in enumerate(view.own):
        key = switch if seen.card.call.state == "held" else ""
        # Of several calls the first is the one that ends, is noted, and gets the request.
        sign = glyphs.CURSOR if not number and len(view.own) > 1 else " "
        lines.append(line(seen, reference, now, key, width, sign))
    for number, seen in enumerate(view.waiting):
        left = view.waiting_count - len(view.waiting)
        more: Pieces = ()
        if left and number == len(view.waiting) - 1:
            more = (Cell("  " + ngettext("+{count} more", "+{count} more", left).format(count=left), "soon"),)
        lines.append((*line(seen, reference, now, "" if number else take, width - length(more)), *more))
    return tuple(lines)


def line(seen: CallSeen, reference: Reference, now: datetime, key: str, width: int, sign: str = " ") -> Pieces:
    """A call in `width` cells or less; what matters most stands first, for the end is cut."""
    card = seen.card
    call = card.call
    watch = moments.stopwatch(now - since(call)).rjust(_WATCH_CELLS)
    look = _LOOKS.get(call.state, "normal")
    word = _("rings") if call.state == "ringing" else words.call_state(call.state)
    if not call.operator and call.state != "ringing":
        word = _("answered on the telephone")
    head: Pieces = (
        Cell(sign, "normal" if sign == " " else "key"),
        *((Cell(f"{key} ", "key"),) if key else ()),
        Cell(f"{glyphs.ON} {word} ", look),
        Cell(f"{watch} ", "strong"),
        Cell(phone(call.phone), "strong"),
    )
    parts = [*_flags(seen, now), _who(seen), *_requests(seen), *_history(seen, reference, now)]
    joined: list[Cell] = list(head)
    for part in filter(None, parts):
        joined += (BETWEEN, *part)
    return cut(tuple(joined), width)


def phone(stored: str | None) -> str:
    """A caller's number, masked; a withheld one and one that nobody knows yet in words."""
    return _("number unknown") if stored is None else mask_phone(stored)


def end(call: CallRow, reference: Reference) -> str:
    """How a call ended: its topic if it had one, else its outcome."""
    topic = reference.call_types.get(call.topic or "")
    return str(topic.words) if topic else words.outcome(call.outcome or "answered")


def _flags(seen: CallSeen, now: datetime) -> list[Pieces]:
    card, cut_off = seen.card, seen.cut_off
    found: list[Pieces] = []
    if card.restricted:
        found.append((Cell(f"{glyphs.URGENT} " + _("restricted"), "urgent"),))
    if cut_off is not None:
        at = moment(cut_off.hung_up_at or cut_off.ended_at or cut_off.opened_at)
        found.append((Cell(_("line was cut {ago}").format(ago=moments.ago(at, now)), "soon"),))
    if told := after.no_show(card.no_shows, now):
        found.append(told)
    if care := _care(card.children):
        found.append((Cell(f"{glyphs.URGENT} {care}", "urgent"),))
    return found


def _care(children: Sequence[ChildRow]) -> str:
    """What was written down of allergies, medicine and the like, of all the children."""
    return " / ".join(dict.fromkeys(child.care_note for child in children if child.care_note))


def _who(seen: CallSeen) -> Pieces:
    card = seen.card
    if card.guardian is not None:
        children = ngettext("{count} child", "{count} children", len(card.children)).format(count=len(card.children))
        return (Cell(mask_name(card.guardian.name), "strong"), Cell(f" {children}", "muted"))
    if card.guardians > 1:
        told = _("{count} guardians with this number").format(count=card.guardians)
        return (Cell(told, "soon"),)
    return (Cell(_("new caller"), "muted"),) if card.call.phone else ()


def _requests(seen: CallSeen) -> list[Pieces]:
    return [
        (Cell(request.number, "title"), Cell(f" {words.state(request.state)}", words.state_look(request.state)))
        for request in seen.card.requests[:_REQUESTS]
    ]


def _history(seen: CallSeen, reference: Reference, now: datetime) -> list[Pieces]:
    card = seen.card
    found: list[Pieces] = []
    if card.owed:
        due = moment(card.owed[0].due_at)
        told = _("call-back due {at}").format(at=moments.stamp(due, now))
        found.append((Cell(told, "urgent" if due <= now else "soon"),))
    if card.missed:
        missed = ngettext("missed {count} time", "missed {count} times", card.missed).format(count=card.missed)
        found.append((Cell(missed, "soon"),))
    if card.last is not None:
        when = moments.ago(moment(card.last.opened_at), now)
        found.append((Cell(_("last {ago}: {end}").format(ago=when, end=end(card.last, reference)), "muted"),))
    return found
