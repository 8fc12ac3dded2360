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

from callcenter.desk.session import open_desk
from callcenter.store.engine import open_reader
from callcenter.sync.bell import Bell
from callcenter.sync.connection_file import ConnectionFile
from callcenter.sync.loop import Loop
from tests.bench.centre import now
from tests.bench.filled import data

_NEWER = "SELECT rowid, id FROM entry WHERE rowid > ? ORDER BY rowid"


def main(path: Path) -> None:
    """Step the link until stdin ends."""
    file = ConnectionFile(**json.loads(sys.stdin.readline()))
    committed: dict[str, float] = {}
    bell = Bell()
    with closing(open_desk(path, data())) as desk, closing(open_reader(path)) as reader:
        loop = Loop(desk, file, now, Random(1))
        last = reader.execute("SELECT max(rowid) FROM entry").fetchone()[0]
        ready = False
        while not select.select([sys.stdin], [], [], 0)[0]:
            pause = loop.step()
            at = perf_counter()
            for number, identifier in reader.execute(_NEWER, (last,)).fetchall():
                committed[identifier], last = at, number
            if not ready and loop.state.state == "live":
                ready = True
                print("ready", flush=True)
            bell.wait(pause, loop.bell)
        loop.stop()
    print(json.dumps(committed), flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
