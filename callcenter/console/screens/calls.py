"""The telephone on the desk's screen: the strip of calls, the list of call-backs, the card of short numbers."""

from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_names
from callcenter.console.presentation import callbacks, calls
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.call_strip import CallStrip
from callcenter.console.widgets.callback_list import CallbackList
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.line_list import PAGE, LineList
from callcenter.console.widgets.panel import Panel
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.phone_view import PhoneView

# What a frightened caller may need at any hour; the rest of the numbers is for offices.
_CARD = ("112", "119", "182", "109", "1366", "1391", "1388", "129", "117", "1577-1366", "1330")


def paint_phone(screen: "DeskScreen", view: "PhoneView") -> None:
    """The calls as they stand now, and the call-backs while they are shown."""
    strip = screen.query_one_optional(CallStrip)
    if strip is not None:
        paint_strip(screen, strip, view)
    if screen.has_class("-callbacks"):
        paint_callbacks(screen, view)


def paint_strip(screen: "DeskScreen", strip: CallStrip, view: "PhoneView") -> None:
    """The calls on a strip, which may be that of a screen that lies on the desk's."""
    reference, now = screen.console_app.seat.reference, screen.now
    take, switch = (key_names(by_id(action))[0] for action in ("call.take", "call.hold"))

    def lines(width: int) -> tuple[Pieces, ...]:
        return calls.strip(view, reference, now, take, switch, width)

    strip.show(lines, len(view.own) + len(view.waiting))


def paint_callbacks(screen: "DeskScreen", view: "PhoneView") -> None:
    """The page of call-backs that was read."""
    found = screen.query_one(CallbackList)
    found.set_total(view.owed)
    found.set_page(view.offset, [callbacks.row(row, screen.now) for row in view.callbacks])
    if screen.callback_wanted is not None and found.highlight(screen.callback_wanted):
        screen.callback_wanted = None
    if screen.view is None:
        screen.paint_selected()


async def show_callbacks(screen: "DeskScreen", subject: str | None) -> None:
    """The list in place of the queue, with the focus; the cursor goes to the `subject` once it was read."""
    found = screen.query_one_optional(CallbackList)
    if found is None:
        found = CallbackList(callbacks.columns(), empty=_("Nobody to call back."), choosable=False, id="callbacks")
        await screen.query_one("#columns").mount(found, before=screen.query_one("#queue"))
    screen.callback_wanted = subject
    if not screen.has_class("-callbacks"):
        found.came_from = screen.focused
    screen.add_class("-callbacks")
    found.focus()
    screen.console_app.live.show_callbacks(0, PAGE)
    if screen.phone is not None:
        paint_phone(screen, screen.phone)


def hide_callbacks(screen: "DeskScreen") -> None:
    """The queue again, and the focus where it was; the request under its cursor is shown."""
    screen.remove_class("-callbacks")
    screen.console_app.live.show_callbacks(0, 0)
    queue, before = screen.query_one("#queue", LineList), screen.query_one(CallbackList).came_from
    (before if before is not None and before.is_attached else queue).focus()
    screen.select(queue.cursor_key)


async def show_card(screen: "DeskScreen", shown: bool) -> None:
    """The short numbers above the choice, for whoever must tell a caller one or ring it."""
    card = screen.query_one_optional("#card", Panel)
    if card is None:
        card = Panel(id="card")
        await screen.mount(card, before=screen.query_one(Choice))
    known = {one.number: one for one in screen.console_app.seat.reference.short_numbers}
    chunks = [(Cell(number, "key"), Cell(f" {known[number].words}")) for number in _CARD if number in known]
    screen.set_class(shown, "-card")
    card.show(lambda width: flowed(chunks, width))


def speak_again(screen: "DeskScreen") -> None:
    """Every word once more, in the language now in use."""
    found = screen.query_one_optional(CallbackList)
    if found is not None:
        found.set_columns(callbacks.columns(), _("Nobody to call back."))
