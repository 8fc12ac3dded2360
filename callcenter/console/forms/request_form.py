"""The form of a request, beside the live queue: filled with keys alone, answered while it is filled.

Its line and its fields are two views of one draft. Nothing typed is lost: a draft is told to the screen with every
change, and stands there again when the form is opened for the same call or the same request.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import ClassVar
from uuid import uuid4

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.widget import Widget

from callcenter.console.actions import bindings, by_id, in_scopes, key_names
from callcenter.console.forms import layout, told
from callcenter.console.forms.answers import Answer
from callcenter.console.forms.draft import (
    DEFAULTS,
    Draft,
    chosen_children,
    is_birth,
    next_child,
    passed_over,
    with_children,
    with_guardian,
    without_guardian,
)
from callcenter.console.forms.duplicate_panel import DuplicatePanel
from callcenter.console.forms.field_box import FieldBox
from callcenter.console.forms.fields import FieldChanged, FieldDone, TextField
from callcenter.console.forms.filled import changes_of, children_in, raw_request, wish_of
from callcenter.console.forms.kept import Held, HeldDrafts, is_worth_keeping
from callcenter.console.forms.line import LINE
from callcenter.console.forms.line_box import QUESTION, LineBox
from callcenter.console.forms.messages import (
    DraftChanged,
    FormLeft,
    JoinWanted,
    OtherWanted,
    PhoneTyped,
    RequestAmendedFilled,
    RequestFilled,
    TypedSoFar,
)
from callcenter.console.forms.reading import ResidentNumber, is_resident_number
from callcenter.console.forms.typed import said_again, stored_phone, typed_of
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.panel import Panel
from callcenter.desk.requests import CONSENTS, NewRequest
from callcenter.desk.so_far import SoFar, Typed
from callcenter.desk.view import RequestView
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import ChildRow, GuardianRow, RequestRow
from callcenter.text.intake_line import without_resident_numbers
from callcenter.text.moments import SEOUL

CALL_BACK = timedelta(minutes=15)
_REQUIRED = frozenset({"region", "phone", "guardian", "when", "reason"})
_DIFFERENT = "different"
_OWN_KEYS = frozenset(key for action in in_scopes("form") for key in action.keys)
# What acts on the selected request must not act on it while another one is being written down.
_SHUT_KEYS = frozenset(
    key for action in in_scopes("desk") if action.group in ("request", "placement") for key in action.keys
)


class RequestForm(Vertical):
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
        *,
        call_back: timedelta = CALL_BACK,
        id: str | None = None,
    ) -> None:
        """`call_back` is what is promised when nothing else is said."""
        super().__init__(id=id)
        self._reference = reference
        self._clock = clock
        self._call_back = call_back
        self._held = HeldDrafts()
        self._draft_id = ""
        self._draft = Draft()
        self._request: RequestRow | None = None
        self._call_id: str | None = None
        self._added: frozenset[int] = frozenset()
        self._typed = Typed()
        self.so_far = SoFar()
        """What can be said of what stands in the form."""
        self._looked_up = ""
        self._removed = ""
        self._refused = ""
        self._faults: dict[str, str] = {}
        self._sent = self._discarding = self._settling = False
        self._focused_before: Widget | None = None

    def compose(self) -> ComposeResult:
        """Title, line, fields, what is understood of the one under the cursor, verdicts, duplicates."""
        yield Panel(fills=True, id="form-title")
        yield LineBox(self._reference, self._clock)
        yield FieldBox(self._reference)
        yield Panel(id="form-told")
        yield VerdictPanel(self._reference, self._clock)
        yield DuplicatePanel(self._reference, self._clock)

    # What the screen calls

    @property
    def draft(self) -> Draft:
        """Everything that was typed or is known."""
        typed = {key: text for key, text in self._box.raw.items() if key != "known"}
        return self._draft.with_raw(typed)

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
            kept = self._draft.raw.get(_DIFFERENT, "").split()
            self._draft = self._draft.with_raw({_DIFFERENT: " ".join([*kept, *shown])})
            self._paint_so_far()
            self._settle_soon()
        elif action == "form.discard":
            self._discard(sure=discarding)

    def action_shut(self) -> None:
        """Say why a key of the desk does nothing."""
        save, leave = (key_names(by_id(action))[0] for action in ("form.save", "form.leave"))
        self._refused = _("Save the form with {save} or leave it with {leave} first.").format(save=save, leave=leave)
        self._say()

    @on(FieldDone)
    def _field_done(self, event: FieldDone) -> None:
        event.stop()
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
        self._refused, self._discarding = "", False
        if key == LINE:
            await self._apply(self._line.read(self.draft))
        elif key == QUESTION:
            await self._answered()
        elif key in self._box.shown:
            await self._typed_into(key)
        self._settle_soon()

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
            kept = ("" if is_resident_number(text) else text) if birth else without_resident_numbers(text)
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

    # Opening and closing

    @property
    def _box(self) -> FieldBox:
        return self.query_one(FieldBox)

    @property
    def _line(self) -> LineBox:
        return self.query_one(LineBox)

    async def _open(self, held: Held) -> None:
        self._faults, self._refused, self._removed, self._looked_up = {}, "", "", ""
        self._draft_id, self._added = held.id, frozenset()
        self._sent = self._discarding = False
        self._typed, self.so_far = Typed(request_id="?"), SoFar()
        if not self.display:
            self._focused_before = self.screen.focused
        self.display = True
        self._line.display = self._request is None
        self._line.fill(held.draft)
        await self._apply(held.draft)
        self._box.mark(())
        if self._request is None:
            self.screen.set_focus(self._line.field.target)
        else:
            self._box.go_to(self._box.shown[0])
        self._paint_so_far()
        self._settle()

    async def _apply(self, draft: Draft) -> None:
        """Show this draft: the fields it needs, those of added children too, and what stands in them."""
        self._draft = draft
        if self._request is not None:
            await self._box.show_fields((1,), lambda key: key in layout.AMENDED)
        else:
            numbers = sorted({*children_in(draft.raw), *self._added})
            await self._box.show_fields(numbers, lambda key: key != "known" or bool(draft.known))
        self._box.offer("known", self._known_answers())
        self._box.fill({**draft.raw, "known": " ".join(chosen_children(draft))})
        self._line.show(draft)

    def _close(self) -> None:
        self.display = False
        before, self._focused_before = self._focused_before, None
        if before is not None and before.is_attached and before.focusable:
            before.focus()
        else:
            self.screen.set_focus(None)

    # Keeping

    def _keep(self) -> None:
        """Hold the draft as it stands now, and have it kept on disk."""
        request_id = self._request.id if self._request else None
        held = Held(self._draft_id, self.draft, self._call_id, request_id)
        if self._sent:
            return
        if is_worth_keeping(held):
            self._held.put(held)
            self.post_message(DraftChanged(self._draft_id, held))
        elif self._held.about(self._call_id, request_id) is not None:
            self._forget()

    def _forget(self) -> None:
        self._held.drop(self._draft_id)
        self.post_message(DraftChanged(self._draft_id, None))

    def _discard(self, *, sure: bool) -> None:
        if not sure:
            key = key_names(by_id("form.discard"))[0]
            self.refuse(_("Press {key} again to throw the draft away.").format(key=key))
            self._discarding = True
            return
        self._forget()
        self._close()
        self.post_message(FormLeft())

    # Who is known

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

    def _known_answers(self) -> tuple[Answer, ...]:
        today = self._clock().astimezone(SEOUL).date()
        return tuple(
            Answer(child.id, f"{child.name} {words.age(date.fromisoformat(child.birth), today)}", str(number))
            for number, child in enumerate(self._draft.known, 1)
        )

    # Moving and saving

    def _go_by(self, step: int) -> None:
        """From the line through its question to the fields, and back."""
        at = [target.has_focus for target in self._line.targets]
        if any(at) and self._line.display:
            to = at.index(True) + step
            if to >= len(at):
                self._box.go_to(self._box.shown[0])
            else:
                self.screen.set_focus(self._line.targets[max(to, 0)])
        elif step < 0 and self._line.display and self._box.focused == self._box.shown[0]:
            self.screen.set_focus(self._line.targets[-1])
        else:
            self._box.go_by(step)

    def _go_on(self, key: str) -> None:
        """To the next field that still has to be asked."""
        draft = self.draft
        following = next((other for other in self._box.after(key) if not passed_over(draft, other)), None)
        if following is not None:
            self._box.go_to(following)

    def _go_to_needed(self) -> None:
        """From the line to the first field that is needed and blank; whether a child is ill is asked every time."""
        raw = self.draft.raw
        self._box.go_to(next((key for key in self._box.shown if _is_needed(key, raw)), "urgency"))

    def _join(self) -> None:
        rows = self.query_one(DuplicatePanel).rows
        if not rows:
            self.refuse(_("No request like this one is here."))
            return
        self._keep()
        self.post_message(JoinWanted(rows, said_again(self.draft.raw), self._call_id, self._draft_id))

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

    # Painting

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
        request_id = self._request.id if self._request else ""
        typed = typed_of(self.draft.raw, self._reference, self._clock(), self._call_back, request_id)
        if typed != self._typed:
            self._typed = typed
            if not typed.needs:
                self.so_far = SoFar(duplicates=self.so_far.duplicates)
                self._paint_so_far()
            self.post_message(TypedSoFar(typed))
        self._paint_title()
        self._say()

    def _paint_so_far(self) -> None:
        different = self._draft.raw.get(_DIFFERENT, "").split()
        self.query_one(VerdictPanel).show_verdicts(self.so_far.verdicts)
        shown = [row for row in self.so_far.duplicates if row.id not in different]
        self.query_one(DuplicatePanel).show_rows(shown)
        self._paint_title()

    def _paint_title(self) -> None:
        """What is written down, how many could take it, which consents are missing, and the other drafts."""
        title = _("Amend {number}").format(number=self._request.number) if self._request else _("New request")
        chunks: list[Pieces] = [(Cell(f" {title}", "title"),)]
        if self.so_far.matches is not None:
            count = self.so_far.matches.ranking.fitting
            chunks.append((Cell(_("{count} matches").format(count=count), "ok" if count else "soon"),))
        if self._request is None:
            given = len(self.draft.raw.get("consent", "").split())
            told = _("consents {given}/{all}").format(given=given, all=len(CONSENTS))
            chunks.append((Cell(told, "ok" if given == len(CONSENTS) else "soon"),))
        if len(self._held) > 1:
            chunks.append((Cell(_("{count} drafts").format(count=len(self._held)), "info"),))
        self.query_one("#form-title", Panel).show(lambda width: flowed(chunks, width)[:1])

    def _say(self) -> None:
        """What the field under the cursor means, and all that is missing or wrong elsewhere."""
        key = self._box.focused
        said: list[tuple[str, StyleName]] = [(self._refused, "urgent")]
        if key is not None:
            said.append(self._about(key))
        elif self._line.refuses:
            said.append((str(ResidentNumber()), "urgent"))
        elif self._request is None:
            cell = self._line.explain()
            said.append((cell.text, cell.style))
        for other, sentence in self._faults.items():
            if other != key:
                said.append((f"{layout.title_of(other)}: {sentence}", "urgent"))
        self.query_one("#form-told", Panel).show(lambda width: told.lines(said, width))

    def _about(self, key: str) -> tuple[str, StyleName]:
        if key == self._removed:
            return str(ResidentNumber()), "urgent"
        if key in self._faults:
            return self._faults[key], "urgent"
        usual = None if self._request else self._call_back
        return told.about(self._box.field(key), self._box.raw, self._reference, self._clock(), usual)


def _is_needed(key: str, raw: Mapping[str, str]) -> bool:
    if key.endswith(".birth"):
        return not is_birth(raw.get(key, ""))
    return (key in _REQUIRED or key.endswith(".symptoms")) and not raw.get(key)
