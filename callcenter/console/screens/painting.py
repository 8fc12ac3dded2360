"""What the desk's screen paints: the queue, header and lane, what moves with the time of day, the keys."""

from datetime import datetime
from typing import TYPE_CHECKING, Any

from callcenter.console.action import Scope, State
from callcenter.console.actions import key_line
from callcenter.console.presentation import alarms, header, queue
from callcenter.console.presentation.cells import Row
from callcenter.console.widgets.alarm_lane import AlarmLane
from callcenter.console.widgets.header_bar import HeaderBar
from callcenter.console.widgets.key_hints import KeyHints
from callcenter.console.widgets.line_list import LineList
from callcenter.desk.link_state import Work
from callcenter.language import _, current
from callcenter.store.reads import QueueRow

if TYPE_CHECKING:
    from textual.screen import Screen

    from callcenter.console.screens.desk import DeskScreen

WIDE = 112
"""From this width on the header says all, and the providers around have a column of their own."""
NARROW = 100
"""Below this width the queue and what stands in its place are narrower."""


class Painting:
    """Paints what one desk's screen was told; what only a selection or a key shows is imported with it."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self._rows: dict[str, tuple[QueueRow, int, Work | None, Row]] = {}
        self._strip_shown = False
        self._hinted: tuple[State, tuple[Scope, ...], tuple[Scope, ...], str] | None = None
        self.to_highlight: str | None = None
        """A request that is to stand under the cursor once it was read into the queue."""

    def queue(self) -> None:
        """The page that was read; a row that did not change keeps the cells it has."""
        screen, view = self._screen, self._screen.queue
        found = screen.query_one("#queue", LineList)
        found.set_total(view.figures.open)
        now = screen.now
        rows = [self._row(row, now) for row in view.rows]
        self._rows = {row.id: self._rows[row.id] for row in view.rows}
        found.set_page(view.offset, rows, view.cursor_index)
        if self.to_highlight is not None and found.highlight(self.to_highlight):
            self.to_highlight = None

    def _row(self, row: QueueRow, now: datetime) -> Row:
        """Made again when the row changed, every minute, and every second where a clock runs."""
        work = self._screen.worked_on_by(row.id)
        beat = int(now.timestamp()) // (1 if row.offer_expires_at or work else 60)
        kept = self._rows.get(row.id)
        if kept is None or kept[:3] != (row, beat, work):
            reference = self._screen.console_app.seat.reference
            kept = self._rows[row.id] = (row, beat, work, queue.row(row, reference, now, work))
        return kept[3]

    def clocks(self) -> None:
        """What moves with the time of day."""
        screen = self._screen
        if screen.link.joined and "operations" in vars(screen):
            screen.operations.centre.goes_on()
        self.top()
        if screen.link.work or any(row.offer_expires_at for row in screen.queue.rows):
            self.queue()
        if screen.view is not None and (screen.view.leading or screen.tried_by):
            self.request()
        self.phone()
        self.stays()
        self.in_flight()
        self.hints()

    def phone(self) -> None:
        """The calls as they stand now, and the call-backs while they are shown."""
        screen, view = self._screen, self._screen.phone
        if view is None:
            return
        from callcenter.console.screens.calls import paint_strip
        from callcenter.console.widgets.call_strip import CallStrip

        if (strip := screen.query_one_optional(CallStrip)) is not None:
            paint_strip(screen, strip, view)
        if screen.has_class("-callbacks"):
            from callcenter.console.screens.callbacks import CallbackList

            screen.query_one(CallbackList).show(view)

    def stays(self) -> None:
        """Who is in care, while they are shown."""
        if self._screen.has_class("-stays"):
            from callcenter.console.screens.care import StayList

            self._screen.query_one(StayList).paint()

    def top(self, above: "Screen[Any] | None" = None) -> None:
        """Header and lane as they are now, here or on the screen `above` this one."""
        screen = self._screen
        bar, lane = (above or screen).query_one(HeaderBar), (above or screen).query_one(AlarmLane)
        now, seat, actor = screen.now, screen.console_app.seat, screen.console_app.actor
        bar.show(
            header.parts(
                seat.reference,
                seat.programs,
                seat.desk,
                actor,
                screen.queue,
                now,
                demo=seat.demo,
                owed=screen.phone.owed if screen.phone else 0,
                in_care=screen.care.in_care if screen.care else 0,
                telephone=screen.telephone,
                link=screen.link,
                narrow=screen.app.size.width < WIDE,
            )
        )
        lane.show([alarms.alarm(row, now) for row in screen.alarms()], now)

    def in_flight(self) -> None:
        """Whom everybody at the desk is trying just now."""
        screen = self._screen
        if screen.queue.in_flight or self._strip_shown:
            from callcenter.console.screens.offers import paint_in_flight

            self._strip_shown = bool(screen.queue.in_flight)
            paint_in_flight(screen)

    def request(self) -> None:
        """The selected request, and what can be done with it."""
        from callcenter.console.screens.selection import paint_request

        paint_request(self._screen)
        self.hints()

    def say(self) -> None:
        """What to say to the family."""
        from callcenter.console.screens.selection import paint_say

        paint_say(self._screen)

    def around(self) -> None:
        """The providers around the selected request."""
        from callcenter.console.screens.selection import paint_around

        paint_around(self._screen)

    def hints(self) -> None:
        """The keys that do something now."""
        screen = self._screen
        scopes: tuple[Scope, ...] = ("form",) if screen.has_class("-form") else ("desk", "everywhere")
        # Asked for with every message, and hardly ever another line.
        told = (screen.state(), screen.listed, scopes, current())
        if told != self._hinted:
            self._hinted = told
            screen.query_one(KeyHints).show(key_line(*told[:3]))

    def again(self) -> None:
        """Every word once more, in the language now in use."""
        screen = self._screen
        self._rows.clear()
        screen.query_one("#queue", LineList).set_columns(queue.columns(), _("No open request."))
        self.queue()
        self.clocks()
        self.request()
        self.around()
        if screen.phone is not None:
            from callcenter.console.screens import callbacks

            callbacks.speak_again(screen)
        if screen.care is not None:
            from callcenter.console.screens import care

            care.speak_again(screen)
        if screen.form is not None:
            screen.call_later(screen.form.speak_again)
