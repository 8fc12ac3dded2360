"""The lane under the header: alarms nobody has noted yet, oldest first, where no list can scroll them away."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, NamedTuple

from textual import events
from textual.message import Message

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, length
from callcenter.console.widgets.cell_lines import CellLines
from callcenter.language import _, mark, ngettext
from callcenter.text.moments import due_in

Level = Literal["notice", "warning", "danger"]

_LEVELS: tuple[Level, ...] = ("notice", "warning", "danger")
_LOOKS: dict[Level, tuple[str, str, StyleName, StyleName]] = {
    "notice": (glyphs.NOTICE, mark("Notice"), "notice_alarm", "info"),
    "warning": (glyphs.SOON, mark("Warning"), "warning_alarm", "soon"),
    "danger": (glyphs.URGENT, mark("Danger"), "danger_alarm", "urgent"),
}


class Alarm(NamedTuple):
    """An alarm not yet noted: what it is about, since when it stands, until when (or since when) something is due."""

    key: str
    text: str
    since: datetime
    due: datetime | None = None
    level: Level = "warning"


def oldest_first(alarms: Sequence[Alarm]) -> tuple[Alarm, ...]:
    """In the order of the lane: the oldest first, at the same moment the graver one, then by key."""
    return tuple(sorted(alarms, key=lambda alarm: (alarm.since, -_LEVELS.index(alarm.level), alarm.key)))


def line(alarms: Sequence[Alarm], now: datetime, width: int) -> tuple[Pieces, tuple[str | None, ...]]:
    """The lane in `width` cells, and for each of its pieces the key of the alarm it belongs to.

    At the head the gravest level with its sign and word and the count of all; then as many whole alarms as fit (the
    oldest always, cut if it must be), then how many more there are.
    """
    if not alarms:
        return (Cell(" " + _("No alarms"), "muted"),), (None,)
    shown = oldest_first(alarms)
    gravest = max(shown, key=lambda alarm: _LEVELS.index(alarm.level))
    sign, word, head_look, _look = _LOOKS[gravest.level]
    pieces = [Cell(f" {sign} {_(word)} {len(shown)} ", head_look)]
    keys: list[str | None] = [None]
    for number, alarm in enumerate(shown):
        piece = _piece(alarm, now)
        left = len(shown) - number - 1
        more = _more(left) if left else ()
        if number and length((*pieces, piece, *more)) > width:
            pieces += _more(len(shown) - number)
            keys.append(None)
            break
        pieces.append(piece)
        keys.append(alarm.key)
    return tuple(pieces), tuple(keys)


def _piece(alarm: Alarm, now: datetime) -> Cell:
    sign, _word, _head, look = _LOOKS[alarm.level]
    due = " " + due_in(alarm.due, now) if alarm.due else ""
    return Cell(f"  {sign} {alarm.text}{due}", look)


def _more(count: int) -> Pieces:
    return (Cell("  " + ngettext("+{count} more", "+{count} more", count).format(count=count), "muted"),)


class AlarmLane(CellLines):
    """Keeps its line even without alarms, so that the first one moves nothing on the screen."""

    DEFAULT_CSS = """
    AlarmLane { background: $surface; }
    """

    @dataclass
    class AlarmClicked(Message):
        """An alarm was clicked: the receiver goes to what it is about."""

        key: str

    def __init__(self, *, id: str | None = None, classes: str | None = None) -> None:
        super().__init__(id=id, classes=classes)
        self._alarms: tuple[Alarm, ...] = ()
        self._now: datetime | None = None
        self._keys: tuple[str | None, ...] = ()

    def show(self, alarms: Sequence[Alarm], now: datetime) -> None:
        """These alarms, with clocks as of `now`; called every second while there are any."""
        self._alarms, self._now = tuple(alarms), now
        self.redraw()

    @property
    def oldest(self) -> str | None:
        """The key of the alarm that is noted first."""
        return oldest_first(self._alarms)[0].key if self._alarms else None

    def lines(self, width: int) -> Sequence[Pieces]:
        """One line; empty until the first `show`."""
        if self._now is None:
            return ()
        pieces, self._keys = line(self._alarms, self._now, width)
        return (pieces,)

    def on_click(self, event: events.Click) -> None:
        """The alarm under the mouse."""
        offset = event.get_content_offset(self)
        piece = self.piece_at(offset.x) if offset is not None else None
        key = self._keys[piece] if piece is not None and piece < len(self._keys) else None
        if key is not None:
            self.post_message(self.AlarmClicked(key))
