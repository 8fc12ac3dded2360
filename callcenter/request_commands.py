"""`callcenter request`: the requests of the desk, listed and found."""

import sys
from contextlib import closing
from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, Operator, clock, operator_of, reading, reference_of, settings_of
from callcenter.language import _

app = typer.Typer(help=_("Requests."), no_args_is_help=True)


@app.command("list", help=_("The open requests in the order of the queue, masked as on screen."))
def request_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The open requests in the order of the queue, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        print_lines(listing.requests(connection, clock()), json_wanted)


@app.command("find", help=_("Find requests by name, digits, receipt number or city; the journal keeps who."))
def request_find(
    context: typer.Context,
    text: Annotated[list[str], typer.Argument(help=_("What to find: every word has to fit."), show_default=False)],
    json_wanted: Json = False,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Find requests by name, digits, receipt number or city; the journal keeps who."""
    from callcenter.desk import listing
    from callcenter.desk.accounts import actor_named
    from callcenter.desk.search import note_search, search
    from callcenter.desk.session import open_desk

    found = settings_of(context, db, lang)
    with closing(open_desk(found.db, reference_of(found))) as desk:
        actor = actor_named(desk.connection, operator_of(context, operator), "supervisor")
        result = search(desk.connection, desk.reference, " ".join(text), clock(), actor)
        if result.rows:
            # Nothing is shown that the journal could not be told of.
            note_search(desk, actor, clock(), len(result.rows), "list")
    print_lines(listing.found(result), json_wanted)
    if result.more:
        count = len(result.rows)
        print(_("{count} shown, there may be more: type more.").format(count=count), file=sys.stderr)
