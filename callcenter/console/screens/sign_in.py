"""Who acts here: chosen from the desk's people when the console opens and nobody was named."""

from collections.abc import Sequence

from textual import on
from textual.app import ComposeResult
from textual.screen import ModalScreen

from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.lines import broken
from callcenter.console.widgets.choice import Choice, Option
from callcenter.console.widgets.panel import Panel
from callcenter.desk.permission import Actor
from callcenter.language import _


class SignIn(ModalScreen[Actor | None]):
    """Gives the person who was chosen, or None when it was left without choosing."""

    CSS_PATH = "sign_in.tcss"

    def __init__(self, people: Sequence[Actor]) -> None:
        super().__init__()
        self._people = {actor.name: actor for actor in people}

    def compose(self) -> ComposeResult:
        """What this is, and the people by digit."""
        yield Panel(id="sign-in-told")
        yield Choice()

    def on_mount(self) -> None:
        """Ask at once."""
        told = _("The journal keeps who did what. New people are added with «callcenter person add».")

        def lines(width: int) -> Sequence[Pieces]:
            return [(Cell(f" {line}", "muted"),) for line in broken(told, max(width - 2, 8))]

        self.query_one("#sign-in-told", Panel).show(lines)
        options = [Option(actor.name, actor.name, words.role(actor.role)) for actor in self._people.values()]
        self.query_one(Choice).open("person", _("Who is at this desk?"), options)

    @on(Choice.Made)
    def _made(self, event: Choice.Made) -> None:
        event.stop()
        self.dismiss(self._people[event.option])

    @on(Choice.Left)
    def _left(self, event: Choice.Left) -> None:
        event.stop()
        self.dismiss(None)
