"""`callcenter person`: who may act at this desk."""

from typing import Annotated, Literal

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, Operator, acting, clock, reading, settings_of
from callcenter.language import _

app = typer.Typer(help=_("The desk's people."), no_args_is_help=True)

Role = Literal["operator", "supervisor"]


@app.command("list", help=_("Who may act at this desk."))
def person_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Who may act at this desk."""
    from callcenter.desk import listing

    with reading(settings_of(context, db, lang)) as connection:
        print_lines(listing.people(connection), json_wanted)


@app.command("add", help=_("Add one of the desk's people."))
def person_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The name as it will stand in the journal."))],
    role: Annotated[Role, typer.Option(help=_("operator or supervisor."))] = "operator",
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Add one of the desk's people."""
    from callcenter.desk.accounts import add_operator

    with acting(context, operator, db, lang) as (desk, actor):
        add_operator(desk, actor, clock(), name, role)
    print(_("{name} can act at this desk now.").format(name=name))
