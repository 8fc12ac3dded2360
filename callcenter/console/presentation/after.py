"""What came after care, or in its place, in words: no-shows, incidents, satisfaction, complaints, corrections."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import paragraph
from callcenter.language import _, mark, ngettext
from callcenter.text.masking import mask_phone
from callcenter.text.moments import moment, stamp

if TYPE_CHECKING:
    from callcenter.desk.corrections import Mistake, Step
    from callcenter.desk.past import Past
    from callcenter.store.after import IncidentRow, NoShows

Note = Literal["none", "offered", "optional", "required"]

INCIDENTS: Mapping[str, str] = {
    "injury": mark("Hurt"),
    "illness": mark("Ill"),
    "missing": mark("Missing"),
    "conflict": mark("Quarrel"),
    "carer_absent": mark("Carer not there"),
    "other": mark("Something else"),
}
TOLD: Mapping[str, str] = {
    "guardian": mark("The guardian"),
    "guardian provider": mark("The guardian and the provider"),
    "119": "119",
    "119 guardian": mark("119 and the guardian"),
    "112": "112",
    "112 guardian": mark("112 and the guardian"),
    "provider": mark("The provider"),
    "nobody": mark("Nobody yet"),
}
EARLY_ENDS: Mapping[str, str] = {
    "guardian_early": mark("The guardian came early"),
    "ill": mark("The child is ill"),
    "unwell": mark("The child was unhappy"),
    "provider": mark("The provider had to end"),
    "other": mark("Another reason"),
}
AGAIN: Mapping[str, str] = {"yes": mark("Yes"), "no": mark("No"), "unknown": mark("Not asked")}
COMPLAINT_ENDS: Mapping[str, str] = {
    "solved": mark("Solved"),
    "apologised": mark("Apologised"),
    "put_right": mark("Put right"),
    "unfounded": mark("Unfounded"),
    "unreachable": mark("Nobody could be reached"),
}
CANCELLED_BY: Mapping[str, str] = {
    "guardian": mark("The guardian"),
    "provider": mark("The provider"),
    "duplicate": mark("It is a duplicate"),
    "desk": mark("The desk"),
}
# Always all of them, so that each keeps its digit; what is not possible now the refusal says.
NOTES: Mapping[str, tuple[str, str]] = {
    "no_show": (mark("No-show"), mark("Frees the place, flags the guardian")),
    "early": (mark("Early end"), mark("Why care ended before it was to")),
    "incident": (mark("Incident"), mark("Every supervisor is alarmed")),
    "satisfaction": (mark("Satisfaction"), mark("0 to 100; would they ask again")),
    "complaint": (mark("Complaint"), mark("Somebody answers it within 7 days")),
    "correct": (mark("Correct"), mark("A wrong key: both stay to be seen")),
    "close": (mark("Close the complaint"), mark("How it was answered")),
    "taken_over": (mark("Take the incident over"), mark("For supervisors: the alarm ends")),
    "hand_on": (mark("Hand the complaint on"), mark("Somebody else answers it")),
}
_SHOWN_CORRECTIONS = 2


def step_words(step: "Step") -> str:
    """A step in few words: what it was, and the state it led to."""
    return _(step.what) if step.state is None else f"{_(step.what)}: {_(step.state)}"


def mistake(found: "Mistake", now: datetime) -> tuple[str, str]:
    """A step that may be corrected: what it was; when and by whom, whose, and that it was corrected already."""
    from callcenter.desk.corrections import REASONS

    step = found.step
    told = f"{stamp(moment(step.at), now)} {step.operator}"
    if found.phone:
        told += f" {mask_phone(found.phone)}"
    if step.corrected is None:
        return step_words(step), told
    who, at, why = step.corrected
    what = _("{what} (corrected)").format(what=step_words(step))
    return what, f"{told}; {stamp(moment(at), now)} {who} ({_(REASONS[why])})"


def no_show(found: "NoShows | None", now: datetime) -> Pieces:
    """The flag of a guardian whose child did not come; nothing without one."""
    if found is None or not found.times or found.last_at is None:
        return ()
    told = ngettext("{count} no-show", "{count} no-shows", found.times).format(count=found.times)
    when = _("last {when}").format(when=stamp(moment(found.last_at), now))
    return (Cell(f"{glyphs.URGENT} {told}", "soon"), Cell(f" {when}", "muted"))


def lines(past: "Past | None", now: datetime, width: int) -> list[Pieces]:
    """What came after, none of it wider than `width`; what rings stands first."""
    if past is None:
        return []
    found: list[Pieces] = []
    for incident in past.incidents:
        found += _incident(incident, now, width)
    for complaint in past.complaints:
        if complaint.closed_at is None:
            due = stamp(moment(complaint.due_at), now)
            head = _("Complaint: {owner} by {due}").format(owner=complaint.owner, due=due)
            found += paragraph(Cell(f"{glyphs.UNKNOWN} ", "soon"), Cell(head, "soon"), width)
    if past.cut_short is not None:
        why = _(EARLY_ENDS[past.cut_short.why])
        found += paragraph(Cell(_("Early end: "), "muted"), Cell(why, "normal"), width)
    if past.satisfaction is not None:
        told = _("Satisfaction {score}").format(score=past.satisfaction.score)
        if past.satisfaction.again is not None:
            told += ", " + (_("would ask again") if past.satisfaction.again else _("would not ask again"))
        found += paragraph(Cell(""), Cell(told, "normal"), width)
    for step in [step for step in past.steps if step.corrected is not None][:_SHOWN_CORRECTIONS]:
        found += _corrected(step, now, width)
    return found


def _incident(incident: "IncidentRow", now: datetime, width: int) -> list[Pieces]:
    when = stamp(moment(incident.at), now)
    what = _(INCIDENTS[incident.what]) if incident.what in INCIDENTS else _("restricted")
    if incident.acknowledged_by is None:
        told = _("Incident {when} {what}: no supervisor has taken it over").format(when=when, what=what)
        return paragraph(Cell(f"{glyphs.URGENT} ", "urgent"), Cell(told, "urgent"), width)
    told = _("Incident {when} {what}").format(when=when, what=what)
    return paragraph(Cell(f"{glyphs.URGENT} ", "soon"), Cell(told, "soon"), width)


def _corrected(step: "Step", now: datetime, width: int) -> list[Pieces]:
    from callcenter.desk.corrections import REASONS

    if step.corrected is None:
        return []
    who, at, why = step.corrected
    head = Cell(f"{stamp(moment(at), now)} {who}: ", "muted")
    told = _("corrected «{what}» of {when} ({why})").format(
        what=step_words(step), when=stamp(moment(step.at), now), why=_(REASONS[why])
    )
    return paragraph(head, Cell(told, "note"), width)
