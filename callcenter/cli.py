"""The front door: typer commands without logic; what a command needs is imported inside it."""

import json
import sys
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from callcenter import __version__, intake_commands, phone_commands
from callcenter.care.child import School
from callcenter.care.eligibility import Channel
from callcenter.command_settings import Db, Lang, clock, reference_of, settings_of
from callcenter.language import _, ngettext

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from sqlite3 import Connection

    from callcenter.settings import Settings

Json = Annotated[bool, typer.Option("--json", help=_("One JSON object a line."))]
Operator = Annotated[str | None, typer.Option(help=_("Who acts: one of the desk's people."), show_default=False)]
Role = Literal["operator", "supervisor"]
TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M"]
Force = Annotated[bool, typer.Option("--force", help=_("Replace a file that is there; the old one is kept."))]

app = typer.Typer(
    help=_("Dispatch console for emergency child care hotlines. Without a command it opens the console."),
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
request_app = typer.Typer(help=_("Requests."), no_args_is_help=True)
call_app = typer.Typer(help=_("Telephone calls."), no_args_is_help=True)
callback_app = typer.Typer(help=_("Call-backs that are owed."), no_args_is_help=True)
provider_app = typer.Typer(help=_("Providers."), no_args_is_help=True)
journal_app = typer.Typer(help=_("The journal: everything that happened."), no_args_is_help=True)
person_app = typer.Typer(help=_("The desk's people."), no_args_is_help=True)
app.add_typer(request_app, name="request")
app.add_typer(call_app, name="call")
app.add_typer(callback_app, name="callback")
app.add_typer(provider_app, name="provider")
app.add_typer(journal_app, name="journal")
app.add_typer(person_app, name="person")
app.add_typer(intake_commands.app, name="intake")
app.add_typer(phone_commands.app, name="phone")


@contextmanager
def _reading(found: "Settings") -> "Iterator[Connection]":
    from callcenter.desk.session import open_to_read
    from callcenter.store.engine import explaining

    with closing(open_to_read(found.db, lambda: reference_of(found))) as connection, explaining(found.db):
        yield connection


def _operator(context: typer.Context, operator: str | None) -> str | None:
    """Who acts: as the command says, or what stands in front of it."""
    named: str | None = operator or context.find_root().obj["operator"]
    return named


def _print(lines: "Iterable[dict[str, Any]]", json_wanted: bool) -> None:
    """A JSON object a line, or the same as columns to read."""
    if json_wanted:
        for line in lines:
            print(json.dumps(line, ensure_ascii=False))
        return
    from callcenter.desk.list_table import print_table

    print_table(lines)


def _in_seoul(local: datetime) -> datetime:
    from callcenter.care.calendar import SEOUL

    return local.astimezone(SEOUL) if local.tzinfo else local.replace(tzinfo=SEOUL)


def _version(wanted: bool) -> None:
    if wanted:
        print(f"callcenter {__version__}")
        raise typer.Exit


@app.callback()
def main(
    context: typer.Context,
    db: Db = None,
    lang: Lang = None,
    operator: Operator = None,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help=_("Print the version."))
    ] = False,
) -> None:
    """Open the console, or run a command."""
    context.obj = {"db": db, "lang": lang, "operator": operator}
    if context.invoked_subcommand is None:
        from callcenter.console.start import open_console

        open_console(settings_of(context), operator=operator)


@app.command(help=_("Open the console on a throw-away desk with a living evening."))
def demo(
    context: typer.Context,
    seed: Annotated[int, typer.Option(help=_("The same seed gives the same evening."))] = 7,
    speed: Annotated[float, typer.Option(min=0.1, max=600, help=_("How many times faster than life."))] = 4.0,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Open the console on a throw-away desk with a living evening."""
    from callcenter.console.start import open_demo

    keep = db or context.find_root().obj["db"]
    open_demo(settings_of(context, db, lang), seed=seed, speed=speed, keep=keep)


@app.command(help=_("Make a desk's database; asks for what is not given."))
def init(
    context: typer.Context,
    desk: Annotated[str | None, typer.Option(help=_("The desk's name: it begins every receipt number."))] = None,
    program: Annotated[list[str] | None, typer.Option(help=_("A program the desk serves; may be repeated."))] = None,
    supervisor: Annotated[str | None, typer.Option(help=_("The first supervisor's name."))] = None,
    yes: Annotated[bool, typer.Option("--yes", help=_("Take the defaults, ask nothing."))] = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Make a desk's database; asks for what is not given."""
    from callcenter.desk.setup import init_desk

    found = settings_of(context, db, lang)
    reference = reference_of(found)
    known = [one.id for one in reference.programs]
    if not yes:
        desk = desk or typer.prompt(_("The desk's name"), default="A")
        program = program or typer.prompt(_("Programs"), default=" ".join(known)).split()
        supervisor = supervisor or typer.prompt(_("The first supervisor's name"))
    opened = init_desk(
        found.db,
        reference,
        clock(),
        name=desk or "A",
        programs=program or known,
        supervisor=supervisor or _("Supervisor"),
    )
    opened.close()
    print(_("Desk {name} is ready: {path}").format(name=opened.name, path=found.db))


@app.command(help=_("What can be booked for a child, and why not."))
def check(
    context: typer.Context,
    region: Annotated[str, typer.Option(help=_("Where care is needed: code of a si, gun or gu."))],
    birth: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], help=_("The child's birth date."))],
    start: Annotated[datetime, typer.Option(formats=TIMES, help=_("From, in Seoul."))],
    end: Annotated[datetime, typer.Option(formats=TIMES, help=_("To, in Seoul."))],
    now: Annotated[datetime | None, typer.Option(formats=TIMES, help=_("As if it were this time in Seoul."))] = None,
    school: Annotated[School | None, typer.Option(help=_("The school the child goes to."))] = None,
    residence: Annotated[str | None, typer.Option(help=_("Where the family is registered, if elsewhere."))] = None,
    registered: Annotated[
        bool | None, typer.Option("--registered/--not-registered", help=_("Registered in advance."))
    ] = None,
    symptom: Annotated[list[str] | None, typer.Option(help=_("A symptom; may be repeated."))] = None,
    need: Annotated[list[str] | None, typer.Option(help=_("A special need; may be repeated."))] = None,
    channel: Annotated[Channel, typer.Option(help=_("By which way the request comes."))] = "hotline",
    program: Annotated[list[str] | None, typer.Option(help=_("Only this program; may be repeated."))] = None,
    json_wanted: Json = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """What can be booked for a child, and why not."""
    from callcenter.care.child import Child
    from callcenter.care.eligibility import Need
    from callcenter.desk.checks import answer, as_json

    found = settings_of(context, db, lang)
    wanted = Need(
        region=region,
        child=Child(birth.date(), school),
        start=_in_seoul(start),
        end=_in_seoul(end),
        residence=residence,
        registered=registered,
        symptoms=frozenset(symptom or ()),
        needs=frozenset(need or ()),
        channel=channel,
    )
    moment = _in_seoul(now) if now else clock()
    reference = reference_of(found)
    # A database that was named has to be there; the default one is used where it is.
    if db is not None or context.find_root().obj.get("db") or found.db.exists():
        from callcenter.desk.provider_file import providers_of, supply_of

        with _reading(found) as connection:
            providers = providers_of(connection, reference)
            result = answer(reference, wanted, moment, program or None, supply_of(connection), providers)
    else:
        result = answer(reference, wanted, moment, program or None)
    if json_wanted:
        print(as_json(result))
        return
    from rich.console import Console

    from callcenter.desk.check_table import check_table

    Console().print(check_table(reference, result))


@request_app.command("list", help=_("The open requests in the order of the queue, masked as on screen."))
def request_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The open requests in the order of the queue, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with _reading(found) as connection:
        _print(listing.requests(connection, clock()), json_wanted)


@call_app.command("list", help=_("The calls that are not over, masked as on screen."))
def call_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The calls that are not over, masked as on screen."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with _reading(found) as connection:
        _print(listing.calls(connection), json_wanted)


@callback_app.command("list", help=_("The call-backs that are owed, the first that is due first."))
def callback_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The call-backs that are owed, the first that is due first."""
    from datetime import timedelta

    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with _reading(found) as connection:
        pause = timedelta(minutes=found.retry_minutes)
        _print(listing.callbacks(connection, pause, found.callback_tries), json_wanted)


@request_app.command("find", help=_("Find requests by name, digits, receipt number or city; the journal keeps who."))
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
        actor = actor_named(desk.connection, _operator(context, operator), "supervisor")
        result = search(desk.connection, desk.reference, " ".join(text), clock(), actor)
        if result.rows:
            # Nothing is shown that the journal could not be told of.
            note_search(desk, actor, clock(), len(result.rows), "list")
    _print(listing.found(result), json_wanted)
    if result.more:
        count = len(result.rows)
        print(_("{count} shown, there may be more: type more.").format(count=count), file=sys.stderr)


@provider_app.command("list", help=_("The desk's providers."))
def provider_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The desk's providers."""
    from callcenter.desk import listing

    found = settings_of(context, db, lang)
    with _reading(found) as connection:
        _print(listing.providers(connection), json_wanted)


@provider_app.command("import", help=_("Take in providers from a CSV file; nothing is taken unless all rows are good."))
def provider_import(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(exists=True, dir_okay=False, help=_("CSV, UTF-8 or CP949."))],
    skip_bad: Annotated[bool, typer.Option("--skip-bad", help=_("Take the good rows all the same."))] = False,
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Take in providers from a CSV file; nothing is taken unless all rows are good."""
    from callcenter.desk.accounts import actor_named
    from callcenter.desk.provider_file import read_provider_file
    from callcenter.desk.providers import record_providers
    from callcenter.desk.session import open_desk

    found = settings_of(context, db, lang)
    reference = reference_of(found)
    with closing(open_desk(found.db, reference)) as desk:
        read = read_provider_file(file, reference)
        for mistake in read.mistakes:
            print(mistake.error(), file=sys.stderr)
        if read.mistakes and not skip_bad:
            print(_("Nothing was taken. Mend the rows, or add --skip-bad to take the rest."), file=sys.stderr)
            raise typer.Exit(1)
        actor = actor_named(desk.connection, _operator(context, operator), "supervisor")
        changed = record_providers(desk, actor, clock(), read.providers)
    print(
        _("{good} providers read, {changed} new or changed, {bad} rows left out.").format(
            good=len(read.providers), changed=changed, bad=read.bad_rows
        )
    )


@provider_app.command("export", help=_("Write the desk's providers as CSV, to a file or to standard output."))
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

    with _reading(settings_of(context, db, lang)) as connection:
        text = export_text(connection)
    if file is None:
        print(text, end="")
        return
    if file.is_dir() or (file.exists() and not force):
        raise FileInTheWay(path=file)
    keep_old(file)
    # The byte order mark makes Excel read Hangul as what it is.
    file.write_text(text, encoding="utf-8-sig", newline="")


@journal_app.command("verify", help=_("Check the hash chain of every desk in the journal."))
def journal_verify(context: typer.Context, db: Db = None, lang: Lang = None) -> None:
    """Check the hash chain of every desk in the journal."""
    from callcenter.journal.history import verify

    with _reading(settings_of(context, db, lang)) as connection:
        checked, faults = verify(connection)
    for fault in faults:
        print(_("Desk {desk}, entry {seq}: the chain is broken ({reason}).").format(**fault._asdict()), file=sys.stderr)
    if faults:
        raise typer.Exit(1)
    print(ngettext("{count} entry, unbroken.", "{count} entries, unbroken.", checked).format(count=checked))


@journal_app.command("rebuild", help=_("Drop what was folded from the journal and fold it again."))
def journal_rebuild(context: typer.Context, db: Db = None, lang: Lang = None) -> None:
    """Drop what was folded from the journal and fold it again."""
    from callcenter.journal.history import rebuild
    from callcenter.store.engine import explaining, open_writer, writing

    found = settings_of(context, db, lang)
    with closing(open_writer(found.db)) as connection, explaining(found.db), writing(connection):
        count = rebuild(connection)
    print(ngettext("{count} entry folded.", "{count} entries folded.", count).format(count=count))


@journal_app.command("show", help=_("The entries in order; what they say of people is left out."))
def journal_show(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """The entries in order; what they say of people is left out."""
    from callcenter.desk import listing

    with _reading(settings_of(context, db, lang)) as connection:
        _print(listing.entries(connection), json_wanted)


@person_app.command("list", help=_("Who may act at this desk."))
def person_list(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """Who may act at this desk."""
    from callcenter.desk import listing

    with _reading(settings_of(context, db, lang)) as connection:
        _print(listing.people(connection), json_wanted)


@person_app.command("add", help=_("Add one of the desk's people."))
def person_add(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help=_("The name as it will stand in the journal."))],
    role: Annotated[Role, typer.Option(help=_("operator or supervisor."))] = "operator",
    operator: Operator = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Add one of the desk's people."""
    from callcenter.desk.accounts import actor_named, add_operator
    from callcenter.desk.session import open_desk

    found = settings_of(context, db, lang)
    with closing(open_desk(found.db, reference_of(found))) as desk:
        actor = actor_named(desk.connection, _operator(context, operator), "supervisor")
        add_operator(desk, actor, clock(), name, role)
    print(_("{name} can act at this desk now.").format(name=name))


@app.command(help=_("Write a verified copy of the database."))
def backup(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=_("Where to."))],
    force: Force = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Write a verified copy of the database."""
    from callcenter.desk.setup import backup as write_backup

    found = settings_of(context, db, lang)
    write_backup(found.db, file, force=force)
    print(_("Backup written and checked: {path}").format(path=file))


@app.command(help=_("Put a verified backup in the place of the database; the old file is kept."))
def restore(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=_("The backup."))],
    force: Force = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Put a verified backup in the place of the database; the old file is kept."""
    from callcenter.desk.setup import restore as put_back

    found = settings_of(context, db, lang)
    kept = put_back(file, found.db, clock(), force=force)
    print(_("Restored: {path}").format(path=found.db))
    if kept is not None:
        print(_("The old file is kept: {path}").format(path=kept))
