"""A small app with a list beside the form, and the keys an operator presses."""

from datetime import date, datetime
from typing import Any

from textual.app import ComposeResult
from textual.containers import Horizontal
from textual.pilot import Pilot
from textual.widgets import Button

from callcenter.console.forms.field_box import FieldBox
from callcenter.console.forms.kept import Held, row_of
from callcenter.console.forms.line_box import LineBox
from callcenter.console.forms.messages import (
    FormLeft,
    JoinWanted,
    OtherWanted,
    PhoneTyped,
    RequestAmendedFilled,
    RequestFilled,
)
from callcenter.console.forms.request_form import RequestForm
from callcenter.console.forms.verdict_panel import VerdictPanel
from callcenter.console.keys import HangulKeys
from callcenter.console.safe_output import SafeOutput
from callcenter.console.theme import DARK, register
from callcenter.console.widgets.panel import Panel
from callcenter.desk.so_far import SoFar, Typed, verdicts_so_far
from callcenter.reference import Reference
from callcenter.store.drafts import DraftRow
from callcenter.store.duplicates import DuplicateRow
from callcenter.store.reads import ChildRow, GuardianRow
from callcenter.text.hangul import to_keys

PROGRAMS = ("gyeonggi-always", "gyeongsan-119")
MOTHER = GuardianRow("g1", "김하나", "+821000005678", "mother", "ko")
ELDER = ChildRow("c1", "g1", "김하늘", "2018-03-02", "elementary", True, "allergy", "", "땅콩 알레르기")
YOUNGER = ChildRow("c2", "g1", "김바다", "2024-05-05", "none", None, "", "", "")


class Host(HangulKeys, SafeOutput):
    """Answers the form as the desk does: it looks up who calls, and keeps what was filled in."""

    CSS = """
    Button { width: 40; height: 100%; }
    RequestForm { width: 1fr; height: 100%; }
    """

    def __init__(
        self, data: Reference, now: datetime, known: tuple[GuardianRow, list[ChildRow]] | None = None, region: str = ""
    ) -> None:
        super().__init__()
        self._data = data
        self._now = now
        self._known = known
        self._region = region
        self.filled: list[RequestFilled | RequestAmendedFilled] = []
        self.looked_up: list[str] = []
        self.typed: list[Typed] = []
        self.kept: dict[str, DraftRow] = {}
        self.joined: list[JoinWanted] = []
        self.duplicates: tuple[DuplicateRow, ...] = ()
        self.left = 0

    def compose(self) -> ComposeResult:
        with Horizontal():
            yield Button("queue")
            yield RequestForm(self._data, lambda: self._now, self._keep_draft, self._work_out)

    def on_mount(self) -> None:
        register(self)
        self.theme = DARK.name
        self.query_one(Button).focus()

    async def on_phone_typed(self, event: PhoneTyped) -> None:
        self.looked_up.append(event.stored)
        if self._known is not None and self._known[0].phone == event.stored:
            await self.form.fill_guardian(*self._known, self._region)
        else:
            await self.form.fill_guardian(None, [])

    def on_request_filled(self, event: RequestFilled) -> None:
        self.filled.append(event)

    def on_request_amended_filled(self, event: RequestAmendedFilled) -> None:
        self.filled.append(event)

    def _work_out(self, typed: Typed) -> None:
        verdicts = verdicts_so_far(self._data, PROGRAMS, typed, self._now)
        self.typed.append(typed)
        # As the desk answers: after whatever is being done now.
        self.call_later(self.form.show_so_far, typed, SoFar(verdicts, duplicates=self.duplicates))

    def _keep_draft(self, draft_id: str, held: Held | None) -> None:
        if held is None:
            self.kept.pop(draft_id, None)
        else:
            self.kept[draft_id] = row_of(held, "김상담", self._now)

    def on_join_wanted(self, event: JoinWanted) -> None:
        self.joined.append(event)

    async def on_other_wanted(self, event: OtherWanted) -> None:
        await self.form.open_other()

    def on_form_left(self, event: FormLeft) -> None:
        self.left += 1

    @property
    def form(self) -> RequestForm:
        return self.query_one(RequestForm)

    @property
    def box(self) -> FieldBox:
        return self.query_one(FieldBox)

    @property
    def line(self) -> LineBox:
        return self.query_one(LineBox)

    @property
    def words(self) -> str:
        """What stands beneath the line."""
        shown = self.query_one("#line-words", Panel)
        return " ".join(shown.render_line(y).text.strip() for y in range(shown.size.height))

    @property
    def at(self) -> str | None:
        """The field under the cursor."""
        return self.box.focused or self.line.focused

    @property
    def told(self) -> str:
        """What is said of the field under the cursor, and of what is wrong."""
        shown = self.query_one("#form-told", Panel)
        return " ".join(shown.render_line(y).text.strip() for y in range(shown.size.height))

    @property
    def verdicts(self) -> list[str]:
        shown = self.query_one(VerdictPanel)
        return [shown.render_line(y).text.rstrip() for y in range(shown.size.height)]


async def settle(pilot: Pilot[Any]) -> None:
    """Until every thread has answered and everything is painted."""
    await pilot.pause()
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()


def strokes_of(text: str) -> int:
    """How many keys a text takes on a Korean keyboard."""
    return len(to_keys(text))


def day(text: str) -> date:
    return date.fromisoformat(text)
