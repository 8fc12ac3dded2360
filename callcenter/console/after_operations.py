"""What follows care, by digit: no-show, early end, incident, satisfaction, complaint, corrections; and who cancels."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import after as shown
from callcenter.console.presentation import words
from callcenter.console.prompt import refuse
from callcenter.console.widgets.choice import Option
from callcenter.language import _

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.corrections import Mistake
    from callcenter.desk.view import RequestView
    from callcenter.store.after import ComplaintRow

_SCORES = (100, 90, 80, 70, 60, 50, 40, 30, 20)
_MOST_CONTENT = 100


class AfterOperations(Part):
    """Carries out what comes after care for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._what = ""
        self._score = 0
        self._reason = ""
        self._step: tuple[str, str] = ("", "")
        """Subject and entry of what is to be corrected."""
        self._complaint = ""
        self.handlers = {
            "after.open": self._open,
            "step.correct": lambda _number: self._look_for_steps(),
        }
        self.answers = {
            "after.open": lambda option, _note: self._chosen(option),
            "after.early": self._early,
            "after.incident": lambda option, _note: self._incident(option),
            "after.told": self._told,
            "after.score": self._scored,
            "after.again": self._again,
            "after.complaint": self._complain,
            "after.close": self._close,
            "after.hand_on": self._hand_on,
            "after.correct": self._which,
            "after.why": self._correct,
            "after.cancel": self._cancel,
        }
        self.ends = {"step.correct": self._ask_step}

    def ask_who_cancels(self, reason: str) -> None:
        """A placed request is cancelled for a reason: by whom?"""
        self._reason = reason
        self._ask("after.cancel", _("Cancel: who wants it?"), _options(shown.CANCELLED_BY))

    @property
    def _view(self) -> "RequestView | None":
        view = self._screen.view
        return None if view is None or view.hidden else view

    def _open(self, _number: int | None) -> None:
        if (view := self._view) is not None:
            title = _("{number}: what is to be noted?").format(number=view.request.number)
            options = [Option(code, _(label), _(hint)) for code, (label, hint) in shown.NOTES.items()]
            self._ask("after.open", title, options)

    def _chosen(self, option: str) -> None:
        asks: Mapping[str, Callable[[], None]] = {
            "no_show": self._no_show,
            "early": lambda: self._ask("after.early", _("Why did care end early?"), _options(shown.EARLY_ENDS)),
            "incident": lambda: self._ask("after.incident", _("What happened?"), _options(shown.INCIDENTS)),
            "satisfaction": self._ask_score,
            "complaint": lambda: self._ask(
                "after.complaint",
                _("A complaint: who follows it up?"),
                [Option("", _("I do"), note="required"), *self._supervisors()],
            ),
            "close": self._ask_close,
            "correct": self._look_for_steps,
            "taken_over": self._taken_over,
            "hand_on": self._ask_hand_on,
        }
        asks[option]()

    def _supervisors(self) -> list[Option]:
        people = self._screen.console_app.seat.people
        return [Option(one.name, one.name, note="required") for one in people if one.role == "supervisor"]

    # No-show, early end, incident

    def _no_show(self) -> None:
        from callcenter.desk.care_missed import note_no_show

        self._run("after.no_show", note_no_show)

    def _early(self, option: str, _note: str) -> None:
        from callcenter.desk.care_missed import note_early_end

        self._run("after.early", note_early_end, option)

    def _incident(self, option: str) -> None:
        """The words come last: whatever is refused then, they are there again."""
        self._what = option
        title = _("{what}: who was told already? Next, what happened").format(what=_(shown.INCIDENTS[option]))
        self._ask("after.told", title, _options(shown.TOLD, note="required"))

    def _told(self, option: str, note: str) -> None:
        from callcenter.desk.after import raise_incident

        told = () if option == "nobody" else tuple(option.split())
        self._run("after.incident", raise_incident, self._what, note, told=told)

    def _taken_over(self) -> None:
        from callcenter.desk.after import acknowledge_incidents

        self._run("after.taken_over", acknowledge_incidents)

    # Satisfaction

    def _ask_score(self) -> None:
        options = [Option(str(score), str(score)) for score in _SCORES]
        options.append(Option("other", _("Another score"), _("0 to 100"), note="required"))
        self._ask("after.score", _("How content, from 0 to 100?"), options)

    def _scored(self, option: str, note: str) -> None:
        said = note if option == "other" else option
        if not (said.isascii() and said.isdecimal() and int(said) <= _MOST_CONTENT):
            refuse(self._screen, _("{found} is no score. Please enter one from 0 to 100.").format(found=said))
            return
        self._score = int(said)
        self._ask("after.again", _("Would they ask again?"), _options(shown.AGAIN, note="offered"))

    def _again(self, option: str, note: str) -> None:
        from callcenter.desk.after import note_satisfaction

        again = {"yes": True, "no": False}.get(option)
        self._run("after.satisfaction", note_satisfaction, self._score, again=again, note=note)

    # Complaints

    def _complain(self, option: str, note: str) -> None:
        from callcenter.desk.after import open_complaint

        if (view := self._view) is not None:
            self._do("after.complaint", open_complaint, note, request_id=view.request.id, owner=option or None)

    def _open_complaint(self) -> "ComplaintRow | None":
        """The oldest complaint about the request that is not answered; says so where there is none."""
        view = self._view
        waiting = [one for one in view.past.complaints if one.closed_at is None] if view and view.past else []
        if not waiting:
            self._screen.tell(_("There is no open complaint about this request."), "soon")
            return None
        self._complaint = waiting[0].id
        return waiting[0]

    def _ask_close(self) -> None:
        if (complaint := self._open_complaint()) is not None:
            title = _("The complaint of {owner}: how did it end?").format(owner=complaint.owner)
            self._ask("after.close", title, _options(shown.COMPLAINT_ENDS, note="offered"))

    def _ask_hand_on(self) -> None:
        if (complaint := self._open_complaint()) is not None:
            title = _("The complaint of {owner}: who answers it now?").format(owner=complaint.owner)
            people = self._screen.console_app.seat.people
            others = [Option(one.name, one.name, words.role(one.role)) for one in people if one.name != complaint.owner]
            self._ask("after.hand_on", title, others)

    def _hand_on(self, option: str, _note: str) -> None:
        from callcenter.desk.after import hand_on_complaint

        self._do("after.hand_on", hand_on_complaint, self._complaint, owner=option)

    def _close(self, option: str, note: str) -> None:
        from callcenter.desk.after import close_complaint

        self._do("after.close", close_complaint, self._complaint, option, note)

    # Corrections

    def _look_for_steps(self) -> None:
        from callcenter.desk.corrections import mistakes

        self._do("step.correct", mistakes, None if self._view is None else self._view.request.id)

    def _ask_step(self, found: "Sequence[Mistake]") -> None:
        options = [
            Option(f"{one.subject} {one.step.entries[0]}", *shown.mistake(one, self._screen.now)) for one in found
        ]
        if options:
            self._ask("after.correct", _("Which step was wrong? The newest stands first."), options)
        else:
            self._screen.tell(_("There is nothing to correct."), "soon")

    def _which(self, option: str, _note: str) -> None:
        from callcenter.desk.corrections import REASONS

        subject, _blank, entry = option.partition(" ")
        self._step = subject, entry
        self._ask("after.why", _("Correct it: why?"), _options(REASONS))

    def _correct(self, option: str, _note: str) -> None:
        from callcenter.desk.corrections import correct

        self._do("after.correct", correct, *self._step, option)

    def _cancel(self, option: str, _note: str) -> None:
        from callcenter.desk.requests import cancel_request

        self._run("request.cancel", cancel_request, self._reason, option)

    def _run(self, action: str, use_case: Callable[..., object], *args: object, **kwargs: object) -> None:
        """The use case for the request that is shown."""
        if (view := self._view) is not None:
            self._do(action, use_case, view.request.id, *args, **kwargs)


def _options(words: Mapping[str, str], note: "shown.Note" = "none") -> Sequence[Option]:
    return [Option(code, _(label), note=note) for code, label in words.items()]
