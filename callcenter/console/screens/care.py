"""Who has a place tonight and who is in care, in place of the queue on the desk's screen."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from callcenter.console.actions import bindings
from callcenter.console.presentation import stays
from callcenter.console.screens.stand_in import StandIn
from callcenter.console.widgets.line_list import LineList
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.care_view import CareLine


class StayList(StandIn):
    """The keys of every list, and those that go on with the child under the cursor."""

    NAME = "stays"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("stays")]
    wanted: str | None = None
    """A request whose first child is to stand under the cursor once it was read."""

    @property
    def line(self) -> "CareLine | None":
        """The child under the cursor."""
        found = self.desk.care.lines if self.desk.care is not None else ()
        return next((line for line in found if line.key == self.cursor_key), None)

    def paint(self) -> None:
        """What was read last, with the clocks as they stand now."""
        reference, now = self.desk.console_app.seat.reference, self.desk.now
        lines = self.desk.care.lines if self.desk.care is not None else []
        self.set_total(len(lines))
        self.set_page(0, [stays.row(line, reference, now) for line in lines])
        wanted = next((line.key for line in lines if line.request_id == self.wanted), None)
        if wanted is not None and self.highlight(wanted):
            self.wanted = None

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "stay.leave":
            self.put_away()
        elif action.startswith("stay."):
            if (line := self.line) is not None:
                self.desk.operations.care.wanted(action, line)
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click does what Enter does."""
        self.action_act("stay.next")

    @on(LineList.Highlighted)
    def _under_cursor(self) -> None:
        if self.stands:
            self.desk.select(line.request_id if (line := self.line) is not None else None)
            self.desk.painting.request()


async def show_stays(screen: "DeskScreen", request_id: str | None = None) -> None:
    """The list in place of the queue, the cursor on the first line of the request; without one a second time: back."""
    if request_id is None and screen.has_class("-stays"):
        screen.put_list_away()
        return
    found = screen.query_one_optional(StayList)
    if found is None:
        found = StayList(stays.columns(), empty=_("Nobody has a place tonight."), choosable=False, id="stays")
        await screen.query_one("#columns").mount(found, before=screen.query_one("#queue"))
    found.wanted = request_id
    found.stand_in()
    found.paint()


def speak_again(screen: "DeskScreen") -> None:
    """Every word once more, in the language now in use."""
    found = screen.query_one_optional(StayList)
    if found is not None:
        found.set_columns(stays.columns(), _("Nobody has a place tonight."))
        if found.stands:
            found.paint()
