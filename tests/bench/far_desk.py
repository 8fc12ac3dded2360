"""Another desk that takes in what comes, a process of its own: `python -m tests.bench.far_desk DB`.

Reads its connection file as one JSON object; says «ready» once the link is live, and when its stdin ends one JSON
object: the system's monotonic seconds at which each entry of others was committed here.
"""

import json
import select
import sys
from contextlib import closing
from pathlib import Path
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING

from callcenter.desk.session import Desk, open_desk
from callcenter.store.engine import open_reader
from callcenter.sync.bell import Bell
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.loop import Loop
from tests.bench.centre import now
from tests.bench.filled import data

if TYPE_CHECKING:
    from sqlite3 import Connection

_NEWER = "SELECT rowid, id FROM entry WHERE rowid > ? ORDER BY rowid"


class _WatchedLoop(Loop):
    """Notes when it has committed what."""

    def __init__(self, desk: Desk, file: ConnectionFile, reader: "Connection") -> None:
        super().__init__(desk, file, now, Random(1))
        self._reader = reader
        self._last = reader.execute("SELECT max(rowid) FROM entry").fetchone()[0]
        self.committed: dict[str, float] = {}

    def _breathe(self) -> None:
        # What it does after each transaction, before it lets others write.
        at = perf_counter()
        for number, identifier in self._reader.execute(_NEWER, (self._last,)).fetchall():
            self.committed[identifier], self._last = at, number
        super()._breathe()


def main(path: Path) -> None:
    """Step the link until stdin ends."""
    file = ConnectionFile(**json.loads(sys.stdin.readline()))
    bell = Bell()
    with closing(open_desk(path, data())) as desk, closing(open_reader(path)) as reader:
        loop = _WatchedLoop(desk, file, reader)
        ready = False
        while not select.select([sys.stdin], [], [], 0)[0]:
            pause = loop.step()
            if not ready and loop.state.state == "live":
                ready = True
                print("ready", flush=True)
            bell.wait(pause, loop.bell)
        loop.stop()
    print(json.dumps(loop.committed), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
