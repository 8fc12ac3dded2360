"""What may know what: the house's contract, and what a command or the first paint must not wait for."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HEAVY = "textual sqlmodel sqlalchemy pydantic holidays phonenumbers psycopg aiohttp"
LOADED = """
import sys
{code}
print(*sorted({{name.partition(".")[0] for name in sys.modules}} & set("{heavy}".split())), file=sys.stderr)
"""
AS_COMMAND = """
from callcenter.__main__ import main
sys.argv = ["callcenter", *{arguments!r}]
try:
    main()
except SystemExit as end:
    assert not end.code, end.code
"""
CHECK = [
    "check", "--region", "41190", "--birth", "2025-09-10",
    "--start", "2026-11-26T16:00", "--end", "2026-11-26T19:00", "--now", "2026-11-26T14:30",
]  # fmt: skip


def loaded(code: str, tmp_path: Path) -> set[str]:
    """The heavy libraries that a fresh interpreter has loaded after the code."""
    environ = {name: value for name, value in os.environ.items() if not name.startswith("CALLCENTER_")}
    environ |= {"CALLCENTER_DB": str(tmp_path / "desk.db"), "CALLCENTER_CONFIG": str(tmp_path)}
    ran = subprocess.run(
        [sys.executable, "-c", LOADED.format(code=code, heavy=HEAVY)],
        capture_output=True,
        encoding="utf-8",
        env=environ,
        cwd=ROOT,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return set(ran.stderr.split())


def command(*arguments: str) -> str:
    return AS_COMMAND.format(arguments=arguments)


@pytest.mark.parametrize(
    "code", ["import sqlmodel", "import textual.app", "import holidays, phonenumbers", "import aiohttp"]
)
def test_this_test_sees_what_is_loaded(code: str, tmp_path: Path) -> None:
    assert loaded(code, tmp_path)


def test_the_version_and_the_help_wait_for_nothing(tmp_path: Path) -> None:
    assert loaded(command("--version"), tmp_path) == set()
    assert loaded(command("check", "--help"), tmp_path) == set()
    assert loaded(command("intake", "serve", "--help"), tmp_path) == set()
    assert loaded(command("phone", "listen", "--help"), tmp_path) == set()


@pytest.mark.parametrize("form", [[], ["--json"]])
def test_a_check_waits_for_the_calendar_alone(tmp_path: Path, form: list[str]) -> None:
    assert loaded(command(*CHECK, *form), tmp_path) <= {"holidays"}


def test_reading_lists_waits_for_no_table_definitions(tmp_path: Path) -> None:
    assert "sqlmodel" in loaded(command("init", "--yes"), tmp_path)
    for arguments in (["request", "list"], ["provider", "list", "--json"], ["person", "list"], ["provider", "export"]):
        assert loaded(command(*arguments), tmp_path).isdisjoint({"textual", "sqlmodel", "sqlalchemy", "pydantic"})


@pytest.mark.parametrize("module", ["callcenter.console.app", "callcenter.console.screens.desk"])
def test_the_console_paints_before_it_knows_how_to_write(tmp_path: Path, module: str) -> None:
    assert loaded(f"import {module}", tmp_path) == {"textual"}


def test_what_opens_the_console_has_not_even_loaded_textual(tmp_path: Path) -> None:
    assert loaded("import callcenter.console.start", tmp_path) == set()


def test_following_an_extension_needs_no_web_server(tmp_path: Path) -> None:
    assert loaded("import callcenter.gateways.telephone_watch", tmp_path).isdisjoint({"aiohttp", "textual", "pydantic"})


def test_the_house_is_built_as_it_is_drawn() -> None:
    script = "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"
    ran = subprocess.run(
        [sys.executable, "-c", script, "--no-cache"], capture_output=True, text=True, cwd=ROOT, check=False
    )
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "0 broken" in ran.stdout
