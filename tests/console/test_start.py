"""What the first paint waits for, and what is refused before the terminal is taken over."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from textual.theme import Theme

from callcenter.console.app import Console
from callcenter.console.start import open_console
from callcenter.console.terminal import NoTerminal
from callcenter.console.theme import DARK, LIGHT
from callcenter.desk.session import Desk
from callcenter.errors import DataFileError
from callcenter.settings import Settings
from tests.conftest import OPERATOR
from tests.console.seats import Watch, ask, console

ROOT = Path(__file__).parents[2]
PAINT = """
import os, sys
from callcenter import settings
from callcenter.console import start
from callcenter.console.lean_textual import import_textual
import_textual()
from callcenter.console.app import Console

run = Console.run

def painted(self, screen, renderable):
    queue = self.screen.query_one("#queue")
    print(queue.cursor_key, *sorted(sys.modules), file=sys.__stderr__, flush=True)
    os._exit(0)

Console._display = painted
Console.run = lambda self, **given: run(self, headless=True, size=(120, 36))
start.open_console(settings.load())
"""
HEADLESS = "textual.drivers.headless_driver:HeadlessDriver"
LATER = {
    "callcenter.care.programs",
    "callcenter.console.live",
    "callcenter.console.messages",
    "callcenter.console.operations",
    "callcenter.console.writer",
    "callcenter.desk.session",
    "callcenter.desk.view",
    "callcenter.reference.rules",
    "callcenter.text.phone",
    "ssl",
    "textual.command",
    "textual.widgets._input",
    "tomllib",
}
"""What each costs a millisecond or more to load, and nothing on the first paint needs."""
OWN = 80
"""How many modules of ours the first paint may wait for: each is a third of a millisecond, and what it defines."""


def python(code: str, folder: Path, **environment: str) -> list[str]:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CALLCENTER_", "TEXTUAL_"))}
    done = subprocess.run(
        [sys.executable, "-c", code],
        env={**inherited, "CALLCENTER_CONFIG": str(folder), **environment},
        cwd=ROOT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stderr.split()


def test_the_first_paint_shows_the_queue_and_waits_for_little(desk: Desk, tmp_path: Path) -> None:
    request = ask(desk)
    cursor, *loaded = python(PAINT, tmp_path, CALLCENTER_DB=str(desk.path), TEXTUAL_DRIVER=HEADLESS)
    assert cursor == request.request_id
    assert LATER.isdisjoint(loaded)
    own = [name for name in loaded if name.partition(".")[0] == "callcenter"]
    assert "callcenter.console.screens.desk" in own
    assert len(own) <= OWN, own


@pytest.mark.parametrize("command", [[], ["demo"]], ids=["desk", "demo"])
def test_without_a_terminal_the_console_says_so_and_ends(desk: Desk, tmp_path: Path, command: list[str]) -> None:
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(("CALLCENTER_", "TEXTUAL_"))}
    done = subprocess.run(
        [sys.executable, "-m", "callcenter", "--lang", "en", *command],
        env={**inherited, "CALLCENTER_CONFIG": str(tmp_path), "CALLCENTER_DB": str(desk.path)},
        cwd=ROOT,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"{NoTerminal()}\n"


def test_what_textual_is_imported_without_is_there_for_who_asks(tmp_path: Path) -> None:
    code = """
import sys
from callcenter.console.lean_textual import import_textual
import_textual()
assert "textual.app" in sys.modules and "textual.command" not in sys.modules and "ssl" not in sys.modules
import asyncio, ssl, textual.command
assert ssl.create_default_context() and asyncio.run(asyncio.sleep(0, "slept")) == "slept"
assert textual.command.CommandPalette.is_open
import_textual()
"""
    assert python(code, tmp_path) == []


def test_a_mistake_of_the_supervisors_is_told_before_the_terminal_is_taken(desk: Desk, tmp_path: Path) -> None:
    folder = tmp_path / "config"
    folder.mkdir()
    (folder / "holidays.csv").write_text("date,name,on\n2026-11-31,임시공휴일,yes\n", encoding="utf-8")
    with pytest.raises(DataFileError):
        open_console(Settings(db=desk.path, config=folder))


@pytest.mark.parametrize(("name", "theme"), [("dark", DARK), ("light", LIGHT)])
def test_the_colours_are_in_force_before_the_first_style(desk: Desk, tmp_path: Path, name: str, theme: Theme) -> None:
    seat = console(desk, Watch(), tmp_path).seat
    app = Console(seat._replace(settings=replace(seat.settings, theme=name)), OPERATOR)
    assert app.current_theme == theme
    assert app.has_class(f"-{name}-mode")
    assert not app.has_class("-light-mode" if theme.dark else "-dark-mode")
    assert app.stylesheet._variables["surface"] == theme.surface
