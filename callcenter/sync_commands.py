"""`callcenter sync`: joining a centre, leaving it, and speaking to it without a console."""

import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from callcenter.command_output import Json, print_lines
from callcenter.command_settings import Db, Lang, clock, reference_of, settings_of
from callcenter.language import _, ngettext

if TYPE_CHECKING:
    from callcenter.desk.link_state import LinkState
    from callcenter.settings import Settings
    from callcenter.sync.connection_file import ConnectionFile
    from callcenter.sync.loop import Loop

app = typer.Typer(help=_("The centre: many desks that share requests and places."))

_PATIENCE = timedelta(seconds=30)


@app.callback(invoke_without_command=True)
def sync(
    context: typer.Context,
    once: Annotated[bool, typer.Option("--once", help=_("Send what waits, fetch what is there, and end."))] = False,
    watch: Annotated[bool, typer.Option("--watch", help=_("Stay in touch with the centre until interrupted."))] = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Speak to the centre without a console."""
    if context.invoked_subcommand is not None:
        return
    if once == watch:
        print(context.get_help())
        raise typer.Exit(2 if once else 0)
    from callcenter.sync.joining import joined_file

    found = settings_of(context, db, lang)
    with _loop(found, joined_file(found.db)) as loop:
        if once:
            _until_live(loop)
            print(_sentence(loop.state))
        else:
            _watch(loop)


@app.command(help=_("Join a centre with the connection file that it made for this desk."))
def join(
    context: typer.Context,
    file: Annotated[Path, typer.Argument(help=_("The connection file."))],
    days: Annotated[
        int | None, typer.Option(min=1, max=1000, show_default=False, help=_("Days of finished work to fetch."))
    ] = None,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Join a centre with the connection file that it made for this desk."""
    from contextlib import closing

    from callcenter.desk.reading import desk_of
    from callcenter.store.engine import explaining, open_writer
    from callcenter.store.transactions import writing
    from callcenter.sync import connection_file, joining

    found = settings_of(context, db, lang)
    read = connection_file.read(file)
    _psycopg()
    from callcenter.sync.link import open_link

    with closing(open_writer(found.db)) as connection:
        name, _programs = desk_of(connection, found.db)
        joining.refuse_other(read, name)
        # Before anything is kept: a centre that cannot be reached now was perhaps never there.
        open_link(read).close()
        with explaining(found.db), writing(connection):
            joining.begin(connection, joining.since_ms(clock(), days or found.centre_days))
    joining.keep(found.db, read)
    print(_("Desk {desk} has joined the centre at {host}.").format(desk=name, host=read.host))
    print(_("Open work and what is new come now; the console can be used meanwhile."))
    with _loop(found, read) as loop:
        _with_progress(loop)
        print(_sentence(loop.state))


@app.command(help=_("Be a desk on its own again; what came from the centre stays."))
def leave(
    context: typer.Context,
    anyway: Annotated[bool, typer.Option("--anyway", help=_("Leave although entries wait to be sent."))] = False,
    db: Db = None,
    lang: Lang = None,
) -> None:
    """Be a desk on its own again; what came from the centre stays."""
    from contextlib import closing

    from callcenter.store import joined as kept
    from callcenter.store.engine import explaining, open_writer
    from callcenter.store.transactions import writing
    from callcenter.sync import joining
    from callcenter.sync.problems import NotJoined

    found = settings_of(context, db, lang)
    if not anyway:
        with _loop(found, joining.joined_file(found.db)) as loop:
            _until_live(loop)
    with closing(open_writer(found.db)) as connection, explaining(found.db), writing(connection):
        if kept.joined(connection) is None:
            raise NotJoined
        kept.leave(connection)
    joining.forget(found.db)
    print(_("This desk works on its own again. What came from the centre stays here."))


@app.command(help=_("How this desk stands with the centre."))
def status(context: typer.Context, json_wanted: Json = False, db: Db = None, lang: Lang = None) -> None:
    """How this desk stands with the centre; where no program is connected to it, whether it lets the desk in."""
    from dataclasses import asdict

    from callcenter.sync.standing import standing, told, tried

    database = settings_of(context, db, lang).db
    found = tried(standing(database, clock()), database)
    if json_wanted:
        print_lines([asdict(found)], json_wanted)
    else:
        print(told(found))


def _psycopg() -> None:
    """Say in words that the driver is missing, where it is."""
    from callcenter.sync.centre import NoPsycopg

    try:
        import psycopg  # noqa: F401 - only whether it is there
    except ImportError as error:
        raise NoPsycopg from error


@contextmanager
def _loop(found: "Settings", file: "ConnectionFile", **more: Any) -> "Iterator[Loop]":  # noqa: ANN401 - passed on
    """The link of the desk, stepped by the command."""
    from contextlib import closing
    from random import Random

    from callcenter.desk.messages import follow
    from callcenter.desk.session import open_desk

    _psycopg()
    from callcenter.sync.loop import Loop

    # What the centre answers changes what may be told, here as at the console.
    follows = follow if found.messages != "none" else None
    with closing(open_desk(found.db, reference_of(found), follow=follows)) as desk:
        loop = Loop(desk, file, clock, Random(), **more)
        try:
            yield loop
        finally:
            loop.stop()


def _until_live(loop: "Loop") -> None:
    """Step until everything is sent and fetched; raises what stands in the way once it has lasted too long."""
    deadline = clock() + _PATIENCE
    while not (loop.state.live and loop.state.waiting == 0):
        wait = loop.step()
        if (
            loop.state.state == "offline"
            and loop.state.problem is not None
            and clock() + timedelta(seconds=wait) > deadline
        ):
            raise loop.state.problem
        time.sleep(wait)


def _with_progress(loop: "Loop") -> None:
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn()
    deadline = clock() + _PATIENCE
    with Progress(*columns, transient=True) as progress:
        task = progress.add_task(_("Fetching"), total=None)
        while not (loop.state.live and loop.state.waiting == 0):
            wait = loop.step()
            state = loop.state
            if state.state != "offline":
                deadline = clock() + _PATIENCE
            elif state.problem is not None and clock() > deadline:
                raise state.problem
            if state.state == "pull":
                progress.update(task, completed=state.catching_up, total=state.total or None)
            time.sleep(wait)


def _watch(loop: "Loop") -> None:
    """A line for every change, until interrupted."""
    from callcenter.sync.bell import Bell

    bell = Bell()
    said = ""
    try:
        while True:
            wait = loop.step()
            if (now_said := _sentence(loop.state)) != said:
                said = now_said
                print(f"{clock().astimezone():%H:%M:%S} {said}", flush=True)
            bell.wait(wait, loop.bell)
    except KeyboardInterrupt:
        print(_("Ended."), file=sys.stderr)
    finally:
        bell.close()


def _sentence(state: "LinkState") -> str:
    waiting = ngettext("{count} entry waits", "{count} entries wait", state.waiting).format(count=state.waiting)
    if state.live:
        return _("Connected; {waiting}.").format(waiting=waiting)
    if state.state in ("push", "pull"):
        return _("Catching up, {count} so far; {waiting}.").format(count=state.catching_up, waiting=waiting)
    if state.problem is None:
        return _("Connecting; {waiting}.").format(waiting=waiting)
    return f"{state.problem} ({waiting})"
