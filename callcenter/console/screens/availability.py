"""All providers half hour by half hour: who has a place tonight and in the next days, and who is in it."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from callcenter.care.calendar import SEOUL
from callcenter.care.places import slot_of, slot_start
from callcenter.console.actions import bindings, by_id, hints
from callcenter.console.availability_operations import AvailabilityOperations
from callcenter.console.keys import HangulTyped
from callcenter.console.messages import (
    ActionDone,
    ActionRefused,
    AvailabilityRead,
    CellRead,
    FitRead,
    RegionsRead,
)
from callcenter.console.presentation import availability
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName
from callcenter.console.screens.calls import paint_strip
from callcenter.console.widgets.alarm_lane import AlarmLane
from callcenter.console.widgets.call_strip import CallStrip
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.header_bar import HeaderBar
from callcenter.console.widgets.key_hints import KeyHints
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.name_filter import NameFilter
from callcenter.console.widgets.panel import Panel
from callcenter.console.widgets.slot_grid import SlotGrid
from callcenter.desk.availability import DAYS, SLOTS, AvailabilityRow, AvailabilityView, CellView, Wish, window_of
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen

TOLD_SECONDS = 8
CLOCK_SECONDS = 1.0


class AvailabilityScreen(Screen[str | None]):
    """Lies on the desk's screen; ends with the action of the desk that was asked for here, if there was one."""

    CSS_PATH = "availability.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere", "availability")]
    AUTO_FOCUS = "#grid"
    BLANK = True

    def __init__(self, desk: "DeskScreen") -> None:
        super().__init__()
        self.desk = desk
        self.wish = Wish()
        self.column = (slot_of(desk.now) - window_of(desk.now, 0)[0]) % SLOTS
        self.view: AvailabilityView | None = None
        self.cell: CellView | None = None
        self._rows: Mapping[str, tuple[AvailabilityRow, bool]] = {}
        self._shape = availability.shape(desk.app.size.width - 1)
        self._in_sight = availability.in_sight(self.column, self._shape.slots, range(0))
        self._to_first = False
        self._minute = 0
        self._forget: Timer | None = None

    @cached_property
    def operations(self) -> AvailabilityOperations:
        """What the keys do."""
        return AvailabilityOperations(self)

    @property
    def row(self) -> AvailabilityRow | None:
        """The group under the cursor, once it was read."""
        key = self._grid.cursor_key
        found = self._rows.get(key) if key is not None else None
        return found[0] if found else None

    @property
    def start(self) -> datetime:
        """When the half hour under the cursor begins."""
        window = self.view.window if self.view is not None else window_of(self.desk.now, self.wish.day)
        return slot_start(window[self.column])

    @property
    def day(self) -> date:
        """The day that the half hour under the cursor lies on."""
        return self.start.astimezone(SEOUL).date()

    @property
    def _grid(self) -> SlotGrid:
        return self.query_one(SlotGrid)

    def compose(self) -> ComposeResult:
        """What the desk has on top, what is listed, the days, the grid, the half hour under the cursor, the keys."""
        yield HeaderBar()
        yield AlarmLane()
        yield CallStrip()
        yield Panel(fills=True, id="listed")
        yield Panel(fills=True, id="days")
        yield NameFilter()
        yield Panel(fills=True, id="hours")
        yield SlotGrid(self._cells, id="grid")
        yield Panel(fills=True, id="cell")
        yield Panel(fills=True, id="told")
        yield Choice()
        yield KeyHints()

    def on_mount(self) -> None:
        """Ask for the first lines."""
        self._divide(self.app.size.width)
        self._paint_clocks()
        self.set_interval(CLOCK_SECONDS, self._paint_clocks)
        self.wish = self.wish._replace(limit=self._grid.page)
        self._ask()

    def on_unmount(self) -> None:
        """Nothing of it is read any more."""
        self.desk.console_app.live.show_availability(None, self.post_message)

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer half hours are in sight."""
        self._divide(event.size.width)

    def _divide(self, width: int) -> None:
        self._shape = availability.shape(width - 1)
        self._grid.set_columns(availability.columns(self._shape), self._grid_empty())
        self._grid.forget_lines()
        self._point()
        self._paint_list()

    # What the thread tells

    @on(AvailabilityRead)
    def _availability_read(self, event: AvailabilityRead) -> None:
        view = event.view
        if not view.wish.lists_as(self.wish):
            return
        moved = self.view is None or self.view.window != view.window
        self.view = view
        rows = view.rows
        self._rows = {
            row.group.id: (row, at == 0 or rows[at - 1].provider.id != row.provider.id) for at, row in enumerate(rows)
        }
        grid = self._grid
        grid.set_columns(availability.columns(self._shape), self._grid_empty())
        grid.set_total(view.total)
        # The cursor may have moved since the view was asked for: where another group stands is of no use.
        found = view.cursor_index if view.wish.cursor == grid.cursor_key else None
        grid.set_page(view.offset, [Row(key, (), hash(shown)) for key, shown in self._rows.items()], found)
        if moved:
            grid.forget_lines()
        if self._to_first:
            self._to_first = False
            grid.action_act("list.first")
        self._look_into()
        self._paint_list()

    @on(CellRead)
    def _cell_read(self, event: CellRead) -> None:
        self.cell = event.cell
        self._paint_cell()

    @on(RegionsRead)
    def _regions_read(self, event: RegionsRead) -> None:
        self.operations.ask_region(event.regions)

    @on(FitRead)
    def _fit_read(self, event: FitRead) -> None:
        self.operations.told_fit(event.provider_id, event.blocks)

    @on(ActionDone)
    def _action_done(self, event: ActionDone) -> None:
        self.query_one(Choice).forget()
        self.operations.done(event.action)

    @on(ActionRefused)
    def _action_refused(self, event: ActionRefused) -> None:
        sentence = str(self.desk.console_app.incident(event.error))
        self.query_one(Choice).again(sentence)
        self.tell(sentence, "urgent")

    # What the operator does

    def action_act(self, action: str, number: int | None = None) -> None:
        """Carry out an action of the registry, or say why it cannot be now."""
        self.query_one(Choice).forget()
        refused = by_id(action).needs(self.desk.state())
        if refused:
            self.tell(refused, "soon")
        else:
            self.operations.run(action, number)

    def show(self, wish: Wish) -> None:
        """List this from now on: with other providers from the first line, on another day the same ones."""
        if wish.lists_as(self.wish):
            return
        self._to_first = wish.listed != self.wish.listed
        lines = self._grid.in_sight
        # What is in sight first; the grid wants the rest of its page once that is painted.
        self.wish = wish._replace(offset=0 if self._to_first else lines.start, limit=len(lines))
        self._ask()
        self._paint_list()

    def show_day(self, day: int) -> None:
        """Tonight, or a day after it; the time of day under the cursor stays where the day has it."""
        day = min(max(day, 0), DAYS - 1)
        now = self.desk.now
        at = slot_start(window_of(now, self.wish.day)[self.column]).astimezone(SEOUL)
        first = slot_start(window_of(now, day)[0]).astimezone(SEOUL)
        self.column = ((at.hour - first.hour) * 2 + at.minute // 30) % SLOTS
        self.show(self.wish._replace(day=day))
        self._point()

    def move(self, step: int) -> None:
        """The cursor goes so many half hours on."""
        self.column = min(max(self.column + step, 0), SLOTS - 1)
        self._point()
        self._look_into()

    def search(self) -> None:
        """Type a part of a name."""
        self.query_one(NameFilter).open(self.wish.text, _("Part of a name, first consonants; Enter back to the list"))

    def leave(self, action: str | None = None) -> None:
        """Out of the search, else back to the desk, there to carry out this action."""
        found = self.query_one(NameFilter)
        if found.is_open and action is None:
            found.close(emptied=True)
        else:
            self.dismiss(action)

    def tell(self, text: str, look: StyleName = "ok") -> None:
        """One sentence above the keys, for some seconds; then again what the signs mean."""
        self.query_one("#told", Panel).show(lambda width: ((Cell(f" {text}", look),),))
        if self._forget is not None:
            self._forget.stop()
        self._forget = self.set_timer(TOLD_SECONDS, self._be_quiet)

    def _be_quiet(self) -> None:
        self.query_one("#told", Panel).show(lambda width: (availability.legend(width),))

    @on(LineList.PageWanted, "#grid")
    def _page_wanted(self, event: LineList.PageWanted) -> None:
        self.wish = self.wish._replace(offset=event.offset, limit=event.limit)
        # What is in sight is there as a rule, and is painted first: threads share one interpreter.
        self.call_after_refresh(self._ask)

    @on(LineList.Highlighted, "#grid")
    def _cursor_moved(self) -> None:
        self._look_into()

    @on(SlotGrid.Clicked)
    def _clicked(self, event: SlotGrid.Clicked) -> None:
        shown = [number for number in range(self._shape.slots) if self._shape.cell_of(number) == event.cell]
        if shown:
            self.move(self._in_sight.start + shown[0] - self.column)

    @on(NameFilter.Typed)
    def _name_typed(self, event: NameFilter.Typed) -> None:
        self.show(self.wish._replace(text=event.text.strip()))

    @on(NameFilter.Moved)
    def _list_moved(self, event: NameFilter.Moved) -> None:
        self._grid.action_act(event.action)

    @on(NameFilter.Left)
    def _filter_left(self) -> None:
        self._grid.focus()

    @on(Choice.Made)
    def _chosen(self, event: Choice.Made) -> None:
        self.operations.choice_made(event.name, event.option, event.note)

    @on(KeyHints.ActionClicked)
    def _hint_clicked(self, event: KeyHints.ActionClicked) -> None:
        self.action_act(event.action)

    @on(AlarmLane.AlarmClicked)
    def _alarm_clicked(self) -> None:
        self.leave("alarm.acknowledge")

    @on(HangulTyped)
    def _hangul_typed(self) -> None:
        self.tell(_("The keyboard is on Hangul: check the 한/영 key."), "soon")

    # Asking

    def _ask(self) -> None:
        self.wish = self.wish._replace(cursor=self._grid.cursor_key)
        self.desk.console_app.live.show_availability(self.wish, self.post_message)

    def _look_into(self) -> None:
        """Who is in the half hour under the cursor; what the row tells of it stands there at once."""
        row, view = self.row, self.view
        if row is None or view is None:
            self.cell = None
        else:
            slot = view.window[self.column]
            if self.cell is not None and (self.cell.group.id, self.cell.slot) != (row.group.id, slot):
                self.cell = None
            self.call_after_refresh(self.desk.console_app.live.look_into, row.group.id, slot, self.post_message)
        self._paint_cell()

    # Painting

    def speak_again(self) -> None:
        """Every word once more, in the language now in use."""
        self._divide(self.size.width)
        self._be_quiet()
        self._paint_clocks()
        self._paint_list()
        self._paint_cell()

    def _cells(self, key: str, on_top: bool) -> tuple[Cell | Pieces, ...]:
        """The cells of a line that is painted; the first one in sight says whose it is, whatever was above it."""
        row, first = self._rows[key]
        reference, now, named = self.desk.console_app.seat.reference, self.desk.now, first or on_top
        return availability.row(row, reference, now, self._fresh, self._in_sight, self._first_in_sight, named=named)

    @property
    def _fresh(self) -> timedelta:
        return timedelta(hours=self.desk.console_app.seat.settings.fresh_hours)

    @property
    def _first_in_sight(self) -> datetime:
        window = self.view.window if self.view is not None else window_of(self.desk.now, self.wish.day)
        return slot_start(window[self._in_sight.start])

    def _grid_empty(self) -> str:
        return availability.none_listed(self.wish) if self.view is not None else ""

    def _point(self) -> None:
        """The cursor on its half hour; the hours move when it would be out of sight."""
        in_sight = availability.in_sight(self.column, self._shape.slots, self._in_sight)
        if in_sight != self._in_sight:
            self._in_sight = in_sight
            self._grid.forget_lines()
            self._paint_list()
        self._grid.point(self._shape.cell_of(self.column - in_sight.start))

    def _paint_list(self) -> None:
        """What stands over the grid."""
        reference, now, wish = self.desk.console_app.seat.reference, self.desk.now, self.wish
        total = self.view.total if self.view is not None else None
        shape, first = self._shape, self._first_in_sight
        self.query_one("#listed", Panel).show(lambda width: (availability.filters(wish, total, reference, width),))
        self.query_one("#days", Panel).show(lambda width: (availability.days(now, wish.day, width),))
        self.query_one("#hours", Panel).show(lambda width: (availability.ruler(shape, first),))

    def _paint_cell(self) -> None:
        row, view, cell = self.row, self.view, self.cell
        shown = self.query_one("#cell", Panel)
        if row is None or view is None:
            shown.show(lambda width: ())
            return
        reference, now, fresh = self.desk.console_app.seat.reference, self.desk.now, self._fresh
        slot, state = view.window[self.column], row.states[self.column]
        shown.show(lambda width: availability.cell_lines(row, slot, state, cell, reference, now, fresh, width))

    def _paint_clocks(self) -> None:
        """What moves with the time of day."""
        desk = self.desk
        desk.painting.top(self)
        if desk.phone is not None:
            paint_strip(desk, self.query_one(CallStrip), desk.phone)
        self.query_one(KeyHints).show(hints(desk.state(), "availability", "everywhere"))
        if self._forget is None:
            self._be_quiet()
        minute = int(desk.now.timestamp()) // 60
        if minute != self._minute:
            self._minute = minute
            # Confirmations are a minute older.
            self._grid.forget_lines()
