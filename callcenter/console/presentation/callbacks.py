"""A line of the list of call-backs: when, why, whom, what the tries came to, and whom to ring next."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from callcenter.care.callbacks import Try
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName
from callcenter.console.presentation.columns import Column
from callcenter.console.presentation.flow import flowed
from callcenter.language import _, mark
from callcenter.store.callbacks import CallbackRow
from callcenter.text import moments
from callcenter.text.masking import mask_name, mask_phone
from callcenter.text.moments import moment
from callcenter.text.phone import display_phone

KINDS: Mapping[str, tuple[str, StyleName]] = {
    "missed": (mark("missed"), "soon"),
    "dropped": (mark("cut off"), "urgent"),
    "promised": (mark("promise"), "info"),
    "request": (mark("request"), "info"),
}
"""Why somebody has to be rung, as a word and its look."""
STEPS: Mapping[str, tuple[str, StyleName]] = {
    "guardian": (mark("guardian"), "normal"),
    "second_contact": (mark("2nd person"), "soon"),
    "supervisor": (mark("supervisor"), "urgent"),
}
"""Who is rung next, likewise."""
_SOON = timedelta(minutes=5)


def columns() -> tuple[Column, ...]:
    """The columns in the language in use."""
    return (
        Column("due", _("Due"), 6),
        Column("kind", _("Why"), 9),
        Column("phone", _("Phone"), 13, importance=1),
        Column("name", _("Name"), 8, importance=3),
        Column("tries", _("Tries"), 16, share=1),
        Column("step", _("Whom"), 10, importance=2),
    )


def row(row: CallbackRow, now: datetime) -> Row:
    """The cells under `columns`; a number that the actor may not see is «restricted»."""
    due = moment(row.due_at)
    look: StyleName = "urgent" if due <= now else "soon" if due - now <= _SOON else "normal"
    kind, kind_look = KINDS[row.kind]
    cells = (
        Cell(moments.due_in(due, now) if due <= now or due - now < timedelta(hours=1) else moments.clock(due), look),
        Cell(_(kind) + (f" x{row.calls}" if row.calls > 1 else ""), kind_look),
        Cell(phone(row)),
        Cell(row.number or mask_name(row.name or ""), "muted"),
        tries(row, now),
        Cell(_step(row.step), STEPS[row.step][1]),
    )
    return Row(row.id, cells, hash(cells))


def phone(row: CallbackRow) -> str:
    """The number to ring next, masked."""
    stored = row.second_phone if row.step == "second_contact" else row.phone
    return mask_phone(stored) if stored else _("restricted")


def tries(row: CallbackRow, now: datetime) -> Cell:
    """How often it was tried, and when and how the last try ended: «2회 21:04 부재»."""
    if row.last_tried_at is None or row.last_result is None:
        return Cell(_("not tried"), "muted")
    told = _("{count}x {at} {result}").format(
        count=row.tries, at=moments.clock(moment(row.last_tried_at)), result=words.try_result(row.last_result)
    )
    return Cell(told, "soon")


def lines(row: CallbackRow, made: Sequence[Try], now: datetime, width: int) -> list[Pieces]:
    """What is known of a call-back: since when and why it is owed, and every try."""
    kind, look = KINDS[row.kind]
    since = moments.stamp(moment(row.promised_at), now)
    # Whose a missed call is only the telephone system could say.
    whose = row.taken_by or (row.operator if row.kind in ("promised", "request") else "")
    found = flowed(
        [
            (Cell(_(kind), look), Cell(f" {since}", "strong")),
            (Cell(phone(row)),),
            (Cell(mask_name(row.name)),) if row.name else (),
            (Cell(_("taken by {name}").format(name=whose), "muted"),) if whose else (),
        ],
        width,
    )
    for number, one in enumerate(made, 1):
        told = (Cell(words.try_result(one.result), "ok" if one.result == "reached" else "soon"),)
        who = (Cell(_step(one.whom), "muted"),)
        found += flowed([(Cell(f"{number} "), Cell(moments.stamp(moment(one.at), now))), told, who], width)
    return found


def to_ring(row: CallbackRow) -> tuple[str, str]:
    """The number as it is dialled, and whose it is; both stand unmasked, so reading them is an entry."""
    if row.step == "second_contact":
        return display_phone(row.second_phone), row.second_name or _step("second_contact")
    return display_phone(row.phone), row.name or _step("guardian")


def _step(step: str) -> str:
    word, _look = STEPS[step]
    return _(word)
