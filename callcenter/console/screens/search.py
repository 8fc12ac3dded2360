"""The search at the bottom of the desk's screen."""

from typing import TYPE_CHECKING, cast

from textual import on

from callcenter.console.messages import SearchRead
from callcenter.console.presentation import search
from callcenter.console.widgets.key_hints import KeyHints
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.search_line import SearchLine

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen


class DeskSearch(SearchLine):
    """The search, and what the desk does with what it tells."""

    @property
    def _desk(self) -> "DeskScreen":
        return cast("DeskScreen", self.screen)

    @on(SearchRead)
    def _search_read(self, event: SearchRead) -> None:
        reference = self._desk.console_app.seat.reference
        rows = [search.row(row, reference) for row in event.found.rows]
        self.show(event.text, rows, more=event.found.more, exact=event.found.exact)

    def on_search_line_typed(self, event: SearchLine.Typed) -> None:
        """Something else is searched for."""
        self._desk.console_app.live.questions.search(event.text, self.post_message)

    def on_search_line_looked(self, event: SearchLine.Looked) -> None:
        """Masked names and numbers were shown."""
        self._desk.operations.searched(event.hits)

    def on_search_line_opened(self, event: SearchLine.Opened) -> None:
        """One of what was found, wherever it stands; an ended one stands in no queue."""
        self._desk.query_one("#queue", LineList).highlight(event.request_id)
        self._desk.select(event.request_id)


async def open_search(screen: "DeskScreen", text: str, number: bool = False) -> None:
    """Search for a text; a receipt `number` is gone to at once when there is a request of it."""
    line = screen.query_one_optional(DeskSearch)
    if line is None:
        line = DeskSearch(search.columns())
        await screen.mount(line, before=screen.query_one(KeyHints))
    line.open(text, search.columns(), "exact" if number else "")
