"""The operator's screen: queue, selected request with its matches, who is around, what to say, what can be done."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from callcenter.console.action import Scope, State
from callcenter.console.actions import bindings, by_id
from callcenter.console.keys import HangulTyped
from callcenter.console.presentation import alarms, centre, queue
from callcenter.console.presentation.cells import Cell, StyleName
from callcenter.console.presentation.flow import paragraph
from callcenter.console.screens.painting import NARROW, WIDE, Painting
from callcenter.console.widgets.alarm_lane import AlarmLane
from callcenter.console.widgets.header_bar import HeaderBar
from callcenter.console.widgets.kept_lines import Column, Columns
from callcenter.console.widgets.key_hints import KeyHints
from callcenter.console.widgets.line_list import PAGE, LineList
from callcenter.console.widgets.panel import Panel
from callcenter.console.widgets.request_panel import RequestPanel
from callcenter.desk.link_state import ALONE, Work
from callcenter.desk.queue_view import QueueView
from callcenter.language import _
from callcenter.store.reads import AlarmRow, CallRow, QueueFigures

if TYPE_CHECKING:
    from callcenter.console.app import Console
    from callcenter.console.draft_keeper import DraftNotKept, DraftsFound, DraftTaken
    from callcenter.console.messages import (
        ActionDone,
        ActionRefused,
        CareRead,
        ClaimsSettled,
        LinkChanged,
        MatchesRead,
        PhoneRead,
        PlanRead,
        QueueRead,
        ReadingFailed,
        RequestRead,
        TelephoneSeen,
    )
    from callcenter.console.operations import Operations
    from callcenter.console.presentation.completion import Completion
    from callcenter.console.screens.form import DeskForm
    from callcenter.console.screens.stand_in import StandIn
    from callcenter.console.widgets.choice import Choice
    from callcenter.console.widgets.command_line import CommandLine
    from callcenter.desk.around import AroundRow
    from callcenter.desk.calls import CallTaken
    from callcenter.desk.care_view import CareView
    from callcenter.desk.matches import Matches
    from callcenter.desk.matches import Option as MatchOption
    from callcenter.desk.phone_view import PhoneView
    from callcenter.desk.telephone_state import TelephoneState
    from callcenter.desk.view import RequestView

TOLD_SECONDS = 8
STILL_PRESSED_SECONDS = 0.5
CLOCK_SECONDS = 1.0
REST_STARTS_AFTER = 0.02
"""What comes after the first paint begins when the lines around the queue are painted too, in seconds."""
_LATER_STYLES = Path(__file__).with_name("desk_lists.tcss")

_NO_FIGURES = QueueFigures(0, 0, 0, None)
_STAND_INS: tuple[Scope, ...] = ("callbacks", "plan", "stays")


class DeskScreen(Screen[None]):
    """Shows what the threads read; every key is an action of the registry, carried out by `Operations`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere", "desk")]
    AUTO_FOCUS = "#queue"
    BLANK = True

    def __init__(self, first: QueueView | None) -> None:
        super().__init__()
        self.queue = first or QueueView(0, [], _NO_FIGURES, [], [])
        self.view: RequestView | None = None
        self.matches: Matches | None = None
        self.around: list[AroundRow] = []
        self.shown: str | None = None
        """The request on the panel: what every key acts on, wherever the cursor went meanwhile."""
        self.chosen: str | None = None
        """The key of what the next F5 places with: a provider, or what else there is."""
        self.noted: set[str] = set()
        self.just_taken: CallTaken | None = None
        """The call that was taken, until it was read."""
        self.phone: PhoneView | None = None
        """The telephone, once it was read."""
        self.telephone: TelephoneState = "absent"
        self.link = ALONE
        """The line to the centre, as it was last told."""
        self.care: CareView | None = None
        """Who has a place tonight and who is in care, once it was read."""
        self.painting = Painting(self)
        self.said: str | None = None
        """What stands in place of the sentence to say, while it does."""
        self.whole = False
        """Whether what only a key shows is there."""
        self._forget: Timer | None = None
        self._just_closed = False

    @property
    def is_current(self) -> bool:
        """Whether anything of it can be seen.

        What lies under another screen Textual paints wherever that hides it, and the other one all over with it.
        """
        top = self.app.screen
        return top is self or (top.styles.background.a < 1 and super().is_current)

    @property
    def console_app(self) -> "Console":
        """The app, by its own type."""
        return cast("Console", self.app)

    @property
    def now(self) -> datetime:
        """The time on the console's clock."""
        return self.console_app.seat.clock()

    @property
    def chosen_option(self) -> "MatchOption | None":
        """What the next F5 places with: a match, a split of siblings, or a change the guardian agrees to."""
        return self.matches.options.get(self.chosen or "") if self.matches else None

    def state(self) -> State:
        """What decides which actions can be taken."""
        calls = {call.state for call in self.queue.calls}
        return State(
            ringing=bool(self.phone.waiting) if self.phone else self.rings,
            talking="talking" in calls,
            held="held" in calls,
            wrap_up="wrap_up" in calls,
            request=self.view.request.state if self.view else None,
            hidden=self.view is not None and self.view.hidden,
            matches=len(self.matches.options) if self.matches else 0,
            reserved=self.view is not None and any(one.state == "reserved" for one in self.view.live),
            undoable="operations" in vars(self) and self.operations.undoable(self.now),
            alarms=len(found := self.alarms()),
            joined=self.link.joined,
            conflicts=sum(alarms.decided_only(alarms.key(row)) for row in found),
            tried_by=centre.tried_by(work, self.now) if (work := self.tried_by) else "",
            disputed=self.view is not None and bool(self.view.disputed),
        )

    def alarms(self) -> list[AlarmRow]:
        """What has run out and nobody has noted, and what nobody has decided."""
        of_care = self.care.alarms if self.care is not None else []
        return [alarm for alarm in (*self.queue.alarms, *of_care) if alarms.key(alarm) not in self.noted]

    @property
    def tried_by(self) -> Work | None:
        """Who else works on the selected request; nobody while this operator has taken it over."""
        return None if self.view is None else self.worked_on_by(self.view.request.id)

    def worked_on_by(self, request_id: str) -> Work | None:
        """Who else works on a request, at another desk or at another console of this one."""
        if request_id not in self.link.work:
            return None
        app = self.console_app
        if "operations" in vars(self) and request_id in self.operations.centre.working.held:
            return None
        return self.link.tried_by(request_id, app.seat.desk, app.actor.name if app.actor else "")

    @cached_property
    def operations(self) -> "Operations":
        """What the keys do, from the first key on."""
        from callcenter.console.operations import Operations

        return Operations(self)

    @property
    def talking_call(self) -> str | None:
        """The call this operator is on."""
        return self.talking[0]

    @property
    def talking(self) -> tuple[str | None, str | None]:
        """The call this operator is on and its number, also before a call that was just taken was read."""
        if self.just_taken is not None:
            return self.just_taken.call_id, self.just_taken.phone
        return (self.queue.calls[0].id, self.queue.calls[0].phone) if self.queue.calls else (None, None)

    @property
    def own_calls(self) -> list[CallRow]:
        """The calls this operator has not ended yet, the one that talks first."""
        return self.queue.calls

    @property
    def rings(self) -> bool:
        """Whether a call rings, as far as the queue's figures tell."""
        return self.queue.figures.ringing > 0

    def compose(self) -> ComposeResult:
        """Header, lane, columns, sentence, status, and the lines at the bottom."""
        # Before the first layout: a class that comes later styles every node again.
        self._divide(self.app.size.width)
        yield HeaderBar()
        yield AlarmLane()
        with Columns(id="columns"):
            yield LineList(queue.columns(), empty=_("No open request."), choosable=False, id="queue")
            with Column(id="middle"):
                yield RequestPanel(id="request")
            with Column(id="around-panel"):
                yield Panel(fills=True, id="ruler")
                yield LineList((), empty="", choosable=False, id="around")
        yield Panel(fills=True, id="say")
        yield Panel(id="status")
        yield KeyHints()

    def on_mount(self) -> None:
        """Paint what was read before the start; from then on the threads tell."""
        self.console_app.centre.look()
        self.link = self.console_app.centre.link
        self.painting.queue()
        self.call_after_refresh(self._painted)

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        # Everything on it was given its styles a moment ago, when it was mounted.
        event.refresh_styles = event.refresh_styles and self.stack_updates > 0

    def _painted(self) -> None:
        """After the first paint, which has the queue: the lines around it."""
        self.painting.clocks()
        self.set_interval(CLOCK_SECONDS, self.painting.clocks)
        self.set_timer(REST_STARTS_AFTER, self.mount_hidden)

    async def mount_hidden(self) -> None:
        """What only a key shows, once; neither the queue nor the lines around it wait for it.

        Only for callbacks of this screen, which take their turns: a second one finds everything there.
        """
        if self.whole:
            return
        self.console_app.live.show_queue(0, PAGE)
        styles = self.app.stylesheet
        styles.read(_LATER_STYLES)
        styles.parse()
        # A key may have been quicker than this.
        styles.update_nodes(self.walk_children(with_self=True))
        from callcenter.console.widgets.call_strip import CallStrip
        from callcenter.console.widgets.choice import Choice
        from callcenter.console.widgets.command_line import CommandLine
        from callcenter.console.widgets.offer_strip import OfferStrip

        strips = (CallStrip(), OfferStrip())
        await self.mount(*strips, after=self.query_one(AlarmLane))
        await self.mount(Choice(id="choice"), CommandLine(self._complete), before=self.query_one(KeyHints))
        self.whole = True

    def _complete(self, line: str) -> "Sequence[Completion]":
        from callcenter.console.commands import completions

        return completions(line, [row.number for row in self.queue.rows])

    def on_resize(self, event: events.Resize) -> None:
        """The third column is there where there is room for it."""
        self._divide(event.size.width)

    def _divide(self, width: int) -> None:
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width < NARROW, "-narrow")

    # What the threads tell. Found by their names: the messages are imported with the threads, after the first paint.

    def _on_queue_read(self, event: "QueueRead") -> None:
        self.queue = event.view
        if self.just_taken is not None and any(call.id == self.just_taken.call_id for call in self.queue.calls):
            self.just_taken = None
        self.painting.queue()
        self.painting.top()
        self.painting.in_flight()
        self.painting.hints()
        if self.has_class("-plan"):
            self.operations.plan.look_again()

    def _on_phone_read(self, event: "PhoneRead") -> None:
        self.phone = event.view
        self.painting.phone()
        self.painting.top()
        self.painting.hints()

    def _on_care_read(self, event: "CareRead") -> None:
        self.care = event.view
        self.painting.stays()
        self.painting.top()
        self.painting.hints()

    def _on_telephone_seen(self, event: "TelephoneSeen") -> None:
        self.telephone = event.state
        self.painting.top()

    def _on_link_changed(self, event: "LinkChanged") -> None:
        self.link = event.link
        if "operations" in vars(self):
            self.operations.centre.heard(event.link)
        self.painting.queue()
        self.painting.clocks()
        if self.view is not None:
            self.painting.request()

    def _on_claims_settled(self, event: "ClaimsSettled") -> None:
        self.operations.centre.settled(event.settled)

    def _on_request_read(self, event: "RequestRead") -> None:
        if event.view is not None and event.view.request.id != self.shown:
            return
        self.view = event.view
        self.painting.request()

    def _on_matches_read(self, event: "MatchesRead") -> None:
        if event.request_id != self.shown:
            return
        self.matches, self.around = event.matches, event.around
        if self.chosen_option is None:
            self.chosen = self._first_choice(list(self.matches.options) if self.matches else [])
        if self.has_class("-plan"):
            from callcenter.console.screens.queue_plan import choose_planned

            choose_planned(self)
        self.painting.around()
        self.painting.request()
        self.operations.shown_now()

    def _first_choice(self, found: Sequence[str]) -> str | None:
        """The provider whose place is kept for the request, else the best match."""
        kept = [one.provider_id for one in self.view.live if one.state == "reserved"] if self.view else []
        return next((one for one in (*kept, *found) if one in found), None)

    def _on_plan_read(self, event: "PlanRead") -> None:
        self.operations.plan.read(event.plan)

    def _on_drafts_found(self, event: "DraftsFound") -> None:
        self.operations.forms.drafts_found(event)

    def _on_draft_taken(self, event: "DraftTaken") -> None:
        self.operations.forms.draft_taken(event.row, taken=event.taken)

    def _on_draft_not_kept(self, event: "DraftNotKept") -> None:
        why = str(self.console_app.incident(event.error))
        self.tell(_("What you type is not on the disk yet: {why}").format(why=why), "urgent")

    def _on_reading_failed(self, event: "ReadingFailed") -> None:
        self.tell(str(self.console_app.incident(event.error)), "urgent")

    def _told_above(self, event: "ActionDone | ActionRefused") -> bool:
        """Whether the screen that lies on this one had asked for it, and so tells of it."""
        above = self.app.screen
        if above is self or not event.action.startswith("availability."):
            return False
        above.post_message(copy(event))
        return True

    def _on_action_done(self, event: "ActionDone") -> None:
        if self._told_above(event):
            return
        self._forget_typed()
        # The keys that do something now are painted with what is read after every commit.
        self.operations.done(event.action, event.result)

    def _on_action_refused(self, event: "ActionRefused") -> None:
        if self._told_above(event):
            return
        sentence = str(self.console_app.incident(event.error))
        if self.form is not None and event.action in ("request.new", "request.amend", "form.join"):
            self.form.refuse(sentence)
        if self._choice is not None:
            self._choice.again(sentence)
        self.operations.messages.refused(event.action, sentence)
        self.tell(sentence, "urgent")

    @property
    def _choice(self) -> "Choice | None":
        # By its name: its module is imported after the first paint.
        return cast("Choice | None", self.query_one_optional("Choice"))

    def _forget_typed(self) -> None:
        """What was typed last was taken, or the operator does something else now."""
        if self._choice is not None:
            self._choice.forget()

    # What the operator does

    def action_act(self, action: str, number: int | None = None) -> None:
        """Carry out an action of the registry, or say why it cannot be now."""
        self._forget_typed()
        if by_id(action).once_written:
            self.console_app.once_written(lambda: self._carry_out(action, number))
        else:
            self._carry_out(action, number)

    def _carry_out(self, action: str, number: int | None) -> None:
        if self._just_closed and by_id(action).group == "placement":
            return
        state = self.state()
        refused = by_id(action).needs(state)
        unread = self.shown is not None and self.matches is None and not state.hidden
        if refused and unread and action.startswith("match."):
            # A place is never taken on matches that nobody has seen.
            self.tell(_("The matches are just being worked out."), "soon")
        elif refused:
            self.tell(refused, "soon")
        else:
            self.operations.run(action, number)

    def select(self, request_id: str | None) -> None:
        """Show this request; its matches follow when they are worked out."""
        if request_id == self.shown:
            return
        before, self.shown = self.shown, request_id
        self.view, self.matches, self.around, self.chosen = None, None, [], None
        self.console_app.live.show_request(request_id)
        if any(row.request_id in (before, request_id) for row in self.queue.in_flight):
            self.painting.in_flight()

    def choose(self, key: str) -> None:
        """Place with this match, or what else there is, from now on."""
        self.chosen = key
        self.painting.request()

    def tell(self, text: str, look: StyleName = "ok") -> None:
        """One sentence above the keys, for some seconds; whole, on as many lines as it needs."""
        self.query_one("#status", Panel).show(lambda width: paragraph(Cell(" "), Cell(text, look), width))
        if self._forget is not None:
            self._forget.stop()
        self._forget = self.set_timer(TOLD_SECONDS, self._be_quiet) if text else None

    def _be_quiet(self) -> None:
        self.tell("")

    @on(LineList.Highlighted, "#queue")
    def _cursor_moved(self, event: LineList.Highlighted) -> None:
        self.console_app.live.follow(event.key)
        # A request that ended stays on the panel until the operator goes on: the next key must not hit another child.
        left = self.shown if not event.by_operator else None
        self.painting.to_highlight = left
        if left is None:
            self.select(event.key)

    @on(RequestPanel.MatchClicked)
    def _match_clicked(self, event: RequestPanel.MatchClicked) -> None:
        self.choose(event.key)

    @on(LineList.PageWanted, "#queue")
    def _page_wanted(self, event: LineList.PageWanted) -> None:
        self.console_app.live.show_queue(event.offset, event.limit)

    @on(KeyHints.ActionClicked)
    def _hint_clicked(self, event: KeyHints.ActionClicked) -> None:
        self.action_act(event.action)

    @on(AlarmLane.AlarmClicked)
    def _alarm_clicked(self, event: AlarmLane.AlarmClicked) -> None:
        self.operations.go_to_alarm(event.key)

    def on_choice_made(self, event: "Choice.Made") -> None:
        """An option was chosen."""
        self.operations.choice_made(event.name, event.option, event.note)

    def on_choice_left(self, event: "Choice.Left") -> None:
        """A choice was left without an answer."""
        self.operations.calls.choice_left(event.name)
        self.operations.care.choice_left(event.name)

    def on_call_strip_clicked(self) -> None:
        """As the key that takes the oldest call."""
        if self.phone is not None and self.phone.waiting:
            self.action_act("call.take")

    def on_command_line_entered(self, event: "CommandLine.Entered") -> None:
        """A command was typed."""
        self.operations.command(event.text)

    @on(HangulTyped)
    def _hangul_typed(self, event: HangulTyped) -> None:
        self.tell(_("The keyboard is on Hangul: check the 한/영 key."), "soon")

    # What lies on the screen or stands in place of its parts

    @property
    def form(self) -> "DeskForm | None":
        """The form of a request, once it was opened."""
        # By its name: its module is imported when the form is first opened.
        return cast("DeskForm | None", self.query_one_optional("DeskForm"))

    def close_form(self) -> None:
        """The selected request stands there again; the key that closed the form must not hit it as well."""
        self.remove_class("-form")
        self.painting.hints()
        self.painting.say()
        self._just_closed = True
        self.set_timer(STILL_PRESSED_SECONDS, self._forget_form)

    def _forget_form(self) -> None:
        self._just_closed = False

    def show_request(self, request_id: str) -> None:
        """Select a request wherever it stands in the queue."""
        if not self.query_one("#queue", LineList).highlight(request_id):
            self.painting.to_highlight = request_id
        self.select(request_id)

    def numbers(self) -> dict[str, str]:
        """The receipt numbers of the queue that was read, with their requests."""
        return {row.number: row.id for row in self.queue.rows}

    @property
    def stand_in(self) -> "StandIn | None":
        """The list that stands in place of the queue."""
        # By its name: its module is imported when the first of them is opened.
        found = cast("Sequence[StandIn]", self.query("StandIn") if self.listed else ())
        return next((one for one in found if one.stands), None)

    def put_list_away(self) -> None:
        """The queue again, whichever list stood in its place."""
        if (found := self.stand_in) is not None:
            found.put_away()

    @property
    def listed(self) -> tuple[Scope, ...]:
        """The list that stands in place of the queue, as the registry names it."""
        return tuple(one for one in _STAND_INS if self.has_class(f"-{one}"))

    def say(self, text: str | None) -> None:
        """This stands in place of the sentence to say; None: that of the request again."""
        self.said = text
        self.painting.request()

    def show_card(self, shown: bool) -> None:
        """The short numbers stand above the choice, or are gone."""
        from callcenter.console.screens.calls import show_card

        self.call_later(show_card, self, shown)
