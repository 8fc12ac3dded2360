"""`callcenter request`: the requests of the desk, listed and found."""

import sys
from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import (
    Db,
    Lang,
    Operator,
    acting,
    clock,
    operator_of,
    reading,
    reference_of,
    settings_of,
)
from callcenter.language import _

app = typer.Typer(help=_("Requests."), no_args_is_help=True)


@app.command("list", help=_("The open requests in the order of the queue, masked as on screen."))
def request_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The open requests in the order of the queue, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        fields = ("number", "opened_at", "state", "channel", "region", "children", "restricted")
        print_lines(listing.requests(connection, clock()), json_wanted, fields)


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
    from callcenter.desk.search import note_search, search

    with acting(context, operator, db, lang) as (desk, actor):
        result = search(desk.connection, desk.reference, " ".join(text), clock(), actor)
        if result.rows:
            # Nothing is shown that the journal could not be told of.
            note_search(desk, actor, clock(), len(result.rows), "list")
    print_lines(listing.found(result), json_wanted)
    if result.more:
        count = len(result.rows)
        print(_("{count} shown, there may be more: type more.").format(count=count), file=sys.stderr)


Number = Annotated[str, typer.Argument(help=_("The receipt number."), show_default=False)]
Provider = Annotated[str, typer.Argument(help=_("The provider's id."), show_default=False)]
Reason = Annotated[str, typer.Option(help=_("Why; only supervisors read it."), show_default=False)]


@app.command("choices", help=_("The lists that a request's offers were chosen from, as the operator saw them."))
def request_choices(
    context: typer.Context,
    number: Number,
    json_wanted: Json = False,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """The lists that a request's offers were chosen from, as the operator saw them."""
    from callcenter.desk.accounts import actor_named
    from callcenter.desk.choice_review import seen_lists

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        actor = actor_named(connection, operator_of(context, operator), "supervisor")
        print_lines(seen_lists(connection, reference_of(found), number, actor), json_wanted)


@app.command("separate", help=_("The family of a request is not placed with a provider from now on; supervisors only."))
def request_separate(
    context: typer.Context,
    number: Number,
    provider: Provider,
    reason: Reason,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """The family of a request is not placed with a provider from now on; supervisors only."""
    from callcenter.desk.no_contact import guardian_of, set_no_contact

    with acting(context, operator, db, lang) as (desk, actor):
        set_no_contact(desk, actor, clock(), guardian_of(desk.connection, number), provider, reason)
    print(_("This family and {provider} are kept apart now.").format(provider=provider))


@app.command("relink", help=_("The family of a request may be placed with a provider again; supervisors only."))
def request_relink(
    context: typer.Context,
    number: Number,
    provider: Provider,
    reason: Reason,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """The family of a request may be placed with a provider again; supervisors only."""
    from callcenter.desk.no_contact import guardian_of, lift_no_contact

    with acting(context, operator, db, lang) as (desk, actor):
        lift_no_contact(desk, actor, clock(), guardian_of(desk.connection, number), provider, reason)
    print(_("This family and {provider} are not kept apart any more.").format(provider=provider))


@app.command("erase", help=_("Erase the family of a request for good; supervisors only. The work stays countable."))
def request_erase(
    context: typer.Context,
    number: Number,
    reason: Annotated[str, typer.Option(help=_("Why, by its code; a wrong one names them."), show_default=False)],
    yes: Annotated[bool, typer.Option("--yes", help=_("Ask nothing."))] = False,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Erase the family of a request for good; supervisors only. The work stays countable."""
    from callcenter.desk.guardians import erase_guardian
    from callcenter.desk.no_contact import guardian_of

    with acting(context, operator, db, lang) as (desk, actor):
        guardian = guardian_of(desk.connection, number)
        if not yes:
            typer.confirm(_("Erase the family of {number} for good?").format(number=number), abort=True)
        count = erase_guardian(desk, actor, clock(), guardian, reason)
    print(_("{count} entries were emptied. Backups made before still hold them.").format(count=count))
