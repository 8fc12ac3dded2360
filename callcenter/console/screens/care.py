"""Who has a place tonight and who is in care, in place of the queue on the desk's screen."""

from typing import TYPE_CHECKING

from callcenter.console.presentation import stays
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.stay_list import StayList
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen


async def show_stays(screen: "DeskScreen", request_id: str | None) -> None:
    """The list in place of the queue, with the focus; the cursor goes to the first line of the request."""
    found = screen.query_one_optional(StayList)
    if found is None:
        found = StayList(stays.columns(), empty=_("Nobody has a place tonight."), choosable=False, id="stays")
        await screen.query_one("#columns").mount(found, before=screen.query_one("#queue"))
    screen.stay_wanted = request_id
    if not screen.has_class("-stays"):
        found.came_from = screen.focused
    screen.add_class("-stays")
    found.focus()
    paint_stays(screen)


def hide_stays(screen: "DeskScreen") -> None:
    """The queue again, and the focus where it was; the request under its cursor is shown."""
    screen.remove_class("-stays")
    queue, before = screen.query_one("#queue", LineList), screen.query_one(StayList).came_from
    (before if before is not None and before.is_attached else queue).focus()
    screen.select(queue.cursor_key)


def paint_stays(screen: "DeskScreen") -> None:
    """What was read last, with the clocks as they stand now."""
    found, reference, now = screen.query_one_optional(StayList), screen.console_app.seat.reference, screen.now
    if found is None or not screen.has_class("-stays"):
        return
    lines = screen.care.lines if screen.care is not None else []
    found.set_total(len(lines))
    found.set_page(0, [stays.row(line, reference, now) for line in lines])
    wanted = next((line.key for line in lines if line.request_id == screen.stay_wanted), None)
    if wanted is not None and found.highlight(wanted):
        screen.stay_wanted = None


def speak_again(screen: "DeskScreen") -> None:
    """Every word once more, in the language now in use."""
    found = screen.query_one_optional(StayList)
    if found is not None:
        found.set_columns(stays.columns(), _("Nobody has a place tonight."))
    paint_stays(screen)
