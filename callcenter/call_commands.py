"""`callcenter call` and `callcenter callback`: telephone calls, and the call-backs that are owed."""

from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, acting, clock, reading, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Telephone calls."), no_args_is_help=True)
callback_app = typer.Typer(help=_("Call-backs that are owed."), no_args_is_help=True)
_WIDTH = 100
"""How many cells wide a record is printed."""


@app.command("list", help=_("The calls that are not over, masked as on screen."))
def call_list(
    context: typer.Context,
    today: Annotated[bool, typer.Option("--today", help=_("Those of today that are over too."))] = False,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """The calls that are not over, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        fields = ("id", "state", "direction", "opened_at", "operator", "phone", "guardian", "restricted")
        print_lines(listing.calls(connection, clock() if today else None), json_wanted, fields)


@app.command("show", help=_("A call's notes and what was reported of danger in it; the journal keeps who read it."))
def call_show(
    context: typer.Context,
    call: Annotated[str, typer.Argument(metavar="ID", help=_("The call's ID, as in the list."), show_default=False)],
    # Not a supervisor where nobody is named, as elsewhere: the journal is to keep who really read it.
    operator: Annotated[str, typer.Option(help=_("Who reads: one of the desk's people."), show_default=False)],
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """A call's notes and what was reported of danger in it; the journal keeps who read it."""
    from callcenter.desk import listing
    from callcenter.desk.safety import read_record

    with acting(context, operator, db, lang) as (desk, actor):
        record = read_record(desk, actor, clock(), call)
    if json_wanted:
        print_lines([listing.record(record)], json_wanted)
        return
    from callcenter.console.presentation import danger_record
    from callcenter.text.sanitize import visible

    for line in danger_record.text(record, clock(), _WIDTH):
        print(visible(line))


@callback_app.command("list", help=_("The call-backs that are owed, the first that is due first."))
def callback_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The call-backs that are owed, the first that is due first."""
    from datetime import timedelta

    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        pause = timedelta(minutes=found.retry_minutes)
        print_lines(listing.callbacks(connection, pause, found.callback_tries), json_wanted)
