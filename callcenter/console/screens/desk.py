"""The operator's screen: queue, selected request with its matches, who is around, what to say, what can be done."""

from collections.abc import Sequence
from copy import copy
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.screen import Screen
from textual.timer import Timer

from callcenter.console.action import Scope, State
from callcenter.console.actions import bindings, by_id, key_line
from callcenter.console.keys import HangulTyped
from callcenter.console.presentation import alarms, centre, header, queue
from callcenter.console.presentation.cells import Cell, Row, StyleName
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
from callcenter.store.reads import AlarmRow, CallRow, QueueFigures, QueueRow

if TYPE_CHECKING:
    from callcenter.console.app import Console
    from callcenter.console.draft_keeper import DraftNotKept, DraftsFound, DraftTaken
    from callcenter.console.forms.kept import Held
    from callcenter.console.forms.messages import (
        DraftChanged,
        JoinWanted,
        PhoneTyped,
        RequestAmendedFilled,
        RequestFilled,
        TypedSoFar,
    )
    from callcenter.console.forms.request_form import RequestForm
    from callcenter.console.messages import (
        ActionDone,
        ActionRefused,
        CareRead,
        ClaimsSettled,
        GuardianFound,
        LinkChanged,
        MatchesRead,
        PhoneRead,
        PlanRead,
        QueueRead,
        ReadingFailed,
        RequestRead,
        SearchRead,
        SoFarRead,
        TelephoneSeen,
    )
    from callcenter.console.operations import Operations
    from callcenter.console.presentation.completion import Completion
    from callcenter.console.widgets.callback_list import CallbackList
    from callcenter.console.widgets.choice import Choice
    from callcenter.console.widgets.command_line import CommandLine
    from callcenter.console.widgets.plan_list import PlanList
    from callcenter.console.widgets.search_line import SearchLine
    from callcenter.console.widgets.stay_list import StayList
    from callcenter.desk.around import AroundRow
    from callcenter.desk.care_view import CareLine, CareView
    from callcenter.desk.matches import Matches
    from callcenter.desk.matches import Option as MatchOption
    from callcenter.desk.phone_view import PhoneView
    from callcenter.desk.telephone_state import TelephoneState
    from callcenter.desk.view import RequestView
    from callcenter.store.callbacks import CallbackRow
    from callcenter.store.offers_in_flight import InFlightRow

WIDE = 112
"""From this width on the providers around have a column of their own."""
NARROW = 100
TOLD_SECONDS = 8
STILL_PRESSED_SECONDS = 0.5
CLOCK_SECONDS = 1.0
REST_STARTS_AFTER = 0.02
"""What comes after the first paint begins when the lines around the queue are painted too, in seconds."""
_LATER_STYLES = Path(__file__).with_name("desk_lists.tcss")

_NO_FIGURES = QueueFigures(0, 0, 0, None)


class DeskScreen(Screen[None]):
    """Shows what the threads read; every key is an action of the registry, carried out by `Operations`."""

    BINDINGS: ClassVar[list[BindingType]] = [*bindings("everywhere", "desk")]
    AUTO_FOCUS = "#queue"
    BLANK = True

    def __init__(self, first: QueueView | None) -> None:
        super().__init__()
        self._queue = first or QueueView(0, [], _NO_FIGURES, [], [])
        self.view: RequestView | None = None
        self.matches: Matches | None = None
        self.around: list[AroundRow] = []
        self.shown: str | None = None
        """The request on the panel: what every key acts on, wherever the cursor went meanwhile."""
        self.chosen: str | None = None
        """The key of what the next F5 places with: a provider, or what else there is."""
        self.noted: set[str] = set()
        self.phone: PhoneView | None = None
        """The telephone, once it was read."""
        self.telephone: TelephoneState = "absent"
        self.link = ALONE
        """The line to the centre, as it was last told."""
        self.callback_wanted: str | None = None
        """A call-back that is to stand under the cursor once it was read."""
        self.care: CareView | None = None
        """Who has a place tonight and who is in care, once it was read."""
        self.stay_wanted: str | None = None
        """A request whose first child is to stand under the cursor of the list of care once it was read."""
        self.said: str | None = None
        """What stands in place of the sentence to say, while it does."""
        self._rows: dict[str, tuple[QueueRow, int, Work | None, Row]] = {}
        self._forget: Timer | None = None
        self._just_closed = False
        self._strip_shown = False
        self._to_highlight: str | None = None
        """A request that is to stand under the cursor once it was read into the queue."""

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
        calls = {call.state for call in self._queue.calls}
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
        return self._queue.calls[0].id if self._queue.calls else None

    @property
    def own_calls(self) -> list[CallRow]:
        """The calls this operator has not ended yet, the one that talks first."""
        return self._queue.calls

    @property
    def rings(self) -> bool:
        """Whether a call rings, as far as the queue's figures tell."""
        return self._queue.figures.ringing > 0

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
                yield LineList((), empty=_("Nobody around."), choosable=False, id="around")
        yield Panel(fills=True, id="say")
        yield Panel(fills=True, id="status")
        yield KeyHints()

    def on_mount(self) -> None:
        """Paint what was read before the start; from then on the threads tell."""
        self.console_app.centre.look()
        self.link = self.console_app.centre.link
        self._paint_queue()
        self.call_after_refresh(self._painted)

    def _on_screen_resume(self, event: events.ScreenResume) -> None:
        # Everything on it was given its styles a moment ago, when it was mounted.
        event.refresh_styles = event.refresh_styles and self.stack_updates > 0

    def _painted(self) -> None:
        """After the first paint, which has the queue: the lines around it."""
        self._paint_clocks()
        self.set_interval(CLOCK_SECONDS, self._paint_clocks)
        self.set_timer(REST_STARTS_AFTER, self._mount_hidden)

    async def _mount_hidden(self) -> None:
        """What only a key shows; neither the queue nor the lines around it wait for it."""
        self.console_app.live.show_queue(0, PAGE)
        styles = self.app.stylesheet
        styles.read(_LATER_STYLES)
        styles.parse()
        from callcenter.console.widgets.call_strip import CallStrip
        from callcenter.console.widgets.choice import Choice
        from callcenter.console.widgets.command_line import CommandLine
        from callcenter.console.widgets.offer_strip import OfferStrip

        strips = (CallStrip(), OfferStrip())
        await self.mount(*strips, after=self.query_one(AlarmLane))
        await self.mount(Choice(id="choice"), CommandLine(self._complete), before=self.query_one(KeyHints))

    def on_resize(self, event: events.Resize) -> None:
        """The third column is there where there is room for it."""
        self._divide(event.size.width)

    def _divide(self, width: int) -> None:
        self.set_class(width >= WIDE, "-wide")
        self.set_class(width < NARROW, "-narrow")

    # What the threads tell. Found by their names: the messages are imported with the threads, after the first paint.

    def _on_queue_read(self, event: "QueueRead") -> None:
        self._queue = event.view
        self._paint_queue()
        self._paint_clocks()
        if self.has_class("-plan"):
            self.operations.plan.look_again()

    def _on_phone_read(self, event: "PhoneRead") -> None:
        self.phone = event.view
        self._paint_clocks()

    def _on_care_read(self, event: "CareRead") -> None:
        self.care = event.view
        self._paint_clocks()

    def _on_telephone_seen(self, event: "TelephoneSeen") -> None:
        self.telephone = event.state
        self._paint_clocks()

    def _on_link_changed(self, event: "LinkChanged") -> None:
        self.link = event.link
        if "operations" in vars(self):
            self.operations.centre.heard(event.link)
        self._paint_queue()
        self._paint_clocks()
        if self.view is not None:
            self._paint_request()

    def _on_claims_settled(self, event: "ClaimsSettled") -> None:
        self.operations.centre.settled(event.settled)

    def _on_request_read(self, event: "RequestRead") -> None:
        if event.view is not None and event.view.request.id != self.shown:
            return
        self.view = event.view
        self._paint_request()

    def _on_matches_read(self, event: "MatchesRead") -> None:
        if event.request_id != self.shown:
            return
        self.matches, self.around = event.matches, event.around
        if self.chosen_option is None:
            self.chosen = self._first_choice(list(self.matches.options) if self.matches else [])
        if self.has_class("-plan"):
            from callcenter.console.screens.queue_plan import choose_planned

            choose_planned(self)
        self._paint_around()
        self._paint_request()
        self.operations.shown_now()

    def _first_choice(self, found: Sequence[str]) -> str | None:
        """The provider whose place is kept for the request, else the best match."""
        kept = [one.provider_id for one in self.view.live if one.state == "reserved"] if self.view else []
        return next((one for one in (*kept, *found) if one in found), None)

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
            self.console_app.live.look_again()
            return
        self._forget_typed()
        self.operations.done(event.action, event.result)
        self.console_app.live.look_again()
        self._paint_hints()

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
        self.shown, self.view, self.matches, self.around, self.chosen = request_id, None, None, [], None
        self.console_app.live.show_request(request_id)
        self._paint_in_flight()

    def choose(self, key: str) -> None:
        """Place with this match, or what else there is, from now on."""
        self.chosen = key
        self._paint_request()

    def tell(self, text: str, look: StyleName = "ok") -> None:
        """One sentence above the keys, for some seconds."""
        self.query_one("#status", Panel).show(lambda width: ((Cell(f" {text}", look),),))
        if self._forget is not None:
            self._forget.stop()
        self._forget = self.set_timer(TOLD_SECONDS, self._be_quiet) if text else None

    def _be_quiet(self) -> None:
        self.tell("")

    @on(LineList.Highlighted, "#queue")
    def _cursor_moved(self, event: LineList.Highlighted) -> None:
        self.console_app.live.follow(event.key)
        # A request that ended stays on the panel until the operator goes on: the next key must not hit another child.
        if event.by_operator or self.shown is None:
            self.select(event.key)

    @on(RequestPanel.MatchClicked)
    def _match_clicked(self, event: RequestPanel.MatchClicked) -> None:
        self.choose(event.key)

    @on(LineList.PageWanted, "#queue")
    def _page_wanted(self, event: LineList.PageWanted) -> None:
        self.console_app.live.show_queue(event.offset, event.limit)

    @on(LineList.PageWanted)
    def _small_page_wanted(self, event: LineList.PageWanted) -> None:
        """The lists of matches and of providers around are handed in whole."""

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

    # The form, and going to a request

    @property
    def form(self) -> "RequestForm | None":
        """The form of a request, once it was opened."""
        # By its name: its module is imported when the form is first opened.
        return cast("RequestForm | None", self.query_one_optional("RequestForm"))

    async def open_form(self, view: "RequestView | None" = None) -> None:
        """The form stands where the selected request stood; the queue stays beside it."""
        from callcenter.text.phone import display_phone

        form = await self._shown_form()
        if view is None:
            call = self._queue.calls[0] if self._queue.calls else None
            phone = display_phone(call.phone) if call and call.phone else ""
            await form.open_new(phone=phone, call_id=call.id if call else None)
        else:
            await form.open_amending(view)

    async def open_draft(self, held: "Held") -> None:
        """Go on with a draft of a new request that was kept on disk."""
        form = await self._shown_form()
        await form.open_held(held)

    async def hold_draft(self, held: "Held") -> None:
        """A draft of an amendment is there again when its request is amended."""
        (await self._form_made()).hold(held)

    async def _form_made(self) -> "RequestForm":
        from callcenter.console.forms.request_form import RequestForm

        form = self.form
        if form is None:
            seat = self.console_app.seat
            call_back = timedelta(minutes=seat.settings.callback_minutes)
            form = RequestForm(seat.reference, seat.clock, call_back=call_back)
            await self.query_one("#middle").mount(form)
        return form

    async def _shown_form(self) -> "RequestForm":
        form = await self._form_made()
        self.add_class("-form")
        self._paint_hints()
        return form

    def on_form_left(self) -> None:
        """Back to the selected request; what was typed stays in the form."""
        self.close_form()

    def close_form(self) -> None:
        """The selected request stands there again; the key that closed the form must not hit it as well."""
        self.remove_class("-form")
        self._paint_hints()
        self._paint_say()
        self._just_closed = True
        self.set_timer(STILL_PRESSED_SECONDS, self._forget_form)

    def _forget_form(self) -> None:
        self._just_closed = False

    def on_request_filled(self, event: "RequestFilled") -> None:
        """The form of a new request was saved."""
        self.operations.filled(event.wish)

    def on_request_amended_filled(self, event: "RequestAmendedFilled") -> None:
        """The form of a request that is here already was saved."""
        self.operations.amended(event.request_id, event.changes)

    async def on_other_wanted(self) -> None:
        """The draft of the call that came meanwhile, else the other one."""
        form = self.form
        if form is not None:
            if self.talking_call not in (None, form.call_id):
                await self.open_form()
            else:
                await form.open_other()

    def on_join_wanted(self, event: "JoinWanted") -> None:
        """What was typed belongs to a request that is here already."""
        self.operations.join(event)

    def on_draft_changed(self, event: "DraftChanged") -> None:
        """Something was typed: it is on disk before the next key."""
        from callcenter.console.forms.kept import row_of

        held, actor, now = event.held, self.console_app.actor, self.now
        if held is None or actor is None:
            self.console_app.drafts.keep(event.draft_id, None)
        else:
            self.console_app.drafts.keep(event.draft_id, lambda: row_of(held, actor.name, now))

    def on_typed_so_far(self, event: "TypedSoFar") -> None:
        """Something else is asked for: what can be said of it?"""
        self.console_app.live.work_out(event.typed)

    def _on_so_far_read(self, event: "SoFarRead") -> None:
        if self.form is not None and self.form.is_open:
            self.form.show_so_far(event.typed, event.so_far)
            self._paint_say()

    def _on_drafts_found(self, event: "DraftsFound") -> None:
        self.operations.drafts_found(event.rows, asked=event.asked)

    def _on_draft_taken(self, event: "DraftTaken") -> None:
        self.operations.draft_taken(event.row, taken=event.taken)

    def _on_draft_not_kept(self, event: "DraftNotKept") -> None:
        why = str(self.console_app.incident(event.error))
        self.tell(_("What you type is not on the disk yet: {why}").format(why=why), "urgent")

    def on_phone_typed(self, event: "PhoneTyped") -> None:
        """A whole number stands in the form: is its guardian known?"""
        self.console_app.live.find_guardian(event.stored)

    async def _on_guardian_found(self, event: "GuardianFound") -> None:
        form = self.form
        if form is not None and form.is_open:
            await form.fill_guardian(event.guardian, event.children, event.region, event.consents)
            if event.guardian is not None:
                self.operations.opened(event.guardian.id)

    def show_request(self, request_id: str) -> None:
        """Select a request wherever it stands in the queue."""
        if not self.query_one("#queue", LineList).highlight(request_id):
            self._to_highlight = request_id
        self.select(request_id)

    def numbers(self) -> dict[str, str]:
        """The receipt numbers of the queue that was read, with their requests."""
        return {row.number: row.id for row in self._queue.rows}

    # The telephone

    def on_callback_list_ring_wanted(self, event: "CallbackList.RingWanted") -> None:
        """One of the call-backs is to be rung now."""
        if self.callback is not None and self.callback.id == event.callback:
            self.operations.calls.ring(self.callback)

    def on_callback_list_left(self) -> None:
        """Back to the queue."""
        from callcenter.console.screens.calls import hide_callbacks

        hide_callbacks(self)

    @on(LineList.PageWanted, "#callbacks")
    def _callbacks_page_wanted(self, event: LineList.PageWanted) -> None:
        self.console_app.live.show_callbacks(event.offset, event.limit)

    @on(LineList.Highlighted, "#callbacks")
    def _callback_under_cursor(self, event: LineList.Highlighted) -> None:
        """The request that a call-back was promised for is shown; of the others there is none to act on."""
        if self.has_class("-callbacks"):
            row = self.callback
            self.select(row.id if row is not None and row.kind == "request" else None)
            self._paint_request()

    @property
    def callback(self) -> "CallbackRow | None":
        """The call-back under the cursor, while they are shown."""
        if self.phone is None or not self.has_class("-callbacks"):
            return None
        key = self.query_one("#callbacks", LineList).cursor_key
        return next((row for row in self.phone.callbacks if row.id == key), None)

    async def show_callbacks(self, subject: str | None = None) -> None:
        """The call-backs stand in place of the queue, the cursor on the `subject`; without one a second time: back."""
        from callcenter.console.screens.calls import hide_callbacks, show_callbacks

        if subject is None and self.has_class("-callbacks"):
            hide_callbacks(self)
        else:
            if not self.has_class("-callbacks"):
                self.put_list_away()
            await show_callbacks(self, subject)

    def put_list_away(self) -> None:
        """The queue again, whichever list stood in its place."""
        from callcenter.console.screens.calls import hide_callbacks
        from callcenter.console.screens.care import hide_stays
        from callcenter.console.screens.queue_plan import hide_plan

        for name, hide in (("-callbacks", hide_callbacks), ("-stays", hide_stays), ("-plan", hide_plan)):
            if self.has_class(name):
                hide(self)

    # The plan of the whole queue

    def _on_plan_read(self, event: "PlanRead") -> None:
        self.operations.plan.read(event.plan)

    def on_plan_list_take_wanted(self, event: "PlanList.TakeWanted") -> None:
        """One row of the plan is to be taken."""
        self.operations.plan.take(event.request_id)

    def on_plan_list_take_all_wanted(self) -> None:
        """All of the plan is to be taken."""
        self.operations.plan.ask_all()

    def on_plan_list_left(self) -> None:
        """Back to the queue."""
        self.operations.plan.leave()

    @on(LineList.Highlighted, "#plan")
    def _planned_under_cursor(self, event: LineList.Highlighted) -> None:
        """The request under the cursor is shown, with the planned match as the chosen one."""
        if self.has_class("-plan"):
            from callcenter.console.screens.queue_plan import choose_planned

            self.select(event.key)
            choose_planned(self)

    # Who is in care

    def on_stay_list_wanted(self, event: "StayList.Wanted") -> None:
        """Something is to be done with one of the children on the list."""
        line = self.stay
        if line is not None and line.key == event.key:
            self.operations.care.wanted(event.action, line)

    def on_stay_list_left(self) -> None:
        """Back to the queue."""
        from callcenter.console.screens.care import hide_stays

        hide_stays(self)

    @on(LineList.Highlighted, "#stays")
    def _stay_under_cursor(self, event: LineList.Highlighted) -> None:
        if self.has_class("-stays"):
            self.select(self.stay.request_id if self.stay is not None else None)
            self._paint_request()

    @property
    def stay(self) -> "CareLine | None":
        """The line under the cursor of the list of care, while it is shown."""
        if self.care is None or not self.has_class("-stays"):
            return None
        key = self.query_one("#stays", LineList).cursor_key
        return next((line for line in self.care.lines if line.key == key), None)

    @property
    def listed(self) -> tuple[Scope, ...]:
        """The list that stands in place of the queue, as the registry names it."""
        if self.has_class("-callbacks"):
            return ("callbacks",)
        if self.has_class("-plan"):
            return ("plan",)
        return ("stays",) if self.has_class("-stays") else ()

    async def show_stays(self, request_id: str | None = None) -> None:
        """The list of care in place of the queue, the cursor on the request; without one a second time: back."""
        from callcenter.console.screens.care import hide_stays, show_stays

        if request_id is None and self.has_class("-stays"):
            hide_stays(self)
        else:
            if not self.has_class("-stays"):
                self.put_list_away()
            await show_stays(self, request_id)

    def say(self, text: str | None) -> None:
        """This stands in place of the sentence to say; None: that of the request again."""
        self.said = text
        self._paint_request()

    def show_card(self, shown: bool) -> None:
        """The short numbers stand above the choice, or are gone."""
        from callcenter.console.screens.calls import show_card

        self.call_later(show_card, self, shown)

    # Painting

    def speak_again(self) -> None:
        """Every word once more, in the language now in use."""
        self._rows.clear()
        self.query_one("#queue", LineList).set_columns(queue.columns(), _("No open request."))
        self._paint_queue()
        self._paint_clocks()
        self._paint_request()
        self._paint_around()
        if self.phone is not None:
            from callcenter.console.screens.calls import speak_again

            speak_again(self)
        if self.care is not None:
            from callcenter.console.screens import care

            care.speak_again(self)
        self.call_later(self.speak_form_again)

    async def speak_form_again(self) -> None:
        """The form's captions in the language now in use."""
        if self.form is not None:
            await self.form.speak_again()

    def _paint_queue(self) -> None:
        """The page that was read; a row that did not change keeps the cells it has."""
        found = self.query_one("#queue", LineList)
        found.set_total(self._queue.figures.open)
        now = self.now
        rows = [self._row(row, now) for row in self._queue.rows]
        self._rows = {row.id: self._rows[row.id] for row in self._queue.rows}
        found.set_page(self._queue.offset, rows, self._queue.cursor_index)
        if self._to_highlight is not None and found.highlight(self._to_highlight):
            self._to_highlight = None

    def _row(self, row: QueueRow, now: datetime) -> Row:
        """Made again when the row changed, every minute, and every second where a clock runs."""
        seat = self.console_app.seat
        work = self.worked_on_by(row.id)
        beat = int(now.timestamp()) // (1 if row.offer_expires_at or work else 60)
        kept = self._rows.get(row.id)
        if kept is None or kept[:3] != (row, beat, work):
            kept = self._rows[row.id] = (row, beat, work, queue.row(row, seat.reference, now, work))
        return kept[3]

    def alarms(self) -> list[AlarmRow]:
        """What has run out and nobody has noted, and what nobody has decided."""
        of_care = self.care.alarms if self.care is not None else []
        return [alarm for alarm in (*self._queue.alarms, *of_care) if alarms.key(alarm) not in self.noted]

    def _paint_clocks(self) -> None:
        """What moves with the time of day."""
        if self.link.joined and "operations" in vars(self):
            self.operations.centre.goes_on()
        self.paint_top(self.query_one(HeaderBar), self.query_one(AlarmLane))
        if self.link.work or any(row.offer_expires_at for row in self._queue.rows):
            self._paint_queue()
        if self.view is not None and (self.view.leading or self.tried_by):
            self._paint_request()
        if self.phone is not None:
            from callcenter.console.screens.calls import paint_phone

            paint_phone(self, self.phone)
        if self.has_class("-stays"):
            from callcenter.console.screens.care import paint_stays

            paint_stays(self)
        self._paint_in_flight()
        self._paint_hints()

    def paint_top(self, bar: HeaderBar, lane: AlarmLane) -> None:
        """Header and lane as they are now, here or on a screen that lies on this one."""
        now, seat, actor = self.now, self.console_app.seat, self.console_app.actor
        bar.show(
            header.parts(
                seat.reference,
                seat.programs,
                seat.desk,
                actor,
                self._queue,
                now,
                demo=seat.demo,
                owed=self.phone.owed if self.phone else 0,
                in_care=self.care.in_care if self.care else 0,
                telephone=self.telephone,
                link=self.link,
                narrow=self.app.size.width < NARROW,
            )
        )
        lane.show([alarms.alarm(row, now) for row in self.alarms()], now)

    def _paint_in_flight(self) -> None:
        if self._queue.in_flight or self._strip_shown:
            from callcenter.console.screens.offers import paint_in_flight

            self._strip_shown = bool(self._queue.in_flight)
            paint_in_flight(self)

    @property
    def in_flight(self) -> "Sequence[InFlightRow]":
        """Whom everybody at the desk is trying just now."""
        return self._queue.in_flight

    def _paint_request(self) -> None:
        """The selected request, and what can be done with it."""
        from callcenter.console.screens.selection import paint_request

        paint_request(self)
        self._paint_hints()

    def paint_selected(self) -> None:
        """What is selected once more, as after a change that its own reading does not tell of."""
        self._paint_request()

    def _paint_say(self) -> None:
        from callcenter.console.screens.selection import paint_say

        paint_say(self)

    def _paint_around(self) -> None:
        from callcenter.console.screens.selection import paint_around

        paint_around(self)

    def _paint_hints(self) -> None:
        scopes: tuple[Scope, ...] = ("form",) if self.has_class("-form") else ("desk", "everywhere")
        self.query_one(KeyHints).show(key_line(self.state(), self.listed, scopes))

    # Search

    async def open_search(self, text: str, *, number: bool = False) -> None:
        """The search at the bottom; a receipt `number` is gone to at once when there is a request of it."""
        from callcenter.console.presentation import search
        from callcenter.console.widgets.search_line import SearchLine

        line = self._search_line
        if line is None:
            line = SearchLine(search.columns())
            await self.mount(line, before=self.query_one(KeyHints))
        line.open(text, search.columns(), "exact" if number else "")

    @property
    def _search_line(self) -> "SearchLine | None":
        """The search, once it was opened."""
        # By its name: its module is imported when the search is first opened.
        return cast("SearchLine | None", self.query_one_optional("SearchLine"))

    def on_search_line_typed(self, event: "SearchLine.Typed") -> None:
        """Something else is searched for."""
        self.console_app.live.search(event.text)

    def _on_search_read(self, event: "SearchRead") -> None:
        from callcenter.console.presentation import search

        if self._search_line is not None:
            rows = [search.row(row, self.console_app.seat.reference) for row in event.found.rows]
            self._search_line.show(event.text, rows, more=event.found.more, exact=event.found.exact)

    def on_search_line_looked(self, event: "SearchLine.Looked") -> None:
        """Masked names and numbers were shown."""
        self.operations.searched(event.hits)

    def on_search_line_opened(self, event: "SearchLine.Opened") -> None:
        """One of what was found, wherever it stands; an ended one stands in no queue."""
        self.query_one("#queue", LineList).highlight(event.request_id)
        self.select(event.request_id)

    def _complete(self, line: str) -> "Sequence[Completion]":
        from callcenter.console.commands import completions

        return completions(line, [row.number for row in self._queue.rows])
