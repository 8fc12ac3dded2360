"""The offers under way on the desk's screen: the strip that everybody sees."""

from typing import TYPE_CHECKING

from callcenter.console.presentation import in_flight
from callcenter.console.presentation.cells import Pieces
from callcenter.console.widgets.offer_strip import OfferStrip

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen


def paint_in_flight(screen: "DeskScreen") -> None:
    """Whom the others are trying; the offers of the request that is shown stand on its panel."""
    strip = screen.query_one_optional(OfferStrip)
    if strip is None:
        return
    reference, now = screen.console_app.seat.reference, screen.now
    rows = [row for row in screen.queue.in_flight if row.request_id != screen.shown]

    def lines(width: int) -> tuple[Pieces, ...]:
        return (in_flight.strip(rows, reference, now, width),) if rows else ()

    strip.show(lines, 1 if rows else 0)
