"""One client of the bench of claims, a process of its own: `python -m tests.bench.claim_client`.

Reads what to do as one JSON object, says «ready», begins at the next line, and answers with one JSON object.
"""

import json
import sys
from contextlib import suppress
from random import Random
from time import perf_counter
from typing import Any, NamedTuple

import psycopg
from psycopg.types.json import Jsonb

_RAW_TAKE = """INSERT INTO raw_taken SELECT %s, slot, %s, %s FROM generate_series(%s::bigint, %s) AS slot
ON CONFLICT DO NOTHING"""
_BUSY = (
    psycopg.errors.QueryCanceled,
    psycopg.errors.LockNotAvailable,
    psycopg.errors.SerializationFailure,
    psycopg.errors.DeadlockDetected,
)
_RAW_GIVE = "DELETE FROM raw_taken WHERE offer_id = %s"


class Task(NamedTuple):
    """Which places to take how: `raw` inserts barely, else the centre is asked.

    The groups' names begin with `of_round`. There are `places` places of `slots` half hours in each of the groups; one
    question wants `span` half hours.
    """

    dsn: str
    seed: int
    seconds: float
    raw: bool
    of_round: str
    groups: int
    slots: int
    places: int
    span: int


class Told(NamedTuple):
    """What came of it: the attempts, and each place that was had, [group, first slot, place, from, until, offer].

    `differing` are questions that were asked twice and had two answers; times are the system's monotonic seconds.
    """

    attempts: int
    refused: int
    differing: int
    seconds: float
    of_round: str
    taken: list[list[Any]]


Question = dict[str, Any]


class _Client:
    def __init__(self, task: Task, connection: "psycopg.Connection[Any]") -> None:
        self._task = task
        self._connection = connection
        self._random = Random(task.seed)
        self._count = 0
        self._held: list[tuple[Question, list[Any]]] = []
        self.attempts = self.refused = self.differing = 0
        self.taken: list[list[Any]] = []

    def turn(self) -> None:
        """One question, or one place given back."""
        if self._held and self._random.random() < 0.45:
            self._give(*self._held.pop(self._random.randrange(len(self._held))))
        else:
            self._take(self._question())

    def _question(self) -> Question:
        task, rng = self._task, self._random
        self._count += 1
        first, place = rng.randrange(task.slots - task.span + 1), rng.randrange(1, task.places + 1)
        group = f"{task.of_round} group-{rng.randrange(task.groups)}"
        offer = f"{task.seed}-{self._count}"
        keys = [[group, slot, place] for slot in range(first, first + task.span)]
        return {"offer": offer, "request": offer, "number": offer, "hlc": self._count, "keys": keys}

    def _take(self, question: Question) -> None:
        self.attempts += 1
        if self._task.raw:
            granted = self._insert(question)
        else:
            outcome = self._ask(question)
            granted = outcome == "granted"
            # Now and then the same again, as when an answer was lost.
            if self._random.random() < 0.05:
                self.attempts += 1
                self.differing += outcome != self._ask(question)
        if granted:
            group, first, place = question["keys"][0]
            had = [group, first, place, perf_counter(), None, question["offer"]]
            self.taken.append(had)
            self._held.append((question, had))
        else:
            self.refused += 1

    def _give(self, question: Question, had: list[Any]) -> None:
        had[4] = perf_counter()
        if self._task.raw:
            self._connection.execute(_RAW_GIVE, (question["offer"],))
        else:
            self._ask({**question, "hlc": question["hlc"] + 1, "keys": []})

    def _insert(self, question: Question) -> bool:
        (group, first, place), span = question["keys"][0], self._task.span
        done = self._connection.execute(_RAW_TAKE, (group, place, question["offer"], first, first + span - 1))
        return done.rowcount == span

    def _ask(self, question: Question) -> str:
        row = None
        while row is None:
            # Not answered in the time that a role has, or others were in the way: it is not known, so the same is asked
            # again, as desks do.
            with suppress(*_BUSY):
                row = self._connection.execute("SELECT callcenter.claim(%s)", (Jsonb(question),)).fetchone()
        outcome: str = row[0]["outcome"]
        return outcome


def main() -> None:
    """Do as told on stdin, once."""
    task = Task(**json.loads(sys.stdin.readline()))
    with psycopg.connect(task.dsn, autocommit=True) as connection:
        client = _Client(task, connection)
        print("ready", flush=True)
        sys.stdin.readline()
        began = perf_counter()
        while perf_counter() < began + task.seconds:
            client.turn()
        told = Told(
            client.attempts, client.refused, client.differing, perf_counter() - began, task.of_round, client.taken
        )
        print(json.dumps(told._asdict()), flush=True)


if __name__ == "__main__":
    main()
