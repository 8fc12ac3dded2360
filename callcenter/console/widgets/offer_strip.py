"""The line under the calls: whom everybody at the desk is trying just now; no line when nobody is tried."""

from callcenter.console.widgets.strip import Strip


class OfferStrip(Strip):
    """The offers of other requests under way, with their clocks."""
