"""`callcenter report`: figures of a time."""

from datetime import date, datetime
from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, clock, reading, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Figures of a time."), no_args_is_help=True)


@app.command("counts", help=_("Requests, children and distinct children by stage; without days, of this month."))
def report_counts(
    context: typer.Context,
    first: Annotated[
        datetime | None,
        typer.Option("--from", formats=["%Y-%m-%d"], help=_("The first day, in Seoul."), show_default=False),
    ] = None,
    last: Annotated[
        datetime | None,
        typer.Option("--to", formats=["%Y-%m-%d"], help=_("The last day, in Seoul."), show_default=False),
    ] = None,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Requests, children and distinct children by stage; without days, of this month."""
    from callcenter.care.calendar import SEOUL
    from callcenter.desk.counts import count_lines

    today: date = clock().astimezone(SEOUL).date()
    begin = first.date() if first else today.replace(day=1)
    with reading(settings_of(context, db, lang)) as connection:
        print_lines(count_lines(connection, begin, last.date() if last else max(begin, today)), json_wanted)
