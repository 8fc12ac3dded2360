"""A desk's file with very many requests, written into the folded tables: a journal of them would take hours."""

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING, Any, NamedTuple

from callcenter.care.calendar import SEOUL
from callcenter.simulator.demo_data import Syllables, load_demo
from callcenter.store import tables
from callcenter.store.engine import open_writer
from callcenter.store.reads import ChildRow, GuardianRow, RequestRow
from callcenter.store.transactions import writing
from callcenter.text.receipt_numbers import receipt_number
from callcenter.text.search_terms import name_terms, phone_terms
from tests.bench.filled import EVENING, data

if TYPE_CHECKING:
    from sqlite3 import Connection

_YEARS = 6
_OPEN = 200
_REQUESTS_A_GUARDIAN = 2.5
_ENDED = {"finished": 70, "unplaced": 18, "cancelled": 12}


class Family(NamedTuple):
    """A guardian with the children: identifiers and names, and the stored number."""

    guardian: str
    name: str
    phone: str
    children: tuple[tuple[str, str], ...]


def fill_many(path: Path, requests: int, seed: int) -> None:
    """Fill the desk's file at `path`, which has no request yet: the newest are open, the others ended."""
    rng = Random(seed)
    syllables = load_demo(data()).syllables
    families = [_family(number, syllables, rng) for number in range(round(requests / _REQUESTS_A_GUARDIAN))]
    connection = open_writer(path)
    # Nobody else reads the file yet, and a file that was cut short is made again.
    for pragma in ("journal_mode=OFF", "synchronous=OFF", "cache_size=-500000"):
        connection.execute(f"PRAGMA {pragma}")
    kept = {name: connection.execute(f"SELECT * FROM {name}").fetchall() for name in ("desk", "operator")}
    before, after = tables.folded_schema()
    with writing(connection):
        for statement in before:
            connection.execute(statement)
        for name, rows in kept.items():
            _insert(connection, name, rows)
        guardians = (GuardianRow(one.guardian, one.name, one.phone, "mother", "ko") for one in families)
        _insert(connection, "guardian", guardians)
        _insert(connection, "child", (row for one in families for row in _children(one)))
        _insert(connection, "search_key", (row for one in families for row in _keys(one)))
        asked = [rng.choice(families) for _ in range(requests)]
        _insert(connection, "request", _requests(asked, rng))
        seated = ((f"r{n:08}", at, child[0]) for n, one in enumerate(asked) for at, child in enumerate(one.children))
        _insert(connection, "request_child", seated)
        for statement in after:
            connection.execute(statement)
    connection.execute("PRAGMA journal_mode=WAL")
    connection.close()


def _insert(connection: "Connection", name: str, rows: Iterable[tuple[Any, ...]]) -> None:
    columns = len(connection.execute(f"PRAGMA table_info({name})").fetchall())
    connection.executemany(f"INSERT INTO {name} VALUES ({', '.join('?' * columns)})", rows)


def _family(number: int, syllables: Syllables, rng: Random) -> Family:
    surname = rng.choice(syllables.family)
    children = tuple(
        (f"c{number:08}-{at}", surname + rng.choice(syllables.child_first) + rng.choice(syllables.child_second))
        for at in range(rng.choice((1, 1, 2)))
    )
    name = rng.choice(syllables.family) + rng.choice(syllables.first) + rng.choice(syllables.second)
    # Numbers that begin with 010-0 are not assigned.
    return Family(f"g{number:08}", name, f"+82100{rng.randrange(10**7):07}", children)


def _children(family: Family) -> Iterator[tuple[Any, ...]]:
    for identifier, name in family.children:
        yield ChildRow(identifier, family.guardian, name, "2018-03-02", "elementary", True, "", "", "")


def _keys(family: Family) -> Iterator[tuple[str, ...]]:
    yield (family.guardian, "", *_named(family.name)[:4], *phone_terms(family.phone)[4:])
    for identifier, name in family.children:
        yield (family.guardian, identifier, *_named(name))


_named = cache(name_terms)


def _requests(asked: list[Family], rng: Random) -> Iterator[tuple[Any, ...]]:
    regions = sorted(data().regions)
    states = rng.choices(list(_ENDED), list(_ENDED.values()), k=len(asked))
    counters: Counter[str] = Counter()
    first = EVENING - timedelta(days=365 * _YEARS)
    step = (EVENING - first) / len(asked)
    for number, family in enumerate(asked):
        opened = first + number * step
        day = f"{opened.astimezone(SEOUL):%m%d}"
        counters[day] += 1
        yield _request(number, family, opened, receipt_number("A", day, counters[day]), rng.choice(regions), states)


def _request(
    number: int, family: Family, opened: datetime, receipt: str, region: str, states: list[str]
) -> tuple[Any, ...]:
    at = int(opened.timestamp())
    state = "open" if number >= len(states) - _OPEN else states[number]
    wanted = (None, None, "hotline", family.guardian, None, at + 7200, at + 18000, "overtime", at, at, "이팀장")
    return RequestRow(f"r{number:08}", receipt, state, "normal", region, *wanted, None, None, None, at)
