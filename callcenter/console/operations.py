"""What the actions of the registry do on the operator's screen: each asks what it must, then one use case runs."""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from callcenter.console.actions import by_id, hints
from callcenter.console.after_operations import AfterOperations
from callcenter.console.call_operations import CallOperations
from callcenter.console.care_operations import CareOperations
from callcenter.console.centre_operations import CentreOperations
from callcenter.console.confirm_operations import ConfirmOperations
from callcenter.console.form_operations import FormOperations
from callcenter.console.message_operations import MessageOperations
from callcenter.console.offer_operations import OfferOperations
from callcenter.console.part import Part
from callcenter.console.placing_operations import PlacingOperations
from callcenter.console.plan_operations import PlanOperations
from callcenter.console.presentation import alarms, words
from callcenter.console.prompt import when_whole
from callcenter.console.request_operations import RequestOperations
from callcenter.console.widgets.choice import Choice, Option
from callcenter.console.widgets.command_line import CommandLine
from callcenter.language import _, current

if TYPE_CHECKING:
    from callcenter.console.commands import Command
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.offers import OfferTaken
    from callcenter.desk.placing import Placed

# Choices whose answer is carried out on the request that is shown.
_OF_SHOWN = frozenset({"match.beside", "offer.which", "record.reveal", "request.cancel", "request.hold"})
# After these something is asked or opened next: keys that are pressed until then are for that.
_ASK_NEXT = frozenset(
    {
        "callback.ring",
        "field.choose",
        "message.show",
        "offer.read",
        "safety.raise",
        "stay.ring",
        "stay.tell",
        "step.correct",
    }
)
# Choices that go on whoever works on the selected request: they are not about it, or change nothing of it.
_NOT_OF_REQUEST = frozenset({"menu", "draft.open", "form.join", "record.reveal", "work.take_over"})


class Operations:
    """Carries out actions for one screen; the writer's thread answers through `done`."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self._pending: Command | None = None
        self.calls = CallOperations(screen, self._do, self._choice)
        self.offers = OfferOperations(screen, self._do, self._choice)
        self.confirming = ConfirmOperations(screen, self._do, self._choice)
        self.placing = PlacingOperations(screen, self._do, self._choice)
        self.messages = MessageOperations(screen, self._do, self._choice)
        self.after = AfterOperations(screen, self._do, self._choice)
        self.plan = PlanOperations(screen, self._do, self._choice)
        self.care = CareOperations(screen, self._do, self._choice)
        self.centre = CentreOperations(screen, self._do, self._choice)
        self.forms = FormOperations(screen, self._do, self._choice)
        self.requests = RequestOperations(screen, self._do, self._choice, self.after.ask_who_cancels)
        self._asked_about: str | None = None
        """The request that was shown when something was asked last: that is about it, and what is asked after it."""
        parts: tuple[Part, ...] = (
            self.calls,
            self.offers,
            self.confirming,
            self.placing,
            self.messages,
            self.after,
            self.plan,
            self.care,
            self.centre,
            self.forms,
            self.requests,
        )
        self._handlers: dict[str, Callable[[int | None], None]] = {
            **{name: run for part in parts for name, run in part.handlers.items()},
            **self._own_handlers(),
        }
        self._answers: dict[str, Callable[[str, str], None]] = {
            **{name: run for part in parts for name, run in part.answers.items()},
            "menu": lambda option, _note: self._screen.action_act(option),
        }
        self._ends: dict[str, Callable[[Any], None]] = {
            **{name: run for part in parts for name, run in part.ends.items()},
            "match.place": self._placed,
            "record.read": void,
        }

    def _own_handlers(self) -> dict[str, Callable[[int | None], None]]:
        screen = self._screen
        return {
            "alarm.acknowledge": self._note_alarm,
            "search.open": lambda _number: self._search(""),
            "command.open": self._open_command_line,
            "help.open": self._help,
            "menu.open": self._menu,
            "availability.open": self._availability,
            "pane.next": lambda _number: void(screen.focus_next()),
            "pane.previous": lambda _number: void(screen.focus_previous()),
            "language.switch": lambda _number: screen.console_app.switch_language(),
            "program.quit": lambda _number: screen.app.exit(),
        }

    def run(self, action: str, number: int | None = None) -> None:
        """Carry out an action that its needs allow."""
        self.centre.acts(action)
        self._handlers[action](number)

    def undoable(self, now: datetime) -> bool:
        """Whether there is a step that can still be taken back."""
        return self.placing.undoable(now)

    def _do(self, action: str, use_case: Callable[..., Any], *args: object, **kwargs: object) -> None:
        app = self._screen.console_app
        if app.actor is not None:
            app.live.await_write()
            app.writer.do(action, use_case, app.actor, self._screen.now, *args, **kwargs)
            if action in _ASK_NEXT:
                app.once_written()

    def _choice(self, name: str, title: str, options: Sequence[Option]) -> None:
        def opens() -> None:
            self._asked_about = self._screen.shown
            self._screen.query_one(Choice).open(name, title, options)

        when_whole(self._screen, opens)

    def leave_choice(self) -> str | None:
        """Close the open choice if it is about a request that somebody else works on now; returns that request."""
        choice = self._screen.query_one_optional(Choice)
        if choice is None or not choice.display or self._asked_about is None:
            return None
        goes_on = choice.asks in _NOT_OF_REQUEST or choice.asks in self.calls.answers
        if goes_on or self._screen.worked_on_by(self._asked_about) is None:
            return None
        choice.action_act("choice.leave")
        return self._asked_about

    # The rest

    def _note_alarm(self, _number: int | None) -> None:
        from callcenter.console.widgets.alarm_lane import AlarmLane

        key = self._screen.query_one(AlarmLane).oldest
        if key is not None and alarms.decided_only(key):
            # It stays in the lane; what can be noted away comes first, and is not hidden behind it.
            noted = [one for one in map(alarms.key, self._screen.alarms()) if not alarms.decided_only(one)]
            key = noted[0] if noted else key
        if key is not None:
            self.go_to_alarm(key)

    def go_to_alarm(self, key: str) -> None:
        """The alarm leaves the lane, and what it is about is shown: its request, or its line of a list.

        A conflict stays in the lane until somebody has decided; that is asked for.
        """
        if alarms.decided_only(key):
            self.centre.go_to(alarms.subject_of(key))
            return
        self._screen.noted.add(key)
        if alarms.of_care(key):
            from callcenter.console.screens.care import show_stays

            self._screen.console_app.open_soon(show_stays, alarms.subject_of(key))
            return
        if (request_id := alarms.request_of(key)) is not None:
            self._screen.show_request(request_id)
            if alarms.asks(key):
                self.offers.ask_when_shown(request_id)
        else:
            from callcenter.console.screens.callbacks import show_callbacks

            self._screen.console_app.open_soon(show_callbacks, alarms.subject_of(key))

    def _help(self, _number: int | None) -> None:
        from callcenter.console.screens.help import HelpScreen

        self._screen.app.push_screen(
            HelpScreen(self._screen.state(), *self._screen.listed, "desk", "list", "everywhere")
        )

    def _availability(self, _number: int | None) -> None:
        from callcenter.console.screens.availability import AvailabilityScreen

        def left(action: str | None) -> None:
            """A key that belongs to the desk was pressed there."""
            if action:
                self._screen.action_act(action)

        self._screen.app.push_screen(AvailabilityScreen(self._screen), left)

    def _open_command_line(self, _number: int | None) -> None:
        when_whole(self._screen, lambda: self._screen.query_one(CommandLine).open())

    def _search(self, text: str, *, number: bool = False) -> None:
        from callcenter.console.screens.search import open_search

        self._screen.console_app.open_soon(open_search, text, number)

    def searched(self, hits: int) -> None:
        """So many found requests were looked at: the journal says so."""
        from callcenter.desk.search import note_search

        self._do("record.read", note_search, hits, "search")

    def _menu(self, _number: int | None) -> None:
        """Everything that can be done, by name; what cannot be now says why instead of what it does."""
        found = hints(self._screen.state(), "desk", "everywhere")
        options = [
            Option(one.action, f"{one.label} ({one.keys[0]})", one.reason or one.tooltip)
            for one in sorted(found, key=lambda one: one.reason is not None)
            if one.action != "menu.open"
        ]
        self._choice("menu", _("What would you like to do?"), options)

    def command(self, text: str) -> None:
        """A line of the command line; one that names a request is carried out when that request is shown."""
        from callcenter.console.commands import CommandMistake, NoSuchNumber, parse

        numbers = self._screen.numbers()
        command = parse(text, numbers)
        if isinstance(command, NoSuchNumber) and command.values["number"] == text.removeprefix("/").strip():
            # Not in the queue: it may have ended.
            self._search(text.removeprefix("/").strip(), number=True)
        elif isinstance(command, CommandMistake):
            self._screen.tell(str(command), "soon")
        elif command.number is None or numbers[command.number] == self._screen.shown:
            self._obey(command)
        else:
            self._pending = command
            self._screen.show_request(numbers[command.number])

    def shown_now(self) -> None:
        """The selected request is there with its matches: go on with the command that waits for it."""
        self.offers.shown_now()
        self.centre.shown_now()
        command, self._pending = self._pending, None
        if command is not None and self._screen.numbers().get(command.number or "") == self._screen.shown:
            self._obey(command)

    def _obey(self, command: "Command") -> None:
        from callcenter.console.commands import NOTE, SELECT
        from callcenter.desk.requests import add_note, hold_request

        screen, argument = self._screen, command.argument
        refused = by_id(command.action).needs(screen.state()) if command.action not in (NOTE, SELECT) else None
        self.centre.acts("" if refused else command.action)
        if refused:
            screen.tell(refused, "soon")
        elif command.action == NOTE:
            self._do(NOTE, add_note, screen.shown, argument)
        elif argument is not None and command.action in ("callback.list", "callback.promise"):
            # «/콜백 21:15» is a promise; the word alone is the list.
            refused = by_id("callback.promise").needs(screen.state())
            screen.tell(refused, "soon") if refused else self.calls.promise(argument)
        elif argument is not None and command.action == "call.number":
            self.calls.note_number(argument)
        elif command.action == "search.open":
            self._search(argument or "")
        elif argument is None:
            if command.action != SELECT:
                self.run(command.action)
        elif command.action in ("match.place", "match.choose"):
            if self.placing.choose(int(argument)) and command.action == "match.place":
                self.run("match.place")
        elif command.action == "request.hold":
            self._do("request.hold", hold_request, screen.shown, screen.now + timedelta(minutes=int(argument)))
        elif command.action == "offer.answer":
            self.offers.answer_with(argument)
        elif command.action == "language.switch" and argument != current():
            self.run("language.switch")

    # Answers

    def choice_made(self, name: str, option: str, note: str) -> None:
        """What was chosen at the bottom of the screen."""
        if self._asked_about != self._screen.shown and (name in _OF_SHOWN or name.startswith("after.")):
            # What was still being written when it was asked has shown another request since.
            self._screen.tell(_("Another request is shown now, so nothing was done. Please look again."), "urgent")
        else:
            self._answers[name](option, note)

    def done(self, action: str, result: object) -> None:
        """A use case was committed: what follows from it, or else a word that says so."""
        if (end := self._ends.get(action)) is not None:
            end(result)
        else:
            self._screen.tell(words.done(action))

    def _placed(self, result: "OfferTaken | Placed") -> None:
        """The chosen match, or a row of the plan: the plan goes on without it."""
        self.plan.placed(result.number)
        self.placing.placed(result)


def void(_result: object) -> None:
    """For a call whose result nobody needs."""
