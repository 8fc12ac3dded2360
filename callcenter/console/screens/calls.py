"""The telephone on the desk's screen: the strip of calls, the card of short numbers."""

from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_names
from callcenter.console.presentation import calls
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.call_strip import CallStrip
from callcenter.console.widgets.choice import Choice
from callcenter.console.widgets.panel import Panel

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.phone_view import PhoneView

# What a frightened caller may need at any hour; the rest of the numbers is for offices.
_CARD = ("112", "119", "182", "109", "1366", "1391", "1388", "129", "117", "1577-1366", "1330")


def paint_strip(screen: "DeskScreen", strip: CallStrip, view: "PhoneView") -> None:
    """The calls on a strip, which may be that of a screen that lies on the desk's."""
    reference, now = screen.console_app.seat.reference, screen.now
    take, switch = (key_names(by_id(action))[0] for action in ("call.take", "call.hold"))

    def lines(width: int) -> tuple[Pieces, ...]:
        return calls.strip(view, reference, now, take, switch, width)

    strip.show(lines, len(view.own) + len(view.waiting))


async def show_card(screen: "DeskScreen", shown: bool) -> None:
    """The short numbers above the choice, for whoever must tell a caller one or ring it."""
    card = screen.query_one_optional("#card", Panel)
    if card is None:
        await screen.mount_hidden()
        card = Panel(id="card")
        await screen.mount(card, before=screen.query_one(Choice))
    known = {one.number: one for one in screen.console_app.seat.reference.short_numbers}
    chunks = [(Cell(number, "key"), Cell(f" {known[number].words}")) for number in _CARD if number in known]
    screen.set_class(shown, "-card")
    card.show(lambda width: flowed(chunks, width))
