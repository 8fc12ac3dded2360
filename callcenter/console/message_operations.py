"""What the keys of messages do: the texts of the selected request are read out, copied, sent, or told by telephone."""

from typing import TYPE_CHECKING

from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import words
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.console.screens.messages import MessagesScreen
    from callcenter.desk.sending import Text


class MessageOperations(Part):
    """Carries out the actions of messages for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._asked: tuple[str, str] | None = None
        self.handlers = {"message.show": self._show}
        self.ends = {
            "message.show": self._open,
            "message.send": lambda _result: self._changed("message.send"),
            "message.told": lambda _result: self._changed("message.told"),
        }

    def _changed(self, action: str) -> None:
        """Say it in the window, and show how the texts stand now."""
        if (window := self._window) is not None:
            window.say(words.done(action))
        self._read()

    def refused(self, action: str, sentence: str) -> None:
        """Say it where the operator looks: the window of texts lies over the desk's own line."""
        if action.startswith("message.") and (window := self._window) is not None:
            window.say(sentence, refused=True)

    def _show(self, _number: int | None) -> None:
        view = self._screen.view
        if view is not None:
            self._asked = view.request.id, view.request.number
            self._read()

    def _read(self) -> None:
        from callcenter.desk.sending import read_texts

        if self._asked is not None:
            self._do("message.show", read_texts, self._asked[0])

    def _open(self, texts: "list[Text]") -> None:
        from callcenter.console.screens.messages import MessagesScreen

        if (window := self._window) is not None:
            window.show(texts)
        elif not texts:
            self._screen.tell(_("There is nothing to write about this request yet."), "soon")
        elif self._asked is not None:
            sends = self._screen.console_app.seat.settings.messages != "none"
            window = MessagesScreen(self._asked[1], texts, sends=sends, send=self._send, told=self._told)
            self._screen.app.push_screen(window)

    def _send(self, text: "Text") -> None:
        from callcenter.desk.sending import send_text

        if self._asked is not None:
            self._do("message.send", send_text, self._asked[0], text.occasion, text.to, offer_id=text.offer_id)

    def _told(self, text: "Text") -> None:
        from callcenter.desk.sending import note_told

        if text.message is None or text.message.state not in ("waiting", "failed"):
            self.refused("message.told", _("This text does not wait to be sent."))
        else:
            self._do("message.told", note_told, text.message.id)

    @property
    def _window(self) -> "MessagesScreen | None":
        from callcenter.console.screens.messages import MessagesScreen

        top = self._screen.app.screen
        return top if isinstance(top, MessagesScreen) else None
