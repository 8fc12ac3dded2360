"""What the actions of the registry do on the operator's screen: each asks what it must, then one use case runs."""

from collections.abc import Callable, Sequence
from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING, Any, cast

from callcenter.care.calendar import SEOUL
from callcenter.console.actions import by_id, hints, key_name
from callcenter.console.after_operations import AfterOperations
from callcenter.console.call_operations import CallOperations
from callcenter.console.care_operations import CareOperations
from callcenter.console.centre_operations import CentreOperations
from callcenter.console.message_operations import MessageOperations
from callcenter.console.offer_operations import OfferOperations
from callcenter.console.placing_operations import PlacingOperations
from callcenter.console.plan_operations import PlanOperations
from callcenter.console.presentation import alarms, words
from callcenter.console.widgets.choice import Choice, Option
from callcenter.console.widgets.command_line import CommandLine
from callcenter.language import _, current, ngettext

if TYPE_CHECKING:
    from callcenter.console.commands import Command
    from callcenter.console.forms.filled import Changes
    from callcenter.console.forms.messages import JoinWanted
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.requests import NewRequest, RequestTaken
    from callcenter.store.drafts import DraftRow

REVEAL_SECONDS = 30
HOLD_MINUTES = (15, 30, 60)
_MORNING = time(9)
_SOON_SECONDS = 0.1
# Choices that go on whoever works on the selected request: they are not about it, or change nothing of it.
_NOT_OF_REQUEST = frozenset({"menu", "draft.open", "form.join", "record.reveal", "work.take_over"})


class Operations:
    """Carries out actions for one screen; the writer's thread answers through `done`."""

    def __init__(self, screen: "DeskScreen") -> None:
        self._screen = screen
        self._revealed_until: datetime | None = None
        self._pending: Command | None = None
        self.calls = CallOperations(screen, self._do, self._choice)
        self.offers = OfferOperations(screen, self._do, self._choice)
        self.placing = PlacingOperations(screen, self._do, self._choice)
        self.messages = MessageOperations(screen, self._do)
        self.after = AfterOperations(screen, self._do, self._choice)
        self.plan = PlanOperations(screen, self._do, self._choice)
        self.care = CareOperations(screen, self._do, self._choice)
        self.centre = CentreOperations(screen, self._do, self._choice)
        self._asking = (self.calls, self.care, self.offers, self.after, self.centre)
        self._joining: JoinWanted | None = None
        self._joined_to: str | None = None
        self._drafts: dict[str, DraftRow] = {}
        self._asked_about: str | None = None
        """The request that was shown when something was asked last: that is about it, and what is asked after it."""
        self._handlers: dict[str, Callable[[int | None], None]] = {
            **self.calls.handlers,
            **self.offers.handlers,
            **self.placing.handlers,
            **self.messages.handlers,
            **self.after.handlers,
            **self.plan.handlers,
            **self.care.handlers,
            **self.centre.handlers,
            "desk.undo": lambda _number: self._undo(),
            "request.new": self._new_request,
            "draft.open": self._find_drafts,
            "request.amend": self._amend_request,
            "request.hold": self._hold,
            "request.cancel": self._ask_cancel_reason,
            "record.reveal": self._reveal,
            "alarm.acknowledge": self._note_alarm,
            "search.open": lambda _number: self._search(""),
            "command.open": self._open_command_line,
            "help.open": self._help,
            "menu.open": self._menu,
            "availability.open": self._availability,
            "pane.next": lambda _number: void(self._screen.focus_next()),
            "pane.previous": lambda _number: void(self._screen.focus_previous()),
            "language.switch": lambda _number: self._screen.console_app.switch_language(),
            "program.quit": lambda _number: self._screen.app.exit(),
        }

    def run(self, action: str, number: int | None = None) -> None:
        """Carry out an action that its needs allow."""
        self.centre.acts(action)
        self._handlers[action](number)

    def undoable(self, now: datetime) -> bool:
        """Whether there is a step that can still be taken back."""
        return self.plan.undoable(now) or self.placing.undoable(now)

    def revealed(self, now: datetime) -> bool:
        """Whether the shown request's personal data stands unmasked for the moment."""
        return self._revealed_until is not None and now <= self._revealed_until

    def _do(self, action: str, use_case: Callable[..., Any], *args: object, **kwargs: object) -> None:
        app = self._screen.console_app
        if app.actor is not None:
            app.writer.do(action, use_case, app.actor, self._screen.now, *args, **kwargs)

    def _choice(self, name: str, title: str, options: Sequence[Option]) -> None:
        choice = self._screen.query_one_optional(Choice)
        if choice is None or not choice.is_mounted:
            # The very first key may come before the choice is there.
            self._screen.set_timer(_SOON_SECONDS, lambda: self._choice(name, title, options))
        else:
            self._asked_about = self._screen.shown
            choice.open(name, title, options)

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

    # Requests

    def _new_request(self, _number: int | None) -> None:
        from callcenter.console.screens.form import open_form

        self._screen.call_later(open_form, self._screen)

    def _amend_request(self, _number: int | None) -> None:
        from callcenter.console.screens.form import open_form

        self._screen.call_later(open_form, self._screen, self._screen.view)

    def filled(self, wish: "NewRequest") -> None:
        """The form was saved."""
        from callcenter.desk.requests import open_request

        self._do("request.new", open_request, wish)

    def amended(self, request_id: str, changes: "Changes") -> None:
        """The form of a request that is here already was saved."""
        from callcenter.desk.requests import amend_request

        self._do("request.amend", amend_request, request_id, changes)

    def join(self, wanted: "JoinWanted") -> None:
        """What was typed belongs to one of these requests: to the only one, or to the one chosen."""
        self._joining = wanted
        if len(wanted.rows) == 1:
            self._joined(wanted.rows[0].id)
            return
        options = [Option(row.id, row.number, words.state(row.state)) for row in wanted.rows]
        self._choice("form.join", _("Join which request?"), options)

    def _joined(self, request_id: str) -> None:
        from callcenter.desk.duplicates import join_call

        wanted, self._joining = self._joining, None
        if wanted is not None:
            self._joined_to = request_id
            said, call_id, draft = wanted.said, wanted.call_id, wanted.draft_id
            self._do("form.join", join_call, request_id, said, call_id=call_id, draft=draft)

    # Drafts

    def _find_drafts(self, _number: int | None) -> None:
        app = self._screen.console_app
        if app.actor is not None:
            app.drafts.offer(app.actor, asked=True)

    def drafts_found(self, rows: "list[DraftRow]", *, asked: bool) -> None:
        """Which drafts there are: tell of them, or, when the operator asked, go on with one."""
        from callcenter.console.forms.kept import summary

        screen, key = self._screen, by_id("draft.open").keys[0]
        self._drafts = {row.id: row for row in rows}
        if not rows:
            if asked:
                screen.tell(_("There is no draft."), "soon")
        elif not asked:
            told = ngettext("{count} draft was not saved.", "{count} drafts were not saved.", len(rows))
            told += " " + _("{key} goes on with it.")
            screen.tell(told.format(count=len(rows), key=key_name(key)), "soon")
        elif len(rows) == 1:
            self._take_draft(rows[0].id)
        else:
            options = [Option(row.id, summary(row) or _("nothing yet"), row.operator) for row in rows]
            self._choice("draft.open", _("Go on with which draft?"), options)

    def _take_draft(self, draft_id: str) -> None:
        app = self._screen.console_app
        row = self._drafts.get(draft_id)
        if row is not None and app.actor is not None:
            app.drafts.take(app.actor, row)

    def draft_taken(self, row: "DraftRow", *, taken: bool) -> None:
        """A draft is this operator's now: it stands in the form, or is there when its request is amended."""
        from callcenter.console.forms.kept import held_of
        from callcenter.console.screens.form import hold_draft, open_draft

        screen = self._screen
        if not taken:
            screen.tell(_("This draft is not there any more."), "soon")
        elif row.request_id is None:
            screen.call_later(open_draft, screen, held_of(row))
        else:
            screen.call_later(hold_draft, screen, held_of(row))
            screen.show_request(row.request_id)
            key = key_name(by_id("request.amend").keys[0])
            screen.tell(_("{key} goes on with the change of this request.").format(key=key), "soon")

    def opened(self, guardian_id: str) -> None:
        """A known guardian's record was put into the form, unmasked: the journal says so."""
        from callcenter.desk.guardians import note_reading

        self._do("record.read", note_reading, guardian_id, "open", "form")

    def _hold(self, _number: int | None) -> None:
        from callcenter.desk.requests import resume_request

        view = self._screen.view
        if view is not None and view.request.state == "held":
            self._do("request.resume", resume_request, view.request.id)
            return
        options = [Option(str(minutes), _("{minutes} minutes").format(minutes=minutes)) for minutes in HOLD_MINUTES]
        options.append(Option("morning", _("Tomorrow 9:00")))
        self._choice("request.hold", _("Hold until when?"), options)

    def _hold_until(self, option: str) -> datetime:
        now = self._screen.now
        if option == "morning":
            tomorrow = now.astimezone(SEOUL).date() + timedelta(days=1)
            return datetime.combine(tomorrow, _MORNING, SEOUL)
        return now + timedelta(minutes=int(option))

    def _ask_cancel_reason(self, _number: int | None) -> None:
        refusals = self._screen.console_app.seat.reference.refusals.values()
        options = [Option(one.code, str(one.words)) for one in refusals if one.use == "unplaced"]
        self._choice("request.cancel", _("End the request without a placement: why?"), options)

    def _close_request(self, reason: str) -> None:
        """Given up by the guardian, or under an offer: cancelled; else it could not be placed."""
        from callcenter.desk.requests import cancel_request, leave_unplaced

        view = self._screen.view
        if view is None:
            return
        placeable = view.request.state in ("open", "matching", "held")
        if not placeable:
            # Of what was asked for or promised it matters who gives it up, and how late.
            self.after.ask_who_cancels(reason)
        elif reason == "withdrawn":
            self._do("request.cancel", cancel_request, view.request.id, reason)
        else:
            self._do("request.cancel", leave_unplaced, view.request.id, reason)

    def _reveal(self, _number: int | None) -> None:
        options = [
            Option("call_back", _("To call back")),
            Option("identify", _("To make sure who is calling")),
            Option("provider", _("To tell the provider")),
            Option("other", _("Another reason"), note="required"),
        ]
        self._choice("record.reveal", _("Show name and number: why?"), options)

    def _revealed(self, why: str) -> None:
        from callcenter.desk.guardians import note_reading

        self._do("record.reveal", note_reading, self._screen.shown, "reveal", why)

    def _undo(self) -> None:
        """The plan's steps and single ones have one key; whichever was last can still be taken back."""
        if self.plan.undoable(self._screen.now):
            self.plan.undo()
        else:
            self.placing.undo()

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

            self._screen.call_later(show_stays, self._screen, alarms.subject_of(key))
            return
        if (request_id := alarms.request_of(key)) is not None:
            self._screen.show_request(request_id)
            if alarms.asks(key):
                self.offers.ask_when_shown(request_id)
        else:
            from callcenter.console.screens.callbacks import show_callbacks

            self._screen.call_later(show_callbacks, self._screen, alarms.subject_of(key))

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

    def _open_command_line(self, number: int | None) -> None:
        line = self._screen.query_one_optional(CommandLine)
        if line is None or not line.is_mounted:
            self._screen.set_timer(_SOON_SECONDS, lambda: self._open_command_line(number))
        else:
            line.open()

    def _search(self, text: str, *, number: bool = False) -> None:
        from callcenter.console.screens.search import open_search

        self._screen.call_later(open_search, self._screen, text, number=number)

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
        from callcenter.desk.requests import hold_request

        if any(part.choice_made(name, option, note) for part in self._asking):
            return
        if self.plan.choice_made(name, option) or self.placing.choice_made(name, option):
            return
        if name == "menu":
            self._screen.action_act(option)
        elif name == "form.join":
            self._joined(option)
        elif name == "draft.open":
            self._take_draft(option)
        elif name == "request.hold":
            self._do(name, hold_request, self._screen.shown, self._hold_until(option))
        elif name == "request.cancel":
            self._close_request(option)
        elif name == "record.reveal":
            self._revealed(note or option)

    def done(self, action: str, result: object) -> None:
        """A use case was committed: say so in a word."""
        screen = self._screen
        parts = (self.calls, self.care, self.plan, self.placing, self.offers, self.messages, self.centre, self.after)
        if any(part.done(action, result) for part in parts):
            return
        if action == "request.new":
            request = cast("RequestTaken", result)
            self._form_saved()
            screen.show_request(request.request_id)
            screen.tell(_("Request {number} is in the queue.").format(number=request.number))
        elif action == "form.join":
            self._form_saved()
            if self._joined_to is not None:
                screen.show_request(self._joined_to)
            screen.tell(_("Written to request {number}.").format(number=result))
        elif action == "request.amend":
            self._form_saved()
            screen.tell(words.done(action))
        elif action == "record.reveal":
            self._revealed_until = screen.now + timedelta(seconds=REVEAL_SECONDS)
            screen.tell(_("Shown for {seconds} seconds; the journal says so.").format(seconds=REVEAL_SECONDS))
        elif action != "record.read":
            screen.tell(words.done(action))

    def _form_saved(self) -> None:
        if self._screen.form is not None:
            self._screen.form.finish()
        self._screen.close_form()


def void(_result: object) -> None:
    """For a call whose result nobody needs."""
