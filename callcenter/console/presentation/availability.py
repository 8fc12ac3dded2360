"""The list of providers with their half hours: the lines over it, a row of it, and what stands in one half hour."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import NamedTuple

from callcenter.care.places import slot_start
from callcenter.console.presentation import evening, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, fit
from callcenter.console.presentation.columns import GAP, Column
from callcenter.console.presentation.flow import BETWEEN, cut, flowed
from callcenter.desk.availability import DAYS, AvailabilityRow, CellView, Wish, window_of
from callcenter.desk.slot_states import SlotState
from callcenter.language import _, mark, ngettext
from callcenter.reference import Reference
from callcenter.store.availability import SeatRow
from callcenter.store.reads import GroupRow, ProviderRow
from callcenter.text import moments
from callcenter.text.masking import mask_name
from callcenter.text.moments import SEOUL, moment

GUTTER = 2
_CELLS_AN_HOUR = 3  # two half hours and a blank
_NAME, _BAND, _PLACES, _AGE = 19, 10, 4, 5
_WIDE = 112
_STATES: Mapping[SlotState, str] = {
    "free": mark("has a place"),
    "taken": mark("full"),
    "held": mark("held by an offer"),
    "closed": mark("closed"),
    "unknown": mark("places unknown"),
}
_LOOKS: Mapping[SlotState, StyleName] = {
    "free": "ok",
    "taken": "muted",
    "held": "soon",
    "closed": "muted",
    "unknown": "note",
}
_HOW: Mapping[str, str] = {"telephone": mark("by telephone")}


class Shape(NamedTuple):
    """How a list of so many cells is divided: the width of the name, and how many half hours there is room for."""

    name: int
    slots: int

    @property
    def strip_at(self) -> int:
        """The cell at which the half hours begin."""
        return GUTTER + self.name + GAP + _BAND + GAP

    def cell_of(self, number: int) -> int:
        """The cell in which the half hour stands that is the `number`-th shown."""
        return self.strip_at + number + number // 2


def shape(width: int) -> Shape:
    """The division of a list whose rows are `width` cells wide."""
    name = _NAME if width < _WIDE else _NAME + 1 + (width - _WIDE) // 3
    room = width - GUTTER - name - _BAND - _PLACES - _AGE - 4 * GAP
    hours = max(1, min((room + 1) // _CELLS_AN_HOUR, 24))
    return Shape(name, 2 * hours)


def columns(shape: Shape) -> tuple[Column, ...]:
    """Name, age band, half hours, places, age of the confirmation; fixed widths for the ruler's sake."""
    return (
        Column("name", "", shape.name),
        Column("band", "", _BAND),
        Column("strip", "", shape.slots // 2 * _CELLS_AN_HOUR - 1),
        Column("places", "", _PLACES, align="right"),
        Column("age", "", _AGE, align="right"),
    )


def ruler(shape: Shape, first: datetime) -> Pieces:
    """The titles over the columns; `first` is the first half hour shown."""
    titles = (
        fit(" " * GUTTER + _("Provider"), GUTTER + shape.name),
        fit(_("Ages"), _BAND),
        evening.ruler(shape.slots, first),
        fit(_("Places"), _PLACES, "right"),
        fit(_("Age"), _AGE, "right"),
    )
    return (Cell((" " * GAP).join(titles), "title"),)


def row(
    row: AvailabilityRow,
    reference: Reference,
    now: datetime,
    fresh: timedelta,
    shown: range,
    first: datetime,
    *,
    named: bool,
) -> tuple[Cell | Pieces, ...]:
    """The cells under `columns`: `shown` are the half hours in sight, `first` when the first of them begins.

    Only the first group in sight of a provider is `named`. A confirmation older than `fresh` is marked.
    """
    group = row.group
    return (
        Cell(_name(row.provider, reference) if named else ""),
        Cell(band(group), "normal" if named else "muted"),
        evening.strip(row.states[shown.start : shown.stop], first),
        Cell("?", "soon") if group.places is None else Cell(str(group.places)),
        _age(group, now, fresh),
    )


def _name(provider: ProviderRow, reference: Reference) -> str:
    """The region and the provider's name, which many begin with the region's: once is enough, and leaves room."""
    region, name = words.region(reference, provider.region), words.short_provider(reference, provider.name)
    return name if name.startswith(region) else f"{region} {name}"


def band(group: GroupRow) -> str:
    """The label a group has of its own, else its ages, the last month among them: 3 to 155 months are «3 mo-12 y».

    Each end is told in years where it is a whole one from two on, else in months.
    """
    low, high = group.months_min, group.months_max
    if group.label != f"{low}-{high}m":
        return group.label
    if high < words.MONTHS_SAID_BELOW or (high + 1) % 12:
        return _("{low}-{high} mo").format(low=low, high=high)
    if low < words.MONTHS_SAID_BELOW or low % 12:
        return _("{low} mo-{high} y").format(low=low, high=high // 12)
    return _("{low}-{high} y").format(low=low // 12, high=high // 12)


def _age(group: GroupRow, now: datetime, fresh: timedelta) -> Cell:
    """Hours and minutes since the confirmation, with a sign when that is long ago."""
    if group.confirmed_at is None:
        return Cell("-", "muted")
    at = moment(group.confirmed_at)
    age = moments.age(at, now).strip()
    return Cell(f"{glyphs.SOON}{age}", "soon") if now - at >= fresh else Cell(age, "muted")


def days(now: datetime, chosen: int, width: int) -> Pieces:
    """The days that can be shown, each with its digit; the one that is shown stands out."""
    pieces: list[Cell] = [Cell(" ")]
    for number in range(DAYS):
        first = slot_start(window_of(now, number)[0]).astimezone(SEOUL)
        told = _("tonight") if not number else f"{first.day} {words.weekday(first.date())}"
        look: StyleName = "key" if number == chosen else "muted"
        mark_on = glyphs.CURSOR if number == chosen else " "
        pieces += [
            Cell(f"{mark_on}{number + 1} ", look),
            Cell(told, "strong" if number == chosen else "muted"),
            Cell(" "),
        ]
    return cut(tuple(pieces), width)


def filters(wish: Wish, total: int | None, reference: Reference, width: int) -> Pieces:
    """What is listed: region, service, free now, what was searched; and how many groups that are."""
    region = words.region(reference, wish.region) if wish.region else _("all regions")
    service = str(reference.services[wish.service].short) if wish.service else _("all services")
    chunks: list[Cell] = [
        Cell(" " + _("All providers") + "  ", "title"),
        Cell(region, "strong" if wish.region else "normal"),
        BETWEEN,
        Cell(service, "strong" if wish.service else "normal"),
    ]
    if wish.now_free:
        chunks += [BETWEEN, Cell(f"{glyphs.FREE} " + _("free now"), "ok")]
    if wish.to_confirm:
        chunks += [BETWEEN, Cell(_("to ring first"), "soon")]
    if wish.text:
        chunks += [BETWEEN, Cell(f"«{wish.text}»", "strong")]
    if total is not None:
        told = ngettext("{count} group", "{count} groups", total).format(count=f"{total:,}")
        chunks += [BETWEEN, Cell(told, "muted")]
    return cut(tuple(chunks), width)


def legend(width: int) -> Pieces:
    """What the signs of the half hours mean."""
    pieces: list[Cell] = [Cell(" ")]
    for state, sign in evening.SIGNS.items():
        look: StyleName = state
        pieces += [Cell(f" {sign} ", look), Cell(f" {_(_STATES[state])}  ", "muted")]
    return cut(tuple(pieces), width)


def cell_lines(
    row: AvailabilityRow,
    slot: int,
    state: SlotState,
    cell: CellView | None,
    reference: Reference,
    now: datetime,
    fresh: timedelta,
    width: int,
) -> list[Pieces]:
    """What is known of the half hour under the cursor: whose, when, how many places, how sure, and who is in them.

    `cell` is None until it was read; the rest is known from the row.
    """
    start = slot_start(slot)
    sign = evening.SIGNS[state]
    told = flowed(
        [
            (Cell(row.provider.name, "strong"), Cell(f" {band(row.group)}")),
            (Cell(moments.stamp(start, now), "strong"),),
            (Cell(f"{sign} {_(_STATES[state])}", _LOOKS[state]), *_counted(cell), *_why_closed(cell, now)),
            (_confirmed(row.group, now, fresh),),
        ],
        width - 1,
    )
    seats = [] if cell is None else [_seat(seat, now) for seat in cell.seats]
    return [(Cell(" "), *line) for line in told] + [(Cell("   "), *line) for line in flowed(seats, width - 3)]


def _counted(cell: CellView | None) -> Pieces:
    """How many of the places are left, once it is known who is in them."""
    if cell is None or cell.capacity is None or cell.state == "closed":
        return ()
    left = cell.capacity - len({seat.place_no for seat in cell.seats})
    return (Cell(" " + _("{free} of {places} left").format(free=max(0, left), places=cell.capacity)),)


def _why_closed(cell: CellView | None, now: datetime) -> Pieces:
    """Why, until when, and who said so, where somebody did."""
    if cell is None or cell.closed is None:
        return ()
    until = _("until {time}").format(time=moments.stamp(moment(cell.closed.end_at), now))
    return (Cell(f" {cell.closed.reason} ({until}, {cell.closed.set_by})", "soon"),)


def _confirmed(group: GroupRow, now: datetime, fresh: timedelta) -> Cell:
    if group.confirmed_at is None:
        return Cell(_("never confirmed"), "soon")
    at = moment(group.confirmed_at)
    code = group.confirmed_how or ""
    how = _(_HOW[code]) if code in _HOW else code
    told = _("confirmed {time} ({ago}) {who} {how}").format(
        time=moments.stamp(at, now), ago=moments.ago(at, now), who=group.confirmed_by or "", how=how
    )
    return Cell(told.rstrip(), "soon" if now - at >= fresh else "muted")


def _seat(seat: SeatRow, now: datetime) -> Pieces:
    """A child in a place, masked, its request's number and until when; of a restricted request the number alone."""
    who = ""
    if seat.child is not None and seat.birth is not None:
        day = moment(seat.ends_at).date()
        who = f" {mask_name(seat.child)} {words.age(datetime.fromisoformat(seat.birth).date(), day)}"
    if seat.guardian is not None:
        who += f" ({mask_name(seat.guardian)})"
    until = _("until {time}").format(time=moments.stamp(moment(seat.ends_at), now))
    offered = (Cell(" " + words.offer_state(seat.offer_state), "soon"),) if seat.offer_state == "pending" else ()
    return (
        Cell(f"{seat.place_no} ", "muted"),
        Cell(seat.number, "key"),
        Cell(who),
        Cell(f" {until}", "muted"),
        *offered,
    )


def in_sight(column: int, slots: int, before: range) -> range:
    """The half hours in sight once the cursor stands on `column`: as before where it is among them, whole hours."""
    first = min(before.start, max(0, 48 - slots))
    if column < first:
        first = column - column % 2
    elif column >= first + slots:
        first = column + 2 - column % 2 - slots
    return range(first, first + slots)


def none_listed(wish: Wish) -> str:
    """Why the list is empty."""
    if wish.to_confirm:
        return _("Nobody has to be rung for tonight's requests.")
    return _("Nothing fits.") if wish.listed != Wish().listed else _("No provider is recorded.")
