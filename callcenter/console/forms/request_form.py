"""The form of a request, beside the live queue: filled with keys alone, answered while it is filled.

Its line and its fields are two views of one draft. Nothing typed is lost: a draft is kept on disk with every change,
and stands there again when the form is opened for the same call or the same request.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar

from textual import events, on
from textual.binding import Binding, BindingType
from textual.timer import Timer

from callcenter.console.actions import bindings, by_id, in_scopes, key_names
from callcenter.console.forms.draft import (
    chosen_children,
    next_child,
    passed_over,
    with_children,
    with_guardian,
    without_guardian,
)
from callcenter.console.forms.drafted_form import Ask, DraftedForm, Keep
from callcenter.console.forms.duplicate_panel import DuplicatePanel
from callcenter.console.forms.fields import FieldChanged, FieldDone, TextField
from callcenter.console.forms.form_view import DIFFERENT
from callcenter.console.forms.line import LINE
from callcenter.console.forms.line_box import QUESTION
from callcenter.console.forms.messages import FormLeft, JoinWanted, OtherWanted
from callcenter.console.forms.reading import is_resident_number
from callcenter.console.forms.typed import said_again, stored_phone
from callcenter.desk.requests import CONSENTS
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow, GuardianRow
from callcenter.text.resident_numbers import without_begun_numbers

CALL_BACK = timedelta(minutes=15)
REST_SECONDS = 0.15
_OWN_KEYS = frozenset(key for action in in_scopes("form") for key in action.keys)
# What acts on the selected request must not act on it while another one is being written down.
_SHUT_KEYS = frozenset(
    key for action in in_scopes("desk") if action.group in ("request", "placement") for key in action.keys
)


class RequestForm(DraftedForm):
    """Hidden until `open_new`, `open_held` or `open_amending`; gives the focus back to where it was."""

    BINDINGS: ClassVar[list[BindingType]] = [
        *bindings("form"),
        *(Binding(key, "shut", show=False) for key in sorted(_SHUT_KEYS - _OWN_KEYS)),
    ]
    DEFAULT_CSS = """
    RequestForm {
        display: none;
        background: $surface;
        & > #form-title { height: 1; background: $panel; }
        & > #form-told { background: $boost; max-height: 5; }
    }
    """

    def __init__(
        self,
        reference: Reference,
        clock: Callable[[], datetime],
        keep: Keep,
        ask: Ask,
        *,
        call_back: timedelta = CALL_BACK,
        id: str | None = None,
    ) -> None:
        """`call_back` is what is promised when nothing else is said."""
        super().__init__(reference, clock, keep, ask, call_back, id=id)
        self._fitting: Timer | None = None

    async def fill_guardian(
        self,
        guardian: GuardianRow | None,
        children: Sequence[ChildRow],
        region: str = "",
        consents: Sequence[str] = (),
    ) -> None:
        """What is known under the number that was typed; `region` is the code of the guardian's last request.

        What the operator typed stays. An answer that comes when the number is another one already is let go.
        """
        known = self._draft.guardian
        late = guardian is not None and guardian.phone != stored_phone(self._box.raw.get("phone", ""))
        if self._request is not None or guardian is None or late or (known is not None and known.id == guardian.id):
            return
        name = str(self._reference.regions[region].name) if region in self._reference.regions else ""
        found = with_guardian(without_guardian(self.draft), guardian, children, name, consents)
        await self._apply(self._line.read(found))
        focused = self._box.focused
        # While the number is being typed the cursor stays: its last digits or the Enter behind it are still to come.
        if focused not in (None, "phone") and passed_over(self.draft, focused):
            self._go_on(focused)
        self._settle_soon()

    async def speak_again(self) -> None:
        """The language changed: the captions and answers anew, with what was typed."""
        draft, focused = self.draft, self._box.focused
        await self._box.speak_again()
        await self._line.speak_again()
        if self.display:
            await self._apply(draft)
            self._line.fill(draft)
            if focused is None and self._request is None:
                self.screen.set_focus(self._line.field.target)
            else:
                self._box.go_to(focused or self._box.shown[0])
            self._paint_so_far()
            self._say()

    # Keys

    async def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        await self._fit_now()
        discarding, self._discarding = self._discarding, False
        if action == "form.save":
            self._save()
        elif action == "form.leave":
            self._keep()
            self._close()
            self.post_message(FormLeft())
        elif action == "form.add_child" and self._request is None:
            number = next_child(self.draft.raw)
            self._added |= {number}
            await self._apply(self.draft)
            self._box.go_to(f"child{number}.name")
        elif action in ("form.next", "form.previous"):
            self._go_by(1 if action == "form.next" else -1)
        elif action == "form.other":
            self._keep()
            self.post_message(OtherWanted())
        elif action == "form.consent" and self._request is None:
            self._box.field("consent").fill(" ".join(CONSENTS))
        elif action == "form.join":
            self._join()
        elif action == "form.different":
            shown = [row.id for row in self.query_one(DuplicatePanel).rows]
            kept = self._draft.raw.get(DIFFERENT, "").split()
            self._draft = self._draft.with_raw({DIFFERENT: " ".join([*kept, *shown])})
            self._paint_so_far()
            self._settle_soon()
        elif action == "form.discard":
            self._discard(sure=discarding)

    def action_shut(self) -> None:
        """Say why a key of the desk does nothing."""
        save, leave = (key_names(by_id(action))[0] for action in ("form.save", "form.leave"))
        self._refused = _("Save the form with {save} or leave it with {leave} first.").format(save=save, leave=leave)
        self._say()

    def _join(self) -> None:
        rows = self.query_one(DuplicatePanel).rows
        if not rows:
            self.refuse(_("No request like this one is here."))
            return
        self._keep()
        self.post_message(JoinWanted(rows, said_again(self.draft.raw), self._call_id, self._draft_id))

    # What is typed

    @on(FieldDone)
    async def _field_done(self, event: FieldDone) -> None:
        event.stop()
        await self._fit_now()
        if event.field in (LINE, QUESTION) and self._line.asks:
            self.screen.set_focus(self._line.question.target)
        elif event.field in (LINE, QUESTION):
            self._go_to_needed()
        else:
            self._go_on(event.field)

    @on(FieldChanged)
    async def _field_changed(self, event: FieldChanged) -> None:
        event.stop()
        key = event.field
        if key in (LINE, QUESTION, self._box.focused):
            # By hand; what a word or a record fills in takes nothing back.
            self._refused, self._discarding = "", False
        if key == LINE:
            read = self._line.read(self.draft)
            # While it is shown, other threads wait for the disk and work out what can be said of it.
            self._keep(read)
            self._ask(read)
            self._fill(read)
            self._fit_soon()
        elif key == QUESTION:
            await self._answered()
        elif key in self._box.shown:
            await self._typed_into(key)
        self._settle_soon()

    def _fit_soon(self) -> None:
        """Fields of children come and go once nobody types: they take longer than the answer to what was typed."""
        if self._fitting is not None:
            self._fitting.stop()
            self._fitting = None
        if self._box.children_shown != self._children:
            self._fitting = self.set_timer(REST_SECONDS, self._fit_now)

    async def _fit_now(self) -> None:
        """The fields that are due, before anything goes to one of them."""
        if self._fitting is not None:
            self._fitting.stop()
            self._fitting = None
            await self._apply(self.draft)

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field means."""
        self._say()

    def on_descendant_blur(self, event: events.DescendantBlur) -> None:
        """What may not be taken down does not stay in the line."""
        if event.widget is self._line.field.target and self._line.refuses:
            self._line.clear_refused()

    async def _typed_into(self, key: str) -> None:
        changed = self._box.field(key)
        text = changed.raw
        if isinstance(changed, TextField) and key not in ("phone", "second_phone"):
            birth = key.endswith(".birth")
            kept = ("" if is_resident_number(text) else text) if birth else without_begun_numbers(text)
            if kept != text:
                self._removed = key
                changed.fill(kept)
                return
        if text:
            self._removed = ""
        if self._faults.pop(key, None) is not None:
            changed.show_wrong(False)
        if key == "phone":
            await self._look_up()
        elif key == "known" and set(text.split()) != set(chosen_children(self.draft)):
            await self._apply(with_children(self.draft, text.split()))

    async def _answered(self) -> None:
        """An answer to the question about a word; what follows it shows where the cursor is."""
        code = self._line.question.raw
        if not code or not self._line.asks:
            return
        await self._apply(self._line.answer(self.draft, code))
