"""Writing requests down: the form of a new one or an amendment, whose it is after all, the drafts that are kept."""

from datetime import datetime
from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_name
from callcenter.console.part import Ask, Do, Part
from callcenter.console.presentation import words
from callcenter.console.widgets.choice import Option
from callcenter.language import _, ngettext
from callcenter.text import moments

if TYPE_CHECKING:
    from callcenter.console.draft_keeper import DraftsFound
    from callcenter.console.forms.filled import Changes
    from callcenter.console.forms.messages import JoinWanted
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.new_requests import NewRequest, RequestTaken
    from callcenter.store.drafts import DraftRow


class FormOperations(Part):
    """Carries out what is done with the form for one screen."""

    def __init__(self, screen: "DeskScreen", do: Do, ask: Ask) -> None:
        super().__init__(screen, do, ask)
        self._joining: JoinWanted | None = None
        self._joined_to: str | None = None
        self._drafts: dict[str, DraftRow] = {}
        self.handlers = {
            "request.new": self._new_request,
            "request.amend": self._amend_request,
            "draft.open": self._find_drafts,
        }
        self.answers = {
            "form.join": lambda option, _note: self._join_to(option),
            "draft.open": lambda option, _note: self._take_draft(option),
        }
        self.ends = {"request.new": self._taken, "form.join": self._joined, "request.amend": self._amended}

    def _taken(self, request: "RequestTaken") -> None:
        told = _("Request {number} is in the queue.").format(number=request.number)
        self._form_saved(told, request.request_id)

    def _joined(self, number: str) -> None:
        self._form_saved(_("Written to request {number}.").format(number=number), self._joined_to)

    def _amended(self, _result: object) -> None:
        self._form_saved(words.done("request.amend"))

    def _form_saved(self, told: str, request_id: str | None = None) -> None:
        """The form goes, the request that it became is shown, and so is said."""
        if self._screen.form is not None:
            self._screen.form.finish()
        self._screen.close_form()
        if request_id is not None:
            self._screen.show_request(request_id)
        self._screen.tell(told)

    def _new_request(self, _number: int | None) -> None:
        from callcenter.console.screens.form import open_form

        self._screen.console_app.open_soon(open_form)

    def _amend_request(self, _number: int | None) -> None:
        from callcenter.console.screens.form import open_form

        self._screen.console_app.open_soon(open_form, self._screen.view)

    def filled(self, wish: "NewRequest") -> None:
        """The form was saved."""
        from callcenter.desk.new_requests import open_request

        self._do("request.new", open_request, wish)

    def amended(self, request_id: str, changes: "Changes") -> None:
        """The form of a request that is here already was saved."""
        from callcenter.desk.requests import amend_request

        self._do("request.amend", amend_request, request_id, changes)

    def join(self, wanted: "JoinWanted") -> None:
        """What was typed belongs to one of these requests: to the only one, or to the one chosen."""
        self._joining = wanted
        if len(wanted.rows) == 1:
            self._join_to(wanted.rows[0].id)
            return
        options = [Option(row.id, row.number, words.state(row.state)) for row in wanted.rows]
        self._ask("form.join", _("Join which request?"), options)

    def _join_to(self, request_id: str) -> None:
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

    def drafts_found(self, found: "DraftsFound") -> None:
        """Which drafts there are: tell of them, or, when the operator asked, go on with one."""
        from callcenter.console.forms.kept import summary

        screen, rows = self._screen, found.rows
        self._drafts = {row.id: row for row in rows}
        if not rows and found.asked:
            screen.tell(_("There is no draft."), "soon")
        elif not found.asked:
            if told := _drafts_told(found, screen.now):
                screen.tell(told, "soon")
        elif len(rows) == 1:
            self._take_draft(rows[0].id)
        else:
            options = [Option(row.id, summary(row) or _("nothing yet"), row.operator) for row in rows]
            self._ask("draft.open", _("Go on with which draft?"), options)

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
            screen.console_app.open_soon(open_draft, held_of(row))
        else:
            screen.call_later(hold_draft, screen, held_of(row))
            screen.show_request(row.request_id)
            key = key_name(by_id("request.amend").keys[0])
            screen.tell(_("{key} goes on with the change of this request.").format(key=key), "soon")

    def opened(self, guardian_id: str) -> None:
        """A known guardian's record was put into the form, unmasked: the journal says so."""
        from callcenter.desk.guardians import note_reading

        self._do("record.read", note_reading, guardian_id, "open", "form")


def _drafts_told(found: "DraftsFound", now: datetime) -> str:
    """How many drafts wait, until when the oldest does, and how many were forgotten; "" when there are none."""
    count, told = len(found.rows), []
    if found.rows:
        key = key_name(by_id("draft.open").keys[0])
        waiting = ngettext("{count} draft was not saved.", "{count} drafts were not saved.", count)
        told.append(waiting.format(count=count))
        told.append(_("{key} goes on with it.").format(key=key))
    if found.until is not None:
        until = moments.stamp(found.until, now)
        told.append(_("What has lain for long is kept until {until}.").format(until=until))
    if count := found.forgotten:
        forgotten = ngettext(
            "{count} old draft that nobody went on with was forgotten.",
            "{count} old drafts that nobody went on with were forgotten.",
            count,
        )
        told.append(forgotten.format(count=count))
    return " ".join(told)
