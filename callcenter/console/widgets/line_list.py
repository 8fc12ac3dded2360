"""The list of the console: draws only the lines on screen, holds only a page of rows, keeps its cursor on a key."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from rich.segment import Segment
from rich.style import Style
from textual import events
from textual.binding import BindingType
from textual.cache import LRUCache
from textual.geometry import Region, Size
from textual.message import Message
from textual.scroll_view import ScrollView
from textual.scrollbar import ScrollBar
from textual.strip import Strip

from callcenter.console.actions import bindings
from callcenter.console.presentation.cells import Cell, Pieces, Row, fit, fit_cell, fit_pieces
from callcenter.console.presentation.columns import GAP, Column, widths
from callcenter.console.presentation.glyphs import CURSOR
from callcenter.console.theme import BLURRED_TINT, CURSOR_TINT, LOOKS
from callcenter.console.widgets.cell_lines import segments
from callcenter.console.widgets.kept_lines import KeptLines
from callcenter.console.widgets.list_bar import ListBar
from callcenter.console.widgets.list_line import ListLine

PAGE = 240
"""Rows asked for at a time: several screens, read in about a millisecond."""
MARGIN = 60
"""How near the visible lines may come to the edge of the page before the next one is asked for."""
GUTTER = 2
"""Cells left of the first column: the cursor sign and a blank, so that the cursor is seen without colour."""

StripKey = tuple[str, int, str]


class LineList(KeptLines, ScrollView, can_focus=True):
    """A list of any length over a page of rows that the host reads and hands in.

    The host calls `set_total` and `set_page`, and answers `PageWanted` with another `set_page`. The cursor belongs to
    a key, not to a line: when rows move, it moves with its row. Titles show only where a column has one.
    """

    ALLOW_SELECT = False
    page, margin = PAGE, MARGIN
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("list")]
    COMPONENT_CLASSES: ClassVar[set[str]] = {
        "line-list--header",
        "line-list--cursor",
        "line-list--cursor-blurred",
        "line-list--empty",
    }
    DEFAULT_CSS = f"""
    LineList {{
        width: 1fr;
        height: 1fr;
        background: $surface;
        color: $foreground;
        /* The bar always has its column: if it came and went, the other columns would jump. */
        overflow-y: scroll;
        overflow-x: hidden;
        scrollbar-size-vertical: 1;
        & > .line-list--header {{ background: $panel; text-style: bold; color: $foreground 75%; }}
        & > .line-list--cursor {{ background: $primary {CURSOR_TINT}%; text-style: bold; }}
        & > .line-list--cursor-blurred {{ background: $primary {BLURRED_TINT}%; }}
        & > .line-list--empty {{ color: $foreground 65%; }}
    }}
    """

    @dataclass
    class Highlighted(Message):
        """The cursor stands on another row: on that of `key`, or on none because the list is empty.

        `by_operator` is False when the row under the cursor went away and its neighbour took its place.
        """

        line_list: "LineList"
        key: str | None
        by_operator: bool

        @property
        def control(self) -> "LineList":
            """The list it comes from."""
            return self.line_list

    @dataclass
    class Chosen(Message):
        """A row was chosen with Enter or a double click."""

        line_list: "LineList"
        key: str

        @property
        def control(self) -> "LineList":
            """The list it comes from."""
            return self.line_list

    @dataclass
    class PageWanted(Message):
        """The rows `offset` to `offset + limit` are wanted; a newer wish replaces an older one."""

        line_list: "LineList"
        offset: int
        limit: int

        @property
        def control(self) -> "LineList":
            """The list it comes from."""
            return self.line_list

        def can_replace(self, message: Message) -> bool:
            """Only the newest wish of one list counts."""
            return isinstance(message, LineList.PageWanted) and message.line_list is self.line_list

    def __init__(
        self,
        columns: Sequence[Column],
        *,
        empty: str = "",
        choosable: bool = True,
        id: str | None = None,
        classes: str | None = None,
    ) -> None:
        """A list with these columns; `empty` is said when there are no rows.

        With `choosable=False` Enter is left to the screen the list stands on.
        """
        super().__init__(id=id, classes=classes)
        self._columns = tuple(columns)
        self._empty = empty
        self._choosable = choosable
        self._header = int(any(column.title for column in self._columns))
        self._width = -1
        self._widths: tuple[int, ...] = ()
        self._total = 0
        self._offset = 0
        self._rows: tuple[Row, ...] = ()
        self._index_of: dict[str, int] = {}
        self._cursor = 0
        self._cursor_key: str | None = None
        self._wanted: tuple[int, int] | None = None
        self._strips: LRUCache[StripKey, Strip] = LRUCache(1000)
        self._runs: LRUCache[tuple[Pieces, int, str], list[Segment]] = LRUCache(500)
        self._styles: dict[str, Style] = {}

    # What the host says

    def set_columns(self, columns: Sequence[Column], empty: str) -> None:
        """Other columns or other words for them, as after a change of the language."""
        if (tuple(columns), empty) == (self._columns, self._empty):
            return
        self._columns, self._empty = tuple(columns), empty
        self._header = int(any(column.title for column in self._columns))
        self._width = -1
        self.refresh()

    def set_total(self, total: int) -> None:
        """How many rows there are in all; says which page is wanted when none is near."""
        if total == self._total:
            return
        was_empty, self._total = not self._total, total
        # Set without the layout of the whole screen that the reactive asks for: the size of this widget stays.
        self.set_reactive(LineList.virtual_size, Size(0, total + self._header))
        if self.is_mounted:
            self.vertical_scrollbar.window_virtual_size = self.virtual_size.height
        if total <= self._cursor:
            self._point_at(max(0, total - 1), by_operator=False)
        if self.scroll_y > self.max_scroll_y:
            self.scroll_to(y=self.max_scroll_y, animate=False)
        if was_empty or not total:
            self.refresh()
        else:
            self._repaint_from(total)
        self._want_page()

    def set_page(self, offset: int, rows: Sequence[Row], cursor_index: int | None = None) -> None:
        """The rows from `offset` on; only lines that differ are painted again.

        When the row of the cursor may lie outside this page, `cursor_index` says where it is now.
        """
        before = [self._row(y) for y in self._visible()]
        first, shift = self.scroll_offset.y, self._cursor
        self._offset, self._rows = offset, tuple(rows)
        self._index_of = {row.key: offset + number for number, row in enumerate(self._rows)}
        self._wanted = None
        self._follow_cursor(cursor_index)
        if first and shift in range(first, first + len(before)) and self._cursor != shift:
            # A list that was scrolled keeps the cursor on its line of the screen.
            self.scroll_to(y=first + self._cursor - shift, animate=False)
        self._show_cursor_if_pushed_out(first, shift, len(before))
        if self.scroll_offset.y == first:
            changed = [y for y, old in zip(self._visible(), before, strict=False) if old != self._row(y)]
            if changed:
                self.refresh(*(Region(0, y - first + self._header, self._width, 1) for y in changed))
        self._want_page()

    # What the host asks

    @property
    def cursor_key(self) -> str | None:
        """The key under the cursor; None when the list is empty or the row is still being read."""
        return self._cursor_key

    @property
    def total(self) -> int:
        """How many rows there are in all."""
        return self._total

    @property
    def in_sight(self) -> range:
        """The lines there is room for, from the first one on, whether there are rows for all of them or not."""
        top = self.scroll_offset.y
        return range(top, top + max(1, self.size.height - self._header))

    def highlight(self, key: str) -> bool:
        """Put the cursor on this key; False when it is not on the page that was read."""
        if key not in self._index_of:
            return False
        self._move_to(self._index_of[key])
        return True

    # Keys and mouse

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        page = max(1, self.size.height - self._header - 1)
        steps = {"list.up": -1, "list.down": 1, "list.page_up": -page, "list.page_down": page}
        if action == "list.choose":
            self._choose()
        elif action == "list.first":
            self._move_to(0)
        elif action == "list.last":
            self._move_to(self._total - 1)
        else:
            self._move_to(self._cursor + steps[action])

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Enter is the screen's where nothing is chosen from the list itself."""
        if parameters == ("list.choose",):
            return self._choosable
        return super().check_action(action, parameters)

    def on_click(self, event: events.Click) -> None:
        """A click moves the cursor, a double click chooses."""
        offset = event.get_content_offset(self)
        if offset is None:
            return
        index = self.scroll_offset.y + offset.y - self._header
        if offset.y >= self._header and index < self._total:
            self._move_to(index)
            if event.chain == 2:
                self._choose()

    def _choose(self) -> None:
        if self._cursor_key is not None:
            self.post_message(self.Chosen(self, self._cursor_key))

    @property
    def vertical_scrollbar(self) -> ScrollBar:
        """The bar at the right, made when it is asked for first."""
        if self._vertical_scrollbar is None:
            self._vertical_scrollbar = ListBar(vertical=True, name="vertical", thickness=self.scrollbar_size_vertical)
            self._vertical_scrollbar.display = False
            self.app._start_widget(self, self._vertical_scrollbar)
        return self._vertical_scrollbar

    # The cursor

    def _move_to(self, index: int) -> None:
        if not self._total:
            return
        self._point_at(min(max(index, 0), self._total - 1), by_operator=True)
        self._scroll_to_cursor()
        self._want_page()

    def _point_at(self, index: int, *, by_operator: bool) -> None:
        before, key_before = self._cursor, self._cursor_key
        row = self._row(index)
        self._cursor, self._cursor_key = index, row.key if row else None
        if before != index:
            self._repaint(before)
        if before != index or key_before != self._cursor_key:
            self._repaint(index)
        if key_before != self._cursor_key and (row or not self._total):
            self.post_message(self.Highlighted(self, self._cursor_key, by_operator))

    def _follow_cursor(self, cursor_index: int | None) -> None:
        """After a new page: stay on the key where it can be found, else on the line."""
        key = self._cursor_key
        found = self._index_of.get(key) if key is not None else None
        if found is None and key is not None:
            found = cursor_index
        if found is not None:
            self._cursor = found
        elif self._row(self._cursor) is not None or not self._total:
            self._point_at(self._cursor, by_operator=key is None)

    def _scroll_to_cursor(self) -> None:
        top, height = self.scroll_offset.y, self.size.height - self._header
        if height <= 0:
            return  # not laid out yet: nothing is out of sight
        if self._cursor < top:
            self.scroll_to(y=self._cursor, animate=False, immediate=True)
        elif self._cursor >= top + height:
            self.scroll_to(y=self._cursor - height + 1, animate=False, immediate=True)

    def _show_cursor_if_pushed_out(self, first: int, cursor_before: int, height: int) -> None:
        """Rows that come in above may push a cursor that was seen off the screen; one scrolled away from stays so."""
        if first <= cursor_before < first + height:
            self._scroll_to_cursor()

    # The page

    def _row(self, index: int) -> Row | None:
        number = index - self._offset
        return self._rows[number] if 0 <= number < len(self._rows) and index < self._total else None

    def _visible(self) -> range:
        top = self.scroll_offset.y
        return range(top, max(top, min(self._total, top + self.size.height - self._header)))

    def _want_page(self) -> None:
        """Ask for the page around what is seen when the one at hand ends near it (and the list does not)."""
        lines = self._visible()
        first, last = max(0, lines.start - self.margin), min(self._total, lines.stop + self.margin)
        if first >= self._offset and last <= self._offset + len(self._rows):
            return
        limit = max(self.page, 2 * self.margin + len(lines))
        middle = (lines.start + lines.stop) // 2
        wanted = (max(0, min(middle - limit // 2, self._total - limit)), limit)
        if wanted != self._wanted:
            self._wanted = wanted
            self.post_message(self.PageWanted(self, *wanted))

    # Painting

    def watch_scroll_y(self, old_value: float, new_value: float) -> None:
        """Whatever scrolled the list, the page follows."""
        super().watch_scroll_y(old_value, new_value)
        self._want_page()

    def on_resize(self, event: events.Resize) -> None:
        """More lines may be seen than were read."""
        self._want_page()

    def notify_style_update(self) -> None:
        """Colours changed: nothing drawn before is of use."""
        super().notify_style_update()
        self._styles.clear()
        self._strips.clear()
        self._runs.clear()

    def render_lines(self, crop: Region) -> list[Strip]:
        """Before anything is drawn, the columns are laid out, once a width.

        They have what the scroll bar leaves: its column belongs to `size`.
        """
        width = self.size.width - self.scrollbar_size_vertical
        if width != self._width:
            self._width = width
            self._widths = widths(self._columns, width - GUTTER)
            self._strips.clear()
            self._strip_of.clear()
            self._frame = None
        return super().render_lines(crop)

    def _repaint(self, index: int) -> None:
        y = index - self.scroll_offset.y + self._header
        if self._header <= y < self.size.height:
            self.refresh(Region(0, y, self._width, 1))

    def _repaint_from(self, index: int) -> None:
        y = max(index - self.scroll_offset.y, 0) + self._header
        if y < self.size.height:
            self.refresh(Region(0, y, self._width, self.size.height - y))

    def render_line(self, y: int) -> Strip:
        """The strip of line `y` of the widget."""
        if y < self._header:
            titles = [fit(c.title, w, c.align) for c, w in zip(self._columns, self._widths, strict=True) if w]
            return self._plain(" " * GUTTER + (" " * GAP).join(titles), "line-list--header")
        index = self.scroll_offset.y + y - self._header
        row = self._row(index)
        if row is None:
            sentence = self._empty if not self._total and y == self._header else ""
            return self._plain(" " * GUTTER + sentence, "line-list--empty")
        look = self._look_of(index)
        key = (row.key, row.version, look)
        strip = self._strips.get(key)
        if strip is None:
            strip = self._strips[key] = self._draw(row, look)
        return strip

    def _look_of(self, index: int) -> str:
        if index != self._cursor:
            return ""
        return "line-list--cursor" if self.has_focus else "line-list--cursor-blurred"

    def _draw(self, row: Row, look: str) -> Strip:
        base = self._style(look)
        looks = LOOKS[self.app.current_theme.dark]
        gap = Segment(" " * GAP, base)
        drawn = [Segment((CURSOR if look else " ").ljust(GUTTER), base)]
        room = self._width - GUTTER
        for column, width, cell in zip(self._columns, self._widths, row.cells, strict=True):
            if not width:
                continue
            if len(drawn) > 1:
                drawn.append(gap)
                room -= GAP
            if isinstance(cell, Cell):
                drawn.append(Segment(fit_cell(cell, width, column.align), base + looks[cell.style]))
            else:
                drawn += self._run(cell, width, look)
            room -= width
        covered = self.scrollbar_size_vertical
        if room:
            drawn.append(Segment(" " * room, base))
        # Every column is as wide as was worked out, so the length need not be measured again.
        return ListLine([*drawn, Segment(" " * covered, base)], self._width + covered, covered)

    def _run(self, pieces: Pieces, width: int, look: str) -> list[Segment]:
        """Several pieces in one column, kept: many lines have the same ones."""
        key = (pieces, width, look)
        found = self._runs.get(key)
        if found is None:
            looks = LOOKS[self.app.current_theme.dark]
            found = self._runs[key] = segments(fit_pieces(pieces, width), self._style(look), looks)
        return found

    def _plain(self, text: str, look: str) -> Strip:
        base = self._style(look)
        return Strip([Segment(fit(text, self._width) + " " * self.scrollbar_size_vertical, base)])

    def _style(self, look: str) -> Style:
        """The line's own style, kept until the colours change: working it out walks the whole tree above."""
        if look not in self._styles:
            self._styles[look] = self.get_component_rich_style(look) if look else self.ground[0]
        return self._styles[look]

    def on_focus(self) -> None:
        """The cursor line looks different while keys go to this list."""
        self._repaint(self._cursor)

    def on_blur(self) -> None:
        """The cursor line looks different while keys go elsewhere."""
        self._repaint(self._cursor)
