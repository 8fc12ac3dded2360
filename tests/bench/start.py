"""From exec to the first painted queue in a real terminal, against an empty Textual app."""

from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

from callcenter.console.presentation import words
from callcenter.desk.queue_view import queue_view
from callcenter.store.engine import open_reader
from tests.bench import empty_app
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import FilledDesks, data
from tests.bench.terminal import terminal

RATIO = 1.3
_EMPTY = Path(empty_app.__file__)


def run(desks: FilledDesks) -> list[Figure]:
    """Medians of runs in turn, after one of each that warms the disk's cache. The clock is the real one."""
    # Files are filled at the hour, or each run would have another evening.
    now = datetime.now(UTC).replace(minute=0, second=0, microsecond=0)
    path = desks.copy(now)
    row = first_row(path, datetime.now(UTC))
    # As operators start it: no flags, one database, and in this one there is nobody to choose among.
    command = ["-m", "callcenter"]
    ours: list[float] = []
    theirs: list[float] = []
    for round_no in range(4 if desks.quick else 12):
        taken = _milliseconds(command, row, path)
        empty = _milliseconds([str(_EMPTY)], empty_app.MARK.encode(), path)
        if round_no:
            ours.append(taken)
            theirs.append(empty)
    return [
        Figure(
            "start",
            f"exec to first painted queue, {desks.requests:,} requests, p50",
            median(ours),
            "ms",
            median(theirs),
            "an empty Textual app",
            RATIO,
            judged="ratio",
            note=f"p90 {percentile(ours, 0.9):.0f} and {percentile(theirs, 0.9):.0f} ms, {len(ours)} runs of each",
        )
    ]


def first_row(path: Path, now: datetime) -> bytes:
    """What the first row of the queue shows and nothing else does before a request is selected: its region."""
    with closing(open_reader(path)) as connection:
        row = queue_view(connection, now, None, 0, 1).rows[0]
    return words.region(data(), row.region).encode()


def _milliseconds(command: list[str], mark: bytes, path: Path) -> float:
    with terminal(command, path.parent, {"CALLCENTER_DB": str(path)}) as opened:
        return (opened.read_until(mark) - opened.began) * 1000
