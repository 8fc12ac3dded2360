"""A child in danger: what the key asks, whom to ring, what the other agency said, and reading all that again."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple, cast

from callcenter.console.part import Ask, Do, Part
from callcenter.console.prompt import write
from callcenter.console.widgets.choice import Choice, Option
from callcenter.language import _
from callcenter.text import moments

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.safety import CallRecord, Danger, RaisedCall


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
        self._reading = False
        """Whether somebody waits for a record, and has not gone on to something else."""
        self.handlers = {"safety.raise": self._ask_danger}
        self.answers = {
            "safety.raise": self._danger,
            "safety.reference": lambda _option, note: self._reference(note),
            "safety.said": lambda _option, note: self._said(note),
            "safety.read": lambda option, _note: self._read(option),
        }
        self.ends = {
            "safety.raise": self._ask_reference,
            "safety.list": self._ask_which,
            "safety.read": self._show_record,
        }

    def _ask_danger(self, _number: int | None) -> None:
        now = moments.clock(self._screen.now)
        options = [
            Option("emergency", _("Emergency: ring 119"), _("Noted as of {time}").format(time=now)),
            Option("abuse", _("Suspected abuse: ring 112"), _("Noted as of {time}").format(time=now)),
            Option("child", _("The child itself is on the line"), _("What to say to it")),
        ]
        if self._reported is not None:
            options.append(Option("add", _("Add to the last report"), _("The other agency's case number")))
        # Which there are is looked up once somebody asks for them: the alarm waits for nothing.
        options.append(Option("read", _("Read what was reported"), _("Of 30 days; the journal keeps who read it")))
        self._reading = False
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
        elif option == "read":
            self._list()
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

    # Reading it again

    def _list(self) -> None:
        from callcenter.desk.safety import raised_calls

        self._screen.show_card(False)
        self._reading = True
        self._do("safety.list", raised_calls)

    def _ask_which(self, found: "Sequence[RaisedCall]") -> None:
        if not self._waited_for:
            return
        if not found:
            self._screen.tell(_("There is no report of the last 30 days that you may read."), "soon")
        elif len(found) == 1:
            self._read(found[0].call_id)
        else:
            self._ask("safety.read", _("Which report?"), [self._which(one) for one in found])

    def _which(self, one: "RaisedCall") -> Option:
        from callcenter.console.presentation.danger_record import danger

        at = moments.stamp(moments.moment(one.at), self._screen.now)
        return Option(one.call_id, f"{at} {danger(one.what)}", " ".join([one.operator, *one.numbers]))

    def _read(self, call_id: str) -> None:
        from callcenter.desk.safety import read_record

        self._reading = True
        self._do("safety.read", read_record, call_id)

    def _show_record(self, record: "CallRecord") -> None:
        from callcenter.console.screens.record import RecordScreen

        if self._waited_for:
            self._screen.app.push_screen(RecordScreen(record, self._screen.now))

    @property
    def _waited_for(self) -> bool:
        """What comes from another thread must not take the place of what was asked meanwhile: an alarm above all."""
        choice = self._screen.query_one_optional(Choice)
        return self._reading and choice is not None and not choice.display
