"""Run the benches: `python -m tests.bench [--quick] [--json] [NAME…]`; exit code 1 when a promise is broken."""

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from rich.console import Console
from rich.table import Table

from callcenter import language
from tests.bench import (
    availability,
    between,
    candidates,
    catch_up,
    claims,
    dispatch,
    during,
    fold,
    healing,
    intake,
    key,
    month,
    plan,
    push,
    race,
    rank,
    ring,
    search,
    start,
    typing_line,
)
from tests.bench.figures import Figure
from tests.bench.filled import FilledDesks

BENCHES: dict[str, Callable[[FilledDesks], list[Figure]]] = {
    "start": start.run,
    "key": key.run,
    "dispatch": dispatch.run,
    "availability": availability.run,
    "rank": rank.run,
    "candidates": candidates.run,
    "plan": plan.run,
    "fold": fold.run,
    "race": race.run,
    "intake": intake.run,
    "ring": ring.run,
    "search": search.run,
    "typing": typing_line.run,
    "month": month.run,
    "push": push.run,
    "catch-up": catch_up.run,
    "desk-to-desk": between.run,
    "claims": claims.run,
    "during": during.run,
    "black-hole": healing.run,
}


def main(arguments: Sequence[str] | None = None) -> int:
    """Run what was asked for and print it; returns the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"of {', '.join(BENCHES)}; all when none is given")
    parser.add_argument("--quick", action="store_true", help="short runs on small files, to see that they work")
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    wanted = parser.parse_args(arguments)
    if unknown := set(wanted.names) - set(BENCHES):
        parser.error(f"no bench {', '.join(sorted(unknown))}; these are: {', '.join(BENCHES)}")
    language.use("ko")
    figures: list[Figure] = []
    with tempfile.TemporaryDirectory(prefix="callcenter-bench-") as folder:
        os.environ["CALLCENTER_CONFIG"] = str(Path(folder) / "config")
        desks = FilledDesks(Path(folder), quick=wanted.quick)
        for name in wanted.names or BENCHES:
            print(f"{name} …", file=sys.stderr)
            for figure in BENCHES[name](desks):
                figures.append(figure)
                if wanted.json:
                    print(json.dumps(figure.as_json(), ensure_ascii=False), flush=True)
    if not wanted.json:
        Console(width=None if sys.stdout.isatty() else 160).print(_table(figures))
    return int(any(figure.met is False for figure in figures))


def _table(figures: Sequence[Figure]) -> Table:
    table = Table(title=f"load {_load()}", title_justify="left")
    for name in ("bench", "what"):
        table.add_column(name)
    for name in ("figure", "raw", "ratio", "target"):
        table.add_column(name, justify="right")
    for name in ("met", "raw is", "note"):
        table.add_column(name)
    for figure in figures:
        table.add_row(
            figure.bench,
            figure.what,
            f"{_number(figure.value)} {figure.unit}",
            "" if figure.raw is None else f"{_number(figure.raw)} {figure.unit}",
            "" if figure.ratio is None else f"{figure.ratio:.2f}",
            _target(figure),
            {True: "[green]yes[/]", False: "[red]NO[/]", None: ""}[figure.met],
            figure.raw_what,
            figure.note,
        )
    return table


def _number(value: float) -> str:
    return f"{value:,.0f}" if value >= 1000 or value == int(value) else f"{value:.2f}"


def _target(figure: Figure) -> str:
    if figure.target is None:
        return ""
    sign = "<=" if figure.promise == "at_most" else ">="
    return f"{sign} {figure.target:,g}{'x' if figure.judged == 'ratio' else ' ' + figure.unit}"


def _load() -> str:
    """How busy the machine is, where the system says so: a figure from a busy machine says little."""
    if not hasattr(os, "getloadavg"):
        return "unknown"
    one, five, _fifteen = os.getloadavg()
    return f"{one:.2f} over one minute, {five:.2f} over five, {os.cpu_count()} cores"


if __name__ == "__main__":
    sys.exit(main())
