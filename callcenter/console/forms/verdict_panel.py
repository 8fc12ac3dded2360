"""What the services can do for the children on the form, worked out in a thread while the form is being filled."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from textual import events, on
from textual.message import Message

from callcenter.care.eligibility import Need, Verdict, verdict_for_all
from callcenter.care.programs import Service
from callcenter.console.forms.verdict_lines import verdict_lines
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.widgets.panel import Panel
from callcenter.language import _
from callcenter.reference import Reference


@dataclass
class VerdictsWorkedOut(Message):
    """What the services can do for these needs."""

    needs: tuple[Need, ...]
    verdicts: tuple[Verdict, ...]


class VerdictPanel(Panel):
    """A few lines a service, fewer on a low screen."""

    DEFAULT_CSS = """
    VerdictPanel { background: $panel; max-height: 45%; }
    """

    def __init__(self, reference: Reference, services: Sequence[Service], clock: Callable[[], datetime]) -> None:
        super().__init__()
        self._reference = reference
        self._services = tuple(services)
        self._clock = clock
        self._needs: tuple[Need, ...] = ()
        self._verdicts: tuple[Verdict, ...] = ()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What is shown: one verdict a service, none while facts are missing or are being worked out."""
        return self._verdicts

    def ask(self, needs: tuple[Need, ...]) -> None:
        """Show the verdicts for these needs as soon as they are worked out; without needs say what is missing."""
        if needs != self._needs:
            self._needs = needs
            if needs:
                # Holidays take a quarter of a second the first time, the search for the next time some milliseconds.
                work = partial(self._work_out, needs, self._clock())
                self.run_worker(work, thread=True, group="verdicts", exclusive=True)
            else:
                self._verdicts = ()
        self.paint()

    def _work_out(self, needs: tuple[Need, ...], now: datetime) -> None:
        calendar, coverage = self._reference.calendar, self._reference.coverage
        verdicts = tuple(verdict_for_all(one, needs, now, calendar, coverage) for one in self._services)
        self.post_message(VerdictsWorkedOut(needs, verdicts))

    @on(VerdictsWorkedOut)
    def _worked_out(self, event: VerdictsWorkedOut) -> None:
        event.stop()
        if event.needs == self._needs:
            self._verdicts = event.verdicts
            self.paint()

    def paint(self) -> None:
        """The verdicts again, in the language in use."""
        verdicts, now = self._verdicts, self._clock()
        height = self.app.size.height
        most = 3 if height >= 34 else 2 if height >= 28 else 1

        def lines(width: int) -> Sequence[Pieces]:
            if not verdicts:
                return ((Cell(_(" Region, birth date and times decide."), "muted"),),)
            return verdict_lines(self._reference, verdicts, now, width, most)

        self.show(lines)

    def on_resize(self, event: events.Resize) -> None:
        """How much of each verdict is said depends on the room."""
        self.paint()
