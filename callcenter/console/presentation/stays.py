"""A line of the list of care: when and what is next, which child, where; and the same in the request's panel."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta

from callcenter.care.stays import Due, StayState, state_of
from callcenter.console.presentation import glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName
from callcenter.console.presentation.columns import Column
from callcenter.console.presentation.flow import flowed
from callcenter.desk.care_view import CareLine
from callcenter.language import _, mark
from callcenter.reference import Reference
from callcenter.store.stays import StayRow
from callcenter.text import moments
from callcenter.text.masking import mask_name
from callcenter.text.moments import moment

_STATES: Mapping[StayState, tuple[str, StyleName]] = {
    "to_tell": (mark("to tell"), "soon"),
    "expected": (mark("expected"), "normal"),
    "under_way": (mark("on the way"), "info"),
    "arrived": (mark("arrived"), "info"),
    "held": (mark("at the door"), "urgent"),
    "in_care": (mark("in care"), "ok"),
    "over": (mark("home"), "muted"),
}
_HELD: Mapping[str, str] = {
    "fever": mark("fever"),
    "symptoms": mark("symptoms"),
    "code_word": mark("code word wrong"),
}
_RUNGS: Mapping[str, tuple[str, StyleName]] = {
    "guardian": (mark("guardian"), "normal"),
    "second_contact": (mark("2nd person"), "soon"),
    "supervisor": (mark("supervisor"), "urgent"),
    "112": (mark("ring 112"), "urgent"),
}
_ENDINGS: Mapping[str, str] = {"picked_up": mark("picked up"), "turned_away": mark("sent home at the door")}
_SOON = timedelta(minutes=10)


def columns() -> tuple[Column, ...]:
    """The columns in the language in use."""
    return (
        Column("due", _("Due"), 6),
        Column("state", _("State"), 11),
        Column("child", _("Child"), 13, importance=1),
        Column("where", _("Where"), 10, share=1),
        Column("next", _("Whom"), 10, importance=2),
        Column("when", _("When"), 11, importance=3),
        Column("number", _("Number"), 10, importance=4),
    )


def row(line: CareLine, reference: Reference, now: datetime) -> Row:
    """The cells under `columns`; whose record the actor may not see is «restricted»."""
    if line.row is None:
        provider = line.notice.provider if line.notice is not None else ""
        cells = (
            _due(line.due, now),
            Cell(_("not needed"), "soon"),
            Cell(_("tell the provider"), "muted"),
            Cell(words.short_provider(reference, provider)),
            Cell(_("provider"), "soon"),
            Cell(""),
            Cell(line.number, "muted"),
        )
        return Row(line.key, cells, hash(cells))
    start, end = moment(line.row.start_at), moment(line.row.end_at)
    rung, look = _RUNGS[line.due.rung] if line.due.rung else ("", "normal")
    cells = (
        _due(line.due, now),
        _state(line.row),
        Cell(_child(line, now)),
        Cell(words.short_provider(reference, line.row.provider), "muted" if line.hidden else "normal"),
        Cell(_(rung) if rung else "", look),
        Cell(_when(start, end, now)),
        Cell(line.number, "muted"),
    )
    return Row(line.key, cells, hash(cells))


def lines(stays: Sequence[StayRow], now: datetime, width: int) -> list[Pieces]:
    """What became of each child with a place, for the request's panel."""
    found: list[Pieces] = []
    for one in stays:
        state = state_of(one.stay)
        if state == "to_tell" or (state == "expected" and moment(one.start_at) - now > timedelta(hours=1)):
            continue
        since = one.ended_at or one.admitted_at or one.held_at or one.arrived_at or one.under_way_at
        told: list[Pieces] = [
            (Cell(f"{glyphs.CURSOR} ", "key"), Cell(_named(one)), Cell(" "), _state(one)),
        ]
        if since is not None:
            told.append((Cell(moments.stamp(moment(since), now), "muted"),))
        if state == "in_care":
            told.append((Cell(_("until {time}").format(time=moments.clock(moment(one.end_at))), "strong"),))
        if state == "over":
            ending = one.ending or ""
            told.append((Cell(_(_ENDINGS[ending]) if ending in _ENDINGS else ending),))
            if one.fee is not None:
                told.append((Cell(_("{won} won").format(won=f"{one.fee:,}") if one.fee else _("free of charge")),))
        found += flowed(told, width)
    return found


def warnings(line: CareLine) -> list[str]:
    """What must be known before the child is given to anybody."""
    found = [
        _("Must not be given to {name}: {why}").format(
            name=_("anybody but the guardian") if bar.name == "*" else bar.name, why=bar.why or "-"
        )
        for bar in line.bars
    ]
    if line.row is not None and "court_order" in line.row.needs.split():
        found.append(_("There is a court order: read the note of the request first."))
    return found


def name_of(line: CareLine) -> str:
    """The child, masked, as a title names it; its age where nobody asked for the name."""
    return _named(line.row) if line.row is not None else ""


def _named(row: StayRow) -> str:
    if row.child or row.birth is None:
        return mask_name(row.child or "")
    return words.age(date.fromisoformat(row.birth), moment(row.start_at).astimezone(moments.SEOUL).date())


def _due(due: Due, now: datetime) -> Cell:
    at, rings = moment(due.due), moment(due.since) <= now
    look: StyleName = "urgent" if rings else "soon" if moment(due.since) - now <= _SOON else "normal"
    near = at <= now or at - now < timedelta(hours=1)
    return Cell(moments.due_in(at, now) if near else moments.clock(at), look)


def _when(start: datetime, end: datetime, now: datetime) -> str:
    today = now.astimezone(moments.SEOUL).date() == start.astimezone(moments.SEOUL).date()
    return f"{moments.clock(start)}-{moments.clock(end)}" if today else moments.stamp(start, now)


def _state(row: StayRow) -> Cell:
    state = state_of(row.stay)
    word, look = _STATES[state]
    why = row.held_why or ""
    if state == "held" and why in _HELD:
        return Cell(_(_HELD[why]), look)
    return Cell(_(word), look)


def _child(line: CareLine, now: datetime) -> str:
    if line.hidden or line.row is None:
        return _("restricted")
    if line.row.child is None or line.row.birth is None:
        return _("erased")
    age = words.age(date.fromisoformat(line.row.birth), now.astimezone(moments.SEOUL).date())
    return f"{mask_name(line.row.child)} {age}"
