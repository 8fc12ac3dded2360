"""How the desk stands with the centre: a few words for the header, and the whole of it for its own window."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from callcenter.console.presentation import glyphs
from callcenter.console.presentation.cells import Cell, Pieces, StyleName, length
from callcenter.console.presentation.flow import BETWEEN, cut, flowed, paragraph
from callcenter.desk.link_state import SKEW_TOLD, LinkState, Stage, Work
from callcenter.language import _, mark, ngettext
from callcenter.text import moments

if TYPE_CHECKING:
    from callcenter.desk.centre_view import CentreView

_STAGES: Mapping[Stage, tuple[str, str, StyleName]] = {
    "alone": (glyphs.OFF, mark("not joined"), "muted"),
    "offline": (glyphs.NO, mark("offline"), "urgent"),
    "hello": (glyphs.SOON, mark("connecting"), "soon"),
    "push": (glyphs.SOON, mark("sending"), "soon"),
    "pull": (glyphs.SOON, mark("catching up"), "soon"),
    "live": (glyphs.ON, mark("connected"), "ok"),
}
_TO_DO: Mapping[Stage, str] = {
    "alone": mark("This desk works alone: `callcenter sync join` brings it to a centre."),
    "offline": mark(
        "Go on working: all of it is kept here and is sent when the line is back. What is offered meanwhile is "
        "provisional: tell the guardian so. F5 tries at once."
    ),
    "hello": mark("Nothing to do: the centre is being called."),
    "push": mark("Nothing to do: what was done here is being sent."),
    "pull": mark("Go on working: what the others did is on its way here, and the queue may still be behind."),
    "live": mark("Nothing to do: every desk sees the same."),
}
_WAYS: Mapping[str, str] = {"in": mark("from another desk"), "out": mark("from here")}
_MANY = 9_999
# So many figures that a count growing as it goes moves nothing.
_COUNT_CELLS = 7


def header_cells(link: LinkState, now: datetime, *, short: bool) -> Pieces:
    """The line in a few words, the shortest that still say it where there is little room."""
    sign, word, look = _STAGES[link.state]
    waits = _("{count} waiting").format(count=f"{link.waiting:,}")
    name = "" if short else _("centre") + " "
    if link.state == "live":
        said = _("centre") if short else name + _(word)
        waiting = f" {link.waiting:,}" if short else f" {waits}"
        return (Cell(f"{sign} ", look), Cell(said, look), Cell(waiting if link.waiting else "", "soon"))
    if link.state == "offline":
        since = _since(link, now, short=short)
        waiting = f" +{link.waiting:,}" if short else f" {waits}"
        return (
            Cell(f"{sign} {name}{_(word)}", look),
            Cell(f" {since}"),
            Cell(waiting if link.waiting else "", "soon"),
        )
    if link.state == "pull":
        return (Cell(f"{sign} {name}{_(word)}", look), Cell(f" {link.catching_up:>{_COUNT_CELLS},}"))
    if link.state == "push":
        return (Cell(f"{sign} {name}{_(word)}", look), Cell(f" {link.waiting:>{_COUNT_CELLS},}"))
    return (Cell(f"{sign} {name}{_(word)}", look),)


def skew_cells(link: LinkState) -> Pieces:
    """That this desk's clock is off, and by how much; nothing while it is right."""
    if abs(link.skew) <= SKEW_TOLD:
        return ()
    return (Cell(f"{glyphs.SOON} " + _("clock {skew}").format(skew=_signed(link.skew)), "urgent"),)


def panel_lines(link: LinkState, view: "CentreView | None", desk: str, now: datetime, width: int) -> list[Pieces]:
    """The whole of it: how the line stands, what went wrong, what to do, who works on what, what could not be read."""
    sign, word, look = _STAGES[link.state]
    head: list[Pieces] = [(Cell(_("Centre") + " ", "title"), Cell(f"{sign} {_(word)}", look))]
    if link.since is not None:
        head.append((Cell(_since(link, now, short=False)),))
    found = flowed(head, width)
    found += flowed(list(_figures(link)), width)
    if link.problem is not None:
        found += paragraph(Cell(_("Last trouble") + ": ", "urgent"), Cell(str(link.problem)), width)
    found += paragraph(Cell(_("What to do") + ": ", "title"), Cell(_to_do(link, desk, now), "strong"), width)
    if skew := skew_cells(link):
        told = _("Set this computer's clock: entries are ordered by it.")
        found += paragraph(Cell(skew[0].text + " ", "urgent"), Cell(told, "soon"), width)
    if view is None:
        return found
    found += _conflict_lines(view, width)
    found += _work_lines(link, view, desk, now, width)
    return found + _parked_lines(view, now, width)


def tried_by_line(work: Work, now: datetime, take_over: str, width: int) -> list[Pieces]:
    """Who at another desk works on the request, and which key takes it over."""
    who = tried_by(work, now)
    if work.stale(now):
        sentence = _("{who}, not heard of for {time}: {key} takes it over.")
        time = moments.lasting(now - work.beat)
        return paragraph(
            Cell(f"{glyphs.UNKNOWN} ", "soon"), Cell(sentence.format(who=who, time=time, key=take_over), "soon"), width
        )
    sentence = _("{who} works on it: {key} takes it over.")
    return paragraph(Cell(f"{glyphs.HELD} ", "info"), Cell(sentence.format(who=who, key=take_over), "info"), width)


def tried_by(work: Work, now: datetime) -> str:
    """Who it is: «desk B 박상담, since 20:31»."""
    since = moments.stamp(work.since, now)
    return _("desk {desk} {operator}, since {since}").format(desk=work.desk, operator=work.operator, since=since)


def widest(link: LinkState, now: datetime, *, short: bool) -> int:
    """So many cells the line takes in a few words, however it comes to stand and whatever waits then."""
    many = link._replace(since=link.since or now, waiting=_MANY, catching_up=_MANY)
    states = [many._replace(state=state) for state in _STAGES if state != "alone"]
    return max(length(header_cells(one, now, short=short)) for one in states)


def _since(link: LinkState, now: datetime, *, short: bool) -> str:
    if link.since is None:
        return ""
    return moments.clock(link.since) if short else _("since {time}").format(time=moments.stamp(link.since, now))


def _signed(skew: timedelta) -> str:
    return ("+" if skew > timedelta(0) else "-") + moments.stopwatch(abs(skew))


def _to_do(link: LinkState, desk: str, now: datetime) -> str:
    silent = sorted({work.desk for work in link.work.values() if work.desk != desk and work.stale(now)})
    if link.live and silent:
        sentence = _("Ring desk {desks}, which is not heard of. Select a request and press $ to take it over.")
        return sentence.format(desks=", ".join(silent))
    return _(_TO_DO[link.state])


def _figures(link: LinkState) -> Sequence[Pieces]:
    waiting = ngettext("{count} entry to be sent", "{count} entries to be sent", link.waiting)
    figures: list[Pieces] = [
        (Cell(waiting.format(count=f"{link.waiting:,}"), "soon" if link.waiting else "muted"),),
    ]
    if link.state == "pull":
        told = _("{count} of {total} taken in") if link.total else _("{count} taken in")
        figures.append((Cell(told.format(count=f"{link.catching_up:,}", total=f"{link.total:,}"), "soon"),))
    return figures


def _conflict_lines(view: "CentreView", width: int) -> list[Pieces]:
    if not view.conflicts:
        return []
    told = ngettext("{count} conflict is to be decided", "{count} conflicts are to be decided", len(view.conflicts))
    numbers = ", ".join(view.conflicts)
    head = Cell(f"{glyphs.URGENT} " + told.format(count=len(view.conflicts)) + ": ", "urgent")
    return paragraph(head, Cell(numbers, "strong"), width)


def _work_lines(link: LinkState, view: "CentreView", desk: str, now: datetime, width: int) -> list[Pieces]:
    shown = sorted((work.since, request_id, work) for request_id, work in link.work.items() if link.live)
    if not shown:
        return []
    found: list[Pieces] = [(Cell(_("Being worked on"), "title"),)]
    for _at, request_id, work in shown:
        number = view.numbers.get(request_id, "?")
        stale = work.stale(now) and work.desk != desk
        sign = glyphs.UNKNOWN if stale else glyphs.HELD if work.desk != desk else glyphs.DOT
        age = moments.lasting(now - work.beat)
        heard: Pieces = (BETWEEN, Cell(_("not heard of for {time}").format(time=age), "soon")) if stale else ()
        look: StyleName = "soon" if stale else "normal"
        found.append(
            cut((Cell(f"  {sign} ", look), Cell(number, "strong"), Cell(f" {tried_by(work, now)}"), *heard), width)
        )
    return found


def _parked_lines(view: "CentreView", now: datetime, width: int) -> list[Pieces]:
    if not view.parked:
        return []
    count = len(view.parked)
    told = ngettext(
        "{count} entry could not be taken in and is kept aside:",
        "{count} entries could not be taken in and are kept aside:",
        count,
    )
    found: list[Pieces] = paragraph(Cell(f"{glyphs.SOON} ", "soon"), Cell(told.format(count=count), "soon"), width)
    for row in view.parked:
        head = f"  {moments.stamp(moments.moment(row.at), now)} {_(_WAYS[row.way])}: "
        found += paragraph(Cell(head, "muted"), Cell(row.reason), width)
    return found
