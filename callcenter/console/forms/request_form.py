"""The form of a request, beside the live queue: filled with keys alone, answered while it is filled.

Nothing typed is lost when it is left: what stood there stands there again when it is opened for the same call or the
same request.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from callcenter.console.actions import bindings, by_id, in_scopes, key_names
from callcenter.console.forms import layout
from callcenter.console.forms.answers import Answer
from callcenter.console.forms.draft import (
    DEFAULTS,
    Draft,
    chosen_children,
    next_child,
    passed_over,
    with_children,
    with_guardian,
    without_guardian,
)
from callcenter.console.forms.field_box import FieldBox
from callcenter.console.forms.fields import FieldChanged, FieldDone, TextField
from callcenter.console.forms.filled import changes_of, children_in, needs_of, raw_request, wish_of
from callcenter.console.forms.messages import FormLeft, PhoneTyped, RequestAmendedFilled, RequestFilled
from callcenter.console.forms.reading import ResidentNumber, is_resident_number
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.lines import broken
from callcenter.console.widgets.panel import Panel
from callcenter.desk.requests import NewRequest
from callcenter.desk.view import RequestView
from callcenter.errors import CallcenterError
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow, GuardianRow, RequestRow
from callcenter.text.moments import SEOUL
from callcenter.text.phone import PhoneError, read_phone

CALL_BACK = timedelta(minutes=15)
_REQUIRED = frozenset({"region", "phone", "guardian", "when", "reason"})
_TOLD_LINES = 4
_OWN_KEYS = frozenset(key for action in in_scopes("form") for key in action.keys)
# What acts on the selected request must not act on it while another one is being written down.
_SHUT_KEYS = frozenset(
    key for action in in_scopes("desk") if action.group in ("request", "placement") for key in action.keys
)


class RequestForm(Vertical):
    """Hidden until `open_new` or `open_amending`; gives the focus back to where it was."""

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
        programs: Sequence[str],
        clock: Callable[[], datetime],
        *,
        call_back: timedelta = CALL_BACK,
        id: str | None = None,
    ) -> None:
        """A form over the services of these programs; `call_back` is what is promised when nothing else is said."""
        super().__init__(id=id)
        self._reference = reference
        self._services = tuple(one for one in reference.services.values() if one.program in programs)
        self._clock = clock
        self._call_back = call_back
        self._drafts: dict[str, Draft] = {}
        self._draft = Draft()
        self._request: RequestRow | None = None
        self._call_id: str | None = None
        self._looked_up = ""
        self._removed = ""
        self._refused = ""
        self._faults: dict[str, str] = {}
        self._sent = False
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Title, fields, what is understood of the one under the cursor, verdicts."""
        yield Panel(fills=True, id="form-title")
        yield FieldBox(self._reference)
        yield Panel(id="form-told")
        yield VerdictPanel(self._reference, self._services, self._clock)

    # What the screen calls

    @property
    def draft(self) -> Draft:
        """Everything that was typed or is known."""
        typed = {key: text for key, text in self._box.raw.items() if key != "known"}
        return replace(self._draft, raw={**self._draft.raw, **typed})

    @property
    def is_open(self) -> bool:
        """Whether something is being written down."""
        return bool(self.display)

    async def open_new(self, *, phone: str = "", call_id: str | None = None) -> None:
        """Write down a new request, of this call if there is one; `phone` is what its display shows."""
        self._request, self._call_id = None, call_id
        await self._open(self._drafts.get(self._key) or Draft({**DEFAULTS, "phone": phone}))

    async def open_amending(self, view: RequestView) -> None:
        """Change the fields of a request."""
        self._request, self._call_id = view.request, None
        await self._open(self._drafts.get(self._key) or Draft(raw_request(view, self._reference), view.guardian))

    async def fill_guardian(self, guardian: GuardianRow | None, children: Sequence[ChildRow], region: str = "") -> None:
        """What is known under the number that was typed; `region` is the code of the guardian's last request.

        What the operator typed stays. An answer that comes when the number is another one already is let go.
        """
        known = self._draft.guardian
        late = guardian is not None and guardian.phone != self._stored_phone()
        if self._request is not None or guardian is None or late or (known is not None and known.id == guardian.id):
            return
        name = str(self._reference.regions[region].name) if region in self._reference.regions else ""
        await self._apply(with_guardian(without_guardian(self.draft), guardian, children, name))
        focused = self._box.focused
        # While the number is being typed the cursor stays: its last digits or the Enter behind it are still to come.
        if focused not in (None, "phone") and passed_over(self.draft, focused):
            self._go_on(focused)
        self._say()

    def refuse(self, sentence: str) -> None:
        """Saving was refused: say why; the form can be saved again."""
        self._refused, self._sent = sentence, False
        self._say()

    def finish(self) -> None:
        """It was saved: forget what was typed and close."""
        self._drafts.pop(self._key, None)
        self._close()

    async def speak_again(self) -> None:
        """The language changed: the captions and answers anew, with what was typed."""
        draft, focused = self.draft, self._box.focused
        await self._box.speak_again()
        if self.display:
            await self._apply(draft)
            self._box.go_to(focused or self._box.shown[0])
            self._paint_title()
            self._say()
            self.query_one(VerdictPanel).paint()

    # Keys

    async def action_act(self, action: str) -> None:
        """What the keys of the registry do here."""
        if action == "form.save":
            self._save()
        elif action == "form.leave":
            self._drafts[self._key] = self.draft
            self._close()
            self.post_message(FormLeft())
        elif action == "form.add_child" and self._request is None:
            number = next_child(self.draft.raw)
            await self._apply(self.draft, added=number)
            self._box.go_to(f"child{number}.name")
        elif action in ("form.next", "form.previous"):
            self._box.go_by(1 if action == "form.next" else -1)

    def action_shut(self) -> None:
        """Say why a key of the desk does nothing."""
        save, leave = (key_names(by_id(action))[0] for action in ("form.save", "form.leave"))
        self._refused = _("Save the form with {save} or leave it with {leave} first.").format(save=save, leave=leave)
        self._say()

    @on(FieldDone)
    def _field_done(self, event: FieldDone) -> None:
        event.stop()
        self._go_on(event.field)

    @on(FieldChanged)
    async def _field_changed(self, event: FieldChanged) -> None:
        event.stop()
        key = event.field
        if key not in self._box.shown:
            return
        changed = self._box.field(key)
        if key.endswith(".birth") and is_resident_number(changed.raw):
            self._removed = key
            changed.fill("")
            return
        if changed.raw:
            self._removed = ""
        self._refused = ""
        if self._faults.pop(key, None) is not None:
            changed.show_wrong(False)
        if key == "phone":
            await self._look_up()
        elif key == "known" and set(changed.raw.split()) != set(chosen_children(self.draft)):
            await self._apply(with_children(self.draft, changed.raw.split()))
        self._say()
        self._ask()

    def on_descendant_focus(self, event: events.DescendantFocus) -> None:
        """Say what the field means."""
        self._say()

    # Opening and closing

    @property
    def _key(self) -> str:
        """Whose draft it is: a request's, a call's, or nobody's yet."""
        return f"request {self._request.id}" if self._request else f"call {self._call_id or ''}"

    @property
    def _box(self) -> FieldBox:
        return self.query_one(FieldBox)

    async def _open(self, draft: Draft) -> None:
        self._faults, self._refused, self._removed, self._looked_up, self._sent = {}, "", "", "", False
        if not self.display:
            self._focused_before = self.screen.focused
        self.display = True
        await self._apply(draft)
        self._box.mark(())
        blank = [key for key in self._box.shown if _is_required(key) and not self._box.field(key).raw]
        self._box.go_to(blank[0] if blank else self._box.shown[0])
        self._paint_title()
        self._say()
        self._ask()

    async def _apply(self, draft: Draft, *, added: int = 0) -> None:
        """Show this draft: the fields it needs, those of the child `added` too, and what stands in them."""
        self._draft = draft
        if self._request is not None:
            await self._box.show_fields((1,), lambda key: key in layout.AMENDED)
        else:
            numbers = sorted({*children_in(draft.raw), added} - {0})
            await self._box.show_fields(numbers, lambda key: key != "known" or bool(draft.known))
        self._box.offer("known", self._known_answers())
        self._box.fill({**draft.raw, "known": " ".join(chosen_children(draft))})

    def _close(self) -> None:
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached and before.focusable:
            before.focus()
        else:
            self.screen.set_focus(None)

    # Who is known

    async def _look_up(self) -> None:
        stored = self._stored_phone()
        if stored == self._looked_up:
            return
        self._looked_up = stored
        known = self._draft.guardian
        if known is not None and known.phone != stored:
            await self._apply(without_guardian(self.draft))
        if stored:
            self.post_message(PhoneTyped(stored))

    def _stored_phone(self) -> str:
        try:
            return read_phone(self._box.field("phone").raw).stored
        except PhoneError:
            return ""

    def _known_answers(self) -> tuple[Answer, ...]:
        today = self._clock().astimezone(SEOUL).date()
        return tuple(
            Answer(child.id, f"{child.name} {words.age(date.fromisoformat(child.birth), today)}", str(number))
            for number, child in enumerate(self._draft.known, 1)
        )

    # Moving and saving

    def _go_on(self, key: str) -> None:
        """To the next field that still has to be asked."""
        draft = self.draft
        following = next((other for other in self._box.after(key) if not passed_over(draft, other)), None)
        if following is not None:
            self._box.go_to(following)

    def _save(self) -> None:
        if self._sent:
            # A key pressed twice is not a second request.
            return
        raw, now = self.draft.raw, self._clock()
        found = (
            changes_of(raw, self._request, self._reference, now)
            if self._request
            else wish_of(raw, self._reference, now, call_back=self._call_back, call_id=self._call_id)
        )
        if isinstance(found, tuple):
            self._faults = {fault.field: fault.sentence for fault in found}
            self._box.mark(self._faults)
            self._box.go_to(found[0].field)
            self._say()
            return
        self._sent = True
        self._drafts[self._key] = self.draft
        if isinstance(found, NewRequest):
            self.post_message(RequestFilled(found))
        elif self._request is not None:
            self.post_message(RequestAmendedFilled(self._request.id, found))

    # Painting

    def _ask(self) -> None:
        self.query_one(VerdictPanel).ask(needs_of(self.draft.raw, self._reference, self._clock()))

    def _paint_title(self) -> None:
        title = _("Amend {number}").format(number=self._request.number) if self._request else _("New request")
        self.query_one("#form-title", Panel).show(lambda width: ((Cell(f" {title}", "title"),),))

    def _say(self) -> None:
        """What the field under the cursor means, and all that is missing or wrong elsewhere."""
        key = self._box.focused
        said: list[tuple[str, StyleName]] = [(self._refused, "urgent")]
        if key is not None:
            said.append(self._about(key))
        for other, sentence in self._faults.items():
            if other != key:
                said.append((f"{layout.title_of(other)}: {sentence}", "urgent"))

        def lines(width: int) -> Sequence[Pieces]:
            room = max(width - 2, 8)
            return [(Cell(f" {line}", look),) for text, look in said if text for line in broken(text, room)][
                :_TOLD_LINES
            ]

        self.query_one("#form-told", Panel).show(lines)

    def _about(self, key: str) -> tuple[str, StyleName]:
        if key == self._removed:
            return str(ResidentNumber()), "urgent"
        if key in self._faults:
            return self._faults[key], "urgent"
        one = self._box.field(key)
        text = one.raw.strip()
        if not isinstance(one, TextField) or (not text and key != "promised"):
            return layout.hint(key), "muted"
        school = self._box.raw.get(f"{key.rpartition('.')[0]}.school", "")
        usual = None if self._request else self._call_back
        try:
            meant = layout.understood(key, text, school, self._reference, self._clock(), usual)
        except CallcenterError as error:
            return str(error), "soon"
        return (meant, "ok") if meant else (layout.hint(key), "muted")


def _is_required(key: str) -> bool:
    return key in _REQUIRED or key.endswith(".birth")
