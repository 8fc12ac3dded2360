"""The mutants: what the centre's promises rest on, each broken in a few words."""

from dataclasses import dataclass
from typing import NamedTuple


class Change(NamedTuple):
    """In `file` the words `old`, which stand there once, become `new`."""

    file: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """One promise broken; one of `tests` (files, or pytest's names) must fail then."""

    name: str
    changes: tuple[Change, ...]
    tests: tuple[str, ...]


_SQL = "callcenter/sync/sql"
_HELLO, _PLACES = f"{_SQL}/007_hello.sql", f"{_SQL}/004_places.sql"
_PUSH, _PULL = f"{_SQL}/005_push.sql", f"{_SQL}/006_pull.sql"
_EXCHANGE, _INCOMING = "callcenter/sync/exchange.py", "callcenter/sync/incoming.py"
_SCENARIOS = "tests/sync/test_scenarios.py"

_NUMBERS_ONLY = Change(
    _EXCHANGE, 'if said["chain"] == chain and not incarnation.is_ours', "if False and not incarnation.is_ours"
)

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "a cursor that passes running transactions",
        (Change(_PULL, "pg_snapshot_xmin(pg_current_snapshot())", "pg_snapshot_xmax(pg_current_snapshot())"),),
        ("tests/sync/test_centre_pull.py",),
    ),
    Mutant(
        "a cursor by sequence alone",
        (
            Change(
                _PULL,
                "WHERE (e.sx, e.n) > (from_sx, after_n) AND e.sx < horizon ORDER BY e.sx, e.n LIMIT lim",
                "WHERE e.n > after_n ORDER BY e.n LIMIT lim",
            ),
            Change(
                _PULL,
                "    WHERE (e.sx, e.n) > (from_sx, after_n) AND e.sx < horizon\n        AND (stop.sx IS NULL",
                "    WHERE e.n > after_n\n        AND (stop.sx IS NULL",
            ),
        ),
        ("tests/sync/test_centre_pull.py",),
    ),
    Mutant(
        "the cursor kept before the rows",
        (
            Change(
                _INCOMING,
                "            erased = take_in(desk, piece, now)\n            kept.set_cursor(desk.connection, *at)\n",
                "            kept.set_cursor(desk.connection, *at)\n"
                "        with explaining(desk.path), writing_unsynced(desk.connection):\n"
                "            erased = take_in(desk, piece, now)\n",
            ),
        ),
        ("tests/sync/test_killed.py",),
    ),
    Mutant(
        "a claim that looks before it inserts",
        (
            Change(
                f"{_SQL}/002_tables.sql",
                "PRIMARY KEY (group_id, slot, place_no)",
                "PRIMARY KEY (group_id, slot, place_no, offer_id)",
            ),
            Change(
                _PLACES,
                "        FROM jsonb_array_elements(item -> 'keys') AS key\n        ORDER BY 1, 2, 3\n",
                "        FROM jsonb_array_elements(item -> 'keys') AS key\n        WHERE NOT EXISTS (\n"
                "            SELECT FROM place_taken AS t WHERE t.offer_id <> offer AND t.group_id = key ->> 0\n"
                "                AND t.slot = (key ->> 1)::bigint AND t.place_no = (key ->> 2)::int\n"
                "        ) ORDER BY 1, 2, 3\n",
            ),
            Change(_PLACES, "PERFORM pg_advisory_xact_lock(20260, wanted.bucket) FROM", "PERFORM wanted.bucket FROM"),
        ),
        ("tests/sync/test_centre_places.py",),
    ),
    Mutant(
        "acknowledged before the centre has it",
        (
            Change(
                _EXCHANGE,
                "        try:\n            said = self._pushed(self._chain, batch, again)\n",
                '        if batch:\n            self._note(batch, {"last_seq": batch[-1].seq})\n'
                "        try:\n            said = self._pushed(self._chain, batch, again)\n",
            ),
            Change(
                _EXCHANGE,
                'acked=said["last_seq"], offset_ms',
                'acked=max(said["last_seq"], row.acked if not anew and re_chained is None else 0), offset_ms',
            ),
        ),
        ("tests/sync/test_model.py", "tests/sync/test_killed.py"),
    ),
    Mutant(
        "no epoch",
        (Change(_EXCHANGE, 'anew = row.epoch not in ("", said["epoch"])', "anew = False"),),
        (_SCENARIOS, "tests/sync/test_failover.py"),
    ),
    Mutant(
        "no incarnation",
        (
            Change(_HELLO, "OR of_chain.last_seq > its_seq\n", "OR false\n"),
            Change(_HELLO, "AND of_chain.last_digest IS DISTINCT FROM its_digest", "AND false"),
            _NUMBERS_ONLY,
        ),
        ("tests/sync/test_centre_hello.py",),
    ),
    Mutant(
        "a greeting that looks at numbers only",
        (_NUMBERS_ONLY,),
        (_SCENARIOS,),
    ),
    Mutant(
        "a new incarnation that keeps its cursor",
        (Change(_EXCHANGE, "if anew or re_chained is not None:", "if anew:"),),
        (_SCENARIOS,),
    ),
    Mutant(
        "nobody tells what others wrote and the centre lost",
        (
            Change(
                _EXCHANGE,
                "            self.offer_again(rows.chains_beside(self._desk.connection, self._chain))\n",
                "",
            ),
        ),
        (_SCENARIOS,),
    ),
    Mutant(
        "a link that gives up after one failure",
        (
            Change(
                "callcenter/sync/loop.py",
                'self._due["retry"] = time.monotonic() + wait\n',
                'self._due["retry"] = time.monotonic() + 1e9\n',
            ),
        ),
        ("tests/sync/test_breaks.py",),
    ),
    Mutant(
        "a call without a watchdog",
        (
            Change(
                "callcenter/sync/link.py",
                "with self._watchdog.within(seconds):",
                "with self._watchdog.within(1e6):",
            ),
        ),
        ("tests/sync/test_no_end.py",),
    ),
    Mutant(
        "an older wish undoes a newer one",
        (Change(_PLACES, "IF asked_hlc < mine.hlc OR (", "IF false OR ("),),
        ("tests/sync/test_centre_places.py",),
    ),
    Mutant(
        "a lease that never lapses",
        (Change(_PLACES, "EXIT WHEN other.some_lapsed IS NOT TRUE;", "EXIT;"),),
        ("tests/sync/test_centre_places.py",),
    ),
    Mutant(
        "another entry at a known place is no fork",
        (
            Change(
                _PUSH,
                "            ) THEN\n                RAISE EXCEPTION 'fork' USING ERRCODE = 'CC010';\n",
                "            ) THEN\n                NULL;\n",
            ),
        ),
        ("tests/sync/test_centre_push.py",),
    ),
    Mutant(
        "the fold ends the offer that was made later",
        (
            Change(
                "callcenter/journal/fold/settling.py",
                'if state in ("cancelled", "finished") and offer.state in _NOT_NEEDED:',
                'if (state in ("cancelled", "finished") or all(one.confirmed for one in children.values())) '
                "and offer.state in _NOT_NEEDED:",
            ),
        ),
        (_SCENARIOS,),
    ),
)
