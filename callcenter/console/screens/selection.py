"""Painting the selected request: its panel, what to say about it, who is around; loaded with the first selection."""

import json
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from callcenter.console.actions import by_id, key_name
from callcenter.console.presentation import around, centre, claims, matches, request, say, to_ring, verdicts, words
from callcenter.console.presentation.cells import Cell, Pieces
from callcenter.console.presentation.flow import paragraph
from callcenter.console.widgets.line_list import LineList
from callcenter.console.widgets.panel import Panel
from callcenter.console.widgets.request_panel import FEWEST_MATCHES, RequestPanel
from callcenter.desk.facilities import day_number_answers
from callcenter.desk.view import RequestView
from callcenter.language import _
from callcenter.text.moments import moment

if TYPE_CHECKING:
    from callcenter.console.screens.desk import DeskScreen
    from callcenter.desk.matches import Matches, Option


_SETTLED = frozenset({"accepted", "confirmed", "in_care", "finished", "cancelled"})


def paint_request(screen: "DeskScreen") -> None:
    """The panel of the selected request, and what to say about it."""
    reference, now, view, found = screen.console_app.seat.reference, screen.now, screen.view, screen.matches
    revealed, chosen = screen.operations.requests.revealed(now), screen.chosen_option
    if view is not None and view.request.state in _SETTLED:
        # Who else could take the child is nobody's question any more.
        found = chosen = None

    def detail(width: int) -> list[Pieces]:
        if view is None:
            return _without_request(screen, width)
        return _of_request(screen, view, found, now, width, revealed=revealed)

    def reasons(width: int) -> list[Pieces]:
        return matches.explain(chosen, ages, reference, now, width) if chosen and not deciding else []

    def rest(width: int) -> list[Pieces]:
        if found is None:
            return []
        lines = matches.out_lines(found.ranking, reference, now, width)
        return lines + matches.points_lines(found, screen.chosen, reference, width)

    ages = {}
    if view is not None:
        day = moment(view.request.start_at).date()
        ages = {child.id: words.age(date.fromisoformat(child.birth), day) for child in view.children}
    rows = matches.rows(found, reference, now) if found else []
    none = _("No match.") if found is not None else ""
    # What a person has to decide stands there whole, before who else could take the child.
    deciding = view is not None and view.conflict is not None
    fewest = 1 if deciding else FEWEST_MATCHES
    screen.query_one(RequestPanel).show(
        detail, matches.COLUMNS, rows, screen.chosen, reasons, rest, none, fewest=fewest
    )
    paint_say(screen)


def _without_request(screen: "DeskScreen", width: int) -> list[Pieces]:
    """What is known of the call-back under the cursor; without one, what to do."""
    if screen.has_class("-callbacks"):
        from callcenter.console.screens.callbacks import under_cursor

        if told := under_cursor(screen, width):
            return told
    hint = Cell(_("Choose a request on the left, or press F2 for a new one."), "muted")
    return paragraph(Cell(""), hint, width)


def _of_request(
    screen: "DeskScreen", view: RequestView, found: "Matches | None", now: datetime, width: int, *, revealed: bool
) -> list[Pieces]:
    reference = screen.console_app.seat.reference
    lines = request.lines(view, reference, now, width, revealed)
    above = claims.lines(view.offers, width)
    if view.leading is not None and view.provider is not None:
        # Right under the title: whom to ring must stay in sight on the smallest screen.
        record = json.loads(view.provider.record)
        by_day = day_number_answers(reference, view.provider, now)
        ring = to_ring.lines(record, view.leading, now, width, by_day=by_day, doubted=view.doubted)
        above = [*ring, *above]
    lines[1:1] = [*_of_other_desks(screen, view, width), *above]
    if found is not None:
        lines += verdicts.lines(found.verdicts, reference, now, width, found.takers)
    return lines


def _of_other_desks(screen: "DeskScreen", view: RequestView, width: int) -> list[Pieces]:
    """Who else works on the request, and what a person has to decide of it: before whom to ring."""
    reference, now = screen.console_app.seat.reference, screen.now
    found: list[Pieces] = []
    if (work := screen.tried_by) is not None:
        found += centre.tried_by_line(work, now, _key("work.take_over"), width)
    if view.conflict is not None:
        found += claims.conflict_lines(view.conflict, view.request.id, reference, now, _key("conflict.decide"), width)
    if view.disputed:
        from callcenter.console.presentation import disputes

        found += disputes.lines(view.disputed, reference, now, _key("field.choose"), width)
    return found


def _key(action: str) -> str:
    return key_name(by_id(action).keys[0])


def paint_say(screen: "DeskScreen") -> None:
    """What to say to the family of the selected request, or to the one whose request is being written down."""
    reference, now = screen.console_app.seat.reference, screen.now
    view, found = screen.view, screen.matches
    chosen: Option | None = screen.chosen_option
    if screen.form is not None and screen.form.is_open:
        view, found = screen.form.so_far.view, screen.form.so_far.matches
        chosen = found.ranking.matches[0] if found and found.ranking.matches else None
    text = screen.said or (say.text(view, found, chosen, reference, now) if view else "")
    head = Cell(_("Say") + " ", "title")
    screen.query_one("#say", Panel).show(lambda width: paragraph(head, Cell(text, "strong"), width))


def paint_around(screen: "DeskScreen") -> None:
    """The providers around the selected request."""
    reference, now, shown = screen.console_app.seat.reference, screen.now, screen.around
    near = screen.query_one("#around", LineList)
    # As long as nobody has looked, nobody is missing.
    near.set_columns(around.COLUMNS, _("Nobody around.") if screen.matches is not None else "")
    near.set_total(len(shown))
    fresh = timedelta(hours=screen.console_app.seat.settings.fresh_hours)
    near.set_page(0, [around.row(row, reference, now, fresh) for row in shown])
    screen.query_one("#ruler", Panel).show(lambda width: (around.ruler(shown, width),))
