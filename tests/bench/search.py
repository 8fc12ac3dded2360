"""Searching a million requests: what a word costs from the key to the rows of the list."""

import sys
from collections.abc import Callable
from contextlib import closing
from random import Random
from time import perf_counter
from typing import TYPE_CHECKING, NamedTuple

from callcenter.desk.search import MOST, search
from callcenter.store.engine import open_reader
from callcenter.store.search import found_rows
from callcenter.text.hangul import initials, to_keys
from tests.bench.figures import Figure, median, percentile
from tests.bench.filled import EVENING, FilledDesks, data
from tests.bench.many_requests import fill_many

if TYPE_CHECKING:
    from sqlite3 import Connection

LIMIT_MS = 50
_SEED = 20261125
_REQUESTS, _QUICK_REQUESTS = 1_000_000, 50_000


class _Person:
    """Somebody who asked once, to be looked for."""

    def __init__(self, guardian: str, child: str, phone: str, number: str, region: str) -> None:
        self.guardian, self.child, self.number = guardian, child, number
        self.last_four, self.digits = phone[-4:], "0" + phone.removeprefix("+82")
        self.region = data().regions[region].name.ko


KINDS: dict[str, Callable[[_Person], str]] = {
    "name": lambda one: one.guardian,
    "child's name": lambda one: one.child,
    "given name": lambda one: one.guardian[-2:],
    "beginning of a name": lambda one: one.guardian[:2],
    "one syllable": lambda one: one.guardian[0],
    "first consonants": lambda one: initials(one.guardian),
    "two first consonants": lambda one: initials(one.child[-2:]),
    "Latin keys for Hangul": lambda one: to_keys(one.guardian),
    "last four digits": lambda one: one.last_four,
    "whole number": lambda one: one.digits,
    "receipt number": lambda one: one.number,
    "end of a receipt number": lambda one: one.number[-3:],
    "region": lambda one: one.region,
    "region and name": lambda one: f"{one.region} {one.guardian[:2]}",
    "region and first consonants": lambda one: f"{initials(one.region)} {initials(one.child)}",
    "digits and given name": lambda one: f"{one.last_four} {one.child[-2:]}",
    "family name and given name": lambda one: f"{one.guardian[:-2]} {one.guardian[-2:]}",
    "two common words without a hit": lambda one: f"{one.guardian[0]} {one.region} 없는이름",
    "common words that no family has together": lambda one: "ㄱㅎ ㅇㅅ ㅂㅎ ㅊㅈ ㅅㅇ ㅁㄱ",
}


def run(desks: FilledDesks) -> list[Figure]:
    """The whole mix, and its slowest kind."""
    path = desks.empty()
    began = perf_counter()
    requests = _QUICK_REQUESTS if desks.quick else _REQUESTS
    fill_many(path, requests, _SEED)
    print(f"filled {requests:,} requests in {perf_counter() - began:.0f} s", file=sys.stderr)
    rounds = 3 if desks.quick else 40
    with closing(open_reader(path)) as connection:
        people = _people(connection, rounds, Random(_SEED))
        taken = {kind: [_searched(connection, written(one)) for one in people] for kind, written in KINDS.items()}
    every = [one for several in taken.values() for one in several]
    slowest = max(taken, key=lambda kind: percentile([one.ours for one in taken[kind]], 0.99))
    return [
        _figure(f"{len(KINDS)} kinds of search over {requests:,} requests, p99", every),
        _figure(f"the slowest kind of them, p99: {slowest}", taken[slowest]),
    ]


class _Taken(NamedTuple):
    """Milliseconds of one search, and of reading what it found by the primary key."""

    ours: float
    raw: float


def _figure(what: str, taken: list[_Taken]) -> Figure:
    ours = [one.ours for one in taken]
    return Figure(
        "search",
        what,
        percentile(ours, 0.99),
        "ms",
        percentile((one.raw for one in taken), 0.99),
        f"the found rows, at most {MOST}, by their identifiers",
        LIMIT_MS,
        note=f"p50 {median(ours):.1f} ms, longest {max(ours):.1f} ms, {len(ours)} searches",
    )


def _searched(connection: "Connection", text: str) -> _Taken:
    began = perf_counter()
    found = search(connection, data(), text, EVENING)
    ended = perf_counter()
    found_rows(connection, [row.id for row in found.rows])
    return _Taken((ended - began) * 1000, (perf_counter() - ended) * 1000)


def _people(connection: "Connection", count: int, rng: Random) -> list[_Person]:
    total = connection.execute("SELECT count(*) FROM request").fetchone()[0]
    sql = """
        SELECT g.name, c.name, g.phone, r.number, r.region
        FROM request r JOIN guardian g ON g.id = r.guardian_id
        JOIN request_child rc ON rc.request_id = r.id AND rc.position = 0 JOIN child c ON c.id = rc.child_id
        WHERE r.id = ?
    """
    picked = (connection.execute(sql, (f"r{rng.randrange(total):08}",)).fetchone() for _ in range(count))
    return [_Person(*row) for row in picked]
