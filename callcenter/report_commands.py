"""`callcenter report`: figures of a time, and what somebody still has to see to."""

from datetime import date, datetime
from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, clock, reading, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Figures of a time; open incidents and complaints."), no_args_is_help=True)


First = Annotated[
    datetime | None,
    typer.Option(
        "--from", formats=["%Y-%m-%d"], metavar="2026-11-26", help=_("The first day, in Seoul."), show_default=False
    ),
]
Last = Annotated[
    datetime | None,
    typer.Option(
        "--to", formats=["%Y-%m-%d"], metavar="2026-11-26", help=_("The last day, in Seoul."), show_default=False
    ),
]


@app.command("counts", help=_("Requests, children and distinct children by stage; without days, of this month."))
def report_counts(
    context: typer.Context,
    first: First = None,
    last: Last = None,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Requests, children and distinct children by stage; without days, of this month."""
    from callcenter.desk.counts import count_lines

    with reading(settings_of(context, db, lang)) as connection:
        lines = count_lines(connection, *_days(first, last))
        print_lines(lines, json_wanted, ("words", "requests", "children", "people"))


@app.command("satisfaction", help=_("How content guardians were, 0 to 100; without days, this month."))
def report_satisfaction(
    context: typer.Context,
    first: First = None,
    last: Last = None,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """How content guardians were, 0 to 100; without days, this month."""
    from callcenter.desk.counts import satisfaction_line

    with reading(settings_of(context, db, lang)) as connection:
        print_lines([satisfaction_line(connection, *_days(first, last))], json_wanted)


def _days(first: datetime | None, last: datetime | None) -> tuple[date, date]:
    from callcenter.care.calendar import SEOUL

    today: date = clock().astimezone(SEOUL).date()
    begin = first.date() if first else today.replace(day=1)
    return begin, last.date() if last else max(begin, today)


@app.command("incidents", help=_("Incidents that no supervisor has taken over, without what was said of them."))
def report_incidents(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Incidents that no supervisor has taken over, without what was said of them."""
    from callcenter.desk.after_listing import incidents

    with reading(settings_of(context, db, lang)) as connection:
        print_lines(incidents(connection), json_wanted)


@app.command("complaints", help=_("Complaints that are not answered, the first that is due first."))
def report_complaints(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Complaints that are not answered, the first that is due first."""
    from callcenter.desk.after_listing import complaints

    with reading(settings_of(context, db, lang)) as connection:
        print_lines(complaints(connection), json_wanted)
