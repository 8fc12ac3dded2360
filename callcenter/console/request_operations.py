"""What is done with the selected request itself: put aside, ended without a placement, shown unmasked for a moment."""

from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from callcenter.care.calendar import SEOUL
from callcenter.console.needs import ENDED_WITHOUT_PLACE
from callcenter.console.part import Ask, Do, Part
from callcenter.console.widgets.choice import Option
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen

REVEAL_SECONDS = 30
HOLD_MINUTES = (15, 30, 60)
_MORNING = time(9)


class RequestOperations(Part):
    """Carries these out for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask, ask_who_cancels: Callable[[str], None]) -> None:
        """`ask_who_cancels` goes on with a reason for which a placed request is cancelled."""
        super().__init__(screen, do, ask)
        self._ask_who_cancels = ask_who_cancels
        self._revealed_until: datetime | None = None
        self.handlers = {
            "request.hold": self._hold,
            "request.cancel": self._ask_cancel_reason,
            "record.reveal": self._reveal,
        }
        self.answers = {
            "request.hold": lambda option, _note: self._hold_until(option),
            "request.cancel": lambda option, _note: self._close_request(option),
            "record.reveal": self._reveal_for,
        }
        self.ends = {"record.reveal": lambda _result: self._show_revealed()}

    def revealed(self, now: datetime) -> bool:
        """Whether the shown request's personal data stands unmasked for the moment."""
        return self._revealed_until is not None and now <= self._revealed_until

    def _hold(self, _number: int | None) -> None:
        from callcenter.desk.requests import reopen_request, resume_request

        view = self._screen.view
        if view is not None and view.request.state == "held":
            self._do("request.resume", resume_request, view.request.id)
            return
        if view is not None and view.request.state in ENDED_WITHOUT_PLACE:
            self._do("request.reopen", reopen_request, view.request.id)
            return
        options = [Option(str(minutes), _("{minutes} minutes").format(minutes=minutes)) for minutes in HOLD_MINUTES]
        options.append(Option("morning", _("Tomorrow 9:00")))
        self._ask("request.hold", _("Hold until when?"), options)

    def _hold_until(self, option: str) -> None:
        from callcenter.desk.requests import hold_request

        now = self._screen.now
        if option == "morning":
            tomorrow = now.astimezone(SEOUL).date() + timedelta(days=1)
            until = datetime.combine(tomorrow, _MORNING, SEOUL)
        else:
            until = now + timedelta(minutes=int(option))
        self._do("request.hold", hold_request, self._screen.shown, until)

    def _ask_cancel_reason(self, _number: int | None) -> None:
        refusals = self._screen.console_app.seat.reference.refusals.values()
        options = [Option(one.code, str(one.words)) for one in refusals if one.use == "unplaced"]
        self._ask("request.cancel", _("End the request without a placement: why?"), options)

    def _close_request(self, reason: str) -> None:
        """Given up by the guardian, or under an offer: cancelled; else it could not be placed."""
        from callcenter.desk.requests import cancel_request, leave_unplaced

        view = self._screen.view
        if view is None:
            return
        placeable = view.request.state in ("open", "matching", "held")
        if not placeable:
            # Of what was asked for or promised it matters who gives it up, and how late.
            self._ask_who_cancels(reason)
        elif reason == "withdrawn":
            self._do("request.cancel", cancel_request, view.request.id, reason)
        else:
            self._do("request.cancel", leave_unplaced, view.request.id, reason)

    def _reveal(self, _number: int | None) -> None:
        known = self._screen.console_app.seat.reference.record_reasons.values()
        options = [
            Option(one.code, str(one.words), note="required" if one.code == "other" else "none")
            for one in known
            if one.use == "read" and one.digit
        ]
        self._ask("record.reveal", _("Show name and number: why?"), options)

    def _reveal_for(self, why: str, words: str) -> None:
        from callcenter.desk.guardians import note_reading

        self._do("record.reveal", note_reading, self._screen.shown, "reveal", why, words)

    def _show_revealed(self) -> None:
        self._revealed_until = self._screen.now + timedelta(seconds=REVEAL_SECONDS)
        self._screen.tell(_("Shown for {seconds} seconds; the journal says so.").format(seconds=REVEAL_SECONDS))
