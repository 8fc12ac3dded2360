"""Whom to call back, in place of the queue on the desk's screen."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from callcenter.console.actions import bindings
from callcenter.console.presentation import callbacks
from callcenter.console.presentation.cells import Pieces
from callcenter.console.screens.stand_in import StandIn
from callcenter.console.widgets.line_list import PAGE, LineList
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.phone_view import PhoneView
    from callcenter.store.callbacks import CallbackRow


class CallbackList(StandIn):
    """The keys of every list, and those that ring back and leave it."""

    NAME = "callbacks"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("callbacks")]
    wanted: str | None = None
    """The subject of a call-back that is to stand under the cursor once it was read."""

    @property
    def row(self) -> "CallbackRow | None":
        """The call-back under the cursor."""
        found = self.desk.phone.callbacks if self.desk.phone is not None else ()
        return next((row for row in found if row.id == self.cursor_key), None)

    def show(self, view: "PhoneView") -> None:
        """The page of call-backs that was read."""
        self.set_total(view.owed)
        self.set_page(view.offset, [callbacks.row(row, self.desk.now) for row in view.callbacks])
        if self.wanted is not None and self.highlight(self.wanted):
            self.wanted = None
        if self.desk.view is None:
            self.desk.painting.request()

    def put_away(self) -> None:
        """The queue again; no call-back is read any more."""
        self.desk.console_app.live.show_callbacks(0, 0)
        super().put_away()

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "callback.leave":
            self.put_away()
        elif action == "callback.ring":
            if (row := self.row) is not None:
                self.desk.operations.calls.ring(row)
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click rings as Enter does."""
        self.action_act("callback.ring")

    @on(LineList.PageWanted)
    def _page_wanted(self, event: LineList.PageWanted) -> None:
        self.desk.console_app.live.show_callbacks(event.offset, event.limit)

    @on(LineList.Highlighted)
    def _under_cursor(self) -> None:
        """The request that a call-back was promised for is shown; of the others there is none to act on."""
        if self.stands:
            row = self.row
            self.desk.select(row.id if row is not None and row.kind == "request" else None)
            self.desk.painting.request()


async def show_callbacks(screen: "DeskScreen", subject: str | None = None) -> None:
    """The list in place of the queue, the cursor on the `subject`; without one a second time: back."""
    if subject is None and screen.has_class("-callbacks"):
        screen.put_list_away()
        return
    found = screen.query_one_optional(CallbackList)
    if found is None:
        found = CallbackList(callbacks.columns(), empty=_("Nobody to call back."), choosable=False, id="callbacks")
        await screen.query_one("#columns").mount(found, before=screen.query_one("#queue"))
    found.wanted = subject
    found.stand_in()
    screen.console_app.live.show_callbacks(0, PAGE)
    if screen.phone is not None:
        found.show(screen.phone)


def speak_again(screen: "DeskScreen") -> None:
    """Every word once more, in the language now in use."""
    found = screen.query_one_optional(CallbackList)
    if found is not None:
        found.set_columns(callbacks.columns(), _("Nobody to call back."))


def under_cursor(screen: "DeskScreen", width: int) -> list[Pieces]:
    """What is known of the call-back under the cursor; nothing when there is none."""
    row = screen.query_one(CallbackList).row
    if row is None or screen.phone is None:
        return []
    return callbacks.lines(row, screen.phone.tries.get(row.id, ()), screen.now, width)
