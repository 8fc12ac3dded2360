"""The plan of the whole queue: who would go where, and whom one request after the other would have given it."""

from datetime import datetime

from callcenter.console.presentation import glyphs, queue, words
from callcenter.console.presentation.cells import Cell, Pieces, Row
from callcenter.console.presentation.columns import Column
from callcenter.console.presentation.figures import kilometres, signed
from callcenter.console.presentation.flow import flowed
from callcenter.desk.queue_plan import PlanRow, QueueProposal
from callcenter.language import _, ngettext
from callcenter.reference import Reference
from callcenter.text.moments import moment


def columns() -> tuple[Column, ...]:
    """The columns in the language in use."""
    return (
        Column("band", "", 1),
        Column("number", _("Number"), 10, importance=4),
        Column("region", _("City"), 4, share=1),
        Column("children", _("Child"), 6, share=1),
        Column("when", _("When"), 11),
        Column("provider", _("Plan"), 12, share=3),
        Column("km", "", 5, align="right", importance=1),
        Column("points", "", 5, align="right", importance=2),
        Column("first", _("One by one"), 8, share=2, importance=3),
    )


def row(row: PlanRow, reference: Reference, now: datetime) -> Row:
    """The cells under `columns`."""
    request, match = row.request, row.match
    start = moment(request.start_at)
    cells: tuple[Cell | Pieces, ...] = (
        Cell(*words.band_sign(request.band)),
        Cell(request.number, "muted"),
        Cell(words.region(reference, request.region), "strong"),
        queue.children(request.children, start.date()),
        queue.when(start, moment(request.end_at), now),
        _planned(row, reference),
        Cell(kilometres(match.candidate.km) if match is not None else "", "muted"),
        Cell(signed(match.score) if match is not None else "", "info"),
        _first(row, reference),
    )
    return Row(request.id, cells, hash(cells))


def head(plan: QueueProposal, width: int) -> list[Pieces]:
    """How many the plan serves beside one by one: «전체 제안 15건  한 건씩 배정 12건  +3»."""
    more = plan.served - plan.first_served
    waiting = len(plan.rows) - plan.served
    served = ngettext("The plan serves {count} request", "The plan serves {count} requests", plan.served)
    beyond = ngettext(
        "{count} request further down was not looked at",
        "{count} requests further down were not looked at",
        plan.beyond,
    )
    left = ngettext("{count} left without", "{count} left without", waiting)
    return flowed(
        [
            (Cell(served.format(count=plan.served), "strong"),),
            (Cell(_("one by one {count}").format(count=plan.first_served), "muted"),),
            (Cell(f"+{more}", "ok"),) if more else (),
            (Cell(left.format(count=waiting), "soon"),) if waiting else (),
            (Cell(beyond.format(count=plan.beyond), "soon"),) if plan.beyond else (),
        ],
        width,
    )


def _planned(row: PlanRow, reference: Reference) -> Cell:
    if row.match is not None:
        return Cell(f"> {words.short_provider(reference, row.match.candidate.name)}", "strong")
    why = words.block(row.reason) if row.reason else _("no place left")
    return Cell(f"{glyphs.NO} {why}", "soon")


def _first(row: PlanRow, reference: Reference) -> Cell:
    if row.first is None:
        return Cell(_("none"), "ok" if row.match is not None else "muted")
    if row.match is not None and row.match.candidate.provider_id == row.first.candidate.provider_id:
        return Cell(_("the same"), "muted")
    return Cell(
        words.short_provider(reference, row.first.candidate.name), "normal" if row.match is not None else "soon"
    )
