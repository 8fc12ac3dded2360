"""The plan of the whole queue on the desk's screen, in place of the queue: its rows, and how it compares."""

from typing import TYPE_CHECKING

from callcenter.console.presentation import queue_plan
from callcenter.console.presentation.cells import Cell
from callcenter.console.widgets.kept_lines import Column
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.panel import Panel
from callcenter.console.widgets.plan_list import PlanList
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.queue_plan import QueueProposal


async def show_plan(screen: "DeskScreen") -> None:
    """The list in place of the queue, with the focus; its rows follow when they are worked out."""
    found = screen.query_one_optional(PlanList)
    if found is None:
        found = PlanList(queue_plan.columns(), choosable=False, id="plan")
        await screen.query_one("#columns").mount(
            Column(Panel(id="plan-head"), found, id="plan-pane"), before=screen.query_one("#queue")
        )
    if not screen.has_class("-plan"):
        screen.put_list_away()
    found.came_from = screen.focused
    found.set_columns(queue_plan.columns(), "")
    found.set_total(0)
    found.set_page(0, [])
    screen.query_one("#plan-head", Panel).show(lambda width: ((Cell(_("The plan is being worked out."), "muted"),),))
    screen.add_class("-plan")
    found.focus()
    screen.paint_selected()


def hide_plan(screen: "DeskScreen") -> None:
    """The queue again, and the focus where it was; the request under its cursor is shown."""
    screen.remove_class("-plan")
    found, queue = screen.query_one(PlanList), screen.query_one("#queue", LineList)
    before = found.came_from
    (before if before is not None and before.is_attached else queue).focus()
    screen.select(queue.cursor_key)
    screen.paint_selected()


def paint_plan(screen: "DeskScreen", plan: "QueueProposal") -> None:
    """The rows as they were worked out, and what they come to."""
    found = screen.query_one_optional(PlanList)
    if found is None:
        return
    reference, now = screen.console_app.seat.reference, screen.now
    found.set_columns(queue_plan.columns(), _("Nobody waits for a place."))
    found.set_total(len(plan.rows))
    found.set_page(0, [queue_plan.row(row, reference, now) for row in plan.rows])
    screen.query_one("#plan-head", Panel).show(lambda width: queue_plan.head(plan, width))


def choose_planned(screen: "DeskScreen") -> None:
    """The match of the row under the cursor is the chosen one, so that panel and plan say the same."""
    plan, found = screen.operations.plan.plan, screen.query_one_optional(PlanList)
    if plan is None or found is None or not screen.has_class("-plan"):
        return
    row = next((row for row in plan.rows if row.request.id == found.cursor_key == screen.shown), None)
    if row is not None and row.match is not None:
        screen.choose(row.match.candidate.provider_id)
