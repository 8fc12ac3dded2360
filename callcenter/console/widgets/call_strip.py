"""The lines under the alarms: the operator's own calls and those that ring; no line when there are none."""

from textual import events
from textual.message import Message

from callcenter.console.widgets.strip import Strip


class CallStrip(Strip):
    """A click on it is the key that takes the oldest call."""

    class Clicked(Message):
        """A line of the strip was clicked."""

    def on_click(self, event: events.Click) -> None:
        """As the key does."""
        event.stop()
        self.post_message(self.Clicked())
