"""What the services can do for the children on the form, shown while the form is being filled."""

from collections.abc import Callable, Sequence
from datetime import datetime

from textual import events

from callcenter.care.eligibility import Verdict
from callcenter.console.forms.verdict_lines import verdict_lines
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.lines import broken
from callcenter.console.widgets.panel import Panel
from callcenter.language import _
from callcenter.reference import Reference


class VerdictPanel(Panel):
    """A few lines a service, fewer on a low screen."""

    DEFAULT_CSS = """
    VerdictPanel { background: $panel; max-height: 45%; }
    """

    def __init__(self, reference: Reference, clock: Callable[[], datetime]) -> None:
        super().__init__(stays=True)
        self._reference = reference
        self._clock = clock
        self._verdicts: tuple[Verdict, ...] = ()
        self._takers: frozenset[str] = frozenset()

    @property
    def verdicts(self) -> tuple[Verdict, ...]:
        """What is shown: one verdict a service, none while facts are missing or are being worked out."""
        return self._verdicts

    def show_verdicts(self, verdicts: tuple[Verdict, ...], takers: frozenset[str]) -> None:
        """These from now on, some provider of the `takers` can; without verdicts it says what is missing."""
        self._verdicts, self._takers = verdicts, takers
        self.paint()

    def paint(self) -> None:
        """The verdicts again, in the language in use."""
        verdicts, now = self._verdicts, self._clock()
        height = self.app.size.height
        most = 3 if height >= 34 else 2 if height >= 28 else 1

        def lines(width: int) -> Sequence[Pieces]:
            if not verdicts:
                missing = broken(_(" Region, birth date or age, and times decide."), max(width - 2, 8))
                return [(Cell(f" {line}", "muted"),) for line in missing]
            return verdict_lines(self._reference, verdicts, self._takers, now, width, most)

        self.show(lines)

    def on_resize(self, event: events.Resize) -> None:
        """How much of each verdict is said depends on the room."""
        self.paint()
