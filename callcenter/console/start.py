"""Opening the console: on a desk's database, or on a throw-away one with a living evening."""

import gc
import sys
import time
from collections.abc import Callable
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path
from shutil import get_terminal_size
from typing import cast

from callcenter import reference
from callcenter.console.lean_textual import import_textual
from callcenter.console.terminal import prepare_terminal, read_any_bytes, require_terminal
from callcenter.desk.permission import Actor, Role
from callcenter.desk.queue_view import first_view
from callcenter.desk.reading import desk_of, open_to_read
from callcenter.language import _
from callcenter.reference import Reference
from callcenter.settings import Settings
from callcenter.store import reads
from callcenter.store.engine import explaining


def open_console(settings: Settings, *, operator: str | None = None) -> None:
    """Open the desk of the settings; offers to make one where there is none."""
    data = Reference(reference.data_folder(), settings.config, settings.fresh_hours)
    if any((settings.config / name).exists() for name in reference.OVERRIDES):
        # A supervisor's mistake is told while it can be printed; where there are no such files nothing is to be read.
        data.read_all()
    if not settings.db.exists() and not _offer_to_init(settings, data):
        return
    _run(settings, data, lambda: datetime.now(UTC), operator=operator)


def open_demo(settings: Settings, *, seed: int, speed: float, keep: Path | None = None) -> None:
    """Open a made-up desk on an evening that goes on by itself; `keep` is where its database stays."""
    import tempfile
    from dataclasses import replace
    from random import Random

    from callcenter.simulator.clock import SimulatedClock, demo_start
    from callcenter.simulator.demo_desk import make_demo
    from callcenter.simulator.evening_process import beside
    from callcenter.simulator.stories import OPERATOR

    data = reference.load(reference.data_folder())
    with tempfile.TemporaryDirectory(prefix="callcenter-demo-") as folder:
        path = keep or Path(folder) / "demo.db"
        start = demo_start(data.calendar, datetime.now(UTC))
        make_demo(path, data, Random(seed), start).close()
        clock = SimulatedClock(start, time.time(), speed)
        with beside(path, seed, clock) as troubles:
            _run(replace(settings, db=path), data, clock.now, operator=OPERATOR.name, demo=True)
        if trouble := troubles.read_text(encoding="utf-8", errors="replace").strip():
            print(_("The demo's evening ended early: {trouble}").format(trouble=trouble), file=sys.stderr)


def _run(
    settings: Settings,
    data: Reference,
    clock: Callable[[], datetime],
    *,
    operator: str | None = None,
    demo: bool = False,
) -> None:
    """Check the file while errors can still be printed, read the first page, then take over the terminal."""
    require_terminal()
    gc.disable()
    prepare_terminal(kitty_keys=settings.kitty_keys)
    import_textual()
    read_any_bytes()
    from callcenter.console.app import Console, Seat

    # Closed at the end: the first to close tidies the file, and the first paint would wait for that.
    with closing(open_to_read(settings.db, lambda: data)) as connection:
        with explaining(settings.db):
            name, programs = desk_of(connection, settings.db)
            people = tuple(Actor(person.name, cast(Role, person.role)) for person in reads.people(connection))
            actor = _actor(people, operator)
            # As many rows as can stand on the terminal; the thread that reads gets a whole page right after.
            first = first_view(connection, clock(), actor, get_terminal_size().lines)
        incidents = settings.db.parent
        if demo:
            # A demo's own folder is gone when it ends; what went wrong in it is not.
            import tempfile

            incidents = Path(tempfile.gettempdir())
        seat = Seat(settings.db, name, programs, people, data, settings, clock, incidents, demo)
        console = Console(seat, actor, first)
        console.run(mouse=settings.mouse)
    if console.return_code:
        raise SystemExit(console.return_code)


def _actor(people: tuple[Actor, ...], operator: str | None) -> Actor | None:
    if operator is None:
        return None
    for person in people:
        if person.name == operator:
            return person
    from callcenter.desk.accounts import NobodyThere

    raise NobodyThere(name=operator, known=", ".join(person.name for person in people))


def _offer_to_init(settings: Settings, data: Reference) -> bool:
    """Ask for what a new desk needs; False when the operator would rather not."""
    import typer

    from callcenter.desk.setup import init_desk

    print(_("There is no database at {path} yet.").format(path=settings.db))
    if not typer.confirm(_("Make one now?"), default=True):
        return False
    known = [one.id for one in data.programs]
    init_desk(
        settings.db,
        data,
        datetime.now(UTC),
        name=typer.prompt(_("The desk's name"), default="A"),
        programs=typer.prompt(_("Programs"), default=" ".join(known)).split(),
        supervisor=typer.prompt(_("The first supervisor's name")),
    ).close()
    return True
