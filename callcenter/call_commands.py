"""`callcenter call` and `callcenter callback`: telephone calls, and the call-backs that are owed."""

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, reading, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Telephone calls."), no_args_is_help=True)
callback_app = typer.Typer(help=_("Call-backs that are owed."), no_args_is_help=True)


@app.command("list", help=_("The calls that are not over, masked as on screen."))
def call_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The calls that are not over, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        fields = ("state", "direction", "opened_at", "operator", "phone", "guardian", "restricted")
        print_lines(listing.calls(connection), json_wanted, fields)


@callback_app.command("list", help=_("The call-backs that are owed, the first that is due first."))
def callback_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The call-backs that are owed, the first that is due first."""
    from datetime import timedelta

    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        pause = timedelta(minutes=found.retry_minutes)
        print_lines(listing.callbacks(connection, pause, found.callback_tries), json_wanted)
