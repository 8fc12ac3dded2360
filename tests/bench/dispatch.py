"""Making an offer and committing it to the disk, against the same statements in raw driver calls."""

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from random import Random
from time import perf_counter
from typing import NamedTuple

from callcenter.desk.matches import matches
from callcenter.desk.offers import make_offer
from callcenter.desk.session import Desk, open_desk
from callcenter.store import reads
from callcenter.store.engine import open_writer
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, SUPERVISOR, FilledDesks, data
from tests.bench.recording import recording, replay

RATIO = 2.0
_SEED = 5


class Wish(NamedTuple):
    """A request, and whom to place it with."""

    request_id: str
    provider_id: str


def run(desks: FilledDesks) -> list[Figure]:
    """The median time of the use case, at `synchronous=FULL`.

    Three copies of one file: on the first the statements are written down, on the second the use case is timed, on
    the third the driver runs the statements. Seeded identifiers make all three the same.
    """
    paths = [desks.copy() for _ in range(3)]
    count = 30 if desks.quick else 300
    with (
        closing(open_desk(paths[0], data(), Random(_SEED).randbytes)) as recorded,
        closing(open_desk(paths[1], data(), Random(_SEED).randbytes)) as timed,
        closing(open_writer(paths[2])) as raw,
    ):
        if timed.connection.execute("PRAGMA synchronous").fetchone()[0] != 2:
            raise AssertionError("the file is not written at synchronous=FULL")
        connection, statements = recording(recorded.connection)
        recorded = replace(recorded, connection=connection)
        ours: list[float] = []
        theirs: list[float] = []
        lengths: list[int] = []
        for number, wish in enumerate(placeable(timed, count)):
            now = EVENING + timedelta(seconds=number)
            statements.clear()
            make_offer(recorded, SUPERVISOR, now, wish.request_id, wish.provider_id)
            began = perf_counter()
            make_offer(timed, SUPERVISOR, now, wish.request_id, wish.provider_id)
            ended = perf_counter()
            replay(raw, statements)
            ours.append((ended - began) * 1000)
            theirs.append((perf_counter() - ended) * 1000)
            lengths.append(len(statements))
        _same(timed, raw.execute("SELECT digest FROM entry ORDER BY seq DESC LIMIT 1").fetchone()[0])
    return [
        Figure(
            "dispatch",
            "make_offer, committed and synced, p50",
            median(ours),
            "ms",
            median(theirs),
            f"its {round(median(lengths))} statements in the driver alone",
            RATIO,
            judged="ratio",
            note=f"p99 {percentile(ours, 0.99):.1f} ms, raw p99 {percentile(theirs, 0.99):.1f} ms, {len(ours)} offers",
        )
    ]


def placeable(desk: Desk, count: int) -> Iterator[Wish]:
    """Open requests with their best match as it stands when they are asked for."""
    found = 0
    opened = desk.connection.execute("SELECT id FROM request WHERE state = 'open' ORDER BY id").fetchall()
    for (request_id,) in Random(_SEED).sample(opened, len(opened)):
        request = reads.request(desk.connection, request_id)
        children = reads.children_of_request(desk.connection, request_id)
        if request is None:
            continue
        best = matches(desk.connection, desk.reference, desk.programs, request, children, EVENING).ranking.matches
        if best:
            yield Wish(request_id, best[0].candidate.provider_id)
            found += 1
        if found == count:
            return
    raise AssertionError(f"only {found} requests can be placed")


def _same(timed: Desk, digest: bytes) -> None:
    """Both files end in the same entry, or it was not the same work."""
    ours = timed.connection.execute("SELECT digest FROM entry ORDER BY seq DESC LIMIT 1").fetchone()[0]
    if ours != digest:
        raise AssertionError("the driver alone wrote something else")
