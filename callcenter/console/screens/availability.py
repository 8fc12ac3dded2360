"""All providers half hour by half hour: who has a place tonight and in the next days, and who is in it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import cached_property
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen

from callcenter.care.calendar import SEOUL
from callcenter.care.places import slot_of, slot_start
from callcenter.console.actions import bindings, by_id
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
from callcenter.console.presentation.cells import Row, StyleName
from callcenter.console.screens.availability_painting import AvailabilityPainting
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
        self.rows: Mapping[str, tuple[AvailabilityRow, bool]] = {}
        """The groups that were read, by their identifiers, and whether each is the first of its provider."""
        self.painting = AvailabilityPainting(self)
        self._to_first = False

    @cached_property
    def operations(self) -> AvailabilityOperations:
        """What the keys do."""
        return AvailabilityOperations(self)

    @property
    def row(self) -> AvailabilityRow | None:
        """The group under the cursor, once it was read."""
        key = self._grid.cursor_key
        found = self.rows.get(key) if key is not None else None
        return found[0] if found else None

    @property
    def start(self) -> datetime:
        """When the half hour under the cursor begins."""
        view = self.view
        # Another day may have been wished for that is not read yet.
        is_read = view is not None and view.wish.day == self.wish.day
        window = view.window if view is not None and is_read else window_of(self.desk.now, self.wish.day)
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
        yield SlotGrid(self.painting.line, id="grid")
        yield Panel(fills=True, id="cell")
        yield Panel(fills=True, id="told")
        yield Choice()
        yield KeyHints()

    def on_mount(self) -> None:
        """Ask for the first lines."""
        self.painting.divide(self.app.size.width)
        self.painting.clocks()
        self.set_interval(CLOCK_SECONDS, self.painting.clocks)
        self.wish = self.wish._replace(limit=self._grid.page)
        self._ask()

    def on_unmount(self) -> None:
        """Nothing of it is read any more."""
        self.desk.console_app.live.show_availability(None, self.post_message)

    def on_resize(self, event: events.Resize) -> None:
        """More or fewer half hours are in sight."""
        self.painting.divide(event.size.width)

    # What the thread tells

    @on(AvailabilityRead)
    def _availability_read(self, event: AvailabilityRead) -> None:
        view = event.view
        if not view.wish.lists_as(self.wish):
            return
        moved = self.view is None or self.view.window != view.window
        self.view = view
        rows = view.rows
        self.rows = {
            row.group.id: (row, at == 0 or rows[at - 1].provider.id != row.provider.id) for at, row in enumerate(rows)
        }
        grid = self._grid
        self.painting.name_columns()
        grid.set_total(view.total)
        # The cursor may have moved since the view was asked for: where another group stands is of no use.
        found = view.cursor_index if view.wish.cursor == grid.cursor_key else None
        grid.set_page(view.offset, [Row(key, (), hash(shown)) for key, shown in self.rows.items()], found)
        if moved:
            grid.forget_lines()
        if self._to_first:
            self._to_first = False
            grid.action_act("list.first")
        self._look_into()
        self.painting.over_grid()

    @on(CellRead)
    def _cell_read(self, event: CellRead) -> None:
        self.cell = event.cell
        self.painting.half_hour()

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
        self.painting.over_grid()

    def show_day(self, day: int) -> None:
        """Tonight, or a day after it; the time of day under the cursor stays where the day has it."""
        day = min(max(day, 0), DAYS - 1)
        now = self.desk.now
        at = slot_start(window_of(now, self.wish.day)[self.column]).astimezone(SEOUL)
        first = slot_start(window_of(now, day)[0]).astimezone(SEOUL)
        self.column = ((at.hour - first.hour) * 2 + at.minute // 30) % SLOTS
        self.show(self.wish._replace(day=day))
        self.painting.point()

    def move(self, step: int) -> None:
        """The cursor goes so many half hours on."""
        self.column = min(max(self.column + step, 0), SLOTS - 1)
        self.painting.point()
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
        """One sentence above the keys, for some seconds."""
        self.painting.tell(text, look)

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
        half_hour = self.painting.half_hour_in(event.cell)
        if half_hour is not None:
            self.move(half_hour - self.column)

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
            questions = self.desk.console_app.live.questions
            self.call_after_refresh(questions.look_into, row.group.id, slot, self.post_message)
        self.painting.half_hour()
