"""The desks that benches run on: filled once for a run, then copied, so that no bench meets what another left."""

import shutil
import sys
from datetime import datetime
from functools import cache
from pathlib import Path
from random import Random
from time import perf_counter

from callcenter import reference
from callcenter.care.calendar import SEOUL
from callcenter.desk.permission import Actor
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.simulator.fill import fill

EVENING = datetime(2026, 11, 24, 18, 40, tzinfo=SEOUL)
"""A Tuesday on which every service still takes requests."""
SUPERVISOR = Actor("이팀장", "supervisor")
PROGRAMS = ("gyeonggi-always", "gyeongsan-119")
_SEED = 20261124


@cache
def data() -> Reference:
    """The reference data of the checkout."""
    return reference.load(reference.data_folder())


class FilledDesks:
    """Database files in one folder, each made at the first need."""

    def __init__(self, folder: Path, *, quick: bool) -> None:
        self.folder = folder
        self._files: dict[datetime, Path] = {}
        self._copies = 0
        self.quick = quick
        self.requests = self.providers = 1000 if quick else 10_000

    def copy(self, now: datetime = EVENING) -> Path:
        """A file of its own with so many providers and open requests, filled at `now`."""
        original = self._files.get(now) or self._fill(now)
        self._copies += 1
        target = self.folder / f"copy-{self._copies}.db"
        shutil.copyfile(original, target)
        return target

    def empty(self, now: datetime = EVENING, name: str = "A") -> Path:
        """A file of its own with nothing but the desk and the providers of its programs."""
        self._copies += 1
        target = self.folder / f"empty-{self._copies}.db"
        init_desk(target, data(), now, name=name, programs=PROGRAMS, supervisor=SUPERVISOR.name).close()
        return target

    def _fill(self, now: datetime) -> Path:
        path = self.folder / f"filled-{now:%m%d%H%M}.db"
        began = perf_counter()
        desk = init_desk(path, data(), now, name="A", programs=PROGRAMS, supervisor=SUPERVISOR.name)
        fill(desk, Random(_SEED), now, requests=self.requests, providers=self.providers)
        desk.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        desk.close()
        print(f"filled {path.name} in {perf_counter() - began:.0f} s", file=sys.stderr)
        self._files[now] = path
        return path
