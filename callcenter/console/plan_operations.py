"""What the keys of the whole-queue plan do: open and leave it, take a row, take all, and take all back."""

from collections.abc import Sequence
from contextlib import closing
from typing import TYPE_CHECKING

from textual.timer import Timer

from callcenter.console.messages import PlanRead, ReadingFailed
from callcenter.console.part import Ask, Do, Part
from callcenter.console.widgets.choice import Option
from callcenter.language import _, ngettext
from callcenter.store.engine import explained, open_reader

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.queue_plan import PlanTaken, QueueProposal, Taking

# Others write all the time; a plan is worked out again once they pause, and never two at a time.
_SETTLED_SECONDS = 0.4


class PlanOperations(Part):
    """Carries out the plan's actions for one screen, and has the plan worked out in a thread of its own."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self.plan: QueueProposal | None = None
        """What is shown, once it was worked out."""
        self._working = self._stale = False
        self._settling: Timer | None = None
        self._asked: Sequence[Taking] = ()
        self.handlers = {"plan.open": self._open_or_leave}
        self.answers = {"plan.take_all": lambda option, _note: self._take_all(option)}
        self.ends = {"plan.take_all": self._taken, "plan.undo": self._undone}

    def placed(self, number: str) -> None:
        """This request was placed alone, whether as planned or not."""
        self._leave_out(number)

    def read(self, plan: "QueueProposal | None") -> None:
        """The plan was worked out, or not; once more when something was written meanwhile."""
        self._working = False
        if plan is not None:
            self._show(plan)
        if self._stale:
            self.look_again()

    def look_again(self) -> None:
        """Something was written: while the plan is shown it is worked out again, as soon as others pause."""
        if not self._screen.has_class("-plan"):
            return
        if self._settling is not None:
            self._settling.stop()
        self._settling = self._screen.set_timer(_SETTLED_SECONDS, self._work_out)

    # Opening and working out

    def _open_or_leave(self, _number: int | None) -> None:
        # One after the other: opening takes a moment, and the key may come again in it.
        self._screen.call_later(self._opened_or_left)

    async def _opened_or_left(self) -> None:
        if self._screen.has_class("-plan"):
            self._screen.put_list_away()
            return
        from callcenter.console.screens.queue_plan import show_plan

        self.plan = None
        await show_plan(self._screen)
        self._work_out()

    def _work_out(self) -> None:
        if self._working:
            self._stale = True
            return
        self._working, self._stale = True, False
        self._screen.run_worker(self._read, thread=True, group="plan")

    def _read(self) -> None:
        """In a thread: fifty requests are weighed against every provider near them."""
        from callcenter.desk.queue_plan import proposal

        app = self._screen.console_app
        seat = app.seat
        try:
            with closing(open_reader(seat.path)) as connection:
                plan = proposal(connection, seat.reference, seat.programs, seat.clock(), app.actor)
        except Exception as error:  # noqa: BLE001 - a thread has no caller; the screen says what happened
            self._screen.post_message(ReadingFailed(explained(error, seat.path) or error))
            self._screen.post_message(PlanRead(None))
        else:
            self._screen.post_message(PlanRead(plan))

    # Taking

    def take(self, request_id: str) -> None:
        """Make the offer of this row as it is planned."""
        from callcenter.desk.offers import make_offer
        from callcenter.desk.queue_plan import takings

        rows = takings(self.plan, request_id) if self.plan is not None else ()
        if not rows:
            self._screen.tell(_("The plan has no place for this request."), "soon")
        for row in rows:
            self._do("match.place", make_offer, row.request_id, row.provider_id, rank=row.rank)

    def ask_all(self) -> None:
        """Every offer of the plan at once: asked first, for it is many telephone calls."""
        from callcenter.desk.queue_plan import takings

        # What is shown now is what is agreed to, whatever is worked out while the question stands.
        self._asked = takings(self.plan) if self.plan is not None else ()
        count = len(self._asked)
        if not count:
            self._screen.tell(_("The plan has no row that can be taken."), "soon")
            return
        title = ngettext("Make {count} offer of the plan?", "Make {count} offers of the plan?", count)
        self._ask(
            "plan.take_all",
            title.format(count=count),
            [Option("yes", _("Make all of them")), Option("no", _("No, row by row"))],
        )

    def _take_all(self, option: str) -> None:
        from callcenter.desk.queue_plan import take_plan

        if option == "yes":
            self._do("plan.take_all", take_plan, self._asked)

    def _taken(self, taken: "PlanTaken") -> None:
        from callcenter.desk.queue_plan import undo_plan

        for offer in taken.offers:
            self._leave_out(offer.number)
        if taken.offers:
            offers = tuple(offer.offer_id for offer in taken.offers)
            self._screen.operations.placing.can_undo(undo_plan, offers, "plan.undo")
        told = ngettext(
            "{count} offer made. F9 takes it back for 10 seconds.",
            "{count} offers made. F9 takes them back for 10 seconds.",
            len(taken.offers),
        ).format(count=len(taken.offers))
        self._tell(told, taken)

    def _undone(self, taken: "PlanTaken") -> None:
        self._screen.operations.placing.was_undone()
        self._tell(_("Taken back: the places are free again."), taken)

    def _tell(self, told: str, taken: "PlanTaken") -> None:
        """What was done, and of each that was refused its number and why."""
        app = self._screen.console_app
        why = [f"{one.number}: {app.incident(one.error)}" for one in taken.refused]
        self._screen.tell(" ".join([told, *why]), "urgent" if why else "ok")

    # Showing

    def _show(self, plan: "QueueProposal") -> None:
        from callcenter.console.screens.queue_plan import paint_plan

        self.plan = plan
        paint_plan(self._screen, plan)

    def _leave_out(self, number: str) -> None:
        """A row that was taken goes at once; the whole is worked out again in a moment."""
        if self.plan is None or not self._screen.has_class("-plan"):
            return
        from callcenter.desk.queue_plan import without

        self._show(without(self.plan, number))
