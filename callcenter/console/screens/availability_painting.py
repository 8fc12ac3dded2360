"""What the list of providers paints: what stands over the grid, its lines, the half hour under the cursor, a word."""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from textual.timer import Timer

from callcenter.care.places import slot_start
from callcenter.console.actions import hints
from callcenter.console.presentation import availability
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.screens.calls import paint_strip
from callcenter.console.widgets.call_strip import CallStrip
from callcenter.console.widgets.key_hints import KeyHints
from callcenter.console.widgets.panel import Panel
from callcenter.console.widgets.slot_grid import SlotGrid
from callcenter.desk.availability import window_of

if TYPE_CHECKING:
    from callcenter.console.screens.availability import AvailabilityScreen

TOLD_SECONDS = 8


class AvailabilityPainting:
    """Paints what one screen has read; knows which half hours are in sight."""

    def __init__(self, screen: "AvailabilityScreen") -> None:
        self._screen = screen
        self._shape = availability.shape(screen.desk.app.size.width - 1)
        self._in_sight = availability.in_sight(screen.column, self._shape.slots, range(0))
        self._minute = 0
        self._forget: Timer | None = None

    @property
    def _grid(self) -> SlotGrid:
        return self._screen.query_one(SlotGrid)

    def divide(self, width: int) -> None:
        """So many half hours as there is room for in this width."""
        self._shape = availability.shape(width - 1)
        self.name_columns()
        self._grid.forget_lines()
        self.point()
        self.over_grid()

    def name_columns(self) -> None:
        """The columns of the grid, and what it says when nothing is listed."""
        screen = self._screen
        empty = availability.none_listed(screen.wish) if screen.view is not None else ""
        self._grid.set_columns(availability.columns(self._shape), empty)

    def point(self) -> None:
        """The cursor on its half hour; the hours move when it would be out of sight."""
        in_sight = availability.in_sight(self._screen.column, self._shape.slots, self._in_sight)
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self._grid.forget_lines()
            self.over_grid()
        self._grid.point(self._shape.cell_of(self._screen.column - in_sight.start))

    def half_hour_in(self, cell: int) -> int | None:
        """Which half hour of the day stands in this cell of a line."""
        shown = (number for number in range(self._shape.slots) if self._shape.cell_of(number) == cell)
        number = next(shown, None)
        return None if number is None else self._in_sight.start + number

    def line(self, key: str, on_top: bool) -> tuple[Cell | Pieces, ...]:
        """The cells of a line of the grid; the first one in sight says whose it is, whatever was above it."""
        screen = self._screen
        row, first = screen.rows[key]
        reference, now, named = screen.desk.console_app.seat.reference, screen.desk.now, first or on_top
        return availability.row(row, reference, now, self._fresh, self._in_sight, self._first_in_sight, named=named)

    @property
    def _fresh(self) -> timedelta:
        return timedelta(hours=self._screen.desk.console_app.seat.settings.fresh_hours)

    @property
    def _first_in_sight(self) -> datetime:
        screen = self._screen
        window = screen.view.window if screen.view is not None else window_of(screen.desk.now, screen.wish.day)
        return slot_start(window[self._in_sight.start])

    def over_grid(self) -> None:
        """What is listed, the days, the hours."""
        screen = self._screen
        reference, now, wish = screen.desk.console_app.seat.reference, screen.desk.now, screen.wish
        total = screen.view.total if screen.view is not None else None
        shape, first = self._shape, self._first_in_sight
        screen.query_one("#listed", Panel).show(lambda width: (availability.filters(wish, total, reference, width),))
        screen.query_one("#days", Panel).show(lambda width: (availability.days(now, wish.day, width),))
        screen.query_one("#hours", Panel).show(lambda width: (availability.ruler(shape, first),))

    def half_hour(self) -> None:
        """What is known of the half hour under the cursor."""
        screen = self._screen
        row, view, cell = screen.row, screen.view, screen.cell
        shown = screen.query_one("#cell", Panel)
        if row is None or view is None:
            shown.show(lambda width: ())
            return
        reference, now, fresh = screen.desk.console_app.seat.reference, screen.desk.now, self._fresh
        slot, state = view.window[screen.column], row.states[screen.column]
        shown.show(lambda width: availability.cell_lines(row, slot, state, cell, reference, now, fresh, width))

    def clocks(self) -> None:
        """What moves with the time of day."""
        screen, desk = self._screen, self._screen.desk
        desk.painting.top(screen)
        if desk.phone is not None:
            paint_strip(desk, screen.query_one(CallStrip), desk.phone)
        screen.query_one(KeyHints).show(hints(desk.state(), "availability", "everywhere"))
        if self._forget is None:
            self._be_quiet()
        minute = int(desk.now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            # Confirmations are a minute older.
            self._grid.forget_lines()

    def tell(self, text: str, look: StyleName = "ok") -> None:
        """One sentence above the keys, for some seconds; then again what the signs mean."""
        self._screen.query_one("#told", Panel).show(lambda width: ((Cell(f" {text}", look),),))
        if self._forget is not None:
            self._forget.stop()
        self._forget = self._screen.set_timer(TOLD_SECONDS, self._be_quiet)

    def _be_quiet(self) -> None:
        self._screen.query_one("#told", Panel).show(lambda width: (availability.legend(width),))

    def again(self) -> None:
        """Every word once more, in the language now in use."""
        self.divide(self._screen.size.width)
        self._be_quiet()
        self.clocks()
        self.half_hour()
