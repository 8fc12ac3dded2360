"""Another process at the same file: changes rows of the queue, so many at a time, until it is ended.

`python -m tests.bench.changing DB ROWS TIMES_A_SECOND`; it prints a line before it begins.
"""

import sys
import time
from contextlib import closing
from datetime import timedelta
from pathlib import Path

from callcenter.desk.queue_view import queue_view
from callcenter.desk.session import open_desk
from callcenter.journal import bodies
from tests.bench.filled import EVENING, SUPERVISOR, data

_HALF_HOUR = 1800


def main(path: Path, rows: int, times: float) -> None:
    """Make the first rows of the queue end half an hour later, then earlier again, and so on."""
    with closing(open_desk(path, data())) as desk:
        changed = queue_view(desk.connection, EVENING, None, 0, rows).rows
        base: dict[str, list[str]] = {}
        print("begin", flush=True)
        began = time.monotonic()
        turn = 0
        while True:
            with desk.writing(SUPERVISOR.name, EVENING + timedelta(seconds=turn / times)) as chain:
                for row in changed:
                    change = bodies.Change(value=row.end_at + _HALF_HOUR * ((turn + 1) % 2), base=base.get(row.id, []))
                    base[row.id] = [chain.append(row.id, bodies.RequestAmended(changes={"end_at": change})).id]
            turn += 1
            time.sleep(max(0.0, began + turn / times - time.monotonic()))


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))
