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


_TESTS = "tests/sync"
_SQL = "callcenter/sync/sql"
_HELLO, _PLACES = f"{_SQL}/007_hello.sql", f"{_SQL}/004_places.sql"
_PUSH, _PULL = f"{_SQL}/005_push.sql", f"{_SQL}/006_pull.sql"
_EXCHANGE, _PUSHING, _INCOMING = (f"callcenter/sync/{name}.py" for name in ("exchange", "pushing", "incoming"))

_NUMBERS_ONLY = Change(
    _EXCHANGE, 'if said["chain"] == chain and not incarnation.is_ours', "if False and not incarnation.is_ours"
)

MUTANTS: tuple[Mutant, ...] = (
    Mutant(
        "a cursor that passes running transactions",
        (Change(_PULL, "pg_snapshot_xmin(pg_current_snapshot())", "pg_snapshot_xmax(pg_current_snapshot())"),),
        (f"{_TESTS}/test_centre_pull.py::test_nothing_is_missed_beside_slow_and_rolled_back_writers",),
    ),
    Mutant(
        "a cursor by sequence alone",
        (
            Change(
                _PULL,
                "WHERE (e.sx, e.n) > (from_sx, after_n) AND e.sx < horizon ORDER BY e.sx, e.n OFFSET",
                "WHERE e.n > after_n ORDER BY e.n OFFSET",
            ),
            Change(
                _PULL,
                "WHERE (e.sx, e.n) > (from_sx, after_n) AND (e.sx, e.n) < (stop_sx, stop_n)\n",
                "WHERE e.n > after_n\n",
            ),
        ),
        (f"{_TESTS}/test_centre_pull.py::test_nothing_is_missed_beside_slow_and_rolled_back_writers",),
    ),
    Mutant(
        "the cursor kept before the rows",
        (
            Change(
                _INCOMING,
                "            taken, erased = _taken_in(",
                "            kept.set_cursor(desk.connection, page.sx, page.n)\n"
                "        with explaining(desk.path), writing_unsynced(desk.connection):\n"
                "            taken, erased = _taken_in(",
            ),
        ),
        (f"{_TESTS}/test_killed.py::test_a_desk_that_is_shot_goes_on_from_where_it_was[a page is folded-before]",),
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
        (
            f"{_TESTS}/test_centre_places_together.py::test_each_of_four_asking_twice_together_has_one_answer_and_each_place_one_offer",
        ),
    ),
    Mutant(
        "acknowledged before the centre has it",
        (
            Change(
                _PUSHING,
                "        try:\n            said = self._pushed(push.argument, push.text, meanwhile)\n",
                '        if batch:\n            self._note(batch, {"last_seq": batch[-1].seq})\n'
                "        try:\n            said = self._pushed(push.argument, push.text, meanwhile)\n",
            ),
            Change(
                _EXCHANGE,
                'acked=said["last_seq"], offset_ms',
                'acked=max(said["last_seq"], row.acked if not anew and re_chained is None else 0), offset_ms',
            ),
        ),
        (f"{_TESTS}/test_killed.py::test_a_desk_that_is_shot_goes_on_from_where_it_was[the centre is asked-before]",),
    ),
    Mutant(
        "no epoch",
        (Change(_EXCHANGE, 'anew = row.epoch not in ("", said["epoch"])', "anew = False"),),
        (f"{_TESTS}/test_scenarios.py::test_a_centre_that_lost_what_it_had_is_told_again_by_whoever_knows",),
    ),
    Mutant(
        "no incarnation",
        (
            Change(_HELLO, "OR of_chain.last_seq > its_seq\n", "OR false\n"),
            Change(_HELLO, "AND of_chain.last_digest IS DISTINCT FROM its_digest", "AND false"),
            _NUMBERS_ONLY,
        ),
        (f"{_TESTS}/test_breaks.py::test_a_file_put_back_goes_on_under_a_new_chain_and_gets_back_what_it_had_lost",),
    ),
    Mutant(
        "a greeting that looks at numbers only",
        (_NUMBERS_ONLY,),
        (f"{_TESTS}/test_scenarios.py::test_two_machines_with_one_file_that_both_write_on_from_what_the_centre_has",),
    ),
    Mutant(
        "a new incarnation that keeps its cursor",
        (Change("callcenter/sync/incarnation.py", '        kept.set_cursor(desk.connection, "0", 0)\n', ""),),
        (f"{_TESTS}/test_scenarios.py::test_a_machine_that_only_listened_gets_what_its_copy_wrote_on_their_chain",),
    ),
    Mutant(
        "nobody tells what others wrote and the centre lost",
        (
            Change(
                _EXCHANGE,
                '            self.pushing.offer_again(rows.chains_beside(self._desk.connection, said["chain"]))\n',
                "",
            ),
        ),
        (f"{_TESTS}/test_scenarios.py::test_a_centre_that_lost_what_it_had_is_told_again_by_whoever_knows",),
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
        (f"{_TESTS}/test_breaks.py::test_a_cut_line_keeps_nobody_from_working_and_nothing_is_lost",),
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
        (f"{_TESTS}/test_no_end.py::test_a_line_that_dies_in_any_state_is_noticed_in_time[stall]",),
    ),
    Mutant(
        "an older wish undoes a newer one",
        (Change(_PLACES, "IF asked_hlc < mine.hlc OR (", "IF false OR ("),),
        (f"{_TESTS}/test_centre_places.py::test_an_older_question_changes_nothing",),
    ),
    Mutant(
        "a lease that never lapses",
        (Change(_PLACES, "EXIT WHEN other.some_lapsed IS NOT TRUE;", "EXIT;"),),
        (f"{_TESTS}/test_centre_places.py::test_a_lapsed_lease_gives_way_and_its_desk_hears_it_when_it_comes_back",),
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
        (f"{_TESTS}/test_centre_push.py::test_another_entry_at_a_known_place_is_a_fork_though_nothing_goes_on",),
    ),
    Mutant(
        "a push made ready counts for what changed since",
        (
            Change(
                _PUSHING,
                "            if not taken:\n                self._memory.ask_again(",
                "            for offer in push.asked:\n                self._memory.unsettled.pop(offer, None)\n"
                "            if not taken:\n                self._memory.ask_again(",
            ),
        ),
        (
            f"{_TESTS}/test_exchange.py::test_an_offer_that_changed_since_the_next_push_was_made_ready_is_asked_about_again",
        ),
    ),
    Mutant(
        "a lone claim that waits for its whole group",
        (Change(_PLACES, "IF NOT leased OR jsonb_array_length(items) > 1 THEN", "IF true THEN"),),
        (f"{_TESTS}/test_centre_places_together.py::test_a_claim_does_not_wait_for_one_on_another_place_of_the_group",),
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
        (
            f"{_TESTS}/test_scenarios.py::test_of_two_who_place_one_child_unseen_the_centre_grants_one_and_people_decide_about_the_other",
        ),
    ),
)
