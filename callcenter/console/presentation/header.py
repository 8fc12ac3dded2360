"""The line at the top: which desk and who, the call that is on, what waits, the time."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from rich.cells import cell_len

from callcenter.console.presentation import centre, glyphs, words
from callcenter.console.presentation.cells import Cell, Pieces, StyleName
from callcenter.console.widgets.header_bar import Part
from callcenter.desk.link_state import ALONE, LinkState
from callcenter.desk.permission import Actor
from callcenter.desk.queue_view import QueueView
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.store.reads import CallRow
from callcenter.text import moments
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.desk.telephone_state import TelephoneState

# The widest a stopwatch becomes before a call is surely forgotten: 9:59:59.
_STOPWATCH_CELLS = 7
_CALL_LOOKS: dict[str, StyleName] = {"ringing": "soon", "talking": "ok", "held": "soon", "wrap_up": "info"}
_LONG_WAIT = timedelta(minutes=30)


def parts(
    reference: Reference,
    programs: Sequence[str],
    desk: str,
    actor: Actor | None,
    queue: QueueView,
    now: datetime,
    *,
    demo: bool = False,
    owed: int = 0,
    in_care: int = 0,
    telephone: "TelephoneState" = "absent",
    link: LinkState = ALONE,
    narrow: bool = False,
) -> tuple[Part, ...]:
    """The parts in their order; on a narrow screen call, queue and clock stay, and that this is a demo.

    `owed` is how many call-backs are owed, `in_care` how many children are in care. `telephone` is how the gateways are
    that tell of calls, of which nothing is shown where there are none. `link` is the line to the centre, told in its
    shortest words on a `narrow` screen; it stays whatever the room.
    """
    return (
        *_place(reference, programs, desk, actor, demo=demo, narrow=narrow),
        *([] if link.joined else [Part("alone", (Cell(_("single desk"), "muted"),), importance=9)]),
        *([] if telephone == "absent" else [_telephone(telephone)]),
        Part("call", _call(queue.calls, now), width=_call_width()),
        Part("queue", _queue(queue, narrow=narrow)),
        *_waiting(queue, now, owed, in_care),
        *_centre(link, now, narrow=narrow),
        *_time(now),
    )


def _place(
    reference: Reference, programs: Sequence[str], desk: str, actor: Actor | None, *, demo: bool, narrow: bool
) -> list[Part]:
    """Whose desk it is and who sits there."""
    found: list[Part] = []
    program = next((one for one in reference.programs if one.id in programs), None)
    if demo:
        found.append(Part("demo", (Cell(_("DEMO"), "notice_alarm"),)))
    if program is not None:
        found.append(Part("program", (Cell(str(program.name), "title"),), importance=8))
        if program.phone:
            found.append(Part("phone", (Cell(program.phone, "title"),), importance=7))
    found.append(Part("desk", _who(desk, actor, narrow=narrow), importance=1))
    if actor is not None:
        found.append(Part("role", (Cell(words.role(actor.role), "muted"),), importance=6))
    return found


def _waiting(queue: QueueView, now: datetime, owed: int, in_care: int) -> list[Part]:
    """What waits for whom, in the middle; nothing is said of what there is none of."""
    found: list[Part] = []
    oldest = queue.figures.oldest_opened_at
    if oldest is not None:
        found.append(Part("oldest", _oldest(moment(oldest), now), importance=2, side="middle"))
    if pending := sum(1 for row in queue.rows if row.state == "offered"):
        # The page may be less than the queue; then there are at least so many.
        more = "+" if len(queue.rows) < queue.figures.open else ""
        told = Cell(_("offers {count}").format(count=f"{pending}{more}"), "soon")
        found.append(Part("offers", (told,), importance=4, side="middle"))
    if owed:
        told = Cell(_("call-backs {count}").format(count=owed), "soon")
        found.append(Part("callbacks", (told,), importance=3, side="middle"))
    if in_care:
        told = Cell(_("in care {count}").format(count=in_care), "ok")
        found.append(Part("care", (told,), importance=3, side="middle"))
    return found


def _centre(link: LinkState, now: datetime, *, narrow: bool) -> list[Part]:
    """The line to the centre, and a clock that goes wrong."""
    found: list[Part] = []
    if skew := centre.skew_cells(link):
        found.append(Part("skew", skew, importance=1, side="middle"))
    if link.joined:
        cells = centre.header_cells(link, now, short=narrow)
        found.append(Part("centre", cells, side="right", widest=centre.widest(link, now, short=narrow)))
    return found


def _time(now: datetime) -> list[Part]:
    local = now.astimezone(moments.SEOUL)
    date = _("{weekday} {month}/{day}").format(weekday=words.weekday(local.date()), month=local.month, day=local.day)
    return [
        Part("date", (Cell(date, "muted"),), importance=5, side="right"),
        Part("clock", (Cell(moments.clock(now), "strong"),), side="right"),
    ]


def _who(desk: str, actor: Actor | None, *, narrow: bool) -> Pieces:
    name = Cell(desk if narrow else _("desk {name}").format(name=desk), "strong")
    if actor is None:
        return (name,)
    return (name, Cell(f" {actor.name}"))


def _call(calls: Sequence[CallRow], now: datetime) -> Pieces:
    """The operator's own call, the newest when one is still being written up."""
    if not calls:
        return (Cell(f"{glyphs.OFF} ", "muted"), Cell(_("no call"), "muted"))
    call = calls[0]
    look = _CALL_LOOKS.get(call.state, "normal")
    watch = moments.stopwatch(now - since(call)).rjust(_STOPWATCH_CELLS)
    return (Cell(f"{glyphs.ON} ", look), Cell(f"{words.call_state(call.state)} ", look), Cell(watch, "strong"))


def since(call: CallRow) -> datetime:
    """When the state began that the call is in: it rings, somebody talks, the caller waits, the line is dead."""
    at = {"talking": call.answered_at, "held": call.held_at, "wrap_up": call.hung_up_at}.get(call.state)
    return moment(call.opened_at if at is None else at)


def _telephone(state: "TelephoneState") -> Part:
    """Whether calls come in by themselves; where they do not any more, every call is taken by key."""
    on, off = _("telephone"), _("telephone off")
    told = Cell(f"{glyphs.ON} {on}", "ok") if state == "connected" else Cell(f"{glyphs.OFF} {off}", "muted")
    return Part("telephone", (told,), width=2 + max(cell_len(on), cell_len(off)), importance=3)


def _call_width() -> int:
    """So wide that neither another state nor the next hour moves what stands behind it."""
    longest = max(cell_len(words.call_state(state)) for state in _CALL_LOOKS)
    return 2 + max(cell_len(_("no call")), longest + 1 + _STOPWATCH_CELLS)


def _queue(queue: QueueView, *, narrow: bool) -> Pieces:
    """How many are open and how many of them urgent, with room for the sign of the latter."""
    figures = queue.figures
    look: StyleName = "urgent" if figures.urgent else "muted"
    urgent = f"{figures.urgent or '':>2}" if narrow else f"{figures.urgent:>2}"
    return (
        Cell(_("open {count}").format(count=f"{figures.open:>3}")),
        Cell(" "),
        Cell(glyphs.SOON if figures.urgent else " ", look),
        Cell(urgent if narrow else " " + _("urgent {count}").format(count=urgent), look),
    )


def _oldest(since: datetime, now: datetime) -> Pieces:
    look: StyleName = "soon" if now - since >= _LONG_WAIT else "muted"
    return (Cell(_("oldest {time}").format(time=moments.age(since, now)), look),)
