"""Fifty clients claiming places of a hundred groups at the centre, against the bare insert of the same keys."""

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Sequence
from itertools import groupby, pairwise
from operator import itemgetter

from tests.bench.centre import standing
from tests.bench.claim_client import Task, Told
from tests.bench.figures import Figure
from tests.bench.filled import FilledDesks
from tests.bench.terminal import ROOT
from tests.sync.conftest import Centre

RATIO = 0.4
CLIENTS, GROUPS = 50, 100
ATTEMPTS = 1_000_000
_SLOTS, _PLACES, _SPAN = 24, 10, 4
_ROUND_SECONDS = 20.0
"""A claim whose entry does not follow holds for a minute: each round is over long before, on groups of its own."""
_RAW = """CREATE TABLE raw_taken (group_id text, slot bigint, place_no int, offer_id text NOT NULL,
          PRIMARY KEY (group_id, slot, place_no));
          CREATE INDEX raw_taken_offer ON raw_taken (offer_id);
          GRANT SELECT, INSERT, DELETE ON raw_taken TO callcenter_desk"""


def run(desks: FilledDesks) -> list[Figure]:
    """Claims a second; then as many attempts as are promised, and what was given twice among them."""
    names = [f"D{number}" for number in range(CLIENTS)]
    seconds = 2.0 if desks.quick else 10.0
    with standing(*names) as centre:
        with centre.admin() as connection:
            connection.execute(_RAW)
        raw = _all_at_once(centre, names, seconds, raw=True)
        single = _all_at_once(centre, names, seconds)
        rounds = [single]
        double = _had_twice(centre, single)
        while not desks.quick and sum(map(_attempts, rounds)) < ATTEMPTS:
            rounds.append(_all_at_once(centre, names, _ROUND_SECONDS, number=len(rounds)))
            double += _had_twice(centre, rounds[-1])
    told = [one for tally in rounds for one in tally]
    if not sum(one.refused for one in told):
        raise AssertionError("nobody met a taken place: these were no claims for the same places")
    asked = sum(one.attempts for one in told)
    refused = sum(one.refused for one in told)
    return [
        Figure(
            "claims",
            f"claims of {CLIENTS} clients for {GROUPS} groups",
            _attempts(single) / seconds,
            "/s",
            _attempts(raw) / seconds,
            "one insert of the same keys on conflict do nothing",
            RATIO,
            judged="ratio",
            promise="at_least",
            note=f"{_SPAN} keys each; refused {sum(one.refused for one in single):,} of {_attempts(single):,}",
        ),
        Figure(
            "claims", "places had twice", double, "places", target=0, note=f"{asked:,} attempts, {refused:,} refused"
        ),
        Figure(
            "claims",
            "questions asked twice with two answers",
            sum(one.differing for one in told),
            "questions",
            target=0,
        ),
    ]


def _attempts(told: Sequence[Told]) -> int:
    return sum(one.attempts for one in told)


def _all_at_once(
    centre: Centre, names: Sequence[str], seconds: float, *, raw: bool = False, number: int = 0
) -> list[Told]:
    """Let the clients begin together, for the places of this round."""
    processes = []
    for client, name in enumerate(names):
        made = centre.desks[name]
        dsn = centre.server.dsn(centre.database, made.user, made.password)
        task = Task(dsn, number * CLIENTS + client, seconds, raw, f"round-{number}", GROUPS, _SLOTS, _PLACES, _SPAN)
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.bench.claim_client"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            encoding="utf-8",
            cwd=ROOT,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )
        assert process.stdin is not None
        print(json.dumps(task._asdict()), file=process.stdin, flush=True)
        processes.append(process)
    told = []
    for process in processes:
        assert process.stdout is not None
        if process.stdout.readline() != "ready\n":
            raise AssertionError("a client did not come up")
    for process in processes:
        assert process.stdin is not None
        print(file=process.stdin, flush=True)
    for process in processes:
        written, _ = process.communicate()
        told.append(Told(**json.loads(written)))
    return told


def _had_twice(centre: Centre, told: Sequence[Told]) -> int:
    """How many places of a round were given twice, or stand otherwise at the centre than its clients were told."""
    return sum(1 for _ in _given_twice(told)) + _not_as_told(centre, told)


def _given_twice(told: Sequence[Told]) -> Iterator[tuple[str, int, int]]:
    """Every key that one client had by the centre's word while another had it, by the times at which they knew."""
    had = sorted(
        ((group, slot, place), since, until)
        for one in told
        for group, first, place, since, until, _offer in one.taken
        for slot in range(first, first + _SPAN)
        for until in (float("inf") if until is None else until,)
    )
    for key, spans in groupby(had, key=itemgetter(0)):
        for (_, _, until), (_, since, _) in pairwise(spans):
            if since < until:
                yield key


def _not_as_told(centre: Centre, told: Sequence[Told]) -> int:
    """How many keys of the round's groups stand otherwise in the centre than the clients were told, in the end."""
    expected = {
        (group, slot, place, offer)
        for one in told
        for group, first, place, _since, until, offer in one.taken
        if until is None
        for slot in range(first, first + _SPAN)
    }
    (of_round,) = {one.of_round for one in told}
    with centre.admin() as connection:
        rows = connection.execute(
            "SELECT group_id, slot, place_no, offer_id FROM callcenter.place_taken WHERE starts_with(group_id, %s)",
            (f"{of_round} ",),
        ).fetchall()
    return len(expected.symmetric_difference(rows))
