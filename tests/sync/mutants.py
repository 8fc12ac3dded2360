"""Break what the centre's promises rest on, one piece at a time: `python -m tests.sync.mutants` sees that a test tells.

Each mutant is a few words of the source replaced in a copy of the checkout, and the tests that must fail then. Names
given as arguments run those only.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from tests.sync.mutant_list import MUTANTS, Change, Mutant

ROOT = Path(__file__).resolve().parents[2]
_COPIED = ("callcenter", "data", "tests", "pyproject.toml", "README.md")
_DEADLINE = 900.0
_NO_FAILURE, _FAILURE = 0, 1


class Unusable(Exception):
    """A mutant that no longer fits the source, or a test run that is neither a pass nor a failure."""


class Outcome(NamedTuple):
    """What became of one mutant: the test that killed it (None where none did) and the seconds that took."""

    killed_by: str | None
    seconds: float


def mutated(source: str, change: Change) -> str:
    """The source with the change in it; raises `Unusable` where its words do not stand there exactly once."""
    if source.count(change.old) != 1:
        raise Unusable(f"{change.file} has {source.count(change.old)} times: {change.old}")
    return source.replace(change.old, change.new)


def run(mutant: Mutant) -> Outcome:
    """Run the mutant's tests in a copy of the checkout that has it."""
    with tempfile.TemporaryDirectory(prefix="callcenter-mutant-") as folder:
        copy = _copy(Path(folder))
        for change in mutant.changes:
            target = copy / change.file
            target.write_text(mutated(target.read_text(encoding="utf-8"), change), encoding="utf-8")
        return _tested(copy, mutant.tests)


def as_it_is(tests: Sequence[str]) -> Outcome:
    """Run the tests in a copy of the checkout that has no mutant: they must pass there."""
    with tempfile.TemporaryDirectory(prefix="callcenter-mutant-") as folder:
        return _tested(_copy(Path(folder)), tests)


def _copy(folder: Path) -> Path:
    for name in _COPIED:
        source = ROOT / name
        if source.is_dir():
            shutil.copytree(source, folder / name, ignore=shutil.ignore_patterns("__pycache__", "__snapshots__"))
        else:
            shutil.copy(source, folder / name)
    return folder


def _tested(folder: Path, tests: Sequence[str]) -> Outcome:
    begun = time.monotonic()
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-p", "no:cacheprovider", "--tb=line", "-rf", *tests]
    ran = subprocess.run(
        command, cwd=folder, env=_environment(folder), capture_output=True, text=True, timeout=_DEADLINE, check=False
    )
    seconds = time.monotonic() - begun
    if ran.returncode not in (_NO_FAILURE, _FAILURE):
        raise Unusable(ran.stdout[-2000:] + ran.stderr[-2000:])
    failed = [line.partition(" ")[2] for line in ran.stdout.splitlines() if line.startswith(("FAILED ", "ERROR "))]
    return Outcome(failed[0].partition(" - ")[0] if failed else None, seconds)


def _environment(folder: Path) -> dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(folder), "PYTHONDONTWRITEBYTECODE": "1"}


def main(names: Sequence[str]) -> int:
    """Print the table; the exit code is 0 when every mutant was killed and the source as it is was not."""
    chosen = [mutant for mutant in MUTANTS if not names or mutant.name in names]
    tests = tuple(dict.fromkeys(test for mutant in chosen for test in mutant.tests))
    outcomes = [("as it is", as_it_is(tests))]
    _say(*outcomes[0])
    for mutant in chosen:
        outcomes.append((mutant.name, run(mutant)))
        _say(*outcomes[-1])
    survived = [name for name, outcome in outcomes[1:] if outcome.killed_by is None]
    print(f"{len(chosen) - len(survived)} of {len(chosen)} mutants killed")
    return int(bool(survived) or outcomes[0][1].killed_by is not None)


def _say(name: str, outcome: Outcome) -> None:
    print(f"{name:40} {outcome.seconds:6.1f} s  {outcome.killed_by or 'no test failed'}", flush=True)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
