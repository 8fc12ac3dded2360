"""The plan of the whole queue on the desk's screen, in place of the queue: its rows, and how it compares."""

from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from callcenter.console.actions import bindings
from callcenter.console.presentation import queue_plan
from callcenter.console.presentation.cells import Cell
from callcenter.console.screens.stand_in import StandIn
from callcenter.console.widgets.kept_lines import Column
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.panel import Panel
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.queue_plan import QueueProposal


class PlanList(StandIn):
    """The keys of every list, and those that take the rows of the plan and leave it."""

    NAME = "plan"
    BINDINGS: ClassVar[list[BindingType]] = [*bindings("plan")]

    def show(self, plan: "QueueProposal") -> None:
        """The rows as they were worked out, and what they come to."""
        reference, now = self.desk.console_app.seat.reference, self.desk.now
        self.set_columns(queue_plan.columns(), _("Nobody waits for a place."))
        self.set_total(len(plan.rows))
        self.set_page(0, [queue_plan.row(row, reference, now) for row in plan.rows])
        self.desk.query_one("#plan-head", Panel).show(lambda width: queue_plan.head(plan, width))

    def show_nothing_yet(self) -> None:
        """The plan is being worked out."""
        self.set_columns(queue_plan.columns(), "")
        self.set_total(0)
        self.set_page(0, [])
        told = Cell(_("The plan is being worked out."), "muted")
        self.desk.query_one("#plan-head", Panel).show(lambda width: ((told,),))

    def choose_planned(self) -> None:
        """The match of the row under the cursor is the chosen one, so that panel and plan say the same."""
        plan = self.desk.operations.plan.plan
        if plan is None or not self.stands:
            return
        row = next((row for row in plan.rows if row.request.id == self.cursor_key == self.desk.shown), None)
        if row is not None and row.match is not None:
            self.desk.choose(row.match.candidate.provider_id)

    def put_away(self) -> None:
        """The queue again, and the request under its cursor."""
        super().put_away()
        self.desk.painting.request()

    def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "plan.leave":
            self.put_away()
        elif action == "plan.take_all":
            self.desk.operations.plan.ask_all()
        elif action == "plan.take":
            if self.cursor_key is not None:
                self.desk.operations.plan.take(self.cursor_key)
        else:
            super().action_act(action)

    def _choose(self) -> None:
        """A double click takes the row as Enter does."""
        self.action_act("plan.take")

    @on(LineList.Highlighted)
    def _under_cursor(self, event: LineList.Highlighted) -> None:
        """The request under the cursor is shown, with the planned match as the chosen one."""
        if self.stands:
            self.desk.select(event.key)
            self.choose_planned()


async def show_plan(screen: "DeskScreen") -> None:
    """The list in place of the queue; its rows follow when they are worked out."""
    found = screen.query_one_optional(PlanList)
    if found is None:
        found = PlanList(queue_plan.columns(), choosable=False, id="plan")
        await screen.query_one("#columns").mount(
            Column(Panel(id="plan-head"), found, id="plan-pane"), before=screen.query_one("#queue")
        )
    found.show_nothing_yet()
    found.stand_in()
    screen.painting.request()


def paint_plan(screen: "DeskScreen", plan: "QueueProposal") -> None:
    """The plan was worked out."""
    found = screen.query_one_optional(PlanList)
    if found is not None:
        found.show(plan)


def choose_planned(screen: "DeskScreen") -> None:
    """The plan's match is the chosen one once the matches were read."""
    found = screen.query_one_optional(PlanList)
    if found is not None:
        found.choose_planned()
