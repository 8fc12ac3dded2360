"""`callcenter provider`: the desk's providers, listed, taken in and written out."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import (
    Db,
    Force,
    Lang,
    Operator,
    acting,
    clock,
    reading,
    settings_of,
)
from callcenter.language import _

app = typer.Typer(help=_("Providers."), no_args_is_help=True)


@app.command("list", help=_("The desk's providers."))
def provider_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The desk's providers."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with reading(found) as connection:
        print_lines(listing.providers(connection), json_wanted, ("id", "service", "region", "name", "phone", "groups"))


@app.command("import", help=_("Take in providers from a CSV file; nothing is taken unless all rows are good."))
def provider_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_("CSV, UTF-8 or CP949."))],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=_("Take the good rows all the same."))] = False,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take in providers from a CSV file; nothing is taken unless all rows are good."""
    from callcenter.desk.provider_file import read_provider_file
    from callcenter.desk.providers import record_providers

    with acting(context, operator, db, lang) as (desk, actor):
        read = read_provider_file(file, desk.reference)
        for mistake in read.mistakes:
            print(mistake.error(), file=sys.stderr)
        if read.mistakes and not skip_bad:
            print(_("Nothing was taken. Mend the rows, or add --skip-bad to take the rest."), file=sys.stderr)
            raise typer.Exit(1)
        changed = record_providers(desk, actor, clock(), read.providers)
    print(
        _("{good} providers read, {changed} new or changed, {bad} rows left out.").format(
            good=len(read.providers), changed=changed, bad=read.bad_rows
        )
    )


@app.command("export", help=_("Write the desk's providers as CSV, to a file or to standard output."))
def provider_export(
    context: typer.Context,
    file: Annotated[Path | None, typer.Argument(help=_("Where to; standard output if not given."))] = None,
    force: Force = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Write the desk's providers as CSV, to a file or to standard output."""
    from callcenter.desk.provider_file import export_text
    from callcenter.desk.setup import FileInTheWay, keep_old

    with reading(settings_of(context, db, lang)) as connection:
        text = export_text(connection)
    if file is None:
        print(text, end="")
        return
    if file.is_dir() or (file.exists() and not force):
        raise FileInTheWay(path=file)
    keep_old(file)
    # The byte order mark makes Excel read Hangul as what it is.
    file.write_text(text, encoding="utf-8-sig", newline="")
