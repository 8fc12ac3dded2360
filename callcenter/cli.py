"""The front door: typer commands without logic; what a command needs is imported inside it."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from callcenter import (
    __version__,
    call_commands,
    centre_commands,
    intake_commands,
    journal_commands,
    message_commands,
    person_commands,
    phone_commands,
    provider_commands,
    provider_hours_commands,
    report_commands,
    request_commands,
    sync_commands,
)
from callcenter.care.child import School
from callcenter.care.eligibility import Channel
from callcenter.command_output import Json
from callcenter.command_settings import Db, Force, Lang, Operator, clock, reading, reference_of, settings_of
from callcenter.language import _

TIMES = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M%z", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%d %H:%M"]
DAY, MINUTE = "2026-11-26", "2026-11-26T16:00"
"""How a day and a time are written, as help shows them."""

app = typer.Typer(
    help=_("Dispatch console for emergency child care hotlines. Without a command it opens the console."),
    invoke_without_command=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.add_typer(request_commands.app, name="request")
app.add_typer(call_commands.app, name="call")
app.add_typer(call_commands.callback_app, name="callback")
provider_commands.app.add_typer(provider_hours_commands.app)
app.add_typer(provider_commands.app, name="provider")
app.add_typer(journal_commands.app, name="journal")
app.add_typer(person_commands.app, name="person")
app.add_typer(intake_commands.app, name="intake")
app.add_typer(phone_commands.app, name="phone")
app.add_typer(report_commands.app, name="report")
app.add_typer(sync_commands.app, name="sync")
app.add_typer(message_commands.app, name="messages")
app.add_typer(centre_commands.app, name="centre")


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
        name="A" if desk is None else desk,
        programs=program or known,
        supervisor=_("Supervisor") if supervisor is None else supervisor,
    )
    opened.close()
    print(_("Desk {name} is ready: {path}").format(name=opened.name, path=found.db))


@app.command(help=_("What can be booked for a child, and why not."))
def check(
    context: typer.Context,
    region: Annotated[str, typer.Option(help=_("Where care is needed: code of a si, gun or gu."))],
    birth: Annotated[datetime, typer.Option(formats=["%Y-%m-%d"], metavar=DAY, help=_("The child's birth date."))],
    start: Annotated[datetime, typer.Option(formats=TIMES, metavar=MINUTE, help=_("From, in Seoul."))],
    end: Annotated[datetime, typer.Option(formats=TIMES, metavar=MINUTE, help=_("To, in Seoul."))],
    now: Annotated[
        datetime | None, typer.Option(formats=TIMES, metavar=MINUTE, help=_("As if it were this time in Seoul."))
    ] = None,
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

        with reading(found) as connection:
            providers = providers_of(connection, reference)
            result = answer(reference, wanted, moment, program or None, supply_of(connection, reference), providers)
    else:
        result = answer(reference, wanted, moment, program or None)
    if json_wanted:
        print(as_json(result))
        return
    from rich.console import Console

    from callcenter.desk.check_table import check_table

    Console().print(check_table(reference, result))


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
