"""The form of a request on the desk's screen: it stands where the selected request stood, beside the queue."""

from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, cast

from textual import on

from callcenter.console.forms.kept import Held, row_of
from callcenter.console.forms.messages import (
    JoinWanted,
    PhoneTyped,
    RequestAmendedFilled,
    RequestFilled,
)
from callcenter.console.forms.request_form import RequestForm
from callcenter.console.messages import GuardianFound, SoFarRead
from callcenter.desk.view import RequestView
from callcenter.text.phone import display_phone

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.so_far import Typed

DRAFT_SECONDS = 0.02
"""So long what can be said waits for the draft to be on disk; the two would only make each other slower."""


class DeskForm(RequestForm):
    """The form, and what the desk does with what it tells."""

    @property
    def _desk(self) -> "DeskScreen":
        return cast("DeskScreen", self.screen)

    @on(GuardianFound)
    async def _guardian_found(self, found: GuardianFound) -> None:
        if not self.is_open:
            return
        await self.fill_guardian(found.guardian, found.children, found.region, found.consents)
        if found.guardian is not None:
            self._desk.operations.forms.opened(found.guardian.id)

    @on(SoFarRead)
    def _so_far_read(self, found: SoFarRead) -> None:
        if self.is_open:
            self.show_so_far(found.typed, found.so_far)
            self._desk.painting.say()

    def on_form_left(self) -> None:
        """Back to the selected request; what was typed stays in the form."""
        self._desk.close_form()

    def on_request_filled(self, event: RequestFilled) -> None:
        """The form of a new request was saved."""
        self._desk.operations.forms.filled(event.wish)

    def on_request_amended_filled(self, event: RequestAmendedFilled) -> None:
        """The form of a request that is here already was saved."""
        self._desk.operations.forms.amended(event.request_id, event.changes)

    async def on_other_wanted(self) -> None:
        """The draft of the call that came meanwhile, else the other one."""
        if self._desk.talking_call not in (None, self.call_id):
            await open_form(self._desk)
        else:
            await self.open_other()

    def on_join_wanted(self, event: JoinWanted) -> None:
        """What was typed belongs to a request that is here already."""
        self._desk.operations.forms.join(event)

    def on_phone_typed(self, event: PhoneTyped) -> None:
        """A whole number stands in the form: is its guardian known?"""
        self._desk.console_app.live.questions.find_guardian(event.stored, self.post_message)


async def open_form(screen: "DeskScreen", view: RequestView | None = None) -> None:
    """Write down a new request, that of the call that talks; or amend the one of the `view`."""
    form = await _shown(screen)
    if view is None:
        call_id, phone = screen.talking
        await form.open_new(phone=display_phone(phone) if phone else "", call_id=call_id)
    else:
        await form.open_amending(view)


async def open_draft(screen: "DeskScreen", held: Held) -> None:
    """Go on with a draft of a new request that was kept on disk."""
    await (await _shown(screen)).open_held(held)


async def hold_draft(screen: "DeskScreen", held: Held) -> None:
    """A draft of an amendment is there again when its request is amended."""
    (await _made(screen)).hold(held)


async def _shown(screen: "DeskScreen") -> DeskForm:
    form = await _made(screen)
    screen.add_class("-form")
    screen.painting.hints()
    return form


async def _made(screen: "DeskScreen") -> DeskForm:
    form = screen.form
    if form is None:
        seat = screen.console_app.seat
        call_back = timedelta(minutes=seat.settings.callback_minutes)
        keep, ask = partial(_keep_draft, screen), partial(_work_out, screen)
        form = DeskForm(seat.reference, seat.clock, keep, ask, call_back=call_back)
        await screen.query_one("#middle").mount(form)
    return form


def _keep_draft(screen: "DeskScreen", draft_id: str, held: Held | None) -> None:
    """Something was typed: it is on disk before the next key."""
    app, now = screen.console_app, screen.now
    actor = app.actor
    if held is None or actor is None:
        app.drafts.keep(draft_id, None)
    else:
        app.drafts.keep(draft_id, lambda: row_of(held, actor.name, now))


def _work_out(screen: "DeskScreen", typed: "Typed") -> None:
    """Something else is asked for: what can be said of it?"""
    if screen.form is not None:
        app = screen.console_app
        app.live.questions.work_out(typed, screen.form.post_message, lambda: app.drafts.settle(DRAFT_SECONDS))
