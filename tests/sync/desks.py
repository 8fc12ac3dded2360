"""Desks of one centre, each in a file of its own, stepped by the test."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

from callcenter.desk.permission import Actor
from callcenter.desk.session import Desk, open_desk
from callcenter.desk.setup import init_desk
from callcenter.reference import Reference
from callcenter.store import joined as kept
from callcenter.store.tables import FOLDED
from callcenter.store.transactions import writing
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.joining import begin
from callcenter.sync.loop import Loop, Timing
from tests.conftest import NOW
from tests.patience import PATIENCE

QUICK = Timing(poll=0.02, tail=0.005, glance=0.01, back_off=0.01, most_back_off=0.05, jitter=0.0)
PROGRAMS = ("gyeonggi-always", "gyeongsan-119")


@dataclass
class Clock:
    """A clock that stands until it is moved."""

    now: datetime = NOW

    def __call__(self) -> datetime:
        return self.now

    def ahead(self, **by: float) -> None:
        """Move it."""
        self.now += timedelta(**by)


@dataclass
class Joined:
    """A desk that has joined a centre: `desk` is where its people write, the loop has a connection of its own."""

    desk: Desk
    file: ConnectionFile
    data: Reference
    clock: Clock = field(default_factory=Clock)
    timing: Timing = QUICK
    loop: Loop = field(init=False)

    def __post_init__(self) -> None:
        self.connect()

    def connect(self, **changed: object) -> None:
        """A new loop, as a new process has; `changed` are fields of the connection file, such as a proxy's port."""
        self.file = replace(self.file, **changed)  # type: ignore[arg-type]  # fields by name
        own = open_desk(self.desk.path, self.data, Random(f"{self.desk.name}-loop").randbytes)
        self.loop = Loop(own, self.file, self.clock, Random(7), timing=self.timing)
        self._own = own

    def step(self, times: int = 1) -> None:
        """Some steps."""
        for _time in range(times):
            self.loop.step()

    def until(self, reached: Callable[[], bool]) -> None:
        """Step until it is so."""
        deadline = time.monotonic() + PATIENCE
        while not reached():
            assert time.monotonic() < deadline, f"{self.desk.name}: {self.loop.state}, {self.loop.state.problem}"
            wait = self.loop.step()
            if wait:
                time.sleep(min(wait, 0.01))

    def live(self) -> None:
        """Step until the link stands and nothing waits."""
        self.step()
        self.until(lambda: self.loop.state.state == "live" and self.loop.state.waiting == 0)

    def close(self) -> None:
        """End everything."""
        self.loop.stop()
        self._own.close()
        self.desk.close()


def join(folder: Path, data: Reference, file: ConnectionFile, *, clock: Clock | None = None, since: int = 0) -> Joined:
    """A new desk of the file's name that has joined."""
    clock = clock or Clock()
    made = init_desk(
        folder / f"{file.desk}.db",
        data,
        clock(),
        name=file.desk,
        programs=PROGRAMS,
        supervisor=f"이팀장{file.desk}",
        entropy=Random(file.desk).randbytes,
    )
    with writing(made.connection):
        begin(made.connection, since)
    return Joined(made, file, data, clock)


def quiet(*joined: Joined, rounds: int = 4) -> None:
    """Step all of them until nothing is under way any more."""
    for _round in range(rounds):
        for one in joined:
            # Whether the centre rang already or not.
            one.loop._due["pull"] = 0.0
            one.live()
            one.until(lambda one=one: one.loop.step() > 0.005)  # type: ignore[misc]


def dump(desk: Desk) -> dict[str, list[tuple[object, ...]]]:
    """Every folded table, row by row, and the entries themselves."""
    found = {}
    for name in ["entry", *(str(model.__tablename__) for model in FOLDED)]:
        columns = "id, desk, seq, hlc, at, actor, kind, subject, version, body, salt, body_digest, prev, digest"
        sql = f"SELECT {columns if name == 'entry' else '*'} FROM {name}"
        found[name] = sorted(desk.connection.execute(sql).fetchall(), key=repr)
    return found


def operator(joined: Joined) -> Actor:
    """Somebody of the desk."""
    return Actor(f"김상담{joined.desk.name}", "operator")


__all__ = ["NOW", "PROGRAMS", "QUICK", "Clock", "Joined", "dump", "join", "kept", "operator", "quiet"]
