"""The texts of a request, to be read out, copied or sent; they hold names, so the window closes by itself."""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, ClassVar, cast

from textual.app import ComposeResult
from textual.binding import BindingType
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.timer import Timer

from callcenter.console.actions import bindings, hints
from callcenter.console.presentation import messages
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import flowed
from callcenter.console.presentation.lines import broken
from callcenter.console.widgets.panel import Panel
from callcenter.desk.sending import Text
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.app import Console

OPEN_SECONDS = 60


class MessagesScreen(ModalScreen[None]):
    """Opened over the desk by `message.show`; `send` and `told` hand the chosen text on."""

    CSS_PATH = "messages.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("messages")]

    def __init__(
        self,
        number: str,
        texts: Sequence[Text],
        *,
        sends: bool,
        send: Callable[[Text], None],
        told: Callable[[Text], None],
    ) -> None:
        super().__init__()
        self._number = number
        self._texts = list(texts)[-messages.CHOOSABLE :]
        self._sends = sends
        self._send = send
        self._told = told
        self._chosen = _first_to_say(self._texts)
        self._status = Cell("")
        self._leaving: Timer | None = None

    def compose(self) -> ComposeResult:
        """The texts, a line for what was done, the keys."""
        with Vertical():
            yield Panel(id="message-texts")
            yield Panel(id="message-status")
            yield Panel(id="message-keys")

    def on_mount(self) -> None:
        """Paint, and begin to count."""
        self._paint()
        self._stay()

    def show(self, texts: Sequence[Text]) -> None:
        """These texts from now on: one was sent, or told."""
        self._texts = list(texts)[-messages.CHOOSABLE :]
        self._chosen = min(self._chosen, max(len(self._texts) - 1, 0))
        self._paint()

    def say(self, sentence: str, *, refused: bool = False) -> None:
        """What became of the last key."""
        self._status = Cell(sentence, "urgent" if refused else "ok")
        self._paint()

    def action_act(self, action: str, number: int | None = None) -> None:
        """Carry out an action of the registry."""
        self._stay()
        self._status = Cell("")
        if action == "message.leave":
            self.dismiss()
        elif action == "message.choose":
            self._choose((number or 1) - 1)
        elif action in ("message.up", "message.down"):
            self._choose(self._chosen + (1 if action == "message.down" else -1))
        elif not self._texts:
            self._paint()
        elif action == "message.copy":
            self.app.copy_to_clipboard(self._texts[self._chosen].text)
            self.say(_("Copied, where the terminal allows it."))
        elif action == "message.send":
            self._send(self._texts[self._chosen])
        elif action == "message.told":
            self._told(self._texts[self._chosen])

    def _choose(self, place: int) -> None:
        if 0 <= place < len(self._texts):
            self._chosen = place
        self._paint()

    def _stay(self) -> None:
        if self._leaving is not None:
            self._leaving.stop()
        self._leaving = self.set_timer(OPEN_SECONDS, self._leave)

    def _leave(self) -> None:
        # Not handed to the timer itself: a screen must not wait for its own end.
        if self.is_current:
            self.dismiss()

    def _paint(self) -> None:
        now = cast("Console", self.app).seat.clock()
        texts, chosen, status = self._texts, self._chosen, self._status
        self.query_one("#message-texts", Panel).show(
            lambda width: messages.text_lines(self._number, texts, chosen, self._sends, now, width)
        )
        self.query_one("#message-status", Panel).show(
            lambda width: [(Cell(line, status.style),) for line in broken(status.text, max(width, 8))] or [()]
        )
        self.query_one("#message-keys", Panel).show(self._keys)

    def _keys(self, width: int) -> Sequence[Pieces]:
        from callcenter.console.action import State

        wanted = [one for one in hints(State(), "messages") if one.rank]
        return flowed([(Cell(one.keys[0], "key"), Cell(f" {one.label}")) for one in wanted], width)


def _first_to_say(texts: Sequence[Text]) -> int:
    """The first text that nobody has been sent, else the last."""
    unsaid = (place for place, one in enumerate(texts) if one.message is None or one.message.state == "failed")
    return next(unsaid, len(texts) - 1)
