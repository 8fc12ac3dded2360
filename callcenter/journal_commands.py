"""`callcenter journal`: everything that happened, checked, folded again and shown."""

import sys
from contextlib import closing

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, reading, settings_of
from callcenter.language import _, ngettext

app = typer.Typer(help=_("The journal: everything that happened."), no_args_is_help=True)


@app.command("verify", help=_("Check the hash chain of every desk in the journal."))
def journal_verify(context: typer.Context, db: Db = None, lang: Lang = None) -> None:
    """Check the hash chain of every desk in the journal."""
    from callcenter.journal.history import verify

    with reading(settings_of(context, db, lang)) as connection:
        checked, faults = verify(connection)
    for fault in faults:
        print(_("Desk {desk}, entry {seq}: the chain is broken ({reason}).").format(**fault._asdict()), file=sys.stderr)
    if faults:
        raise typer.Exit(1)
    print(ngettext("{count} entry, unbroken.", "{count} entries, unbroken.", checked).format(count=checked))


@app.command("rebuild", help=_("Drop what was folded from the journal and fold it again."))
def journal_rebuild(context: typer.Context, db: Db = None, lang: Lang = None) -> None:
    """Drop what was folded from the journal and fold it again."""
    from callcenter.journal.history import rebuild
    from callcenter.store.engine import explaining, open_writer
    from callcenter.store.transactions import writing

    found = settings_of(context, db, lang)
    with closing(open_writer(found.db)) as connection, explaining(found.db), writing(connection):
        count = rebuild(connection)
    print(ngettext("{count} entry folded.", "{count} entries folded.", count).format(count=count))


@app.command("show", help=_("The entries in order; what they say of people is left out."))
def journal_show(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The entries in order; what they say of people is left out."""
    from callcenter.desk import listing

    with reading(settings_of(context, db, lang)) as connection:
        print_lines(
            listing.entries(connection), json_wanted, ("desk", "seq", "at", "actor", "kind", "restricted", "erased")
        )
