"""What stands in the form of a request: the draft in its line and fields, and what is said of it around them."""

from collections.abc import Callable, Mapping
from datetime import date, datetime, timedelta

from textual.app import ComposeResult
from textual.containers import Vertical

from callcenter.console.forms import layout, told
from callcenter.console.forms.answers import Answer
from callcenter.console.forms.draft import Draft, chosen_children, is_birth, passed_over
from callcenter.console.forms.duplicate_panel import DuplicatePanel
from callcenter.console.forms.field_box import FieldBox
from callcenter.console.forms.filled import children_in, promised_of
from callcenter.console.forms.kept import HeldDrafts
from callcenter.console.forms.line_box import LineBox
from callcenter.console.forms.reading import usual_promise
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.console.presentation import words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.presentation.flow import flowed
from callcenter.console.widgets.panel import Panel
from callcenter.desk.requests import CONSENTS
from callcenter.desk.so_far import SoFar
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import RequestRow
from callcenter.text.moments import SEOUL, stamp
from callcenter.text.resident_numbers import ResidentNumber

DIFFERENT = "different"
"""The value of a draft that names the requests which this one is not."""
_REQUIRED = frozenset({"region", "phone", "guardian", "when", "reason"})


class FormView(Vertical):
    """The form as it is seen: shows a draft, says what is known of it, and moves the cursor through it."""

    def __init__(
        self, reference: Reference, clock: Callable[[], datetime], call_back: timedelta, *, id: str | None = None
    ) -> None:
        """`call_back` is what is promised when nothing else is said."""
        super().__init__(id=id)
        self._reference = reference
        self._clock = clock
        self._call_back = call_back
        self._draft = Draft()
        self._held = HeldDrafts()
        self._request: RequestRow | None = None
        self._added: frozenset[int] = frozenset()
        self.so_far = SoFar()
        """What can be said of what stands in the form."""
        self._removed = ""
        self._refused = ""
        self._faults: dict[str, str] = {}

    def compose(self) -> ComposeResult:
        """Title, line, fields, what is understood of the one under the cursor, verdicts, duplicates."""
        yield Panel(fills=True, id="form-title")
        yield LineBox(self._reference, self._clock)
        yield FieldBox(self._reference)
        yield Panel(id="form-told")
        yield VerdictPanel(self._reference, self._clock)
        yield DuplicatePanel(self._reference, self._clock)

    @property
    def draft(self) -> Draft:
        """Everything that was typed or is known."""
        typed = {key: text for key, text in self._box.raw.items() if key != "known"}
        return self._draft.with_raw(typed)

    @property
    def _box(self) -> FieldBox:
        return self.query_one(FieldBox)

    @property
    def _line(self) -> LineBox:
        return self.query_one(LineBox)

    async def _apply(self, draft: Draft) -> None:
        """Show this draft: the fields it needs, those of added children too, and what stands in them."""
        self._draft = draft
        if self._request is not None:
            await self._box.show_fields((1,), lambda key: key in layout.AMENDED)
            kept = stamp(self._promised, self._clock()) if self._promised else ""
            self._box.show_blank("promised", kept)
        else:
            await self._box.show_fields(self._children, lambda key: key != "known" or bool(draft.known))
            self._box.show_blank("promised", "")
        self._fill(draft)

    def _fill(self, draft: Draft) -> None:
        """Show this draft in the fields that are there."""
        self._draft = draft
        self._box.offer("known", self._known_answers())
        self._box.fill({**draft.raw, "known": " ".join(chosen_children(draft))})
        self._line.show(draft)

    @property
    def _children(self) -> tuple[int, ...]:
        """The numbers of the children that the draft needs fields for."""
        return tuple(sorted({*children_in(self._draft.raw), *self._added}))

    def _known_answers(self) -> tuple[Answer, ...]:
        today = self._clock().astimezone(SEOUL).date()
        return tuple(
            Answer(child.id, f"{child.name} {words.age(date.fromisoformat(child.birth), today)}", str(number))
            for number, child in enumerate(self._draft.known, 1)
        )

    # Moving

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

    # Painting

    def _paint_so_far(self) -> None:
        different = self._draft.raw.get(DIFFERENT, "").split()
        matches = self.so_far.matches
        self.query_one(VerdictPanel).show_verdicts(self.so_far.verdicts, matches.takers if matches else frozenset())
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
        """What is missing or wrong by its name, what the field under the cursor means, and what to ask elsewhere."""
        key = self._box.focused
        said: list[tuple[str, StyleName]] = [(self._refused, "urgent")]
        if len(self._faults) > 1:
            # First of all: the sentences may need more lines than are seen.
            names = ", ".join(layout.title_of(one) for one in self._faults)
            said.append((_("Not saved, still to be told: {fields}").format(fields=names), "urgent"))
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
        return told.about(self._box.field(key), self._box.raw, self._reference, self._clock(), self._promised)

    @property
    def _promised(self) -> datetime | None:
        """When to call back while nothing else is typed: of a request that is amended, as it was promised."""
        return promised_of(self._request) if self._request else usual_promise(self._clock(), self._call_back)


def _is_needed(key: str, raw: Mapping[str, str]) -> bool:
    if key.endswith(".birth"):
        return not is_birth(raw.get(key, ""))
    return (key in _REQUIRED or key.endswith(".symptoms")) and not raw.get(key)
