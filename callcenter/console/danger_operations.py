"""A child in danger: what the key asks, whom to ring, and what the other agency said."""

from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.console.part import Ask, Do, Part
from callcenter.console.prompt import write
from callcenter.console.widgets.choice import Option
from callcenter.language import _
from callcenter.text import moments

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.safety import Danger


class Reported(NamedTuple):
    """The danger raised last, and what is known of the report so far."""

    call_id: str
    what: "Danger"
    reference: str = ""


class DangerOperations(Part):
    """Raises the alarm for one screen, and takes down what became of it."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._raised: Danger | None = None
        self._reported: Reported | None = None
        self.handlers = {"safety.raise": self._ask_danger}
        self.answers = {
            "safety.raise": self._danger,
            "safety.reference": lambda _option, note: self._reference(note),
            "safety.said": lambda _option, note: self._said(note),
        }
        self.ends = {"safety.raise": self._ask_reference}

    def _ask_danger(self, _number: int | None) -> None:
        now = moments.clock(self._screen.now)
        options = [
            Option("emergency", _("Emergency: ring 119"), _("Noted as of {time}").format(time=now)),
            Option("abuse", _("Suspected abuse: ring 112"), _("Noted as of {time}").format(time=now)),
            Option("child", _("The child itself is on the line"), _("What to say to it")),
        ]
        if self._reported is not None:
            options.append(Option("add", _("Add to the last report"), _("The other agency's case number")))
        self._screen.show_card(True)
        self._ask("safety.raise", _("Who is in danger?"), options)

    def _danger(self, option: str, _note: str) -> None:
        from callcenter.desk.safety import raise_safety

        screen = self._screen
        if option == "child":
            screen.show_card(False)
            screen.say(str(screen.console_app.seat.reference.phrases.speech["child_alone"]))
        elif option == "add":
            self._ask_case()
        else:
            self._raised = cast("Danger", option)
            self._do("safety.raise", raise_safety, screen.talking_call, option)

    def _ask_reference(self, call_id: str) -> None:
        """The danger is in the journal, at its time; what follows can be left out, and added later."""
        if self._raised is not None:
            self._reported = Reported(call_id, self._raised)
            now = moments.clock(self._screen.now)
            self._screen.tell(_("Noted: {time}. Only you and supervisors see this call now.").format(time=now))
            self._ask_case()

    def _ask_case(self) -> None:
        from callcenter.desk.safety import AGENCIES

        if self._reported is not None:
            agency = AGENCIES[self._reported.what]
            self._screen.say(_("Ring {agency} now. The caller hears nothing of it.").format(agency=agency))
            write(self._screen, "safety.reference", _("Case number of {agency}").format(agency=agency), needed=False)

    def _reference(self, number: str) -> None:
        if self._reported is not None:
            self._reported = self._reported._replace(reference=number)
            write(self._screen, "safety.said", _("What was said"), needed=False)

    def _said(self, text: str) -> None:
        from callcenter.desk.safety import add_report

        self._screen.show_card(False)
        self._screen.say(None)
        reported = self._reported
        if reported is not None and (reported.reference or text):
            self._do("safety.report", add_report, reported.call_id, reported.what, reported.reference, text)
