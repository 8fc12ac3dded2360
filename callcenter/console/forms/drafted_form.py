"""A form whose draft outlives it: opened, kept with every change, asked about as it is filled, saved or forgotten."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import uuid4

from textual.widget import Widget

from callcenter.console.actions import by_id, key_names
from callcenter.console.forms.draft import DEFAULTS, Draft, without_guardian
from callcenter.console.forms.filled import Raw, changes_of, wish_of
from callcenter.console.forms.form_view import FormView
from callcenter.console.forms.kept import Held, is_worth_keeping
from callcenter.console.forms.known import raw_request
from callcenter.console.forms.messages import (
    FormLeft,
    PhoneTyped,
    RequestAmendedFilled,
    RequestFilled,
)
from callcenter.console.forms.typed import stored_phone, typed_of
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.desk.new_requests import NewRequest
from callcenter.desk.so_far import SoFar, Typed
from callcenter.desk.view import RequestView
from callcenter.language import _
from callcenter.reference import Reference

Keep = Callable[[str, Held | None], object]
"""Has a draft kept on disk as it is now, or forgotten."""
Ask = Callable[[Typed], object]
"""Has what can be said of this worked out; `DraftedForm.show_so_far` is called with the answer."""


class DraftedForm(FormView):
    """Has drafts kept, and what can be said of them worked out, with every change."""

    def __init__(
        self,
        reference: Reference,
        clock: Callable[[], datetime],
        keep: Keep,
        ask: Ask,
        call_back: timedelta,
        *,
        id: str | None = None,
    ) -> None:
        """`call_back` is what is promised when nothing else is said."""
        super().__init__(reference, clock, call_back, id=id)
        # Called at once, and no messages: those wait while the screen is painted.
        self._keep_on_disk, self._work_out = keep, ask
        self._draft_id = ""
        self._call_id: str | None = None
        self._typed = Typed()
        self._asked: Raw | None = None
        self._looked_up = ""
        self._sent = self._discarding = self._settling = False
        self._focused_before: Widget | None = None

    @property
    def is_open(self) -> bool:
        """Whether something is being written down."""
        return bool(self.display)

    @property
    def call_id(self) -> str | None:
        """The call that what stands in the form was said in."""
        return self._call_id

    async def open_new(self, *, phone: str = "", call_id: str | None = None) -> None:
        """Write down a new request, of this call if there is one; `phone` is what its display shows."""
        held = self._held.about(call_id, None)
        await self.open_held(held or Held(uuid4().hex, Draft({**DEFAULTS, "phone": phone}, shown=phone), call_id))

    async def open_held(self, held: Held) -> None:
        """Go on with the draft of a new request."""
        self._request, self._call_id = None, held.call_id
        await self._open(held)

    async def open_other(self) -> None:
        """Go on with the other draft, if there is one."""
        other = self._held.other(self._draft_id)
        if other is None:
            self.refuse(_("There is no other draft."))
        else:
            await self.open_held(other)

    async def open_amending(self, view: RequestView) -> None:
        """Change the fields of a request."""
        self._request, self._call_id = view.request, None
        held = self._held.about(None, view.request.id)
        fresh = Draft(raw_request(view, self._reference), view.guardian)
        await self._open(held or Held(uuid4().hex, replace(fresh, record=fresh.raw), None, view.request.id))

    def hold(self, held: Held) -> None:
        """A draft of an amendment that was kept on disk: it stands there when its request is amended again."""
        self._held.put(held)

    def show_so_far(self, typed: Typed, found: SoFar) -> None:
        """What can be said of what was typed; an answer to something else is let go."""
        if typed == self._typed:
            self.so_far = found
            self._paint_so_far()

    def refuse(self, sentence: str) -> None:
        """Saving was refused: say why; the form can be saved again."""
        self._refused, self._sent = sentence, False
        self._say()

    def finish(self) -> None:
        """It was saved: forget what was typed and close."""
        self._forget()
        self._close()

    # Opening and closing

    async def _open(self, held: Held) -> None:
        self._faults, self._refused, self._removed, self._looked_up = {}, "", "", ""
        self._draft_id, self._added = held.id, frozenset()
        self._sent = self._discarding = False
        self._typed, self._asked, self.so_far = Typed(request_id="?"), None, SoFar()
        if self._focused_before is None:
            self._focused_before = self.screen.focused
        self.display = True
        self._line.display = self._request is None
        # At once: while fields come and go others ask for the draft, and what stood there may be another family's.
        self._draft = held.draft
        self._box.fill(held.draft.raw)
        self._line.fill(held.draft)
        await self._apply(held.draft)
        self._box.mark(())
        if self._request is None:
            self.screen.set_focus(self._line.field.target)
        else:
            self._box.go_to(self._box.shown[0])
        self._paint_so_far()
        self.query_one(VerdictPanel).fit_anew()
        self._settle()

    def _close(self) -> None:
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached and before.focusable:
            self.screen.set_focus(before)
        else:
            self.screen.set_focus(None)

    # Keeping

    def _keep(self, draft: Draft | None = None) -> None:
        """Hold this draft, or the one that stands there now, and have it kept on disk."""
        request_id = self._request.id if self._request else None
        held = Held(self._draft_id, draft or self.draft, self._call_id, request_id)
        if self._sent:
            return
        if is_worth_keeping(held):
            self._held.put(held)
            self._keep_on_disk(self._draft_id, held)
        elif self._held.about(self._call_id, request_id) is not None:
            self._forget()

    def _forget(self) -> None:
        self._held.drop(self._draft_id)
        self._keep_on_disk(self._draft_id, None)

    def _discard(self, *, sure: bool) -> None:
        if not sure:
            key = key_names(by_id("form.discard"))[0]
            self.refuse(_("Press {key} again to throw the draft away.").format(key=key))
            self._discarding = True
            return
        self._forget()
        self._close()
        self.post_message(FormLeft())

    def _save(self) -> None:
        if self._sent:
            # A key pressed twice is not a second request.
            return
        draft, now = self.draft, self._clock()
        given = set(draft.record.get("consent", "").split())
        consent = " ".join(kind for kind in draft.raw.get("consent", "").split() if kind not in given)
        raw = {**draft.raw, "consent": consent}
        found = (
            changes_of(raw, self._request, self._reference, now)
            if self._request
            else wish_of(
                raw, self._reference, now, call_back=self._call_back, call_id=self._call_id, draft=self._draft_id
            )
        )
        if isinstance(found, tuple):
            self._faults = {fault.field: fault.sentence for fault in found}
            self._box.mark(self._faults)
            self._box.go_to(found[0].field)
            self._say()
            return
        self._keep()
        self._sent = True
        if isinstance(found, NewRequest):
            self.post_message(RequestFilled(found))
        elif self._request is not None:
            self.post_message(RequestAmendedFilled(self._request.id, found))

    # What is asked while it is filled

    async def _look_up(self) -> None:
        stored = stored_phone(self._box.raw.get("phone", ""))
        if stored == self._looked_up:
            return
        self._looked_up = stored
        known = self._draft.guardian
        if known is not None and known.phone != stored:
            await self._apply(self._line.read(without_guardian(self.draft)))
        if stored:
            self.post_message(PhoneTyped(stored))

    def _settle_soon(self) -> None:
        """Once for all the fields that one key changed."""
        if not self._settling:
            self._settling = True
            self.call_next(self._settle)

    def _settle(self) -> None:
        """Keep what stands there now, ask what can be said of it, say what the field means."""
        self._settling = False
        if not self.display:
            return
        self._keep()
        self._ask(self.draft)
        self._paint_title()
        self._say()

    def _ask(self, draft: Draft) -> None:
        """Ask what can be said of this draft, unless that was asked already."""
        if draft.raw == self._asked:
            return
        self._asked = draft.raw
        request_id = self._request.id if self._request else ""
        typed = typed_of(draft.raw, self._reference, self._clock(), self._promised, request_id)
        if typed != self._typed:
            self._typed = typed
            if not typed.needs:
                self.so_far = SoFar(duplicates=self.so_far.duplicates)
                self._paint_so_far()
            self._work_out(typed)
