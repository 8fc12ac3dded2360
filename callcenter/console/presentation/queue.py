"""A line of the queue: what an operator needs to see of a request before taking it up."""

from datetime import date, datetime, timedelta

from rich.cells import cell_len

from callcenter.care.priority import ClockKind, clock
from callcenter.console.presentation import claims, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, Row, StyleName
from callcenter.console.presentation.columns import Column
from callcenter.desk.link_state import Work
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import QueueRow
from callcenter.text import moments
from callcenter.text.masking import mask_name
from callcenter.text.moments import moment

_DAY = timedelta(days=1)
_WEEK_DAYS = 7
_WAIT_CELLS = 4
_CLOCK_LOOKS: dict[str, StyleName] = {"ok": "muted", "soon": "soon", "over": "urgent"}


def columns() -> tuple[Column, ...]:
    """The columns in the language in use; a list of 36 cells has room for those without importance."""
    state = max(map(cell_len, (*words.short_states(), _("web"))))
    return (
        Column("wait", _("Wait"), 1 + _WAIT_CELLS),
        Column("number", _("Number"), 10, importance=3),
        Column("region", _("City"), 4, share=1),
        Column("children", _("Child"), cell_len(_("{months} mo").format(months=23)), share=1),
        Column("when", _("When"), cell_len(_("tmw")) + 6, share=1),
        Column("state", _("State"), state),
        Column("clock", _("Clock"), 5, importance=1),
        Column("length", _("Hours"), 5, align="right", importance=2),
        Column("urgency", _("Urgency"), 9, importance=6),
        Column("guardian", _("Guardian"), 8, importance=4),
        Column("provider", _("Asked"), 12, importance=5),
        Column("reason", _("Reason"), 16, importance=7),
    )


def row(row: QueueRow, reference: Reference, now: datetime, work: Work | None = None) -> Row:
    """The cells under `columns`; the version changes exactly when one of them does.

    `work` is who works on it at another desk.
    """
    start, end = moment(row.start_at), moment(row.end_at)
    reason = reference.reasons.get(row.reason)
    cells: tuple[Cell | Pieces, ...] = (
        _wait(row, now),
        Cell(row.number, "muted"),
        _city(words.region(reference, row.region)),
        Cell(_("restricted"), "urgent") if row.hidden else children(row.children, start.date()),
        when(start, end, now),
        _state(row, now, work),
        _clock(row, now),
        Cell(length(start, end), "muted"),
        Cell("" if row.urgency == "normal" else words.urgency(row.urgency), words.urgency_sign(row.urgency)[1]),
        Cell(mask_name(row.guardian or ""), "muted"),
        _asked(row, reference, work),
        Cell(str(reason.words) if reason else row.reason, "muted"),
    )
    return Row(row.id, cells, hash(cells))


def _city(name: str) -> Cell:
    """The city; a narrow column has the first two syllables of a Korean name, which no two begin with: «의정»."""
    return Cell(name, "strong", () if name.isascii() else (name[:2],))


def children(listed: str, day: date, look: StyleName = "normal") -> Cell:
    """The children on the day of care, the oldest first: «8세 초2», «14개월», «8세+14개월», of more «8세 외 2».

    A narrow column has the age of the oldest, and how many come with it: «8세+1».
    """
    pairs = sorted(tuple(child.partition("/")[::2]) for child in listed.split())
    if not pairs:
        return Cell("", look)
    ages = [words.age(date.fromisoformat(birth), day) for birth, _school in pairs]
    if len(pairs) == 1:
        birth, school = pairs[0]
        told = " ".join(filter(None, (ages[0], words.grade(date.fromisoformat(birth), school, day))))
        return Cell(told, look, (ages[0],))
    told = "+".join(ages)
    if len(pairs) > 2:
        told = _("{first} and {count} more").format(first=ages[0], count=len(pairs) - 1)
    oldest, others = ages[0].replace(" ", ""), len(pairs) - 1
    return Cell(told, look, (f"{oldest}+{others}", f"{oldest}+"))


def when(start: datetime, end: datetime, now: datetime) -> Cell:
    """The time asked for, as short as it can be told: «오늘 20-23», «내일 06:30-09», «11/28 09-18».

    A narrow column leaves out that it is today, else the end: «20:30-23», «내일 06:30», «11/28».
    """
    first, last = start.astimezone(moments.SEOUL), end.astimezone(moments.SEOUL)
    midnight = not (last.hour or last.minute)
    until = f"{24 if midnight else last.hour:02}" + (f":{last.minute:02}" if last.minute else "")
    if last - first > _DAY:
        until = f"{last.month}/{last.day}"
    today = now.astimezone(moments.SEOUL).date()
    day, clock = _short_day(first.date(), today), moments.clock(first)
    since = clock if first.minute or last.minute else f"{first.hour:02}"
    alone = (f"{since}-{until}", clock) if first.date() == today else (f"{day} {clock}", day)
    return Cell(f"{day} {since}-{until}", shorter=alone)


def length(start: datetime, end: datetime) -> str:
    """Hours and minutes from start to end: 3:00."""
    minutes = (end - start) // timedelta(minutes=1)
    return f"{minutes // 60}:{minutes % 60:02}"


def _short_day(day: date, today: date) -> str:
    ahead = (day - today).days
    if ahead == 0:
        return _("today")
    if ahead == 1:
        return _("tmw")
    return words.weekday(day) if 1 < ahead < _WEEK_DAYS else f"{day.month}/{day.day}"


def _wait(row: QueueRow, now: datetime) -> Pieces:
    sign, look = words.band_sign(row.band)
    return (Cell(sign, look), Cell(moments.age(moment(row.opened_at), now).strip().rjust(_WAIT_CELLS), look))


def _state(row: QueueRow, now: datetime, work: Work | None) -> Cell:
    """The state; before it goes whose hands it is in, and before that what nobody may overlook about its place.

    What is new from the online platform says so in place of that.
    """
    claim = claims.short(row.claim)
    if claim is not None and row.claim == "refused":
        return Cell(*claim)
    if work is not None:
        stale = work.stale(now)
        return Cell(f"{glyphs.UNKNOWN if stale else glyphs.HELD}{work.desk}", "soon" if stale else "info")
    if claim is not None:
        return Cell(*claim)
    if (row.state, row.channel) == ("open", "platform"):
        # Nobody has spoken with the family yet: there was no call.
        return Cell(_("web"), "info")
    return Cell(words.short_state(row.state), words.state_look(row.state))


def _asked(row: QueueRow, reference: Reference, work: Work | None) -> Cell:
    """Who is asked, and while nobody is, who at another desk works on it."""
    if row.provider is None and work is not None:
        return Cell(f"{work.desk} {work.operator}", "info")
    return Cell(words.short_provider(reference, row.provider or ""), "info")


def _clock(row: QueueRow, now: datetime) -> Cell:
    """What is left of an offer; the time at which a held request or a promised call-back is due."""
    if row.state == "offered" and row.offer_expires_at is not None:
        due = moment(row.offer_expires_at)
        return Cell(moments.countdown(due, now), _look("offer", due, now))
    if row.state == "held":
        return Cell("", "muted") if row.held_until is None else _due("hold", moment(row.held_until), now)
    return Cell("") if row.promised_at is None else _due("call_back", moment(row.promised_at), now)


def _due(kind: ClockKind, due: datetime, now: datetime) -> Cell:
    local, today = due.astimezone(moments.SEOUL), now.astimezone(moments.SEOUL).date()
    text = moments.clock(due) if local.date() == today else f"{local.month}/{local.day}"
    return Cell(text, _look(kind, due, now))


def _look(kind: ClockKind, due: datetime, now: datetime) -> StyleName:
    return _CLOCK_LOOKS[clock(kind, due, now).state]
